-- One row: one person under review and month of the last evaluation: sold, and expected of an average person in his markets.
-- Formula: expected = sum over his cells of time on duty x the market's rate that month (step A) x what the evaluation expects
-- of the cell / what its drivers alone let expect; the months of a person add up to his expectation. No row where skill and
-- market cannot be told apart: then there are no ranks to check.
-- Why: how much a rank owes to its months is asked by drawing other months.
with
last_period as (
    select period from difficulty.variance
    where period = (select max(period) from difficulty.period)
    and verdict <> 'not separable'
),

seen as (
    select seen.* from difficulty.period_month as seen
    inner join last_period
        on last_period.period = seen.period
),

coefficient as (
    select coefficient.* from difficulty.coefficient as coefficient
    inner join last_period
        on last_period.period = coefficient.period
),

expected as (
    select expected_sales.* from difficulty.expected_sales as expected_sales
    inner join last_period
        on last_period.period = expected_sales.period
),

observation as (
    select * from difficulty.observation
    where exposure > 0
),

feature as (
    select * from difficulty.feature
),

feature_others as (
    select * from difficulty.feature_others
),

person as (
    select rep_id from fairness.person
),

rated as (
    select
        observation.rep_id as rep_id,
        observation.month as month,
        cast(observation.sold as double) as sold,
        observation.exposure * exp(
            coefficient.constant
            + list_dot_product(feature.x, coefficient.b)
            + coalesce(list_dot_product(feature_others.x, coefficient.b_others), 0)
        ) * expected.expected / expected.expected_market as expected,
    from observation
    inner join person using (rep_id)
    inner join seen using (month)
    inner join feature using (cell_id, month)
    left join feature_others using (cell_id, month, fold)
    inner join coefficient using (fold)
    inner join expected using (rep_id, cell_id)
),

person_month as (
    select
        rep_id,
        month,
        exact_sum(sold) as sold,
        exact_sum(expected) as expected,
    from rated
    group by rep_id, month
)

select * from person_month
order by rep_id, month
