-- One row: one complaint, attributed to a rep, team and region.
-- Formula: team and region of the rep's stay on the day; without a rep, the customer's owner; a region given wins.
-- Why: customers judge a company by what happens after something went wrong.
with
complaint as (
    select
        complaint.*,
        coalesce(complaint.rep_id, customer_identity.owner_id, '') as rep_value,
        customer_identity.customer_id as known_customer_id,
        customer_identity.region_id as customer_region_id,
    from staging.complaint as complaint
    left join core.customer_identity as customer_identity
        on customer_identity.value = complaint.customer_id
),

rep_on as (
    select * from core.rep_on
),

region_identity as (
    select * from core.region_identity
),

attributed as (
    select
        complaint.complaint_id as complaint_id,
        cast(complaint.opened_at as date) as on_date,
        complaint.month as month,
        coalesce(rep_on.rep_id, '') as rep_id,
        coalesce(rep_on.team_id, '') as team_id,
        owner_region(region_identity.region_id, rep_on.region_id, complaint.customer_region_id) as region_id,
        coalesce(complaint.known_customer_id, '') as customer_id,
        complaint.opened_at as opened_at,
        complaint.replied_at as replied_at,
        complaint.resolved_at as resolved_at,
        complaint.escalated_at as escalated_at,
        complaint.status as status,
        complaint.subject as subject,
        1 as n_complaints,
        complaint.source_file as source_file,
        complaint.source_sheet as source_sheet,
        complaint.source_row as source_row,
    from complaint
    left join rep_on
        on rep_on.value = complaint.rep_value
        and cast(complaint.opened_at as date) >= rep_on.from_on
        and cast(complaint.opened_at as date) < rep_on.until_on
    left join region_identity
        on region_identity.value = complaint.region_id
)

select * from attributed
