-- One row: one part of a unit and what it adds to the change of an indicator from $base to $month.
-- Parts are the units of $part_kind below the unit. For a ratio n/d a part adds
--     (n1 - r0 * d1) / D1 - (n0 - r0 * d0) / D0,  r0 = N0 / D0 of the unit,
-- which sums to the unit's change; for an amount n1 - n0.
-- Why: says which team moved the number.
with
    seen as (
        select unit_kind, unit_id, unit_name
        from core.unit
        where
            unit_kind = $part_kind
            and case $unit_kind
                when 'company' then true
                when 'region' then region_id = $unit_id
                when 'team' then team_id = $unit_id
            end
            and (
                $scope_all
                or list_contains($scope_regions::varchar[], region_id)
                or list_contains($scope_teams::varchar[], team_id)
                or (unit_kind = 'rep' and list_contains($scope_reps::varchar[], unit_id))
            )
    ),

    parts as (
        select
            s.unit_id, s.unit_name,
            coalesce(sum(v.numerator) filter (where v.month = $base::date), 0)::double as n0,
            coalesce(sum(v.denominator) filter (where v.month = $base::date), 0)::double as d0,
            coalesce(sum(v.numerator) filter (where v.month = $month::date), 0)::double as n1,
            coalesce(sum(v.denominator) filter (where v.month = $month::date), 0)::double as d1,
        from seen as s
        inner join indicators.value as v on v.unit_kind = s.unit_kind and v.unit_id = s.unit_id
        where v.indicator = $indicator and v.month in ($base::date, $month::date)
        group by s.unit_id, s.unit_name
    ),

    whole as (
        select sum(n0) as n0, sum(d0) as d0, sum(n1) as n1, sum(d1) as d1,
        from parts
    ),

    definition as (
        select unit in ('money', 'count', 'pieces') and not exists (
            select 1 from indicators.value where indicator = $indicator and denominator <> 1
        ) as is_amount,
        from indicators.definition
        where indicator = $indicator
    )

select
    p.unit_id, p.unit_name,
    case when not f.is_amount and p.d0 > 0 then p.n0 / p.d0 when f.is_amount then p.n0 end as value_before,
    case when not f.is_amount and p.d1 > 0 then p.n1 / p.d1 when f.is_amount then p.n1 end as value_after,
    case
        when f.is_amount then p.n1 - p.n0
        when w.d0 > 0 and w.d1 > 0 then (p.n1 - w.n0 / w.d0 * p.d1) / w.d1 - (p.n0 - w.n0 / w.d0 * p.d0) / w.d0
    end as added,
from parts as p
cross join whole as w
cross join definition as f
order by abs(added) desc nulls last, p.unit_id
