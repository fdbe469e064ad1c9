-- One row: one person, month and item: what it adds to ln d_data. The items add up to it exactly.
-- Formula: driver = -(its value x its coefficient - the month's mean of that over people, by time on duty); cell = -(effect -
-- mean); target = ln(target for whole attendance / the average one); mix = what working in several cells adds over the mean of
-- their logs; reference = ln(average expectation for whole attendance) less the same parts at their means, for the person's
-- fit. Within a person, cells count by exposure.
-- Why: who objects to a coefficient objects to one of its parts; this is the sheet to talk through.
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

part as (
    select
        expected.rep_id as rep_id,
        expected.month as month,
        expected.exposure as exposure,
        driver.driver as item,
        coalesce(case driver.set_number
            when 1 then feature.x[driver.position] * coefficient.b[driver.position]
            else feature_others.x[driver.position] * coefficient.b_others[driver.position]
        end, 0) as amount,
    from expected
    join coefficient using (period, fold)
    join feature using (cell_id, month)
    left join feature_others using (cell_id, month, fold)
    cross join driver

    union all

    select
        rep_id,
        month,
        exposure,
        'cell' as item,
        effect as amount,
    from expected
),

own as (
    select
        rep_id,
        month,
        item,
        exact_sum(amount * exposure) / exact_sum(exposure) as amount,
        exact_sum(exposure) as exposure,
    from part
    group by rep_id, month, item
),

mean as (
    select
        month,
        item,
        exact_sum(amount * exposure) / exact_sum(exposure) as amount,
    from own
    group by month, item
),

mean_of_all as (
    select
        month,
        exact_sum(amount) as amount,
    from mean
    group by month
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
        own.rep_id as rep_id,
        own.month as month,
        own.item as item,
        -(own.amount - mean.amount) as amount,
    from own
    join mean using (month, item)

    union all

    select
        judged.rep_id as rep_id,
        judged.month as month,
        'target' as item,
        ln(judged.target / judged.exposure / company.mean_target) as amount,
    from judged
    join company using (month)

    union all

    select
        rep_id,
        month,
        'mix' as item,
        mean_log_rate - log_mean_rate as amount,
    from rate

    union all

    select
        rate.rep_id as rep_id,
        rate.month as month,
        'reference' as item,
        ln(company.mean_expected) - rate.own_constant - mean_of_all.amount as amount,
    from rate
    join company using (month)
    join mean_of_all using (month)
),

contribution as (
    select
        item.rep_id as rep_id,
        item.month as month,
        item.item as item,
        coalesce(driver.title_en, '') as title_en,
        coalesce(driver.title_zh, '') as title_zh,
        item.amount as amount,
    from item
    left join driver on driver.driver = item.item
    where item.item in ('cell', 'target', 'reference') or abs(item.amount) > 1e-12
)

select * from contribution
