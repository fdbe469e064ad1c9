-- One row: one information-exchange form, attributed to a rep, team and region.
-- Formula: team and region of the rep's stay on the day; without a rep, the customer's owner.
-- Why: shows who brings market information home.
with
feedback as (
    select
        feedback.*,
        coalesce(feedback.rep_id, customer_identity.owner_id, '') as rep_value,
        customer_identity.customer_id as known_customer_id,
        customer_identity.region_id as customer_region_id,
    from staging.feedback as feedback
    left join core.customer_identity as customer_identity
        on customer_identity.value = feedback.customer_id
),

rep_on as (
    select * from core.rep_on
),

attributed as (
    select
        feedback.feedback_id as feedback_id,
        feedback.filed_on as on_date,
        feedback.month as month,
        coalesce(rep_on.rep_id, '') as rep_id,
        coalesce(rep_on.team_id, '') as team_id,
        owner_region(null, rep_on.region_id, feedback.customer_region_id) as region_id,
        coalesce(feedback.known_customer_id, '') as customer_id,
        feedback.topic as topic,
        1 as n_forms,
        feedback.source_file as source_file,
        feedback.source_sheet as source_sheet,
        feedback.source_row as source_row,
    from feedback
    left join rep_on
        on rep_on.value = feedback.rep_value
        and feedback.filed_on >= rep_on.from_on
        and feedback.filed_on < rep_on.until_on
)

select * from attributed
