-- One row: one indicator of the run in the order pages list them.
select
    indicator, class, unit, direction, title_en, title_zh,
from indicators.definition
order by sort, indicator
