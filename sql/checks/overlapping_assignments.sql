-- One row: one assignment that begins before an earlier one of the same person has ended.
-- Why: on those days two teams would claim one sale.
with
assignment as (
    select * from staging.assignment
),

overlap as (
    select
        earlier.rep_id as rep_id,
        earlier.from_on as earlier_from_on,
        earlier.to_on as earlier_to_on,
        later.from_on as later_from_on,
        later.source_file as source_file,
        later.source_sheet as source_sheet,
        later.source_row as source_row,
    from assignment as earlier
    inner join assignment as later
        on later.rep_id = earlier.rep_id
        and later.from_on > earlier.from_on
        and later.from_on <= earlier.to_on
)

select * from overlap
order by rep_id, earlier_from_on, later_from_on
