-- One row: one person and month judged, with the market coefficient in every form in which it is shown and used.
-- Formula: d_data = (target / expected) x (all expected / all targets): what the target has not yet priced; without a target
-- the average target for the time on duty. d_policy = what managers published, scaled to an expectation-weighted mean of 1.
-- d = d_data, d_policy, or exp(w ln d_data + (1 - w) ln d_policy) by the plan's mode, w = reliability; in mode override the
-- published number itself, unscaled, in the part of his expected sales (published_rate) that lies in cells with one, else d_data.
-- An approved override replaces any of them until it expires. d_low, d_high = 95 % of d_data. reliability = variance of ln d_data over people / (that + the
-- variance of ln expected); d_pay = exp(reliability x ln d) within the plan's quantiles of d and, unapproved, within 1/2 to 2.
-- points = points_max x ln d_pay / ln d_max, between -points_down and points_max. adjusted = sold / target x d.
-- Not separable: data moves no pay (reliability of 0). Columns ending in _data: what they would be by the data alone.
-- Why: rank on the uncapped measure, pay on the bounded one; every step between the two can be read here.
with
expected as (
    select * from difficulty.expected_month
),

setting as (
    select * from difficulty.setting
),

variance as (
    select * from difficulty.variance
),

dispersion as (
    select * from difficulty.dispersion
),

policy_cell as (
    select * from difficulty.policy_cell
),

target as (
    select * from core.target_unit
    where unit_kind = 'rep' and target_amount > 0
),

override as (
    select * from state.override
    where kind = 'coefficient' and unit_kind = 'rep' and value > 0
),

rep as (
    select
        expected.rep_id as rep_id,
        expected.month as month,
        max(expected.period) as period,
        exact_sum(expected.exposure) as exposure,
        exact_sum(expected.sold) as sold,
        exact_sum(expected.expected) as expected,
        exact_sum(expected.expected * expected.expected * expected.effect_variance) / pow(exact_sum(expected.expected), 2) as log_variance,
        exact_sum(expected.expected * coalesce(policy_cell.coefficient, 1)) / exact_sum(expected.expected) as policy,
        exact_sum(case when policy_cell.coefficient is not null then expected.expected else 0 end) / exact_sum(expected.expected) as published_rate,
        exact_sum(case when policy_cell.coefficient is not null then expected.expected * policy_cell.coefficient else 0 end)
            / nullif(exact_sum(case when policy_cell.coefficient is not null then expected.expected else 0 end), 0) as published,
        arg_max(expected.level_used, case expected.level_used when 'segment' then 1 when 'region' then 2 else 3 end) as level_used,
        arg_max(expected.cell_id, (expected.expected, expected.cell_id)) as cell_id,
        sum(expected.n_others) as n_others,
        sum(expected.n_deals_others) as n_deals_others,
    from expected
    left join policy_cell using (cell_id, month)
    group by expected.rep_id, expected.month
),

own as (
    select
        rep.*,
        cast(target.target_amount as double) as own_target,
    from rep
    left join target
        on target.unit_id = rep.rep_id
        and target.month = rep.month
),

usual as (
    select
        month,
        exact_sum(own_target) / exact_sum(case when own_target is not null then exposure end) as target,
        exact_sum(expected) / exact_sum(exposure) as expected,
        exact_sum(expected * policy) / exact_sum(expected) as policy,
    from own
    group by month
),

aimed as (
    select
        own.*,
        coalesce(own.own_target, own.exposure * coalesce(usual.target, usual.expected)) as target,
        own.policy / usual.policy as d_policy,
    from own
    join usual using (month)
),

company as (
    select
        month,
        exact_sum(sold) as sold,
        exact_sum(expected) as expected,
        exact_sum(target) as target,
    from aimed
    group by month
),

measured as (
    select
        aimed.*,
        aimed.target / aimed.expected * company.expected / company.target as d_data,
        company.sold / company.target as company_attainment,
    from aimed
    join company using (month)
),

varied as (
    select
        month,
        variance_of(ln(d_data)) as spread,
    from measured
    group by month
),

spread as (
    select
        measured.*,
        varied.spread as spread,
    from measured
    join varied using (month)
),

judged as (
    select
        spread.*,
        setting.mode as mode,
        setting.channel as channel,
        setting.points_max as points_max,
        setting.points_down as points_down,
        setting.d_max as d_max,
        setting.attainment_floor as attainment_floor,
        setting.attainment_cap as attainment_cap,
        setting.pay_low_quantile as pay_low_quantile,
        setting.pay_high_quantile as pay_high_quantile,
        variance.verdict as verdict,
        sqrt(log_variance) * case when variance.is_sorting_alarm then 1.25 else 1 end as log_error,
        dispersion.phi / spread.expected as log_noise,
        case when variance.is_sorting_alarm then 1.25 else 1 end as widening,
        coalesce(spread.spread / nullif(spread.spread + spread.log_variance, 0), 0) as reliability,
        case when variance.verdict = 'not separable' then 0
            else coalesce(spread.spread / nullif(spread.spread + spread.log_variance, 0), 0) end as pay_reliability,
    from spread
    join setting using (month)
    join variance using (period)
    join dispersion using (period)
),

decided as (
    select
        judged.rep_id as rep_id,
        judged.month as month,
        override.override_id as override_id,
        override.value as value,
        override.reason as reason,
        override.approver as approver,
        override.expires_on as expires_on,
        row_number() over (partition by judged.rep_id, judged.month order by override.decided_at desc, override.override_id desc) as n_choice,
    from judged
    join override
        on override.unit_id = judged.rep_id
        and date_trunc('month', override.month) <= judged.month
        and judged.month <= coalesce(override.expires_on, last_day(override.month))
),

chosen as (
    select
        judged.*,
        decided.override_id as override_id,
        decided.value as override_value,
        decided.reason as override_reason,
        decided.approver as override_approver,
        decided.expires_on as override_expires_on,
        case
            when decided.value is not null then ln(decided.value)
            when judged.mode = 'policy' then ln(judged.d_policy)
            when judged.mode = 'blend' then judged.reliability * ln(judged.d_data) + (1 - judged.reliability) * ln(judged.d_policy)
            when judged.mode = 'override' then judged.published_rate * ln(coalesce(judged.published, 1)) + (1 - judged.published_rate) * ln(judged.d_data)
            else ln(judged.d_data)
        end as log_d,
        case
            when decided.value is not null then ln(decided.value)
            when judged.mode = 'policy' then ln(judged.d_policy)
            when judged.mode = 'blend' then judged.pay_reliability * ln(judged.d_data) + (1 - judged.pay_reliability) * ln(judged.d_policy)
            when judged.mode = 'override' then judged.published_rate * ln(coalesce(judged.published, 1)) + (1 - judged.published_rate) * judged.pay_reliability * ln(judged.d_data)
            else judged.pay_reliability * ln(judged.d_data)
        end as log_damped,
    from judged
    left join decided
        on decided.rep_id = judged.rep_id
        and decided.month = judged.month
        and decided.n_choice = 1
),

sorted as (
    select
        month,
        list_sort(list(ln(d_data))) as logs,
        max(pay_low_quantile) * (count(*) - 1) as low_at,
        max(pay_high_quantile) * (count(*) - 1) as high_at,
    from chosen
    group by month
),

quantile as (
    select
        month,
        logs[1 + cast(floor(low_at) as integer)] * (1 + floor(low_at) - low_at) + logs[1 + cast(ceil(low_at) as integer)] * (low_at - floor(low_at)) as log_low,
        logs[1 + cast(floor(high_at) as integer)] * (1 + floor(high_at) - high_at) + logs[1 + cast(ceil(high_at) as integer)] * (high_at - floor(high_at)) as log_high,
    from sorted
),

bounded as (
    select
        chosen.*,
        quantile.log_low as log_low,
        quantile.log_high as log_high,
    from chosen
    join quantile using (month)
),

paid as (
    select
        *,
        case
            when override_value is not null then log_damped
            when mode = 'policy' or mode = 'override' and published_rate = 1 then greatest(-ln(2), least(log_damped, ln(2)))
            else greatest(-ln(2), log_low, least(log_damped, log_high, ln(2)))
        end as log_pay,
        greatest(-ln(2), log_low, least(pay_reliability * ln(d_data), log_high, ln(2))) as log_pay_data,
    from bounded
),

coefficient as (
    select
        rep_id,
        month,
        period as evaluated,
        cell_id,
        level_used,
        n_others,
        n_deals_others,
        exposure,
        sold,
        expected,
        target,
        own_target is not null as has_target,
        company_attainment,
        exp(log_d) as d,
        d_data * exp(-1.959963984540054 * log_error) as d_low,
        d_data * exp(1.959963984540054 * log_error) as d_high,
        exp(log_pay) as d_pay,
        exp(log_pay_data) as d_pay_data,
        least(greatest(points_max * log_pay / ln(d_max), -points_down), points_max) as points,
        least(greatest(points_max * log_pay_data / ln(d_max), -points_down), points_max) as points_data,
        reliability,
        log_variance,
        mode,
        channel,
        d_policy,
        d_data,
        override_value as d_override,
        override_id,
        override_reason,
        override_approver,
        override_expires_on,
        abs(log_d) > ln(2) and override_value is null as needs_approval,
        verdict,
        verdict <> 'not separable' or mode = 'policy' or mode = 'override' and published_rate = 1 or override_value is not null as is_payable,
        published,
        published_rate,
        sold / target as attainment,
        sold / target * exp(log_d) as adjusted,
        sold / target * d_data * exp(-1.959963984540054 * widening * sqrt(log_noise + log_variance)) as adjusted_low,
        sold / target * d_data * exp(1.959963984540054 * widening * sqrt(log_noise + log_variance)) as adjusted_high,
        least(greatest(sold / target * exp(log_pay), attainment_floor), attainment_cap) as adjusted_pay,
        least(greatest(sold / target * exp(log_pay_data), attainment_floor), attainment_cap) as adjusted_pay_data,
    from paid
)

select * from coefficient
