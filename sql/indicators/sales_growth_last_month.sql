-- One row: one unit and month that had sales in the month compared with.
-- Formula: (sales - sales of last month) / sales of last month; without sales above 0 then, there is no base.
-- Why: Shows what moved since the last review.
with
sales as (
    select * from core.sales_total
),

month as (
    select * from core.calendar
),

member as (
    select * from core.unit_member
),

unit_sales as (
    select
        member.unit_kind as unit_kind,
        member.unit_id as unit_id,
        sales.month as month,
        sum(sales.sales_amount) as sales_amount,
    from sales
    inner join member
        on member.rep_id = sales.rep_id
        and member.team_id = sales.team_id
        and member.region_id = sales.region_id
    group by member.unit_kind, member.unit_id, sales.month
),

grown as (
    select
        before.unit_kind as unit_kind,
        before.unit_id as unit_id,
        month.month as month,
        cast(coalesce(now.sales_amount, 0) - before.sales_amount as decimal(28, 6)) as numerator,
        cast(before.sales_amount as decimal(28, 6)) as denominator,
    from unit_sales as before
    inner join month
        on before.month = cast(month.month - interval '1' month as date)
    left join unit_sales as now
        on now.unit_kind = before.unit_kind
        and now.unit_id = before.unit_id
        and now.month = month.month
    where before.sales_amount > 0
)

select * from grown
