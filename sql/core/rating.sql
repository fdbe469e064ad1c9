-- One row: one rating with rater and rated person resolved.
-- Formula: rater and rated by core.rep_identity, the rated person's team and region on the last day of the month.
-- Why: severity and weights both need the same resolved people.
with
rating as (
    select
        rating.*,
        cast(rating.month + interval '1' month - interval '1' day as date) as on_date,
    from staging.rating as rating
),

rep_identity as (
    select * from core.rep_identity
),

rep_on as (
    select * from core.rep_on
),

resolved as (
    select
        coalesce(rater.rep_id, rating.rater_id) as rater_id,
        rep_on.rep_id as rep_id,
        rep_on.team_id as team_id,
        rep_on.region_id as region_id,
        rating.on_date as on_date,
        rating.month as month,
        rating.criterion as criterion,
        rating.rater_kind as rater_kind,
        rating.score as score,
        rating.source_file as source_file,
        rating.source_sheet as source_sheet,
        rating.source_row as source_row,
    from rating
    left join rep_identity as rater
        on rater.value = rating.rater_id
    inner join rep_on
        on rep_on.value = rating.rep_id
        and rating.on_date >= rep_on.from_on
        and rating.on_date < rep_on.until_on
)

select * from resolved
