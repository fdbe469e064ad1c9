-- One row: one training of a customer, attributed to a rep, team and region.
-- Formula: team and region of the rep's stay on the day; without a rep, the customer's owner.
-- Why: shows who invests in the customer.
with
training as (
    select
        training.*,
        coalesce(training.rep_id, customer_identity.owner_id, '') as rep_value,
        customer_identity.customer_id as known_customer_id,
        customer_identity.region_id as customer_region_id,
    from staging.training as training
    left join core.customer_identity as customer_identity
        on customer_identity.value = training.customer_id
),

rep_on as (
    select * from core.rep_on
),

attributed as (
    select
        training.training_id as training_id,
        training.held_on as on_date,
        training.month as month,
        coalesce(rep_on.rep_id, '') as rep_id,
        coalesce(rep_on.team_id, '') as team_id,
        owner_region(null, rep_on.region_id, training.customer_region_id) as region_id,
        coalesce(training.known_customer_id, '') as customer_id,
        training.topic as topic,
        1 as n_trainings,
        training.source_file as source_file,
        training.source_sheet as source_sheet,
        training.source_row as source_row,
    from training
    left join rep_on
        on rep_on.value = training.rep_value
        and training.held_on >= rep_on.from_on
        and training.held_on < rep_on.until_on
)

select * from attributed
