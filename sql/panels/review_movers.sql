-- One row: one market cell of a person who sold in several: how far expectation and sales lie from his own mean, in logs.
-- Why: inside one person only the market changes.
with
    allowed as (
        select 1 as is_allowed where $scope_all
    )
select
    m.rep_id,
    m.ln_expected - avg(m.ln_expected) over (partition by m.rep_id) as x,
    m.ln_sold - avg(m.ln_sold) over (partition by m.rep_id) as y,
from fairness.mover_cell as m
cross join allowed
order by m.rep_id, m.cell_id
