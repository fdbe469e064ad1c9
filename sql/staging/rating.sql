-- One row: one rating of a person by a rater on a criterion in a month.
-- Why: words for criteria and rater kinds are made one here.
with
source as (
    select * from lake.rating
),

cleaned as (
    select
        source.rater_id as rater_id,
        source.rep_id as rep_id,
        source.period_on as period_on,
        cast(date_trunc('month', source.period_on) as date) as month,
        case
            when lower(source.criterion) in ('ability', '工作能力', '能力') then 'ability'
            when lower(source.criterion) in ('attitude', '工作态度', '态度') then 'attitude'
            when lower(source.criterion) in ('discipline', '纪律性', '纪律') then 'discipline'
            when lower(source.criterion) in ('collaboration', 'peer_collaboration', '团队协作', '协作') then 'collaboration'
            else lower(source.criterion)
        end as criterion,
        case
            when lower(source.rater_kind) in ('manager', '上级', '经理', '主管') then 'manager'
            when lower(source.rater_kind) in ('peer', '同事', '互评') then 'peer'
            when lower(source.rater_kind) in ('self', '自评', '本人') then 'self'
            else lower(source.rater_kind)
        end as rater_kind,
        source.score as score,
        source.source_file as source_file,
        source.source_sheet as source_sheet,
        source.source_row as source_row,
        source.batch as batch,
    from source
)

select * from cleaned
