-- One row: one target of one unit, month, product and indicator.
-- Why: an empty product or indicator means all products, sales.
with
source as (
    select * from lake.target
),

cleaned as (
    select
        source.period_on as period_on,
        cast(date_trunc('month', source.period_on) as date) as month,
        case
            when lower(source.unit_kind) in ('company', '公司') then 'company'
            when lower(source.unit_kind) in ('region', '区域', '大区') then 'region'
            when lower(source.unit_kind) in ('team', '团队', '小组') then 'team'
            when lower(source.unit_kind) in ('rep', '个人', '业务员', '人员') then 'rep'
            else lower(source.unit_kind)
        end as unit_kind,
        case
            when lower(source.unit_kind) in ('company', '公司') then 'company'
            else source.unit_id
        end as unit_id,
        source.product_id as product_id,
        coalesce(source.indicator, 'sales_amount') as indicator,
        source.amount as amount,
        source.source_file as source_file,
        source.source_sheet as source_sheet,
        source.source_row as source_row,
        source.batch as batch,
    from source
)

select * from cleaned
