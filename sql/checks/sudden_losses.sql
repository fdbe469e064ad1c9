-- One row: one person who suddenly reports many deals lost to named rivals: of all that his region reports over twelve
-- months more than a fifth, five or more in the last three months, and there more than twice his share of the nine before.
-- Why: what rivals win tells how hard a market is; nobody should be able to write his region's difficulty by himself.
with
loss as (
    select
        rep_id,
        region_id,
        case when month > last_month - interval '3' month then 1 else 0 end as is_late,
    from core.deal_line
    cross join (select max(month) as last_month from core.deal_line) as span
    where outcome = 'lost'
    and competitor <> ''
    and rep_id <> ''
    and region_id <> ''
    and month > last_month - interval '12' month
),

counted as (
    select
        region_id,
        rep_id,
        count(*) as n_losses,
        sum(is_late) as n_late,
        sum(count(*)) over (partition by region_id) as n_region,
        sum(sum(is_late)) over (partition by region_id) as n_region_late,
    from loss
    group by region_id, rep_id
),

sudden as (
    select
        region_id,
        rep_id,
        cast(n_late as integer) as n_late,
        cast(n_losses as integer) as n_losses,
        cast(n_region as integer) as n_region,
    from counted
    where n_late >= 5
    and n_losses > 0.2 * n_region
    and n_late * (n_region - n_region_late) > 2 * (n_losses - n_late) * n_region_late
)

select * from sudden
order by n_late desc, region_id, rep_id
