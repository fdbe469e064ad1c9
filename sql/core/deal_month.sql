-- One row: one rep, team, region and month of closing.
-- Formula: core.deal_line summed.
-- Why: wins and losses are counted once.
with
line as (
    select * from core.deal_line
    where outcome <> 'open'
),

summed as (
    select
        rep_id,
        team_id,
        region_id,
        month,
        cast(sum(n_won) as integer) as n_won,
        cast(sum(n_closed) as integer) as n_closed,
        cast(sum(won_amount) as decimal(18, 4)) as won_amount,
        cast(sum(closed_amount) as decimal(18, 4)) as closed_amount,
    from line
    group by rep_id, team_id, region_id, month
)

select * from summed
