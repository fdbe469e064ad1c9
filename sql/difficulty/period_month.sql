-- One row: one evaluation and one month it sees, with the month's weight in the fit of expected sales.
-- Formula: weight = one half for each half-life the month lies back.
-- Why: markets change; what is older says less.
with
period as (
    select * from difficulty.period
),

observed as (
    select distinct month from difficulty.observation
),

seen as (
    select
        period.period as period,
        observed.month as month,
        pow(.5, date_diff('month', observed.month, period.period) / period.half_life_months::double) as weight,
    from period
    join observed
        on observed.month between period.from_month and period.period
)

select * from seen
