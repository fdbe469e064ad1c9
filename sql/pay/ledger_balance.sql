-- One row: one person and month from the first entry on.
-- Formula: closing = opening + accrued - released - clawed back.
-- Why: what still waits for cash, carried from month to month.
with
moved as (
    select
        rep_id,
        month,
        sum(accrued_amount) as accrued,
        sum(released_amount) as released,
        sum(clawed_back_amount) as clawed_back,
    from pay.ledger_month
    group by rep_id, month
),

month as (
    select * from core.month
),

first_month as (
    select rep_id, min(month) as month from moved
    group by rep_id
),

every_month as (
    select
        first_month.rep_id as rep_id,
        month.month as month,
        coalesce(moved.accrued, 0) as accrued,
        coalesce(moved.released, 0) as released,
        coalesce(moved.clawed_back, 0) as clawed_back,
    from first_month
    inner join month
        on month.month >= first_month.month
    left join moved
        on moved.rep_id = first_month.rep_id
        and moved.month = month.month
),

running as (
    select
        every_month.*,
        sum(accrued - released - clawed_back) over (partition by rep_id order by month) as closing,
    from every_month
),

balanced as (
    select
        rep_id,
        month,
        cast(closing - accrued + released + clawed_back as decimal(18, 2)) as opening,
        cast(accrued as decimal(18, 2)) as accrued,
        cast(released as decimal(18, 2)) as released,
        cast(clawed_back as decimal(18, 2)) as clawed_back,
        cast(closing as decimal(18, 2)) as closing,
    from running
)

select * from balanced
