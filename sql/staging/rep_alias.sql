-- One row: one other id of a salesperson in one system.
-- Why: finance and CRM rarely share ids; aliases join them.
with
source as (
    select * from lake.rep_alias
),

cleaned as (
    select
        source.system as system,
        source.alias as alias,
        source.rep_id as rep_id,
        source.source_file as source_file,
        source.source_sheet as source_sheet,
        source.source_row as source_row,
        source.batch as batch,
    from source
)

select * from cleaned
