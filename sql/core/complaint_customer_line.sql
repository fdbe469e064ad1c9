-- One row: one complaint, or one active customer of the months with complaints.
-- Why: the exported rows behind complaints per 100 customers.
with
lines as (
    select
        month,
        rep_id,
        team_id,
        region_id,
        complaint_id as id,
        n_complaints as n_complaints,
        cast(0 as integer) as n_active,
        source_file,
        source_sheet,
        source_row,
    from core.complaint_line

    union all

    select
        month,
        rep_id,
        team_id,
        region_id,
        customer_id as id,
        cast(0 as integer) as n_complaints,
        n_active as n_active,
        source_file,
        source_sheet,
        source_row,
    from core.customer_line
    where month in (select month from core.coverage where subject = 'complaint')
)

select * from lines
