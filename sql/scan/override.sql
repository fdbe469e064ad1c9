-- One row: the score of an imagined person whose score is moved itself. Stands for scorecard.override.
-- Formula: the point's score, set by hand on the card that pay goes by.
-- Why: what a score does to pay can be seen apart from what made it.
select
    'score' as kind,
    'rep' as unit_kind,
    point.rep_id as unit_id,
    month.month as month,
    pay.score_scorecard as item,
    point.score as value,
    'scan' as reason,
    'scan' as approver,
    'scan' as override_id,
from scan.point as point
cross join scan.month as month
cross join plan.pay as pay
where point.score is not null
