-- One row: one rater of three people or more over the last 12 months: how widely he spreads his scores and whether one
-- impression colours all of them.
-- Formula: sd_ratio = standard deviation of his scores / that of all raters of the kind; halo = mean correlation of two
-- of his criteria over people and months (Cooper 1981), from 4 pairs on.
-- Why: a rater who gives everybody 85, or the same points for everything, tells little.
with
rating as (
    select * from core.rating
    where rater_kind <> 'self'
),

period as (
    select max(month) as month from fairness.person
),

recent as (
    select
        rating.rater_kind as rater_kind,
        rating.rater_id as rater_id,
        rating.rep_id as rep_id,
        rating.month as month,
        rating.criterion as criterion,
        cast(rating.score as double) as score,
    from rating
    cross join period
    where rating.month <= period.month
    and rating.month > period.month - interval '12' month
),

kind as (
    select
        rater_kind,
        sqrt(variance_of(score)) as sd,
    from recent
    group by rater_kind
),

spread as (
    select
        rater_kind,
        rater_id,
        count(distinct rep_id) as n_people,
        sqrt(variance_of(score)) as sd,
    from recent
    group by rater_kind, rater_id
),

pair as (
    select
        one.rater_kind as rater_kind,
        one.rater_id as rater_id,
        one.criterion as first_criterion,
        other.criterion as second_criterion,
        case
            when count(*) >= 4 and variance_of(one.score) > 0 and variance_of(other.score) > 0 then
                (exact_sum(one.score * other.score) - exact_sum(one.score) * exact_sum(other.score) / count(*))
                / ((count(*) - 1) * sqrt(variance_of(one.score) * variance_of(other.score)))
        end as correlation,
    from recent as one
    inner join recent as other
        on other.rater_kind = one.rater_kind
        and other.rater_id = one.rater_id
        and other.rep_id = one.rep_id
        and other.month = one.month
        and other.criterion > one.criterion
    group by one.rater_kind, one.rater_id, one.criterion, other.criterion
),

halo as (
    select
        rater_kind,
        rater_id,
        exact_sum(correlation) / nullif(count(correlation), 0) as halo,
    from pair
    group by rater_kind, rater_id
),

rater_spread as (
    select
        spread.rater_kind as rater_kind,
        spread.rater_id as rater_id,
        cast(spread.n_people as integer) as n_people,
        spread.sd / nullif(kind.sd, 0) as sd_ratio,
        halo.halo as halo,
    from spread
    inner join kind
        on kind.rater_kind = spread.rater_kind
    left join halo
        on halo.rater_kind = spread.rater_kind
        and halo.rater_id = spread.rater_id
    where spread.n_people >= 3
)

select * from rater_spread
order by rater_kind, rater_id
