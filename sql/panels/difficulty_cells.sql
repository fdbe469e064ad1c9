-- One row: one market cell in a month: the expectation-weighted coefficient of its people and its interval.
-- Cells with fewer than two people are left out for readers who may not see all.
with
    judged as (
        select c.*, cell.region_id, cell.product_line, cell.segment
        from difficulty.rep_coefficient as c
        inner join difficulty.cell as cell on cell.cell_id = c.cell_id
        where c.month = $month::date
    )

select
    j.cell_id,
    coalesce(r.region_name, j.region_id) as region_name,
    j.product_line,
    j.segment,
    count(*) as n_people,
    sum(j.expected * j.d_data) / sum(j.expected) as d_data,
    sum(j.expected * j.d_low) / sum(j.expected) as d_low,
    sum(j.expected * j.d_high) / sum(j.expected) as d_high,
    sum(j.expected * j.d_policy) / sum(j.expected) as d_policy,
    sum(j.sold) / sum(j.target) as attainment,
from judged as j
left join core.region as r on r.region_id = j.region_id
where $region_id = '' or j.region_id in (select region_id from core.region_tree where ancestor_id = $region_id)
group by j.cell_id, coalesce(r.region_name, j.region_id), j.product_line, j.segment
having $scope_all or count(*) >= 2
order by d_data desc, j.cell_id
