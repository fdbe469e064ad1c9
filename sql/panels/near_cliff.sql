-- One row: one person of $month whose figure on $axis lies from $low to $high.
-- $axis: an indicator, score (of $scorecard) or team_attainment.
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

    figure as (
        select unit_id as rep_id, value
        from indicators.value
        where unit_kind = 'rep' and month = $month::date and indicator = $axis

        union all

        select unit_id as rep_id, cast(score as double) as value
        from scorecard.score
        where $axis = 'score' and unit_kind = 'rep' and scorecard = $scorecard and month = $month::date

        union all

        select rep.unit_id as rep_id, team.value as value
        from indicators.value as team
        inner join core.unit as rep
            on rep.unit_kind = 'rep'
            and rep.team_id = team.unit_id
        where $axis = 'team_attainment' and team.unit_kind = 'team' and team.indicator = 'target_attainment' and team.month = $month::date
    )

select
    figure.rep_id as rep_id,
    seen.unit_name as rep_name,
    seen.team_id as team_id,
    figure.value as value,
from figure
inner join seen on seen.unit_kind = 'rep' and seen.unit_id = figure.rep_id
where figure.value between $low and $high
order by figure.value, figure.rep_id
