-- One row: one rating with rater and rated person resolved.
-- Formula: rater and rated by core.rep_identity, the rated person's team and region on the last day of the month. A rating
-- entered on the form takes the place of an exported one by the same rater of the same person, month and criterion.
-- Why: severity and weights both need the same resolved people; a rating given twice must not count twice.
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

entered as (
    select
        rating.*,
        cast(rating.month + interval '1' month - interval '1' day as date) as on_date,
    from state.rating as rating
),

exported_resolved as (
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
),

entered_resolved as (
    select
        coalesce(rater.rep_id, entered.rater_id) as rater_id,
        rep_on.rep_id as rep_id,
        rep_on.team_id as team_id,
        rep_on.region_id as region_id,
        entered.on_date as on_date,
        entered.month as month,
        entered.criterion as criterion,
        entered.rater_kind as rater_kind,
        cast(entered.score as decimal(18, 6)) as score,
        'state.db' as source_file,
        'rating' as source_sheet,
        0 as source_row,
    from entered
    left join rep_identity as rater
        on rater.value = entered.rater_id
    inner join rep_on
        on rep_on.value = entered.rep_id
        and entered.on_date >= rep_on.from_on
        and entered.on_date < rep_on.until_on
),

united as (
    select exported_resolved.*
    from exported_resolved
    left join entered_resolved
        on entered_resolved.rater_id = exported_resolved.rater_id
        and entered_resolved.rep_id = exported_resolved.rep_id
        and entered_resolved.month = exported_resolved.month
        and entered_resolved.criterion = exported_resolved.criterion
    where entered_resolved.rater_id is null

    union all

    select * from entered_resolved
)

select * from united
