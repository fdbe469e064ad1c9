-- One row: one unit and month.
-- Formula: visits / workdays on duty.
-- Why: Orders follow visits; leave, holidays and late joiners are taken out.
with
part as (
    select
        rep_id,
        team_id,
        region_id,
        month,
        n_visits as numerator,
        0 as denominator,
    from core.visit_month

    union all

    select
        rep_id,
        team_id,
        region_id,
        month,
        0 as numerator,
        n_duty_days as denominator,
    from core.duty_month
    where month in (select month from core.coverage where subject = 'visit')
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
