-- One row: one unit and month.
-- Formula: region's sales / region's market size, per product line where the market is known per line; for a rep only where he is alone in the region.
-- Why: Growing slower than the market is losing it.
with
part as (
    select
        rep_id,
        team_id,
        region_id,
        month,
        sales_amount as numerator,
        size_amount as denominator,
    from core.market_share_line
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
