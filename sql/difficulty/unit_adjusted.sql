-- One row: one region or the company, and month judged: attainment before and after market difficulty, with its 95 % interval.
-- Formula: adjusted = sold / expected by the market's drivers x the company's attainment; log variance = phi / expected + the
-- variance of cells over the square root of how evenly the region's cells share it (0 for the company). The cell effects stay
-- out: they come from the very people who are compared.
-- Why: regions are compared by what their drivers let expect; what only their own sales say about the market cannot excuse them.
with
expected as (
    select * from difficulty.expected_month
),

tree as (
    select * from core.region_tree
),

judged as (
    select * from difficulty.rep_coefficient
),

variance as (
    select * from difficulty.variance
),

dispersion as (
    select * from difficulty.dispersion
),

part as (
    select
        expected.*,
        judged.target * expected.exposure / judged.exposure as target,
    from expected
    join judged using (rep_id, month)
),

placed as (
    select
        'region' as unit_kind,
        tree.ancestor_id as unit_id,
        part.*,
    from part
    join tree on tree.region_id = part.region_id

    union all

    select
        'company' as unit_kind,
        'company' as unit_id,
        part.*,
    from part
),

by_cell as (
    select
        unit_kind,
        unit_id,
        month,
        cell_id,
        max(period) as period,
        exact_sum(sold) as sold,
        exact_sum(expected_market) as expected,
        exact_sum(target) as target,
    from placed
    group by unit_kind, unit_id, month, cell_id
),

summed as (
    select
        unit_kind,
        unit_id,
        month,
        max(period) as period,
        exact_sum(sold) as sold,
        exact_sum(expected) as expected,
        exact_sum(target) as target,
        exact_sum(expected * expected) / pow(exact_sum(expected), 2) as concentration,
    from by_cell
    group by unit_kind, unit_id, month
),

company as (
    select
        month,
        sold / target as attainment,
    from summed
    where unit_kind = 'company'
),

measured as (
    select
        summed.*,
        company.attainment as company_attainment,
        case when summed.unit_kind = 'company' then 0
            else sqrt(dispersion.phi / summed.expected + variance.cell_variance * summed.concentration)
                * case when variance.is_sorting_alarm then 1.25 else 1 end end as log_error,
    from summed
    join company using (month)
    join variance using (period)
    join dispersion using (period)
),

adjusted as (
    select
        unit_kind,
        unit_id,
        month,
        sold,
        expected,
        target,
        sold / target as attainment,
        sold / expected * company_attainment as adjusted,
        sold / expected * company_attainment * exp(-1.959963984540054 * log_error) as adjusted_low,
        sold / expected * company_attainment * exp(1.959963984540054 * log_error) as adjusted_high,
    from measured
)

select * from adjusted
