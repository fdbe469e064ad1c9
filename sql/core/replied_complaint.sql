-- One row: whether any complaint of all exports carries a reply, and a resolution or an escalation.
-- Why: an export without reply times says nothing about replies; then there is no rate, not a rate of 0.
with
complaint as (
    select * from staging.complaint
),

counted as (
    select
        count(replied_at) > 0 as has_replies,
        count(coalesce(resolved_at, escalated_at)) > 0 as has_resolutions,
    from complaint
)

select * from counted
