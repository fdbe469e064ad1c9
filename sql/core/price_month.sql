-- One row: one rep, team, region and month.
-- Formula: core.price_line summed.
-- Why: every order line is held against the price list once, and a month that did not change not again.
with
line as (
    select * from core.price_line
),

summed as (
    select
        rep_id,
        team_id,
        region_id,
        month,
        cast(sum(n_lines) as integer) as n_lines,
        cast(sum(n_inside) as integer) as n_inside,
    from line
    group by rep_id, team_id, region_id, month
)

select * from summed
