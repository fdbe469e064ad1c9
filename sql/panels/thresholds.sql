-- One row: the plan's target for one indicator of a kind of unit.
select
    indicator,
    amount::double as amount,
from plan.target
where unit_kind = $unit_kind
order by indicator
