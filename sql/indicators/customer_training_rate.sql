-- One row: one unit and month.
-- Formula: active customers trained within the plan's months (2) / active customers.
-- Why: Trained customers sell more and complain less.
with
part as (
    select
        rep_id,
        team_id,
        region_id,
        month,
        n_trained as numerator,
        1 as denominator,
    from core.customer_month
    where month in (select month from core.coverage where subject = 'training')
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
