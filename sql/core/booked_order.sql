-- One row: one order in one month, owned by one rep, team and region: those of its line with the greatest sales.
-- Formula: sums over the order's lines; returns are left out.
-- Why: the heavy sum of lines to orders; a month whose exports did not change is not summed again.
with
line as (
    select * from staging.order_line
),

rep_on as (
    select * from core.rep_on
),

region_identity as (
    select * from core.region_identity
),

customer_identity as (
    select * from core.customer_identity
),

gathered as (
    select
        order_id,
        month,
        ordered_on,
        rep_id,
        region_id,
        customer_id,
        min(invoice_id) as invoice_id,
        min(due_on) as due_on,
        sum(amount) as sales_amount,
        sum(quantity) as quantity,
        count(*) as n_lines,
        min(source_file) as source_file,
        min(source_sheet) as source_sheet,
        min(source_row) as source_row,
    from line
    group by order_id, month, ordered_on, rep_id, region_id, customer_id
),

part as (
    select
        gathered.order_id as order_id,
        gathered.month as month,
        gathered.ordered_on as on_date,
        coalesce(rep_on.rep_id, '') as rep_id,
        coalesce(rep_on.team_id, '') as team_id,
        owner_region(region_identity.region_id, rep_on.region_id, customer_identity.region_id) as region_id,
        coalesce(customer_identity.customer_id, '') as customer_id,
        gathered.invoice_id as invoice_id,
        gathered.due_on as due_on,
        gathered.sales_amount as sales_amount,
        gathered.quantity as quantity,
        gathered.n_lines as n_lines,
        gathered.source_file as source_file,
        gathered.source_sheet as source_sheet,
        gathered.source_row as source_row,
    from gathered
    left join rep_on
        on rep_on.value = coalesce(gathered.rep_id, '')
        and gathered.ordered_on >= rep_on.from_on
        and gathered.ordered_on < rep_on.until_on
    left join region_identity
        on region_identity.value = gathered.region_id
    left join customer_identity
        on customer_identity.value = gathered.customer_id
),

shared as (
    select
        order_id,
        month,
        min(on_date) as on_date,
        min(customer_id) as customer_id,
        min(invoice_id) as invoice_id,
        min(due_on) as due_on,
        sum(sales_amount) as sales_amount,
        sum(quantity) as quantity,
        sum(n_lines) as n_lines,
        count(*) as n_parts,
        min(rep_id) as rep_id,
        max(rep_id) as last_rep_id,
        min(team_id) as team_id,
        min(region_id) as region_id,
        min(source_file) as source_file,
        min(source_sheet) as source_sheet,
        min(source_row) as source_row,
    from part
    group by order_id, month
),

ranked as (
    select
        part.order_id as order_id,
        part.month as month,
        part.rep_id as rep_id,
        part.team_id as team_id,
        part.region_id as region_id,
        row_number() over (
            partition by part.order_id, part.month
            order by part.sales_amount desc, part.rep_id, part.team_id, part.region_id, part.on_date
        ) as n_rank,
    from part
    inner join shared
        on shared.order_id = part.order_id
        and shared.month = part.month
    where shared.n_parts > 1
),

owned as (
    select
        shared.order_id as order_id,
        shared.month as month,
        shared.on_date as on_date,
        coalesce(ranked.rep_id, shared.rep_id) as rep_id,
        coalesce(ranked.team_id, shared.team_id) as team_id,
        coalesce(ranked.region_id, shared.region_id) as region_id,
        shared.customer_id as customer_id,
        shared.invoice_id as invoice_id,
        shared.due_on as due_on,
        cast(shared.sales_amount as decimal(18, 4)) as sales_amount,
        cast(shared.quantity as decimal(18, 6)) as quantity,
        cast(shared.n_lines as integer) as n_lines,
        1 as n_orders,
        shared.rep_id <> shared.last_rep_id as is_shared,
        shared.source_file as source_file,
        shared.source_sheet as source_sheet,
        shared.source_row as source_row,
    from shared
    left join ranked
        on ranked.order_id = shared.order_id
        and ranked.month = shared.month
        and ranked.n_rank = 1
)

select * from owned
