-- One row: one salesperson, market cell and month on duty there.
-- Formula: exposure = workdays on duty in the region / workdays of the month. The cell is the region, narrowed to the product
-- line that holds all of the person's product targets of the month, and to the segment that holds four fifths of at least
-- five customers on the person's list when the month began; '' is all of them. is_main: the longest posting of the month.
-- Why: where somebody works follows from postings and lists, never from what was sold.
with
duty as (
    select * from core.rep_duty
),

target as (
    select * from core.target_line
    where unit_kind = 'rep' and product_id <> ''
),

product as (
    select * from core.product
),

customer as (
    select * from core.customer
    where rep_id is not null
),

month as (
    select * from core.month
),

line as (
    select
        target.unit_id as rep_id,
        target.month as month,
        max(coalesce(product.line, '')) as product_line,
    from target
    left join product using (product_id)
    group by target.unit_id, target.month
    having count(distinct coalesce(product.line, '')) = 1
),

held as (
    select
        customer.rep_id as rep_id,
        month.month as month,
        coalesce(customer.segment, '') as segment,
        count(*) as n_customers,
    from customer
    join month
        on coalesce(customer.opened_on, month.month) <= month.month
        and coalesce(customer.closed_on, month.month) >= month.month
    group by customer.rep_id, month.month, coalesce(customer.segment, '')
),

segment as (
    select
        rep_id,
        month,
        arg_max(segment, n_customers) as segment,
    from held
    group by rep_id, month
    having sum(n_customers) >= 5 and max(n_customers) >= .8 * sum(n_customers)
),

posted as (
    select
        duty.rep_id as rep_id,
        duty.month as month,
        coalesce(duty.region_id, '') as region_id,
        cast(least(ratio(sum(duty.n_duty_days), max(duty.n_workdays)), 1) as decimal(9, 6)) as exposure,
    from duty
    where duty.n_duty_days > 0
    group by duty.rep_id, duty.month, coalesce(duty.region_id, '')
),

narrowed as (
    select
        posted.rep_id as rep_id,
        posted.month as month,
        posted.region_id as region_id,
        coalesce(line.product_line, '') as product_line,
        coalesce(segment.segment, '') as segment,
        posted.exposure as exposure,
        row_number() over (partition by posted.rep_id, posted.month order by posted.exposure desc, posted.region_id) = 1 as is_main,
    from posted
    left join line using (rep_id, month)
    left join segment using (rep_id, month)
),

posting as (
    select
        rep_id,
        month,
        cell_of(region_id, product_line, segment) as cell_id,
        region_id,
        product_line,
        segment,
        exposure,
        is_main,
    from narrowed
)

select * from posting
