-- One row: one move of a person of $rep_ids out of a territory in the year up to the end of $month, and what others won there of
-- the deals that he left open, up to that day. Who won them is not told: a peer's deals are his own; nor is the territory named to
-- a lead of people who sees another one.
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
    credit.rep_id as rep_id,
    case
        when $scope_all or list_contains($scope_regions::varchar[], credit.cell_id) or list_contains($scope_reps::varchar[], credit.rep_id)
            then coalesce(region.region_name, credit.cell_id)
        else ''
    end as cell_name,
    credit.left_on as left_on,
    count(*) as n_deals,
    cast(sum(credit.amount) as double) as amount,
from difficulty.shadow_credit as credit
inner join asked on asked.rep_id = credit.rep_id
left join core.region as region on region.region_id = credit.cell_id
where credit.month <= $month::date and credit.left_on > cast($month::date - interval '11' month as date)
group by credit.rep_id, credit.cell_id, region.region_name, credit.left_on
order by credit.rep_id, credit.left_on, credit.cell_id
