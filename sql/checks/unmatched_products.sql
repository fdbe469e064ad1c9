-- One row: one value of one field that names no known product.
-- Why: a product left unmatched keeps its rows out of every comparison of units.
with
unmatched as (
    select * from core.unmatched
    where names = 'product'
    and how = 'unmatched'
)

select * from unmatched
order by coalesce(amount, 0) desc, n_rows desc, entity, field, value
