-- One row: one point of a fitted line of the review with its 95 % band, or the mean of a fifth of people.
-- Why: charts place numbers and compute none.
with
    allowed as (
        select 1 as is_allowed where $scope_all
    )
select
    l.item, l.measure, l.kind, l.x, l.y, l.low, l.high,
from fairness.line as l
cross join allowed
order by l.item, l.measure, l.kind, l.x
