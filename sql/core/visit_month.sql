-- One row: one rep, team, region and month.
-- Formula: core.visit_line summed.
-- Why: millions of visits are summed once, and a month that did not change not again.
with
line as (
    select * from core.visit_line
),

summed as (
    select
        rep_id,
        team_id,
        region_id,
        month,
        cast(sum(n_visits) as integer) as n_visits,
        cast(sum(n_successes) as integer) as n_successes,
        cast(sum(n_items_checked) as integer) as n_items_checked,
        cast(sum(n_items_passed) as integer) as n_items_passed,
    from line
    group by rep_id, team_id, region_id, month
)

select * from summed
