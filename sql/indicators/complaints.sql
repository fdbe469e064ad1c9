-- One row: one unit and month.
-- Formula: complaints opened in the month.
-- Why: Each complaint is a customer at risk.
-- A rep on duty without any counts 0, from the first to the last month of the exports.
with
covered as (
    select month from core.coverage
    where subject = 'complaint'
),

part as (
    select
        rep_id,
        team_id,
        region_id,
        month,
        n_complaints as numerator,
    from core.complaint_month
    where n_complaints > 0

    union all

    select
        duty.rep_id,
        duty.team_id,
        duty.region_id,
        duty.month,
        0 as numerator,
    from core.duty_month as duty
    inner join covered
        on covered.month = duty.month
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
        cast(1 as decimal(28, 6)) as denominator,
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
