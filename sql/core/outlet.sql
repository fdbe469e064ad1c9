-- One row: one outlet, in the month it opened, or in a month before all others where that is not known.
-- Why: of the many outlets of a network few open in a month; the others need not be looked at again.
with
customer as (
    select * from core.customer
    where is_outlet
),

outlet as (
    select
        customer_id,
        coalesce(month_of(opened_on), date '1900-01-01') as month,
        rep_id,
        region_id,
        opened_on,
        closed_on,
        source_file,
        source_sheet,
        source_row,
    from customer
)

select * from outlet
