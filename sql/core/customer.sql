-- One row: one customer, listed or only met in an export.
-- Why: unmatched customers keep their amounts and are listed by `check` until someone names them.
with
customer as (
    select * from staging.customer
),

identity as (
    select * from core.customer_identity
),

listed as (
    select
        customer.customer_id as customer_id,
        customer.name as customer_name,
        identity.region_id as region_id,
        identity.owner_id as rep_id,
        customer.segment as segment,
        customer.channel as channel,
        coalesce(customer.is_outlet, false) as is_outlet,
        customer.opened_on as opened_on,
        customer.closed_on as closed_on,
        customer.latitude as latitude,
        customer.longitude as longitude,
        false as is_unmatched,
        customer.source_file as source_file,
        customer.source_sheet as source_sheet,
        customer.source_row as source_row,
    from customer
    left join identity
        on identity.value = customer.customer_id
),

met as (
    select
        customer_id as customer_id,
        min(value) as customer_name,
        cast(null as varchar) as region_id,
        cast(null as varchar) as rep_id,
        cast(null as varchar) as segment,
        cast(null as varchar) as channel,
        false as is_outlet,
        cast(null as date) as opened_on,
        cast(null as date) as closed_on,
        cast(null as decimal(18, 6)) as latitude,
        cast(null as decimal(18, 6)) as longitude,
        true as is_unmatched,
        cast(null as varchar) as source_file,
        cast(null as varchar) as source_sheet,
        cast(null as bigint) as source_row,
    from identity
    where how = 'unmatched'
    group by customer_id
),

customers as (
    select * from listed
    union all
    select * from met
)

select * from customers
