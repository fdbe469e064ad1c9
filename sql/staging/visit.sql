-- One row: one visit.
-- Why: activity of a rep at a customer, with its checklist.
with
source as (
    select * from lake.visit
),

cleaned as (
    select
        source.visit_id as visit_id,
        source.rep_id as rep_id,
        source.customer_id as customer_id,
        source.visited_at as visited_at,
        cast(date_trunc('month', source.visited_at) as date) as month,
        source.kind as kind,
        source.outcome as outcome,
        case
            when source.is_success is not null then source.is_success
            when lower(source.outcome) in ('order', 'ordered', 'success', '下单', '成交', '达成', '成功') then true
            when source.outcome is not null then false
        end as is_success,
        source.minutes as minutes,
        source.is_price_ok as is_price_ok,
        source.is_stock_ok as is_stock_ok,
        source.is_pop_ok as is_pop_ok,
        source.n_items_checked as n_items_checked,
        source.n_items_passed as n_items_passed,
        source.source_file as source_file,
        source.source_sheet as source_sheet,
        source.source_row as source_row,
        source.batch as batch,
    from source
)

select * from cleaned
