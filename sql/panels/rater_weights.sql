-- One row: one kind of rater, with the share of a rating that the plan gives to its word.
select
    rater_kind,
    weight::double as weight,
from plan.rater_weight
order by rater_kind
