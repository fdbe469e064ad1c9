-- One row: one owner of rows (a rep, team and region as they occur together, '' for none) and one unit its rows count for.
-- Formula: the rep, the team, the region and every region above it, and the company.
-- Why: one join rolls any fact up to every unit, and a parent region to all that lies in it.
with
owner as (
    select rep_id, team_id, region_id from core.sales_total
    union
    select rep_id, team_id, region_id from core.visit_month
    union
    select rep_id, team_id, region_id from core.deal_month
    union
    select rep_id, team_id, region_id from core.complaint_month
    union
    select rep_id, team_id, region_id from core.expense_month
    union
    select rep_id, team_id, region_id from core.activity_month
    union
    select rep_id, team_id, region_id from core.duty_month
    union
    select rep_id, team_id, region_id from core.collection_month
    union
    select rep_id, team_id, region_id from core.customer_month
    union
    select rep_id, team_id, region_id from core.new_customer_line
    union
    select rep_id, team_id, region_id from core.outlet_line
    union
    select rep_id, team_id, region_id from core.task_line
    union
    select rep_id, team_id, region_id from core.lift_line
    union
    select rep_id, team_id, region_id from core.helped_deal_line
    union
    select rep_id, team_id, region_id from core.rating_line
    union
    select rep_id, team_id, region_id from core.innovation_line
    union
    select rep_id, team_id, region_id from core.survey_line
    union
    select rep_id, team_id, region_id from core.market_line
    union
    select '' as rep_id, team_id, coalesce(region_id, '') as region_id from core.team
    union
    select '' as rep_id, '' as team_id, region_id from core.region
),

tree as (
    select * from core.region_tree
),

member as (
    select rep_id, team_id, region_id, 'rep' as unit_kind, rep_id as unit_id
    from owner
    where rep_id <> ''

    union all

    select rep_id, team_id, region_id, 'team' as unit_kind, team_id as unit_id
    from owner
    where team_id <> ''

    union all

    select owner.rep_id, owner.team_id, owner.region_id, 'region' as unit_kind, tree.ancestor_id as unit_id
    from owner
    inner join tree
        on tree.region_id = owner.region_id

    union all

    select rep_id, team_id, region_id, 'company' as unit_kind, 'company' as unit_id
    from owner
)

select * from member
