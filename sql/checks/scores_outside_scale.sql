-- One row: one survey or rating whose score its scale does not hold.
-- Why: one wrong scale moves a mean more than many honest answers.
with
outside as (
    select
        'survey' as entity,
        survey_id as id,
        score,
        source_file,
        source_sheet,
        source_row,
    from staging.survey
    where score > scale_high
    or score < coalesce(scale_low, 0)

    union all

    select
        'rating' as entity,
        rep_id as id,
        score,
        source_file,
        source_sheet,
        source_row,
    from staging.rating
    where score > 100
    or score < 0
)

select * from outside
order by entity, id, source_row
