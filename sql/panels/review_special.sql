-- One row: one group of the review and its appeals and overrides over 12 months, the most special cases first in each kind.
-- A group that may not be shown comes last, without counts.
with
    allowed as (
        select 1 as is_allowed where $scope_all
    ),
    named as (
        select unit_kind, unit_id, unit_name from core.unit where $scope_all
    )

select
    c.group_kind, c.group_id, coalesce(n.unit_name, c.group_id) as group_name,
    c.is_shown, c.n_people, c.n_sent, c.n_decided, c.n_upheld, c.n_overrides, c.upheld_rate, c.overrides_rate,
from fairness.special_case as c
cross join allowed
left join named as n on n.unit_kind = c.group_kind and n.unit_id = c.group_id
order by
    case c.group_kind when 'region' then 1 when 'team' then 2 when 'manager' then 3 else 4 end,
    c.group_kind, c.n_sent + c.n_overrides desc nulls last, c.group_id
