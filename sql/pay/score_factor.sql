-- One row: one person and month that is scored, with the factor by which pay is multiplied.
-- Formula: score of the plan's scorecard for pay / standard score; 1 where nothing could be scored, which has_score says.
-- Why: pay of a month, and later releases of its commission, use one factor.
with
judged as (
    select * from scorecard.judged
),

version as (
    select * from plan.version
),

pay as (
    select * from plan.pay
),

score as (
    select * from scorecard.score
),

factored as (
    select
        judged.unit_id as rep_id,
        judged.month as month,
        version.version_id as version_id,
        score.score as score,
        cast(pay.standard_score as decimal(18, 2)) as standard_score,
        cast(coalesce(round(ratio(score.score, pay.standard_score), 12), 1) as decimal(18, 12)) as factor,
        score.score is not null as has_score,
    from judged
    inner join version
        on judged.month >= version.starts_on
        and judged.month <= coalesce(version.ends_on, date '9999-12-31')
    inner join pay
        on pay.version_id = version.version_id
    left join score
        on score.version_id = version.version_id
        and score.scorecard = pay.score_scorecard
        and score.unit_kind = judged.unit_kind
        and score.unit_id = judged.unit_id
        and score.month = judged.month
)

select * from factored
