-- One row: the indicator $indicator with everything that is said about it.
select
    indicator, class, unit, direction, title_en, title_zh,
    description_en, description_zh, formula_en, formula_zh,
    sql, path, has_rows, is_own,
    coalesce(owner, '') as owner,
    coalesce(reviewed, '') as reviewed,
from indicators.definition
where indicator = $indicator
