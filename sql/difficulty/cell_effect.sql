-- One row is one person and cell: what the colleagues' sales say about the cell
-- beyond its drivers (step B). The person's own sales never enter.
-- effect = sum of the others' z x w / (sum of their w + 1 / cell variance),
-- w = 1 / (skill variance + v): evidence counts in people, not in rows.
-- Nobody else there: effect 0, variance that of cells.
with deviation as (
    select * from difficulty.deviation
),
variance as (
    select * from difficulty.variance
),
weighted as (
    select
        deviation.rep_id,
        deviation.cell_id,
        deviation.z - variance.mean_z as z,
        1 / (variance.skill_variance + deviation.v) as w,
    from deviation
    cross join variance
),
cell as (
    select
        cell_id,
        sum(z * w) as sum_zw,
        sum(w) as sum_w,
        count(*) as k,
    from weighted
    group by cell_id
),
others as (
    select
        weighted.rep_id,
        weighted.cell_id,
        cell.k - 1 as n_others,
        case when cell.k = 1 then 0 else cell.sum_zw - weighted.z * weighted.w end as sum_zw,
        case when cell.k = 1 then 0 else cell.sum_w - weighted.w end as sum_w,
        max(weighted.w) over (partition by weighted.cell_id) as heaviest_w,
    from weighted
    join cell using (cell_id)
),
effect as (
    select
        others.rep_id,
        others.cell_id,
        others.n_others,
        case when variance.verdict = 'not separable' then 0
            else others.sum_zw / (others.sum_w + 1 / variance.cell_variance) end as effect,
        case when variance.verdict = 'not separable' then variance.cell_variance
            else 1 / (others.sum_w + 1 / variance.cell_variance) end as effect_variance,
        others.heaviest_w / (others.sum_w + 1 / variance.cell_variance) as heaviest_weight_rate,
    from others
    cross join variance
)
select * from effect
order by rep_id, cell_id
