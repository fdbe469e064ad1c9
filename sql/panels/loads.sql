-- One row: what one table of one exported file gave to one entity, the latest
-- load first. Files belong to no unit: only a reader of the whole company sees
-- them.
select
    t.batch,
    t.file,
    t.sheet,
    t.entity,
    l.mapping,
    l.loaded_at,
    t.n_read,
    t.n_loaded,
    t.n_refused,
    t.n_replaced,
    t.n_left_out,
    t.left_out_json,
    t.notes_json,
    coalesce(l.refused_path, '') as refused_path,
from meta.load_table as t
inner join meta.load as l on l.batch = t.batch and l.file = t.file
where $scope_all
order by l.loaded_at desc, t.batch desc, t.file, t.sheet, t.entity
