-- One row: one rater, with how many points he rates above or below others who rated the same person.
-- Formula: over double-rated people only (same person, month and criterion, self ratings left out),
-- severity = sum(score - mean of the other raters' scores, each less its own rater's severity) / (comparisons + 4),
-- three times over, starting from 0. The 4 in the base shrinks raters with few comparisons towards 0.
-- Why: a strict manager must not cost his team its score; a rater who shares nobody with others cannot be corrected.
with
rating as (
    select * from core.rating
    where rater_kind <> 'self'
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
        cast(max(pair.score) - round(cast(sum(pair.other_score - 0) as double) / count(*), 6) as decimal(18, 6)) as deviation,
    from pair
    group by pair.rater_id, pair.rep_id, pair.month, pair.criterion
),

severity_1 as (
    select
        rater_id,
        count(*) as n_comparisons,
        cast(round(cast(sum(deviation) as double) / (count(*) + 4), 6) as decimal(18, 6)) as severity,
    from comparison_1
    group by rater_id
),

comparison_2 as (
    select
        pair.rater_id as rater_id,
        cast(max(pair.score) - round(cast(sum(pair.other_score - coalesce(severity_1.severity, 0)) as double) / count(*), 6) as decimal(18, 6)) as deviation,
    from pair
    left join severity_1
        on severity_1.rater_id = pair.other_id
    group by pair.rater_id, pair.rep_id, pair.month, pair.criterion
),

severity_2 as (
    select
        rater_id,
        count(*) as n_comparisons,
        cast(round(cast(sum(deviation) as double) / (count(*) + 4), 6) as decimal(18, 6)) as severity,
    from comparison_2
    group by rater_id
),

comparison_3 as (
    select
        pair.rater_id as rater_id,
        cast(max(pair.score) - round(cast(sum(pair.other_score - coalesce(severity_2.severity, 0)) as double) / count(*), 6) as decimal(18, 6)) as deviation,
    from pair
    left join severity_2
        on severity_2.rater_id = pair.other_id
    group by pair.rater_id, pair.rep_id, pair.month, pair.criterion
),

severity_3 as (
    select
        rater_id,
        count(*) as n_comparisons,
        cast(round(cast(sum(deviation) as double) / (count(*) + 4), 6) as decimal(18, 6)) as severity,
    from comparison_3
    group by rater_id
),

settled as (
    select
        rater_id,
        cast(n_comparisons as integer) as n_comparisons,
        severity,
    from severity_3
)

select * from settled
