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

definition as (
    select * from indicators.definition
    where theme is not null and direction <> 'none'
),

value as (
    select * from indicators.value
    where unit_kind = 'rep' and denominator > 0
),

summed as (
    select
        market.rep_id as rep_id,
        market.month as month,
        definition.indicator as indicator,
        definition.theme as theme,
        definition.unit as unit,
        definition.direction as direction,
        definition.sort as sort,
        market.log_expected as log_expected,
        cast(sum(value.numerator) as double) as numerator,
        cast(sum(value.denominator) as double) as denominator,
        exact_sum(cast(value.numerator as double) * cast(value.numerator as double) / cast(value.denominator as double)) as squares,
        cast(count(*) as integer) as n_months,
        max(case when value.month = market.month then cast(value.numerator as double) end) as this_numerator,
        max(case when value.month = market.month then cast(value.denominator as double) end) as this_denominator,
        max(case when value.month < market.month and value.month >= market.month - interval 1 month then cast(value.numerator as double) end) as last_numerator,
        max(case when value.month < market.month and value.month >= market.month - interval 1 month then cast(value.denominator as double) end) as last_denominator,
    from market
    cross join setting
    inner join value
        on value.unit_id = market.rep_id
        and value.month <= market.month
        and value.month > market.month - to_months(setting.window_months)
    inner join definition
        on definition.indicator = value.indicator
    group by
        market.rep_id, market.month, definition.indicator, definition.theme, definition.unit, definition.direction, definition.sort,
        market.log_expected
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
    from summed
)

select * from scattered
