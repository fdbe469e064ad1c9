-- One row: one person, one indicator in which people can be coached, and one month: the sums over the months compared.
-- Formula: numerator, denominator = sums over the months up to this one; scatter = sum of numerator^2 / denominator less
-- (sum of numerators)^2 / (sum of denominators): how far the person's own months lie from his own ratio, weighted by denominator.
-- Why: one month of one person is mostly noise; several months are a ratio of sums, never a mean of ratios.
with
market as (
    select * from diagnosis.market
),

setting as (
    select * from diagnosis.setting
),

month as (
    select * from core.calendar
),

definition as (
    select * from indicators.definition
    where theme is not null and direction <> 'none'
),

value as (
    select * from indicators.value
    where unit_kind = 'rep' and denominator > 0
),

-- an equal month, not a range of months: the months before are then not read
spanned as (
    select
        month.month as month,
        cast(month.month - to_months(ago.n_months) as date) as of_month,
        ago.n_months as n_ago,
    from month
    cross join setting
    cross join lateral (select unnest(range(setting.window_months)) as n_months) as ago
),

chosen as (
    select
        value.unit_id as rep_id,
        spanned.month as month,
        value.indicator as indicator,
        value.numerator as numerator,
        value.denominator as denominator,
        cast(value.numerator as double) * cast(value.numerator as double) / cast(value.denominator as double) as square,
        spanned.n_ago as n_ago,
    from spanned
    inner join value
        on value.month = spanned.of_month
    where value.indicator in (select indicator from definition)
),

summed as (
    select
        rep_id,
        month,
        indicator,
        cast(sum(numerator) as double) as numerator,
        cast(sum(denominator) as double) as denominator,
        exact_sum(square) as squares,
        cast(count(*) as integer) as n_months,
        cast(max(case when n_ago = 0 then numerator end) as double) as this_numerator,
        cast(max(case when n_ago = 0 then denominator end) as double) as this_denominator,
        cast(max(case when n_ago = 1 then numerator end) as double) as last_numerator,
        cast(max(case when n_ago = 1 then denominator end) as double) as last_denominator,
    from chosen
    group by rep_id, month, indicator
),

placed as (
    select
        summed.*,
        definition.theme as theme,
        definition.unit as unit,
        definition.direction as direction,
        definition.sort as sort,
        market.log_expected as log_expected,
    from summed
    inner join market
        on market.rep_id = summed.rep_id
        and market.month = summed.month
    inner join definition
        on definition.indicator = summed.indicator
),

scattered as (
    select
        rep_id,
        month,
        indicator,
        theme,
        unit,
        direction,
        sort,
        log_expected,
        numerator,
        denominator,
        greatest(squares - numerator * numerator / denominator, 0) as scatter,
        n_months,
        this_numerator,
        this_denominator,
        last_numerator,
        last_denominator,
    from placed
)

select * from scattered
