-- One row: one rating, with what it adds to the rated person's score.
-- Formula: adjusted score = score - the rater's severity known in that month, within 0 to 100; weight = plan.rater_weight of the kind of rater,
-- shared by the raters of that kind; weighted score = weight x adjusted score. Team work is rated by peers alone.
-- Why: the plan says whose word weighs how much, and nobody gains from a lenient rater.
with
rating as (
    select * from core.rating
),

severity as (
    select * from core.rater_severity_month
),

weight as (
    select * from plan.rater_weight
),

peer_count as (
    select
        rep_id,
        month,
        criterion,
        rater_kind,
        count(*) as n_raters,
    from rating
    group by rep_id, month, criterion, rater_kind
),

weighted as (
    select
        rating.rater_id as rater_id,
        rating.on_date as on_date,
        rating.month as month,
        rating.rep_id as rep_id,
        rating.team_id as team_id,
        rating.region_id as region_id,
        rating.criterion as criterion,
        rating.rater_kind as rater_kind,
        rating.score as score,
        case when rating.rater_kind = 'self' then cast(0 as decimal(18, 6)) else coalesce(severity.severity, 0) end as severity,
        cast(round(
            case
                when rating.criterion = 'collaboration' then case when rating.rater_kind = 'peer' then 1.0 else 0.0 end
                else cast(coalesce(weight.weight, 0) as double)
            end / peer_count.n_raters, 6) as decimal(18, 6)) as weight,
        rating.source_file as source_file,
        rating.source_sheet as source_sheet,
        rating.source_row as source_row,
    from rating
    inner join peer_count
        on peer_count.rep_id = rating.rep_id
        and peer_count.month = rating.month
        and peer_count.criterion = rating.criterion
        and peer_count.rater_kind = rating.rater_kind
    left join severity
        on severity.rater_id = rating.rater_id
        and severity.month = rating.month
    left join weight
        on weight.rater_kind = rating.rater_kind
),

adjusted as (
    select
        weighted.*,
        cast(least(greatest(score - severity, 0), 100) as decimal(18, 6)) as adjusted_score,
    from weighted
),

scored as (
    select
        adjusted.*,
        cast(round(weight * adjusted_score, 6) as decimal(18, 6)) as weighted_score,
    from adjusted
)

select * from scored
