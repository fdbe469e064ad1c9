-- One row: one person whose place by the crossed audit model lies more than a tenth of all people from the place that is paid,
-- in the evaluation used for the month; the furthest first.
-- Formula: rank_shift = (rank by the audit - rank by the index) / people, equals sharing their mean rank; above 0: the audit
-- places the person higher.
-- Why: the audit ranks better but lets a person's own sales into his expectation; where the two part somebody should look.
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

    evaluated as (
        select max(period) as period
        from difficulty.variance
        where period < $month::date
    ),

    evaluation as (
        select
            a.rep_id,
            i.index,
            i.is_thin,
            exp(a.effect) as audit_index,
            coalesce(i.reliability * i.r, 0) as paid,
            a.effect,
        from difficulty.audit as a
        inner join evaluated as e on e.period = a.month
        left join difficulty.rep_index as i on i.rep_id = a.rep_id and i.month = a.month
    ),

    ranked as (
        select
            *,
            (rank() over (order by effect) + (count(*) over (partition by effect) - 1) / 2
                - rank() over (order by paid) - (count(*) over (partition by paid) - 1) / 2) / count(*) over () as rank_shift,
        from evaluation
    )

select
    r.rep_id as unit_id,
    s.unit_name,
    r.index,
    r.audit_index,
    r.rank_shift,
from ranked as r
inner join seen as s on s.unit_kind = 'rep' and s.unit_id = r.rep_id
where abs(r.rank_shift) > .1
    and not r.is_thin
    and ($region_id = '' or s.region_id in (select region_id from core.region_tree where ancestor_id = $region_id))
order by abs(r.rank_shift) desc, r.rep_id
