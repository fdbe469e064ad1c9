-- One row: one evaluation, person and cell: sold, and expected of an average person by the market's drivers alone (step A).
-- Formula: expected = sum of exposure x exp(constant + drivers x coefficients), with the coefficients of the fit that never saw
-- the person's fold; scatter = sum of sales^2 / expected, from which the dispersion follows without a second look at the months.
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
    from observation
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
        cast(sum(sold) as double) as sold,
        cast(sum(sales) as double) as sales,
        exact_sum(expected) as expected,
        exact_sum(sales * cast(sales as double) / expected) as scatter,
        sum(n_deals) as n_deals,
        count(*) as n_months,
    from expected
    group by period, rep_id, cell_id
)

select * from summed
