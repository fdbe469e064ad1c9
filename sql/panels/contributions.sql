-- One row: one part of a unit of $unit_ids and what it adds to the change, from $base to $month, of the indicator that stands at the same
-- place in $indicators.
-- Parts are the units of $part_kind below the unit. For a ratio n/d a part adds
--     (n1 - r0 * d1) / D1 - (n0 - r0 * d0) / D0,  r0 = N0 / D0 of the unit,
-- which sums to the unit's change; for an amount n1 - n0.
-- Why: says which team moved the number.
with
    asked as (
        select unnest($unit_ids::varchar[]) as unit_id, unnest($indicators::varchar[]) as indicator
    ),

    -- what counts one for each unit is an amount: the company says so for all
    definition as (
        select d.indicator, d.unit in ('money', 'count', 'pieces') and bool_and(v.denominator = 1) as is_amount
        from indicators.definition as d
        inner join indicators.value as v on v.indicator = d.indicator
        where v.unit_kind = 'company' and v.month in ($base::date, $month::date) and v.indicator in (select indicator from asked)
        group by d.indicator, d.unit
    ),

    seen as (
        select
            unit_id,
            unit_name,
            case $unit_kind when 'company' then 'company' when 'region' then region_id when 'team' then team_id end as whole_id,
        from core.unit
        where
            unit_kind = $part_kind
            and (
                $scope_all
                or list_contains($scope_regions::varchar[], region_id)
                or list_contains($scope_teams::varchar[], team_id)
                or (unit_kind = 'rep' and list_contains($scope_reps::varchar[], unit_id))
            )
    ),

    value as (
        select indicator, unit_id, month, numerator, denominator
        from indicators.value
        where
            unit_kind = $part_kind and indicator in (select indicator from asked)
            and month in ($base::date, $month::date)
            and month between least($base::date, $month::date) and greatest($base::date, $month::date) -- a range is looked at first
    ),

    parts as (
        select
            a.unit_id as whole_id, a.indicator, s.unit_id, s.unit_name,
            coalesce(sum(v.numerator) filter (where v.month = $base::date), 0)::double as n0,
            coalesce(sum(v.denominator) filter (where v.month = $base::date), 0)::double as d0,
            coalesce(sum(v.numerator) filter (where v.month = $month::date), 0)::double as n1,
            coalesce(sum(v.denominator) filter (where v.month = $month::date), 0)::double as d1,
        from asked as a
        inner join seen as s on s.whole_id = a.unit_id
        inner join value as v on v.indicator = a.indicator and v.unit_id = s.unit_id
        group by a.unit_id, a.indicator, s.unit_id, s.unit_name
    ),

    whole as (
        select whole_id, indicator, sum(n0 order by unit_id) as n0, sum(d0 order by unit_id) as d0, sum(n1 order by unit_id) as n1, sum(d1 order by unit_id) as d1,
        from parts
        group by whole_id, indicator
    )

select
    p.whole_id, p.indicator, p.unit_id, p.unit_name,
    case when not f.is_amount and p.d0 > 0 then p.n0 / p.d0 when f.is_amount then p.n0 end as value_before,
    case when not f.is_amount and p.d1 > 0 then p.n1 / p.d1 when f.is_amount then p.n1 end as value_after,
    case
        when f.is_amount then p.n1 - p.n0
        when w.d0 > 0 and w.d1 > 0 then (p.n1 - w.n0 / w.d0 * p.d1) / w.d1 - (p.n0 - w.n0 / w.d0 * p.d0) / w.d0
    end as added,
from parts as p
inner join whole as w on w.whole_id = p.whole_id and w.indicator = p.indicator
inner join definition as f on f.indicator = p.indicator
order by p.whole_id, p.indicator, abs(added) desc nulls last, p.unit_id
