-- One row: one check of the run that found something, those that stop first.
select
    check_id, severity, n_failures, title_en, title_zh,
from checks.result
where status = 'fail'
order by severity <> 'stop', n_failures desc, check_id
