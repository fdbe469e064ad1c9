-- One row: what one rater gave one person over the last 12 months.
-- Formula: mean of (score - mean of its criterion, month and kind of rater). Raters of fewer than 3 people are one rater
-- for each kind. What people say of themselves is left out.
-- Why: kinds of raters and criteria differ in level; only what a rater adds to the same person is severity.
with
rating as (
    select * from core.rating
    where rater_kind <> 'self'
),

person as (
    select * from fairness.person
),

period as (
    select max(month) as month from person
),

recent as (
    select
        rating.rater_id as rater_id,
        rating.rater_kind as rater_kind,
        rating.rep_id as rep_id,
        cast(rating.score as double)
            - cast(sum(rating.score) over same as double) / count(rating.score) over same as deviation,
    from rating
    inner join person
        on person.rep_id = rating.rep_id
    cross join period
    where rating.month <= period.month
    and rating.month > period.month - interval '12' month
    window same as (partition by rating.criterion, rating.month, rating.rater_kind)
),

busy as (
    select
        rater_id,
        rater_kind,
    from recent
    group by rater_id, rater_kind
    having count(distinct rep_id) >= 3
),

named as (
    select
        coalesce(busy.rater_id, '') as rater_id,
        recent.rater_kind as rater_kind,
        recent.rep_id as rep_id,
        recent.deviation as deviation,
    from recent
    left join busy
        on busy.rater_id = recent.rater_id
        and busy.rater_kind = recent.rater_kind
),

rating_mean as (
    select
        rater_kind,
        rater_id,
        rep_id,
        cast(count(*) as integer) as n,
        exact_sum(deviation) / count(deviation) as deviation,
    from named
    group by rater_kind, rater_id, rep_id
)

select * from rating_mean
order by rater_kind, rater_id, rep_id
