-- One row: one entity that was loaded, with its freshness and its refused rows over all loads.
select
    t.entity,
    max(l.loaded_at) as loaded_at,
    sum(t.n_read)::bigint as n_read,
    sum(t.n_refused)::bigint as n_refused,
from meta.load_table as t
inner join meta.load as l on l.batch = t.batch and l.file = t.file
group by t.entity
order by t.entity
