-- One row: one won deal that a colleague helped to close, credited to the helper.
-- Formula: helper and owner differ; team and region are those of the helper's stay on the closing date.
-- Why: helping others to close is team work that no sales figure of one's own shows.
with
deal as (
    select * from core.deal_line
    where outcome = 'won'
    and helper_rep_id <> ''
    and helper_rep_id <> rep_id
),

assignment as (
    select * from core.assignment
),

credited as (
    select
        deal.deal_id as deal_id,
        deal.on_date as on_date,
        deal.month as month,
        deal.helper_rep_id as rep_id,
        coalesce(assignment.team_id, '') as team_id,
        coalesce(assignment.region_id, '') as region_id,
        deal.rep_id as owner_rep_id,
        deal.won_amount as won_amount,
        1 as n_helped,
        deal.source_file as source_file,
        deal.source_sheet as source_sheet,
        deal.source_row as source_row,
    from deal
    left join assignment
        on assignment.rep_id = deal.helper_rep_id
        and deal.on_date >= assignment.from_on
        and deal.on_date < assignment.until_on
)

select * from credited
