-- One row: one person with a target: target and expectation a month of exposure, in logs.
-- Formula: ln(target / exposure), ln(expected / exposure), gap = ln(target / expected).
-- Why: a target that ignores the market asks the same of everybody; one that prices it moves with the expectation.
with
person as (
    select * from fairness.person
    where target > 0
    and expected > 0
),

target_gap as (
    select
        rep_id,
        manager_id,
        region_id,
        ln(target / exposure) as ln_target,
        ln(expected / exposure) as ln_expected,
        ln(target / expected) as gap,
    from person
)

select * from target_gap
order by rep_id
