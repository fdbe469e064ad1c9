-- One row: one visit, attributed to a rep, team and region.
-- Formula: team and region of the rep's stay on the day; without a rep, the customer's owner. Checklist items are counted as exported, else from the price, stock and POP answers.
-- Why: visits, their success and the shelf they found are all counted from here.
with
visit as (
    select
        visit.*,
        coalesce(visit.rep_id, customer_identity.owner_id, '') as rep_value,
        customer_identity.customer_id as known_customer_id,
        customer_identity.region_id as customer_region_id,
    from staging.visit as visit
    left join core.customer_identity as customer_identity
        on customer_identity.value = visit.customer_id
),

rep_on as (
    select * from core.rep_on
),

attributed as (
    select
        visit.visit_id as visit_id,
        cast(visit.visited_at as date) as on_date,
        visit.month as month,
        coalesce(rep_on.rep_id, '') as rep_id,
        coalesce(rep_on.team_id, '') as team_id,
        owner_region(null, rep_on.region_id, visit.customer_region_id) as region_id,
        coalesce(visit.known_customer_id, '') as customer_id,
        visit.kind as kind,
        visit.outcome as outcome,
        visit.is_success as is_success,
        visit.minutes as minutes,
        1 as n_visits,
        case when visit.is_success then 1 else 0 end as n_successes,
        cast(case
            when visit.n_items_checked is not null then visit.n_items_checked
            else (case when visit.is_price_ok is null then 0 else 1 end)
                + (case when visit.is_stock_ok is null then 0 else 1 end)
                + (case when visit.is_pop_ok is null then 0 else 1 end)
        end as integer) as n_items_checked,
        cast(case
            when visit.n_items_checked is not null then coalesce(visit.n_items_passed, 0)
            else (case when visit.is_price_ok then 1 else 0 end)
                + (case when visit.is_stock_ok then 1 else 0 end)
                + (case when visit.is_pop_ok then 1 else 0 end)
        end as integer) as n_items_passed,
        visit.source_file as source_file,
        visit.source_sheet as source_sheet,
        visit.source_row as source_row,
    from visit
    left join rep_on
        on rep_on.value = visit.rep_value
        and cast(visit.visited_at as date) >= rep_on.from_on
        and cast(visit.visited_at as date) < rep_on.until_on
)

select * from attributed
