-- One row: one target as exported, with its unit resolved.
-- Formula: rep, team and region by their identity; everything else is the company. Product '' is all products.
-- Why: target sheets name units as people speak of them.
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
)

select * from resolved
