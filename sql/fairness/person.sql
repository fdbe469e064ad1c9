-- One row: one salesperson under review: three months of exposure or more, on duty in the last month evaluated.
-- Formula: sold and expected over the window of the last evaluation; target = the mean of his monthly targets there x months
-- of exposure; raw = sold / target (without targets: sales per month of exposure / their mean); d = target / expected x all
-- expected / all targets (without targets: mean expected a month / his), its interval from the error of the expectation;
-- adjusted = sold / expected x company attainment; measure = score of the scorecard `evaluation` (else monthly, else pay),
-- without scores the adjusted attainment x 100; bonus = measure at or above the scorecard's standard, or the best 30 % where
-- that tells nothing (under 10 % or over 90 % of people reach it); bonus before = as many people, best by raw; market =
-- thirds of expected sales a month (not of d, which holds the same error as the adjusted result).
-- Why: every question of the review is asked of the same people, before and after the market is taken into account.
with
coefficient as (
    select * from difficulty.rep_coefficient
),

rep_index as (
    select * from difficulty.rep_index
),

evaluated as (
    select * from difficulty.period
),

dispersion as (
    select * from difficulty.dispersion
),

rep as (
    select * from core.rep
),

duty as (
    select * from core.rep_duty
),

target_unit as (
    select * from core.target_unit
    where unit_kind = 'rep'
    and target_amount > 0
),

score as (
    select * from scorecard.score
    where unit_kind = 'rep'
),

statement as (
    select * from pay.statement
),

period as (
    select
        coalesce(max(evaluated.period), (select max(month) from core.month)) as month,
        coalesce(max_by(evaluated.from_month, evaluated.period), (select max(month) - interval '23' month from core.month)) as from_month,
    from evaluated
),

exposure as (
    select
        duty.rep_id as rep_id,
        exact_sum(cast(duty.exposure_rate as double)) as exposure,
    from duty
    inner join period
        on duty.month between period.from_month and period.month
    group by duty.rep_id
),

aim as (
    select
        target_unit.unit_id as rep_id,
        cast(sum(target_unit.target_amount) as double) / count(target_unit.target_amount) as monthly_target,
        count(*) as n_months,
    from target_unit
    inner join period
        on target_unit.month between period.from_month and period.month
    group by target_unit.unit_id
),

place as (
    select
        duty.rep_id as rep_id,
        max_by(duty.team_id, (duty.n_duty_days, duty.team_id)) as team_id,
        max_by(duty.region_id, (duty.n_duty_days, duty.region_id)) as region_id,
        sum(duty.n_duty_days) as n_duty_days,
    from duty
    inner join period
        on period.month = duty.month
    group by duty.rep_id
),

card as (
    select
        scorecard,
        row_number() over (order by case scorecard when 'evaluation' then 1 when 'monthly' then 2 when 'pay' then 3 else 4 end, scorecard) as place,
    from (
        select distinct score.scorecard
        from score
        inner join period
            on period.month = score.month
        where score.score is not null
    )
),

scored as (
    select
        score.unit_id as rep_id,
        cast(score.score as double) as score,
        cast(score.standard_score as double) as standard_score,
    from score
    inner join period
        on period.month = score.month
    inner join card
        on card.scorecard = score.scorecard
        and card.place = 1
),

line_sales as (
    select
        sales.rep_id as rep_id,
        coalesce(nullif(product.line, ''), '') as line,
        cast(sum(sales.sales_amount) as double) as amount,
    from core.sales_month as sales
    cross join period
    left join core.product as product
        on product.product_id = sales.product_id
    where sales.month <= period.month
    and sales.month > period.month - interval '12' month
    group by sales.rep_id, coalesce(nullif(product.line, ''), '')
),

main_line as (
    select
        rep_id,
        max_by(line, (amount, line)) as line,
    from line_sales
    group by rep_id
),

joined as (
    select
        period.month as month,
        rep.rep_id as rep_id,
        place.region_id as region_id,
        place.team_id as team_id,
        coalesce(rep.manager_id, team.manager_id) as manager_id,
        rep.channel as channel,
        main_line.line as line,
        rep.group_gender as gender,
        rep.group_age as age,
        date_diff('month', rep.hired_on, period.month) as tenure_months,
        exposure.exposure as exposure,
        cast(rep_index.sales as double) as sold,
        cast(rep_index.expected as double) as expected,
        case when aim.n_months >= 0.5 * exposure.exposure then aim.monthly_target * exposure.exposure end as target,
        sqrt(greatest(rep_index.v - dispersion.phi / rep_index.expected, 0)) as expected_error,
        coefficient.d as d_used,
        coefficient.d_policy as d_policy,
        rep_index.r as r,
        rep_index.v as v,
        rep_index.reliability as reliability,
        coalesce(rep_index.is_thin, true) as is_thin,
        scored.score as score,
        scored.standard_score as standard_score,
        cast(statement.total_amount as double) as pay_amount,
    from rep
    cross join period
    inner join exposure
        on exposure.rep_id = rep.rep_id
        and exposure.exposure >= 3
    inner join place
        on place.rep_id = rep.rep_id
        and place.n_duty_days > 0
    left join core.team as team
        on team.team_id = place.team_id
    left join aim
        on aim.rep_id = rep.rep_id
    left join rep_index
        on rep_index.rep_id = rep.rep_id
        and rep_index.month = period.month
        and rep_index.expected > 0
    left join dispersion
        on dispersion.period = period.month
    left join coefficient
        on coefficient.rep_id = rep.rep_id
        and coefficient.month = period.month
    left join main_line
        on main_line.rep_id = rep.rep_id
    left join scored
        on scored.rep_id = rep.rep_id
    left join statement
        on statement.rep_id = rep.rep_id
        and statement.month = period.month
    where not rep.is_unmatched
),

company as (
    select
        coalesce(count(target) >= 0.5 * nullif(count(sold), 0), false) as has_targets,
        sum(sold) filter (where target is not null) / nullif(sum(target) filter (where sold is not null), 0) as attainment,
        sum(expected) filter (where target is not null) / nullif(sum(target) filter (where expected is not null), 0) as priced,
        avg(sold / exposure) as mean_rate,
        sum(expected) / sum(exposure) filter (where expected is not null) as mean_expected,
        count(score) >= 0.5 * nullif(count(*), 0) and count(score) > 0 as has_scores,
    from joined
),

compared as (
    select
        joined.*,
        case
            when company.has_targets then joined.target / joined.expected * company.priced
            else company.mean_expected * joined.exposure / joined.expected
        end as d,
    from joined
    cross join company
),

judged as (
    select
        compared.*,
        compared.d * exp(-1.959963984540054 * compared.expected_error) as d_low,
        compared.d * exp(1.959963984540054 * compared.expected_error) as d_high,
        case when company.has_targets then compared.sold / compared.target else compared.sold / compared.exposure / nullif(company.mean_rate, 0) end as raw,
        compared.sold / compared.expected * case when company.has_targets then company.attainment else 1 end as adjusted,
        company.has_targets as has_targets,
        company.has_scores as has_scores,
        case
            when company.has_scores then compared.score
            else 100 * compared.sold / compared.expected * case when company.has_targets then company.attainment else 1 end
        end as measure,
    from compared
    cross join company
),

passed as (
    select
        count(measure) as n,
        count(*) filter (where has_scores and measure >= standard_score) as n_passed,
    from judged
),

decision as (
    select
        case when n_passed between 0.1 * n and 0.9 * n then n_passed else cast(ceil(0.3 * n) as bigint) end as n_bonus,
        n_passed between 0.1 * n and 0.9 * n as is_standard,
    from passed
),

ranked as (
    select
        judged.*,
        row_number() over (order by measure desc nulls last, rep_id) as measure_place,
        row_number() over (order by raw desc nulls last, rep_id) as raw_place,
        row_number() over (order by adjusted desc nulls last, rep_id) as adjusted_place,
        case when expected > 0 then ntile(3) over (partition by expected > 0 order by expected / exposure desc, rep_id) end as market_third,
        decision.n_bonus as n_bonus,
        decision.is_standard as is_standard,
    from judged
    cross join decision
),

person as (
    select
        month,
        rep_id,
        region_id,
        team_id,
        manager_id,
        channel,
        line,
        case
            when tenure_months < 12 then 'under 1 year'
            when tenure_months < 36 then '1 to 3 years'
            when tenure_months < 60 then '3 to 5 years'
            when tenure_months >= 60 then 'over 5 years'
        end as tenure,
        case market_third when 1 then 'easy' when 2 then 'medium' when 3 then 'hard' end as market,
        gender,
        age,
        tenure_months,
        exposure,
        sold,
        expected,
        target,
        d,
        d_low,
        d_high,
        d_used,
        d_policy,
        r,
        v,
        reliability,
        is_thin,
        raw,
        adjusted,
        score,
        measure,
        pay_amount,
        has_targets,
        has_scores,
        is_standard,
        cast(n_bonus as integer) as n_bonus,
        case when raw is not null then cast(raw_place as integer) end as raw_rank,
        case when adjusted is not null then cast(adjusted_place as integer) end as adjusted_rank,
        case when measure is not null then measure_place <= n_bonus end as is_bonus,
        case when raw is not null then raw_place <= n_bonus end as is_bonus_before,
    from ranked
)

select * from person
order by rep_id
