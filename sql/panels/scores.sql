-- One row: one scorecard, one person and month up to $month, twelve months back; $rep_id '' for everybody seen.
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

    score as (
        select * from scorecard.score
        where
            unit_kind = 'rep'
            and month between cast($month::date - interval 11 month as date) and $month::date
            and ($rep_id = '' or unit_id = $rep_id)
    )

select
    score.unit_id as rep_id,
    score.scorecard as scorecard,
    score.month as month,
    cast(score.score as double) as score,
    score.n_left_out as n_left_out,
from score
inner join seen on seen.unit_kind = 'rep' and seen.unit_id = score.unit_id
order by score.unit_id, score.scorecard, score.month
