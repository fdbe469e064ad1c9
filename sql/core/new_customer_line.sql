-- One row: one customer whose first order falls in the month; the rep of that order won the customer.
-- Formula: first order of all exports; a customer whose first order falls in the very first month of the exports counts
-- only when the CRM opened the account in that month.
-- Why: everybody looks new in the first month of an export.
with
orders as (
    select * from core.order_month
    where customer_id <> ''
),

customer as (
    select * from core.customer
),

span as (
    select min(month) as first_month from orders
),

first_day as (
    select
        customer_id,
        min(on_date) as on_date,
    from orders
    group by customer_id
),

ranked as (
    select
        orders.*,
        row_number() over (partition by orders.customer_id order by orders.order_id) as n_rank,
    from orders
    inner join first_day
        on first_day.customer_id = orders.customer_id
        and first_day.on_date = orders.on_date
),

won as (
    select
        ranked.customer_id as customer_id,
        ranked.order_id as order_id,
        ranked.on_date as on_date,
        ranked.month as month,
        ranked.rep_id as rep_id,
        ranked.team_id as team_id,
        ranked.region_id as region_id,
        1 as n_new,
        ranked.source_file as source_file,
        ranked.source_sheet as source_sheet,
        ranked.source_row as source_row,
    from ranked
    cross join span
    left join customer
        on customer.customer_id = ranked.customer_id
    where ranked.n_rank = 1
    and (ranked.month > span.first_month or month_of(customer.opened_on) = span.first_month)
)

select * from won
