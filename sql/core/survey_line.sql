-- One row: one answered survey, attributed to a rep, team and region.
-- Formula: team and region of the rep's stay on the day; without a rep, the customer's owner. Scaled score = (score - lowest) / (highest - lowest) x 100.
-- Why: surveys with 5, 10 and 100 points become comparable.
with
survey as (
    select
        survey.*,
        coalesce(survey.rep_id, customer_identity.owner_id, '') as rep_value,
        customer_identity.customer_id as known_customer_id,
        customer_identity.region_id as customer_region_id,
    from staging.survey as survey
    left join core.customer_identity as customer_identity
        on customer_identity.value = survey.customer_id
),

rep_on as (
    select * from core.rep_on
),

attributed as (
    select
        survey.survey_id as survey_id,
        survey.answered_on as on_date,
        survey.month as month,
        coalesce(rep_on.rep_id, '') as rep_id,
        coalesce(rep_on.team_id, '') as team_id,
        owner_region(null, rep_on.region_id, survey.customer_region_id) as region_id,
        coalesce(survey.known_customer_id, '') as customer_id,
        survey.score as score,
        1 as n_surveys,
        cast(case
            when survey.scale_high = coalesce(survey.scale_low, 0) then null
            else round(100 * cast(survey.score - coalesce(survey.scale_low, 0) as double)
                / cast(survey.scale_high - coalesce(survey.scale_low, 0) as double), 6)
        end as decimal(18, 6)) as scaled_score,
        survey.source_file as source_file,
        survey.source_sheet as source_sheet,
        survey.source_row as source_row,
    from survey
    left join rep_on
        on rep_on.value = survey.rep_value
        and survey.answered_on >= rep_on.from_on
        and survey.answered_on < rep_on.until_on
)

select * from attributed
