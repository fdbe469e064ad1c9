-- One row: one target as exported, with its unit resolved, or as adopted here.
-- Formula: rep, team and region by their identity; everything else is the company. Product '' is all products. A version of a month's
-- targets that was adopted takes the place of every exported target of sales of that month.
-- Why: target sheets name units as people speak of them; what was decided last, with a name and a reason, holds.
with
target as (
    select * from staging.target
),

rep_identity as (
    select * from core.rep_identity
),

team_identity as (
    select * from core.team_identity
),

adopted as (
    select * from state.target
),

region_identity as (
    select * from core.region_identity
),

product_identity as (
    select * from core.product_identity
),

resolved as (
    select
        target.month as month,
        target.unit_kind as unit_kind,
        case
            when target.unit_kind = 'rep' then rep_identity.rep_id
            when target.unit_kind = 'team' then team_identity.team_id
            when target.unit_kind = 'region' then region_identity.region_id
            else target.unit_id
        end as unit_id,
        coalesce(product_identity.product_id, '') as product_id,
        target.indicator as indicator,
        target.amount as target_amount,
        target.source_file as source_file,
        target.source_sheet as source_sheet,
        target.source_row as source_row,
    from target
    left join rep_identity
        on rep_identity.value = target.unit_id
    left join team_identity
        on team_identity.value = target.unit_id
    left join region_identity
        on region_identity.value = target.unit_id
    left join product_identity
        on product_identity.value = target.product_id
    where target.indicator <> 'sales_amount'
        or target.month not in (select month from adopted)
),

decided as (
    select
        month,
        unit_kind,
        unit_id,
        product_id,
        'sales_amount' as indicator,
        cast(amount as decimal(18, 4)) as target_amount,
        'state.db' as source_file,
        version as source_sheet,
        cast(line as bigint) as source_row,
    from adopted
),

joined as (
    select * from resolved
    union all
    select * from decided
)

select * from joined
