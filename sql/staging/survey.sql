-- One row: one answered survey.
-- Why: scales differ between surveys, so the scale stays beside the score.
with
source as (
    select * from lake.survey
),

cleaned as (
    select
        source.survey_id as survey_id,
        source.customer_id as customer_id,
        source.rep_id as rep_id,
        source.answered_on as answered_on,
        cast(date_trunc('month', source.answered_on) as date) as month,
        source.score as score,
        source.scale_low as scale_low,
        source.scale_high as scale_high,
        source.source_file as source_file,
        source.source_sheet as source_sheet,
        source.source_row as source_row,
        source.batch as batch,
    from source
)

select * from cleaned
