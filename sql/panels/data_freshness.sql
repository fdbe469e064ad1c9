-- One row: one entity that was loaded: when last, how many rows are in use,
-- and the latest month they reach (null for entities without months).
with
    loaded as (
        select
            t.entity,
            max(l.loaded_at) as loaded_at,
        from meta.load_table as t
        inner join meta.load as l on l.batch = t.batch and l.file = t.file
        group by t.entity
    ),

    live as (
        select
            entity,
            sum(n_rows) as n_rows,
            max(month) filter (where month <> 'all') as last_month,
        from meta.lake_file
        where not is_schema
        group by entity
    )

select
    loaded.entity,
    loaded.loaded_at,
    coalesce(live.n_rows, 0)::bigint as n_rows,
    (live.last_month || '-01')::date as last_month,
from loaded
left join live on live.entity = loaded.entity
order by live.last_month is null, live.last_month, loaded.entity
