-- One row: one spelling shared by several entries of the customer list.
-- Why: one customer entered twice splits its figures.
with
customer as (
    select * from staging.customer
),

spelled as (
    select
        spelling(name) as spelled_as,
        min(customer_id) as first_id,
        max(customer_id) as last_id,
        count(*) as n_entries,
    from customer
    group by spelling(name)
    having count(*) > 1
)

select * from spelled
order by n_entries desc, spelled_as
