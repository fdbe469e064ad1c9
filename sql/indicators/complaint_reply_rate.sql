-- One row: one unit and month.
-- Formula: first reply within the plan's hours (12) / complaints whose time ran out in the month.
-- Why: The first answer decides whether the customer stays calm.
with
part as (
    select
        rep_id,
        team_id,
        region_id,
        month,
        n_replied_in_time as numerator,
        n_reply_due as denominator,
    from core.complaint_month
    where n_reply_due > 0
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
