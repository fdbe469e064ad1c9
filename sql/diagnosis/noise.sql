-- One row: one indicator and month: how much a person's own months scatter.
-- Formula: dispersion = sum of scatter over people / sum of (months - 1): the variance of a numerator over its denominator,
-- so that a ratio over a denominator of d has the variance dispersion / d (quasi-likelihood: McCullagh & Nelder 1989, ch. 9).
-- Why: a few months of one person cannot tell their own noise; those of everybody can. For a share it comes near p (1 - p).
with
compared as (
    select * from diagnosis.window
    where n_months > 1
),

pooled as (
    select
        indicator,
        month,
        exact_sum(scatter) / sum(n_months - 1) as dispersion,
        cast(count(*) as integer) as n_people,
    from compared
    group by indicator, month
)

select * from pooled
