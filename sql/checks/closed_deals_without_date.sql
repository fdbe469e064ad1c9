-- One row: one won or lost deal without a closing date.
-- Why: it belongs to no month, so no month counts it.
with
undated as (
    select
        deal_id,
        outcome,
        amount,
        source_file,
        source_sheet,
        source_row,
    from staging.deal
    where outcome <> 'open'
    and closed_on is null
)

select * from undated
order by amount desc, deal_id
