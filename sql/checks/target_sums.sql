-- One row: one unit and month whose own target differs from the sum of those directly below it.
-- Why: if everybody meets his target the company must meet its own.
with
target as (
    select * from core.target_line
    where indicator = 'sales_amount'
    and product_id = ''
),

unit as (
    select * from core.unit
),

below as (
    select
        unit.parent_kind as unit_kind,
        unit.parent_id as unit_id,
        target.unit_kind as part_kind,
        target.month as month,
        sum(target.target_amount) as parts_amount,
        count(*) as n_parts,
    from target
    inner join unit
        on unit.unit_kind = target.unit_kind
        and unit.unit_id = target.unit_id
    group by unit.parent_kind, unit.parent_id, target.unit_kind, target.month
),

differing as (
    select
        target.unit_kind as unit_kind,
        target.unit_id as unit_id,
        target.month as month,
        target.target_amount as target_amount,
        below.part_kind as part_kind,
        below.n_parts as n_parts,
        below.parts_amount as parts_amount,
        below.parts_amount - target.target_amount as difference_amount,
    from target
    inner join below
        on below.unit_kind = target.unit_kind
        and below.unit_id = target.unit_id
        and below.month = target.month
    where abs(below.parts_amount - target.target_amount) >= 0.01
)

select * from differing
order by month, unit_kind, unit_id, part_kind
