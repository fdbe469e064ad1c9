-- One row: one part of the coefficients of a month: how far it moves them between people.
-- reach = the largest less the smallest of what it adds to ln d; the widest first.
select
    item,
    any_value(title_en) as title_en,
    any_value(title_zh) as title_zh,
    min(amount) as low,
    max(amount) as high,
    max(amount) - min(amount) as reach,
from difficulty.contribution
where month = $month::date and item not like '%\_missing' escape '\'
group by item
having max(amount) - min(amount) > 1e-6
order by reach desc, item
