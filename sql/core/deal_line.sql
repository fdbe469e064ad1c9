-- One row: one deal, attributed to a rep, team, region, customer and product.
-- Formula: team and region of the owner's stay on the closing date, on the creation date while it is open.
-- Why: wins and losses are counted where the owner worked when the deal was decided.
with
deal as (
    select
        deal.*,
        coalesce(deal.closed_on, deal.created_on) as on_date,
    from staging.deal as deal
),

rep_on as (
    select * from core.rep_on
),

rep_identity as (
    select * from core.rep_identity
),

customer_identity as (
    select * from core.customer_identity
),

product_identity as (
    select * from core.product_identity
),

attributed as (
    select
        deal.deal_id as deal_id,
        deal.on_date as on_date,
        deal.created_on as created_on,
        deal.closed_on as closed_on,
        deal.month as month,
        rep_on.rep_id as rep_id,
        rep_on.team_id as team_id,
        owner_region(null, rep_on.region_id, customer_identity.region_id) as region_id,
        coalesce(customer_identity.customer_id, '') as customer_id,
        coalesce(product_identity.product_id, '') as product_id,
        deal.outcome as outcome,
        deal.stage as stage,
        coalesce(deal.amount, 0) as amount,
        case when deal.outcome = 'won' then 1 else 0 end as n_won,
        case when deal.outcome in ('won', 'lost') then 1 else 0 end as n_closed,
        cast(case when deal.outcome = 'won' then coalesce(deal.amount, 0) else 0 end as decimal(18, 4)) as won_amount,
        cast(case when deal.outcome in ('won', 'lost') then coalesce(deal.amount, 0) else 0 end as decimal(18, 4)) as closed_amount,
        deal.discount_rate as discount_rate,
        deal.competitor as competitor,
        deal.loss_reason as loss_reason,
        deal.source as source,
        coalesce(helper.rep_id, '') as helper_rep_id,
        deal.source_file as source_file,
        deal.source_sheet as source_sheet,
        deal.source_row as source_row,
    from deal
    left join rep_on
        on rep_on.value = coalesce(deal.rep_id, '')
        and deal.on_date >= rep_on.from_on
        and deal.on_date < rep_on.until_on
    left join rep_identity as helper
        on helper.value = deal.helper_rep_id
    left join customer_identity
        on customer_identity.value = deal.customer_id
    left join product_identity
        on product_identity.value = deal.product_id
)

select * from attributed
