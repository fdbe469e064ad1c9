-- One row: one person of $month with what fairness is measured by: score on the card of pay, score on the card in which difficulty
-- counts, the market held by the territory, attainment.
-- market = sales expected of an average person there for the time on duty, whatever coefficient was published.
with
    seen as (
        select unit_kind, unit_id, unit_name, region_id, team_id
        from core.unit
        where
            $scope_all
            or list_contains($scope_regions::varchar[], region_id)
            or list_contains($scope_teams::varchar[], team_id)
            or (unit_kind = 'rep' and list_contains($scope_reps::varchar[], unit_id))
    ),

    scored as (
        select unit_id, score, standard_score
        from scorecard.score
        where unit_kind = 'rep' and month = $month::date and scorecard = (select any_value(score_scorecard) from plan.pay)
    ),

    judged as (
        select unit_id, max(score) as judged
        from scorecard.score
        where
            unit_kind = 'rep' and month = $month::date
            and scorecard = (select min(scorecard) from plan.node where indicator in ('adjusted_attainment', 'difficulty_points'))
        group by unit_id
    )

select
    s.unit_id as rep_id, s.unit_name as rep_name, coalesce(s.region_id, '') as region_id, coalesce(g.unit_name, '') as region_name,
    c.score, c.standard_score, j.judged, d.expected / nullif(d.exposure, 0) as market, d.attainment,
from seen as s
left join core.unit as g on g.unit_kind = 'region' and g.unit_id = s.region_id
left join scored as c on c.unit_id = s.unit_id
left join judged as j on j.unit_id = s.unit_id
left join difficulty.rep_coefficient as d on d.rep_id = s.unit_id and d.month = $month::date
where s.unit_kind = 'rep' and (c.score is not null or d.expected is not null)
order by s.unit_id
