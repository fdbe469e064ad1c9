-- One row: one evaluation, person and cell: what the colleagues' sales say about the cell beyond its drivers (step B).
-- Formula: effect = sum of the others' weighted z / (sum of their weights + 1 / cell variance). The person's own sales never
-- enter. Nobody else there, or not separable: effect 0, variance that of cells. heaviest_weight_rate: the most that one
-- colleague weighs: of the two heaviest in the cell the one who is not the person.
-- Why: what the drivers miss is learnt from those who work the same market, shrunk by how few they are.
with
evidence as (
    select * from difficulty.evidence
),

variance as (
    select * from difficulty.variance
),

cell as (
    select
        period,
        cell_id,
        exact_sum(weighted) as weighted,
        exact_sum(weight) as weight,
        max(weight, 2) as heaviest,
        count(*) as k,
    from evidence
    group by period, cell_id
),

others as (
    select
        evidence.period as period,
        evidence.rep_id as rep_id,
        evidence.cell_id as cell_id,
        evidence.sold as sold,
        evidence.expected as expected,
        cell.k - 1 as n_others,
        case when cell.k = 1 then 0 else cell.weighted - evidence.weighted end as weighted,
        case when cell.k = 1 then 0 else cell.weight - evidence.weight end as weight,
        case when cell.k = 1 then 0 when evidence.weight = cell.heaviest[1] then cell.heaviest[2] else cell.heaviest[1] end as heaviest,
    from evidence
    join cell using (period, cell_id)
),

effect as (
    select
        others.period as period,
        others.rep_id as rep_id,
        others.cell_id as cell_id,
        others.sold as sold,
        others.expected as expected,
        others.n_others as n_others,
        case when variance.verdict = 'not separable' then 0
            else others.weighted / (others.weight + 1 / variance.cell_variance) end as effect,
        case when variance.verdict = 'not separable' then variance.cell_variance
            else 1 / (others.weight + 1 / variance.cell_variance) end as effect_variance,
        others.heaviest / (others.weight + 1 / variance.cell_variance) as heaviest_weight_rate,
    from others
    join variance using (period)
)

select * from effect
