-- One row: one way in which any export names a customer.
-- Formula: exact id, then exact name, then the same spelling as exactly one customer's id or name;
-- else a customer of its own, `?:` before the value.
-- Why: CRM and finance spell customers differently; the sale must reach the right account or stay visible.
with
customer as (
    select * from staging.customer
),

region_identity as (
    select * from core.region_identity
),

rep_identity as (
    select * from core.rep_identity
),

met as (
    select customer_id as value from customer
    union select name from customer
    union select customer_id from staging.deal where month is null
    union select value from core.named_month where names = 'customer'
),

by_name as (
    select
        name as value,
        min(customer_id) as customer_id,
    from customer
    group by name
    having count(*) = 1
),

exact as (
    select
        met.value as value,
        coalesce(by_id.customer_id, by_name.customer_id) as customer_id,
        case
            when by_id.customer_id is not null then 'id'
            when by_name.customer_id is not null then 'name'
        end as how,
    from met
    left join customer as by_id
        on by_id.customer_id = met.value
    left join by_name
        on by_name.value = met.value
    where met.value is not null
),

unknown as (
    select
        value,
        spelling(value) as spelled_as,
    from exact
    where how is null
),

spelled as (
    select spelling(customer_id) as spelled_as, customer_id from customer
    where exists (select 1 from unknown)
    union
    select spelling(name) as spelled_as, customer_id from customer
    where exists (select 1 from unknown)
),

by_spelling as (
    select
        spelled_as,
        min(customer_id) as customer_id,
    from spelled
    where spelled_as <> ''
    group by spelled_as
    having count(*) = 1
),

matched as (
    select
        exact.value as value,
        coalesce(exact.customer_id, by_spelling.customer_id) as customer_id,
        coalesce(exact.how, case when by_spelling.customer_id is not null then 'spelling' else 'unmatched' end) as how,
    from exact
    left join unknown
        on unknown.value = exact.value
    left join by_spelling
        on by_spelling.spelled_as = unknown.spelled_as
),

resolved as (
    select
        matched.value as value,
        coalesce(matched.customer_id, '?:' || matched.value) as customer_id,
        matched.how as how,
        rep_identity.rep_id as owner_id,
        region_identity.region_id as region_id,
    from matched
    left join customer
        on customer.customer_id = matched.customer_id
    left join rep_identity
        on rep_identity.value = customer.rep_id
    left join region_identity
        on region_identity.value = customer.region_id
)

select * from resolved
