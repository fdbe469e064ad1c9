-- One row: one printed line of the statement of $month of one person of $rep_ids, with the title of the rule it comes from.
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

    asked as (
        select unit_id as rep_id
        from seen
        where unit_kind = 'rep' and list_contains($rep_ids::varchar[], unit_id)
    )

select
    line.rep_id as rep_id,
    line.sort as sort,
    line.line as line,
    cast(line.amount as double) as amount,
    line.is_total as is_total,
    cast(line.base_amount as double) as base_amount,
    line.rate as rate,
    line.quantity as quantity,
    line.factor as factor,
    coalesce(line.reason, '') as reason,
    coalesce(rule.title_en, '') as title_en,
    coalesce(rule.title_zh, '') as title_zh,
    coalesce(rule.indicator, '') as indicator,
    coalesce(rule.effect, '') as effect,
from pay.line as line
inner join asked on asked.rep_id = line.rep_id
left join plan.version as version
    on version.starts_on <= line.month
    and coalesce(version.ends_on, date '9999-12-31') >= line.month
left join plan.rule as rule
    on rule.version_id = version.version_id
    and line.line = 'rule/' || rule.rule
where line.month = $month::date
order by line.rep_id, line.sort, line.line
