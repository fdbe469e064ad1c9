-- One row: one person and month: points for the market, as a scorecard may use them.
-- Formula: numerator = points of difficulty.rep_coefficient; denominator = 1. No row where the plan sends difficulty through
-- another channel, or where skill and market cannot be told apart.
-- Why: equal sales in a harder market are worth more; by how much is bounded, and said once.
with
coefficient as (
    select * from difficulty.rep_coefficient
),

pointed as (
    select
        'rep' as unit_kind,
        rep_id as unit_id,
        month,
        cast(points as decimal(28, 6)) as numerator,
        cast(1 as decimal(28, 6)) as denominator,
    from coefficient
    where channel = 'points' and is_payable
)

select * from pointed
