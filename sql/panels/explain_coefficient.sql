-- One row: one person's market coefficient of a month with the figures that it is made of.
with
    seen as (
        select unit_kind, unit_id
        from core.unit
        where
            $scope_all
            or list_contains($scope_regions::varchar[], region_id)
            or list_contains($scope_teams::varchar[], team_id)
            or (unit_kind = 'rep' and list_contains($scope_reps::varchar[], unit_id))
    ),

    company as (
        select sum(expected) as expected, sum(target) as target from difficulty.rep_coefficient where month = $month::date
    )

select
    j.evaluated,
    j.d,
    j.d_data,
    j.d_low,
    j.d_high,
    j.d_policy,
    j.d_override,
    j.d_pay,
    j.points,
    j.mode,
    j.published,
    j.published_rate,
    j.reliability,
    j.target,
    j.has_target,
    j.expected,
    j.sold,
    j.n_others,
    j.n_deals_others,
    coalesce(j.override_reason, '') as override_reason,
    coalesce(j.override_approver, '') as override_approver,
    c.expected as company_expected,
    c.target as company_target,
from difficulty.rep_coefficient as j
inner join seen as s on s.unit_kind = 'rep' and s.unit_id = j.rep_id
cross join company as c
where j.rep_id = $rep_id and j.month = $month::date
