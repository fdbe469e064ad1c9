-- One row: one proposal.
-- Why: an adopted proposal counts in the month of its adoption.
with
source as (
    select * from lake.innovation
),

cleaned as (
    select
        source.innovation_id as innovation_id,
        source.rep_id as rep_id,
        source.proposed_on as proposed_on,
        source.adopted_on as adopted_on,
        cast(date_trunc('month', source.adopted_on) as date) as month,
        source.points as points,
        source.title as title,
        source.source_file as source_file,
        source.source_sheet as source_sheet,
        source.source_row as source_row,
        source.batch as batch,
    from source
)

select * from cleaned
