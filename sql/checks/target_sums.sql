-- One row: one unit and month whose own target differs from the sum of those directly below it.
-- A person's target belongs to the team in which he was on duty most of that month.
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

ranked_duty as (
    select
        rep_id,
        month,
        team_id,
        row_number() over (partition by rep_id, month order by n_duty_days desc, team_id) as place,
    from core.rep_duty
    where team_id <> ''
),

duty as (
    select
        'rep' as unit_kind,
        rep_id,
        month,
        team_id,
    from ranked_duty
    where place = 1
),

placed as (
    select
        target.unit_kind as part_kind,
        target.month as month,
        target.target_amount as target_amount,
        case when duty.team_id is null then unit.parent_kind else 'team' end as unit_kind,
        coalesce(duty.team_id, unit.parent_id) as unit_id,
    from target
    inner join unit
        on unit.unit_kind = target.unit_kind
        and unit.unit_id = target.unit_id
    left join duty
        on duty.rep_id = target.unit_id
        and duty.month = target.month
        and duty.unit_kind = target.unit_kind
),

below as (
    select
        unit_kind,
        unit_id,
        part_kind,
        month,
        sum(target_amount) as parts_amount,
        count(*) as n_parts,
    from placed
    group by unit_kind, unit_id, part_kind, month
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
