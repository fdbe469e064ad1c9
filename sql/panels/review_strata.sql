-- One row: one stratum of like markets and products that may be shown, with the bonus rate of one group there and of the rest.
-- Why: shows whether a gap is there among equals.
with
    allowed as (
        select 1 as is_allowed where $scope_all
    )
select
    s.market, s.line, s.n, s.n_bonus, s.n_rest, s.n_bonus_rest,
from fairness.stratum as s
cross join allowed
where s.group_kind = $group_kind and s.group_id = $group_id and s.is_shown
order by case s.market when 'easy' then 1 when 'medium' then 2 when 'hard' then 3 else 4 end, s.line
