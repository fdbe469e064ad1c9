-- One row: one return of one order line, or of an amount of an order; amounts are negative.
-- Formula: with a line id, that line (the amount given, else the returned share of its pieces, else all of it);
-- without line id but with an amount, that amount of the order; with neither, every line of the order.
-- Booked on the return date, or on the order date when the return has none; the sale's rep, team and region bear it.
-- sale_month is the first month of the order.
-- Why: whoever was credited with the sale is debited with the return, whatever shape the export has.
with
returned as (
    select * from staging.return
),

line as (
    select * from core.returned_order_line
),

numbered as (
    select
        line.*,
        row_number() over (partition by order_id order by line_id, source_row) as n_line,
    from line
),

by_order as (
    select
        order_id,
        min(month) as month,
        sum(sales_amount) as sales_amount,
        sum(cost_amount) as cost_amount,
    from line
    group by order_id
),

of_line as (
    select
        returned.return_id as return_id,
        line.order_id as order_id,
        line.line_id as line_id,
        coalesce(returned.returned_on, line.on_date) as on_date,
        line.rep_id as rep_id,
        line.team_id as team_id,
        line.region_id as region_id,
        line.customer_id as customer_id,
        line.product_id as product_id,
        case
            when returned.amount is not null and returned.line_id is not null then cast(round(returned.amount * line.rate, 4) as decimal(18, 4))
            when returned.quantity is not null and returned.line_id is not null then scaled(line.sales_amount, returned.quantity, line.quantity)
            else line.sales_amount
        end as sales_amount,
        cast(round(returned.cost_amount * line.rate, 4) as decimal(18, 4)) as given_cost_amount,
        line.sales_amount as whole_sales_amount,
        line.cost_amount as whole_cost_amount,
        case when returned.line_id is not null then coalesce(returned.quantity, line.quantity) else line.quantity end as quantity,
        'line' as how,
        returned.source_file as source_file,
        returned.source_sheet as source_sheet,
        returned.source_row as source_row,
    from returned
    inner join line
        on line.order_id = returned.order_id
        and line.line_id = coalesce(returned.line_id, line.line_id)
    where returned.line_id is not null
    or returned.amount is null
),

of_amount as (
    select
        returned.return_id as return_id,
        returned.order_id as order_id,
        coalesce(returned.line_id, '') as line_id,
        coalesce(returned.returned_on, numbered.on_date) as on_date,
        coalesce(numbered.rep_id, '') as rep_id,
        coalesce(numbered.team_id, '') as team_id,
        coalesce(numbered.region_id, '') as region_id,
        coalesce(numbered.customer_id, '') as customer_id,
        '' as product_id,
        cast(round(coalesce(returned.amount, 0) * coalesce(numbered.rate, 1), 4) as decimal(18, 4)) as sales_amount,
        cast(round(returned.cost_amount * coalesce(numbered.rate, 1), 4) as decimal(18, 4)) as given_cost_amount,
        cast(by_order.sales_amount as decimal(18, 4)) as whole_sales_amount,
        cast(by_order.cost_amount as decimal(18, 4)) as whole_cost_amount,
        returned.quantity as quantity,
        case when numbered.order_id is null then 'unmatched' else 'amount' end as how,
        returned.source_file as source_file,
        returned.source_sheet as source_sheet,
        returned.source_row as source_row,
    from returned
    left join numbered
        on numbered.order_id = returned.order_id
        and numbered.n_line = 1
    left join by_order
        on by_order.order_id = returned.order_id
    left join of_line
        on of_line.return_id = returned.return_id
    where of_line.return_id is null
),

all_returns as (
    select * from of_line
    union all
    select * from of_amount
),

costed as (
    select
        all_returns.*,
        case
            when given_cost_amount is not null then given_cost_amount
            when whole_cost_amount is not null then scaled(whole_cost_amount, sales_amount, whole_sales_amount)
        end as cost_amount,
    from all_returns
),

negated as (
    select
        costed.return_id as return_id,
        costed.order_id as order_id,
        costed.line_id as line_id,
        costed.on_date as on_date,
        month_of(costed.on_date) as month,
        by_order.month as sale_month,
        costed.rep_id as rep_id,
        costed.team_id as team_id,
        costed.region_id as region_id,
        costed.customer_id as customer_id,
        costed.product_id as product_id,
        cast(-costed.sales_amount as decimal(18, 4)) as sales_amount,
        cast(-costed.cost_amount as decimal(18, 4)) as cost_amount,
        cast(-costed.quantity as decimal(18, 6)) as quantity,
        costed.how as how,
        costed.source_file as source_file,
        costed.source_sheet as source_sheet,
        costed.source_row as source_row,
    from costed
    left join by_order
        on by_order.order_id = costed.order_id
)

select * from negated
