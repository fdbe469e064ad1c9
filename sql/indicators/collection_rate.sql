-- One row: one unit and month.
-- Formula: cash received up to the as-of date for what the month sold / what the month sold.
-- Why: A sale is finished when its cash is there; commission is earned on what was collected.
with
part as (
    select
        rep_id,
        team_id,
        region_id,
        month,
        collected_amount as numerator,
        sold_amount as denominator,
    from core.collection_month
    where n_rows > 0
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
