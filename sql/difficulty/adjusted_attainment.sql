-- One row: one person and month: attainment after market difficulty, as a scorecard may use it.
-- Formula: numerator = sold / target x the bounded coefficient, within the plan's floor and cap; denominator = 1.
-- No row where the plan sends difficulty through another channel, where there is no target, or where skill and market cannot
-- be told apart: the leaf is then left out.
-- Why: difficulty enters a score once; a figure that the data do not support moves no pay.
with
coefficient as (
    select * from difficulty.rep_coefficient
),

adjusted as (
    select
        'rep' as unit_kind,
        rep_id as unit_id,
        month,
        cast(adjusted_pay as decimal(28, 6)) as numerator,
        cast(1 as decimal(28, 6)) as denominator,
    from coefficient
    where channel = 'attainment' and is_payable and has_target
)

select * from adjusted
