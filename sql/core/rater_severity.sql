-- One row: one rater, with how many points he rates above or below others who rated the same person, as known by now.
-- Formula: his last month of core.rater_severity_month.
-- Why: raters are reviewed by what is known of them today; scores use what was known in their month.
with
severity as (
    select * from core.rater_severity_month
),

last_month as (
    select
        rater_id,
        max(month) as month,
    from severity
    group by rater_id
),

settled as (
    select
        severity.rater_id as rater_id,
        severity.n_comparisons as n_comparisons,
        severity.severity as severity,
    from severity
    inner join last_month
        on last_month.rater_id = severity.rater_id
        and last_month.month = severity.month
)

select * from settled
