-- One row: one outlet and month in which it was open at the start or opened, owned by its rep's stay.
-- Formula: open at the start = opened before the month (or at an unknown time) and not closed before it.
-- Why: growth of the network is judged against the network one started with.
with
month as (
    select * from core.calendar
),

outlet as (
    select * from core.outlet
),

assignment as (
    select * from core.assignment
),

open_outlet as (
    select
        outlet.customer_id as customer_id,
        outlet.rep_id as owner_id,
        outlet.region_id as customer_region_id,
        month.month as month,
        month.ends_on as on_date,
        case when outlet.opened_on >= month.starts_on then 1 else 0 end as n_opened,
        case when outlet.opened_on >= month.starts_on then 0 else 1 end as n_at_start,
        outlet.source_file as source_file,
        outlet.source_sheet as source_sheet,
        outlet.source_row as source_row,
    from outlet
    inner join month
        on coalesce(outlet.opened_on, month.starts_on) <= month.ends_on
        and coalesce(outlet.closed_on, month.starts_on) >= month.starts_on
),

owned as (
    select
        open_outlet.customer_id as customer_id,
        open_outlet.on_date as on_date,
        open_outlet.month as month,
        coalesce(assignment.rep_id, '') as rep_id,
        coalesce(assignment.team_id, '') as team_id,
        owner_region(null, assignment.region_id, open_outlet.customer_region_id) as region_id,
        open_outlet.n_opened as n_opened,
        open_outlet.n_at_start as n_at_start,
        open_outlet.source_file as source_file,
        open_outlet.source_sheet as source_sheet,
        open_outlet.source_row as source_row,
    from open_outlet
    left join assignment
        on assignment.rep_id = open_outlet.owner_id
        and open_outlet.on_date >= assignment.from_on
        and open_outlet.on_date < assignment.until_on
)

select * from owned
