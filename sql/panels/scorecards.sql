-- One row: one scorecard of the plan in force in $month, in the plan's order; is_for_pay: the one that pay goes by.
select
    card.scorecard as scorecard,
    card.title_en as title_en,
    card.title_zh as title_zh,
    card.standard_score as standard_score,
    card.full_score as full_score,
    card.scorecard = pay.score_scorecard as is_for_pay,
from plan.scorecard as card
inner join plan.version as version
    on version.version_id = card.version_id
    and version.starts_on <= $month::date
    and coalesce(version.ends_on, date '9999-12-31') >= $month::date
inner join plan.pay as pay on pay.version_id = card.version_id
order by card.sort
