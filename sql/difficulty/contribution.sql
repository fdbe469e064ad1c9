-- One row: one person, month and item: what it adds to ln d_data. The items add up to it exactly.
-- Formula: driver = (the month's mean value over people, by time on duty - its value) x its coefficient in the person's fit;
-- cell = mean effect - effect; target = ln(target for whole attendance / the average one); mix = what working in several
-- cells adds over the mean of their logs; reference = ln(average expectation for whole attendance) less that of the person's fit for
-- the mean values. Within a person, cells count by exposure.
-- Why: who objects to a coefficient objects to one of its parts; this is the sheet to talk through. What everybody has alike,
-- such as the season, moves nobody's coefficient.
with
expected as (
    select * from difficulty.expected_month
),

coefficient as (
    select * from difficulty.coefficient
),

feature as (
    select * from difficulty.feature
),

feature_others as (
    select * from difficulty.feature_others
),

driver as (
    select * from difficulty.driver
),

judged as (
    select * from difficulty.rep_coefficient
),

weighed as (
    select
        coefficient.period as period,
        coefficient.fold as fold,
        driver.driver as item,
        driver.set_number as set_number,
        driver.position as position,
        case driver.set_number when 1 then coefficient.b[driver.position] else coefficient.b_others[driver.position] end as weight,
    from coefficient
    cross join driver
    where coalesce(case driver.set_number when 1 then coefficient.b[driver.position] else coefficient.b_others[driver.position] end, 0) <> 0
),

part as (
    select
        expected.rep_id as rep_id,
        expected.month as month,
        expected.exposure as exposure,
        weighed.item as item,
        weighed.weight as weight,
        coalesce(case weighed.set_number when 1 then feature.x[weighed.position] else feature_others.x[weighed.position] end, 0) as value,
    from expected
    join weighed using (period, fold)
    join feature using (cell_id, month)
    left join feature_others using (cell_id, month, fold)

    union all

    select
        rep_id,
        month,
        exposure,
        'cell' as item,
        1 as weight,
        effect as value,
    from expected
),

own as (
    select
        rep_id,
        month,
        item,
        max(weight) as weight,
        exact_sum(value * exposure) / exact_sum(exposure) as value,
        exact_sum(exposure) as exposure,
    from part
    group by rep_id, month, item
),

mean as (
    select
        month,
        item,
        exact_sum(value * exposure) / exact_sum(exposure) as value,
    from own
    group by month, item
),

compared as (
    select
        own.rep_id as rep_id,
        own.month as month,
        own.item as item,
        own.weight as weight,
        own.value as value,
        mean.value as mean_value,
    from own
    join mean using (month, item)
),

usual as (
    select
        rep_id,
        month,
        exact_sum(mean_value * weight) as amount,
    from compared
    group by rep_id, month
),

rate as (
    select
        expected.rep_id as rep_id,
        expected.month as month,
        exact_sum(expected.exposure) as exposure,
        exact_sum(expected.exposure * (expected.log_rate + expected.mean_z + expected.effect)) / exact_sum(expected.exposure) as mean_log_rate,
        ln(exact_sum(expected.exposure * exp(expected.log_rate + expected.mean_z + expected.effect)) / exact_sum(expected.exposure)) as log_mean_rate,
        max(coefficient.constant) + max(expected.mean_z) + ln(max(expected.factor)) as own_constant,
    from expected
    join coefficient using (period, fold)
    group by expected.rep_id, expected.month
),

company as (
    select
        month,
        exact_sum(expected) / exact_sum(exposure) as mean_expected,
        exact_sum(target) / exact_sum(exposure) as mean_target,
    from judged
    group by month
),

item as (
    select
        rep_id,
        month,
        item,
        (mean_value - value) * weight as amount,
        value,
        mean_value,
        weight,
    from compared

    union all

    select
        judged.rep_id as rep_id,
        judged.month as month,
        'target' as item,
        ln(judged.target / judged.exposure / company.mean_target) as amount,
        judged.target / judged.exposure as value,
        company.mean_target as mean_value,
        null as weight,
    from judged
    join company using (month)

    union all

    select
        rep_id,
        month,
        'mix' as item,
        mean_log_rate - log_mean_rate as amount,
        null as value,
        null as mean_value,
        null as weight,
    from rate

    union all

    select
        rate.rep_id as rep_id,
        rate.month as month,
        'reference' as item,
        ln(company.mean_expected) - rate.own_constant - usual.amount as amount,
        null as value,
        null as mean_value,
        null as weight,
    from rate
    join company using (month)
    join usual using (rep_id, month)
),

contribution as (
    select
        item.rep_id as rep_id,
        item.month as month,
        item.item as item,
        coalesce(driver.title_en, '') as title_en,
        coalesce(driver.title_zh, '') as title_zh,
        item.amount as amount,
        item.value as value,
        item.mean_value as mean_value,
        item.weight as weight,
    from item
    left join driver on driver.driver = item.item
    where item.item in ('cell', 'target', 'reference') or abs(item.amount) > 1e-12
)

select * from contribution
