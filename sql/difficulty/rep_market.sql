-- One row: one evaluation, person and cell: sold, and expected of an average person by the market's drivers alone (step A).
-- Formula: expected = sum of exposure x exp(constant + drivers x coefficients), with the coefficients of the fit that never saw
-- the person's fold; scatter = sum of sales^2 / expected, from which the dispersion follows without a second look at the months.
-- Both are added in whole multiples of a power of two, under 1e-11 of a usual month's sales: such sums are the same in any order.
-- Why: the sums that all later steps start from.
with
observation as (
    select * from difficulty.observation
    where exposure > 0
),

seen as (
    select * from difficulty.period_month
),

feature as (
    select * from difficulty.feature
),

feature_others as (
    select * from difficulty.feature_others
),

coefficient as (
    select * from difficulty.coefficient
),

grid as (
    select 1.5 * pow(2, 14 + ceil(log2(greatest(avg(abs(cast(sales as double))), 1e-9)))) as anchor
    from observation
),

expected as (
    select
        seen.period as period,
        observation.rep_id as rep_id,
        observation.cell_id as cell_id,
        observation.sold as sold,
        observation.sales as sales,
        observation.n_deals as n_deals,
        observation.exposure * exp(
            coefficient.constant
            + list_dot_product(feature.x, coefficient.b)
            + coalesce(list_dot_product(feature_others.x, coefficient.b_others), 0)
        ) as expected,
        grid.anchor as anchor,
    from observation
    cross join grid
    join seen using (month)
    join feature using (cell_id, month)
    left join feature_others using (cell_id, month, fold)
    join coefficient using (period, fold)
),

summed as (
    select
        period,
        rep_id,
        cell_id,
        cast(cast(sum(sold) as decimal(18, 4)) as double) as sold,
        cast(cast(sum(sales) as decimal(18, 4)) as double) as sales,
        sum(expected + anchor - anchor) as expected,
        sum(sales * cast(sales as double) / expected + anchor - anchor) as scatter,
        sum(n_deals) as n_deals,
        count(*) as n_months,
    from expected
    group by period, rep_id, cell_id
)

select * from summed
