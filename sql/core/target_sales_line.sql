-- One row: one target, one share of a target, or one sales line, for one unit and month.
-- Formula: the rows that core.target_unit sums, named for each unit: all sales and the own targets of a unit with targets of
-- its own, else the sales and targets of those below that core.target_unit chose.
-- Why: the exported rows behind target attainment; a target split over two teams shows its share in each.
with
chosen as (
    select * from core.target_unit
),

target as (
    select * from core.target_line
    where indicator = 'sales_amount'
),

whole as (
    select
        unit_kind,
        unit_id,
        month,
        max(case when product_id = '' then 1 else 0 end) as has_whole,
    from target
    group by unit_kind, unit_id, month
),

own_target as (
    select
        target.unit_kind as unit_kind,
        target.unit_id as unit_id,
        target.month as month,
        target.target_amount as target_amount,
        target.source_file as source_file,
        target.source_sheet as source_sheet,
        target.source_row as source_row,
    from target
    inner join whole
        on whole.unit_kind = target.unit_kind
        and whole.unit_id = target.unit_id
        and whole.month = target.month
    where whole.has_whole = 0
    or target.product_id = ''
),

origin as (
    select
        unit_kind,
        unit_id,
        month,
        min(source_file) as source_file,
        min(source_sheet) as source_sheet,
        min(source_row) as source_row,
    from own_target
    group by unit_kind, unit_id, month
),

part as (
    select * from core.target_part
    where target_amount <> 0
),

member as (
    select * from core.unit_member
),

sales as (
    select * from core.sales_line
),

held as (
    select
        part.level as level,
        part.month as month,
        part.rep_id as rep_id,
        part.team_id as team_id,
        part.region_id as region_id,
        part.target_amount as target_amount,
        origin.source_file as source_file,
        origin.source_sheet as source_sheet,
        origin.source_row as source_row,
    from part
    inner join origin
        on origin.month = part.month
        and origin.unit_kind = case part.level when 1 then 'region' when 2 then 'team' else 'rep' end
        and origin.unit_id = case part.level when 1 then part.region_id when 2 then part.team_id else part.rep_id end
),

judged as (
    select distinct
        member.unit_kind as unit_kind,
        member.unit_id as unit_id,
        held.month as month,
        case held.level when 1 then 'region' when 2 then 'team' else 'rep' end as holder_kind,
        case held.level when 1 then held.region_id when 2 then held.team_id else held.rep_id end as holder_id,
    from held
    inner join member
        on member.rep_id = held.rep_id
        and member.team_id = held.team_id
        and member.region_id = held.region_id
),

lines as (
    select
        chosen.unit_kind as for_kind,
        chosen.unit_id as for_id,
        chosen.month as month,
        cast(0 as decimal(18, 4)) as sales_amount,
        own_target.target_amount as target_amount,
        own_target.source_file as source_file,
        own_target.source_sheet as source_sheet,
        own_target.source_row as source_row,
    from chosen
    inner join own_target
        on own_target.unit_kind = chosen.unit_kind
        and own_target.unit_id = chosen.unit_id
        and own_target.month = chosen.month
    where chosen.basis = 'own'

    union all

    select
        chosen.unit_kind as for_kind,
        chosen.unit_id as for_id,
        chosen.month as month,
        cast(0 as decimal(18, 4)) as sales_amount,
        held.target_amount as target_amount,
        held.source_file as source_file,
        held.source_sheet as source_sheet,
        held.source_row as source_row,
    from chosen
    inner join member
        on member.unit_kind = chosen.unit_kind
        and member.unit_id = chosen.unit_id
    inner join held
        on held.rep_id = member.rep_id
        and held.team_id = member.team_id
        and held.region_id = member.region_id
        and held.month = chosen.month
        and case held.level when 1 then 'region' when 2 then 'team' else 'rep' end = chosen.basis

    union all

    select
        chosen.unit_kind as for_kind,
        chosen.unit_id as for_id,
        chosen.month as month,
        sales.sales_amount as sales_amount,
        cast(0 as decimal(18, 4)) as target_amount,
        sales.source_file as source_file,
        sales.source_sheet as source_sheet,
        sales.source_row as source_row,
    from chosen
    inner join member
        on member.unit_kind = chosen.unit_kind
        and member.unit_id = chosen.unit_id
    inner join sales
        on sales.rep_id = member.rep_id
        and sales.team_id = member.team_id
        and sales.region_id = member.region_id
        and sales.month = chosen.month
    where chosen.basis = 'own'

    union all

    select
        chosen.unit_kind as for_kind,
        chosen.unit_id as for_id,
        chosen.month as month,
        sales.sales_amount as sales_amount,
        cast(0 as decimal(18, 4)) as target_amount,
        sales.source_file as source_file,
        sales.source_sheet as source_sheet,
        sales.source_row as source_row,
    from chosen
    inner join judged
        on judged.unit_kind = chosen.unit_kind
        and judged.unit_id = chosen.unit_id
        and judged.month = chosen.month
        and judged.holder_kind = chosen.basis
    inner join member
        on member.unit_kind = judged.holder_kind
        and member.unit_id = judged.holder_id
    inner join sales
        on sales.rep_id = member.rep_id
        and sales.team_id = member.team_id
        and sales.region_id = member.region_id
        and sales.month = chosen.month
    where chosen.basis in ('region', 'team')

    union all

    select
        chosen.unit_kind as for_kind,
        chosen.unit_id as for_id,
        chosen.month as month,
        sales.sales_amount as sales_amount,
        cast(0 as decimal(18, 4)) as target_amount,
        sales.source_file as source_file,
        sales.source_sheet as source_sheet,
        sales.source_row as source_row,
    from chosen
    inner join member
        on member.unit_kind = chosen.unit_kind
        and member.unit_id = chosen.unit_id
    inner join sales
        on sales.rep_id = member.rep_id
        and sales.team_id = member.team_id
        and sales.region_id = member.region_id
        and sales.month = chosen.month
    inner join origin
        on origin.unit_kind = 'rep'
        and origin.unit_id = sales.rep_id
        and origin.month = sales.month
    where chosen.basis = 'rep'
),

named as (
    select
        for_kind as unit_kind,
        for_id as unit_id,
        month,
        case when for_kind = 'rep' then for_id else '' end as rep_id,
        case when for_kind = 'team' then for_id else '' end as team_id,
        case when for_kind = 'region' then for_id else '' end as region_id,
        sales_amount,
        target_amount,
        source_file,
        source_sheet,
        source_row,
    from lines
)

select * from named
