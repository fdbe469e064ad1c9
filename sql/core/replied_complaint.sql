-- One row: how many complaints of all exports carry a reply, and a resolution or an escalation.
-- Why: an export without reply times says nothing about replies; then there is no rate, not a rate of 0.
with
complaint as (
    select * from staging.complaint
),

counted as (
    select
        cast(count(replied_at) as integer) as n_replied,
        cast(count(coalesce(resolved_at, escalated_at)) as integer) as n_resolved,
    from complaint
)

select * from counted
