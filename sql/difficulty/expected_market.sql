-- One row is one person, cell and month: what an average person is expected to
-- sell there by the market's drivers alone (step A).
-- expected = exposure x exp(constant + drivers x coefficients), with the
-- coefficients of the fit that never saw this person's fold.
with observation as (
    select * from difficulty.observation
),
feature as (
    select * from difficulty.feature
),
coefficient as (
    select * from difficulty.coefficient
),
rate as (
    select
        feature.cell_id,
        feature.month,
        coefficient.fold,
        exp(coefficient.constant + list_dot_product(feature.x, coefficient.b)) as rate,
    from feature
    cross join coefficient
),
expected as (
    select
        observation.rep_id,
        observation.cell_id,
        observation.month,
        observation.sales,
        observation.exposure,
        observation.exposure * rate.rate as expected,
    from observation
    join rate using (cell_id, month, fold)
    where observation.exposure > 0
)
select * from expected
