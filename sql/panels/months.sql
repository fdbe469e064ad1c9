-- One row: one month that a page can show.
-- The months of the run, oldest first.
select m.month
from core.month as m
inner join meta.run as r on m.month between r.first_month and r.last_month
order by m.month
