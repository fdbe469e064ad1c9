-- One row: one part of the market coefficient of $month of one person of $rep_ids, the largest first; the coefficient beside each.
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
    ),

    judged as (
        select coefficient.*
        from difficulty.rep_coefficient as coefficient
        inner join asked on asked.rep_id = coefficient.rep_id
        where coefficient.month = $month::date
    )

select
    judged.rep_id as rep_id,
    judged.expected as expected,
    judged.sold as sold,
    judged.d as d,
    judged.d_low as d_low,
    judged.d_high as d_high,
    judged.reliability as reliability,
    judged.attainment as attainment,
    judged.adjusted as adjusted,
    judged.adjusted_low as adjusted_low,
    judged.adjusted_high as adjusted_high,
    judged.verdict as verdict,
    judged.channel as channel,
    coalesce(part.item, '') as item,
    coalesce(part.title_en, '') as title_en,
    coalesce(part.title_zh, '') as title_zh,
    coalesce(part.amount, 0) as amount,
    part.value as value,
    part.mean_value as mean_value,
    part.weight as weight,
from judged
left join difficulty.contribution as part on part.rep_id = judged.rep_id and part.month = judged.month
order by judged.rep_id, abs(part.amount) desc, part.item
