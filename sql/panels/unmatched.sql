-- One row: one value of the exports that names somebody or something, and was
-- not found as written. The largest amounts first.
-- These rows belong to no unit: only a reader of the whole company sees them.
select
    entity,
    field,
    names,
    value,
    n_rows::bigint as n_rows,
    amount::double as amount,
    resolved_to,
    how,
from core.unmatched
where $scope_all
order by how <> 'unmatched', abs(coalesce(amount, 0)) desc, n_rows desc, entity, field, value
