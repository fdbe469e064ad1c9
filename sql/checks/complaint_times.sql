-- One row: one complaint answered, resolved or escalated before it was opened.
-- Why: a wrong clock makes every reply punctual.
with
reversed as (
    select
        complaint_id,
        opened_at,
        replied_at,
        resolved_at,
        escalated_at,
        source_file,
        source_sheet,
        source_row,
    from staging.complaint
    where replied_at < opened_at
    or resolved_at < opened_at
    or escalated_at < opened_at
)

select * from reversed
order by complaint_id
