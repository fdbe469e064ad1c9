-- One row: one unit and month.
-- Formula: visit expenses / visits.
-- Why: Compares routes: far customers cost more, idle trips too.
with
part as (
    select
        rep_id,
        team_id,
        region_id,
        month,
        visit_expense_amount as numerator,
        0 as denominator,
    from core.expense_month

    union all

    select
        rep_id,
        team_id,
        region_id,
        month,
        0 as numerator,
        n_visits as denominator,
    from core.visit_month
    where month in (select month from core.coverage where subject = 'expense')
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
