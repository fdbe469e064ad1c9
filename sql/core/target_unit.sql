-- One row: one unit and month with a target, and the sales judged against it.
-- Formula: the unit's own target and all its sales; without one, the sum of the targets of the regions, else the teams,
-- else the reps below it, and only the sales of those (basis says which).
-- Why: targets often cover only some sellers; all sales over a part of the targets would flatter.
with
part as (
    select * from core.target_part
),

target as (
    select * from core.target_line
    where indicator = 'sales_amount'
),

sales as (
    select * from core.sales_total
),

member as (
    select * from core.unit_member
),

month as (
    select * from core.month
),

own_total as (
    select
        target.unit_kind as unit_kind,
        target.unit_id as unit_id,
        target.month as month,
        sum(case when target.product_id = '' then target.target_amount end) as whole_amount,
        sum(case when target.product_id <> '' then target.target_amount end) as product_amount,
    from target
    inner join month
        on month.month = target.month
    where target.unit_id is not null
    group by target.unit_kind, target.unit_id, target.month
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

own as (
    select
        own_total.unit_kind as unit_kind,
        own_total.unit_id as unit_id,
        own_total.month as month,
        coalesce(own_total.whole_amount, own_total.product_amount) as target_amount,
        coalesce(unit_sales.sales_amount, 0) as sales_amount,
        0 as level,
        'own' as basis,
    from own_total
    left join unit_sales
        on unit_sales.unit_kind = own_total.unit_kind
        and unit_sales.unit_id = own_total.unit_id
        and unit_sales.month = own_total.month
),

below as (
    select
        member.unit_kind as unit_kind,
        member.unit_id as unit_id,
        part.month as month,
        sum(part.target_amount) as target_amount,
        sum(part.sales_amount) as sales_amount,
        part.level as level,
        case part.level when 1 then 'region' when 2 then 'team' else 'rep' end as basis,
    from part
    inner join member
        on member.rep_id = part.rep_id
        and member.team_id = part.team_id
        and member.region_id = part.region_id
    group by member.unit_kind, member.unit_id, part.month, part.level
),

choice as (
    select * from own
    union all
    select * from below
),

ranked as (
    select
        choice.*,
        row_number() over (partition by unit_kind, unit_id, month order by level) as n_choice,
    from choice
),

chosen as (
    select
        unit_kind,
        unit_id,
        month,
        cast(target_amount as decimal(18, 4)) as target_amount,
        cast(sales_amount as decimal(18, 4)) as sales_amount,
        basis,
    from ranked
    where n_choice = 1
)

select * from chosen
