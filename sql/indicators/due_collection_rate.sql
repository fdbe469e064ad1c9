-- One row: one unit and month.
-- Formula: cash received for orders that fell due in the month / those orders, up to the as-of date of the month.
-- Why: Leaves out what customers need not pay yet, so long payment terms do not look like bad debts.
with
part as (
    select
        rep_id,
        team_id,
        region_id,
        month,
        due_collected_amount as numerator,
        due_sold_amount as denominator,
    from core.collection_month
    where n_due_rows > 0
),

month as (
    select * from core.calendar
),

member as (
    select * from core.unit_member
),

rolled as (
    select
        member.unit_kind as unit_kind,
        member.unit_id as unit_id,
        part.month as month,
        cast(sum(part.numerator) as decimal(28, 6)) as numerator,
        cast(sum(part.denominator) as decimal(28, 6)) as denominator,
    from part
    inner join month
        on month.month = part.month
    inner join member
        on member.rep_id = part.rep_id
        and member.team_id = part.team_id
        and member.region_id = part.region_id
    group by member.unit_kind, member.unit_id, part.month
)

select * from rolled
