-- One row: one threshold of the review and who set it.
-- Why: a flag can be disputed only where its threshold is printed.
with
    allowed as (
        select 1 as is_allowed where $scope_all
    )
select r.item, r.rule, r.value, r.set_by,
from fairness.rule as r
cross join allowed
order by cast(nullif(regexp_extract(r.item, '[0-9]+'), '') as integer) nulls last, r.rule
