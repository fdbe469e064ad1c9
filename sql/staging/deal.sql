-- One row: one deal.
-- Why: a deal counts in the month it was closed; an open one has no month.
with
source as (
    select * from lake.deal
),

cleaned as (
    select
        source.deal_id as deal_id,
        source.rep_id as rep_id,
        source.customer_id as customer_id,
        source.product_id as product_id,
        source.name as name,
        source.stage as stage,
        case
            when lower(source.outcome) in ('won', 'closed won', 'win', '赢单', '成交', '已成交') then 'won'
            when lower(source.outcome) in ('lost', 'closed lost', 'loss', '输单', '丢单', '失败') then 'lost'
            else 'open'
        end as outcome,
        source.amount as amount,
        source.discount_rate as discount_rate,
        source.created_on as created_on,
        source.closed_on as closed_on,
        cast(date_trunc('month', source.closed_on) as date) as month,
        source.competitor as competitor,
        source.loss_reason as loss_reason,
        source.source as source,
        source.helper_rep_id as helper_rep_id,
        source.source_file as source_file,
        source.source_sheet as source_sheet,
        source.source_row as source_row,
        source.batch as batch,
    from source
)

select * from cleaned
