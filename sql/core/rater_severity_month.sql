-- One row: one rater and month of ratings, with how many points he rates above or below others, as known by that month.
-- Formula: over double-rated people only (same person, month and criterion, self ratings left out), of this month and
-- all before: severity = sum(score - mean of the other raters' scores, each less its own rater's severity known in that month)
-- / (comparisons + 4), three times over, starting from 0. The 4 in the base shrinks raters with few comparisons towards 0.
-- Why: a strict manager must not cost his team its score; a rater who shares nobody with others cannot be corrected; and
-- ratings of later months must not move the score of a month that is paid.
with
rating as (
    select * from core.rating
    where rater_kind <> 'self'
),

rater as (
    select distinct rater_id, month from rating
),

pair as (
    select
        own.rater_id as rater_id,
        other.rater_id as other_id,
        own.rep_id as rep_id,
        own.month as month,
        own.criterion as criterion,
        own.score as score,
        other.score as other_score,
    from rating as own
    inner join rating as other
        on other.rep_id = own.rep_id
        and other.month = own.month
        and other.criterion = own.criterion
        and other.rater_id <> own.rater_id
),

comparison_1 as (
    select
        pair.rater_id as rater_id,
        pair.month as month,
        cast(max(pair.score) - round(cast(sum(pair.other_score - 0) as double) / count(*), 6) as decimal(18, 6)) as deviation,
    from pair
    group by pair.rater_id, pair.rep_id, pair.month, pair.criterion
),

month_1 as (
    select
        rater.rater_id as rater_id,
        rater.month as month,
        count(comparison_1.deviation) as n_comparisons,
        coalesce(sum(comparison_1.deviation), 0) as deviation,
    from rater
    left join comparison_1
        on comparison_1.rater_id = rater.rater_id
        and comparison_1.month = rater.month
    group by rater.rater_id, rater.month
),

severity_1 as (
    select
        rater_id,
        month,
        sum(n_comparisons) over (partition by rater_id order by month) as n_comparisons,
        cast(round(
            cast(sum(deviation) over (partition by rater_id order by month) as double)
            / (sum(n_comparisons) over (partition by rater_id order by month) + 4), 6) as decimal(18, 6)) as severity,
    from month_1
),

comparison_2 as (
    select
        pair.rater_id as rater_id,
        pair.month as month,
        cast(max(pair.score) - round(cast(sum(pair.other_score - coalesce(severity_1.severity, 0)) as double) / count(*), 6) as decimal(18, 6)) as deviation,
    from pair
    left join severity_1
        on severity_1.rater_id = pair.other_id
        and severity_1.month = pair.month
    group by pair.rater_id, pair.rep_id, pair.month, pair.criterion
),

month_2 as (
    select
        rater.rater_id as rater_id,
        rater.month as month,
        count(comparison_2.deviation) as n_comparisons,
        coalesce(sum(comparison_2.deviation), 0) as deviation,
    from rater
    left join comparison_2
        on comparison_2.rater_id = rater.rater_id
        and comparison_2.month = rater.month
    group by rater.rater_id, rater.month
),

severity_2 as (
    select
        rater_id,
        month,
        sum(n_comparisons) over (partition by rater_id order by month) as n_comparisons,
        cast(round(
            cast(sum(deviation) over (partition by rater_id order by month) as double)
            / (sum(n_comparisons) over (partition by rater_id order by month) + 4), 6) as decimal(18, 6)) as severity,
    from month_2
),

comparison_3 as (
    select
        pair.rater_id as rater_id,
        pair.month as month,
        cast(max(pair.score) - round(cast(sum(pair.other_score - coalesce(severity_2.severity, 0)) as double) / count(*), 6) as decimal(18, 6)) as deviation,
    from pair
    left join severity_2
        on severity_2.rater_id = pair.other_id
        and severity_2.month = pair.month
    group by pair.rater_id, pair.rep_id, pair.month, pair.criterion
),

month_3 as (
    select
        rater.rater_id as rater_id,
        rater.month as month,
        count(comparison_3.deviation) as n_comparisons,
        coalesce(sum(comparison_3.deviation), 0) as deviation,
    from rater
    left join comparison_3
        on comparison_3.rater_id = rater.rater_id
        and comparison_3.month = rater.month
    group by rater.rater_id, rater.month
),

severity_3 as (
    select
        rater_id,
        month,
        sum(n_comparisons) over (partition by rater_id order by month) as n_comparisons,
        cast(round(
            cast(sum(deviation) over (partition by rater_id order by month) as double)
            / (sum(n_comparisons) over (partition by rater_id order by month) + 4), 6) as decimal(18, 6)) as severity,
    from month_3
),

settled as (
    select
        rater_id,
        month,
        cast(n_comparisons as integer) as n_comparisons,
        severity,
    from severity_3
    where n_comparisons > 0
)

select * from settled
