-- One row: one person, month and training theme with at least one indicator that is surely weaker than the peers'.
-- Formula: indicator = the weakest of the theme; shortfall = sum of spreads below the peers over its weak indicators; place = of the
-- person's themes, the largest shortfall first; movement = that of the weakest indicator since last month.
-- Why: a manager coaches one thing at a time, and people with the same theme together.
with
comparison as (
    select * from diagnosis.comparison
    where is_weak
),

themed as (
    select
        rep_id,
        month,
        theme,
        arg_min(indicator, (spreads, sort, indicator)) as indicator,
        arg_min(movement, (spreads, sort, indicator)) as movement,
        cast(count(*) as integer) as n_weak,
        -sum(spreads) as shortfall,
    from comparison
    group by rep_id, month, theme
),

placed as (
    select
        rep_id,
        month,
        theme,
        indicator,
        movement,
        n_weak,
        shortfall,
        cast(row_number() over (partition by rep_id, month order by shortfall desc, theme) as integer) as place,
    from themed
)

select * from placed
