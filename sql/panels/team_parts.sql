-- One row: one team and one part right under the score of a scorecard that takes another: mean contribution of its people.
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

    part as (
        select * from scorecard.node_score
        where unit_kind = 'rep' and depth = 1 and month = $month::date
        and scorecard in (select scorecard from plan.node where kind = 'scorecard')
    )

select
    seen.unit_id as team_id,
    part.scorecard as scorecard,
    part.node as node,
    max(node.title_en) as title_en,
    max(node.title_zh) as title_zh,
    max(part.kind) as kind,
    max(part.weight) as weight,
    avg(cast(part.contribution as double)) as contribution,
    count(*) as n_people,
from part
inner join core.unit as rep on rep.unit_kind = 'rep' and rep.unit_id = part.unit_id
inner join seen on seen.unit_kind = 'team' and seen.unit_id = rep.team_id
inner join plan.node as node
    on node.version_id = part.version_id
    and node.scorecard = part.scorecard
    and node.node = part.node
where not part.is_left_out
group by seen.unit_id, part.scorecard, part.node
order by seen.unit_id, part.scorecard, min(part.sort)
