-- One row: one evaluation and phi, how much more monthly sales scatter than counts of their size.
-- Formula: phi = mean over months of (sales - fitted)^2 / fitted x m / (m - 1) within a person's cell, fitted being the
-- expectation scaled by k = sales / expected; the sum over months is scatter / k - sales.
-- Why: money is not a count; phi turns an amount into an effective number of events.
with
rep_market as (
    select * from difficulty.rep_market
),

scattered as (
    select
        period,
        (scatter * expected / sales - sales) * n_months / (n_months - 1) as scatter,
        n_months,
    from rep_market
    where sales > 0 and n_months > 1
),

mean as (
    select
        period,
        greatest(exact_sum(scatter) / sum(n_months), 0) as phi,
    from scattered
    group by period
),

phi as (
    select distinct
        rep_market.period as period,
        coalesce(mean.phi, 0) as phi,
    from rep_market
    left join mean using (period)
)

select * from phi
