-- One row: one person and month: sold against expected over the months of the evaluation that ends with it, the index shrunk
-- by how much evidence there is, and its 95 % interval (step C).
-- Formula: r = ln((sold + phi / 2) / (expected + phi / 2)); v = phi / expected + the cells' uncertainty weighted by the square
-- of their share; reliability = skill variance / (skill variance + v); index = exp(reliability x r), interval
-- exp(reliability x r -+ 1.96 sqrt(reliability x v)), 1.25 times as wide while the sorting alarm is on. is_thin: expected under
-- 3 phi, too little exposure to rank. Reliability under one half: not enough to rank.
-- Why: a lead over the market is shown no surer than it is.
with
expected as (
    select * from difficulty.expected_sales
),

dispersion as (
    select * from difficulty.dispersion
),

variance as (
    select * from difficulty.variance
),

rep as (
    select
        period,
        rep_id,
        exact_sum(sold) as sold,
        exact_sum(expected) as expected,
        exact_sum(expected * expected * effect_variance) as place_variance,
        sum(n_others) as n_others,
    from expected
    group by period, rep_id
),

measured as (
    select
        rep.period as period,
        rep.rep_id as rep_id,
        rep.sold as sold,
        rep.expected as expected,
        rep.n_others as n_others,
        ln((greatest(rep.sold, 0) + dispersion.phi / 2 + 1e-9 * rep.expected) / (rep.expected + dispersion.phi / 2)) as r,
        greatest(dispersion.phi / rep.expected, 1e-9) + rep.place_variance / (rep.expected * rep.expected) as v,
        rep.expected < 3 * dispersion.phi as is_thin,
    from rep
    join dispersion using (period)
),

shrunk as (
    select
        measured.*,
        variance.skill_variance / (variance.skill_variance + measured.v) as reliability,
        variance.is_sorting_alarm as is_sorting_alarm,
    from measured
    join variance using (period)
),

interval as (
    select
        *,
        1.959963984540054 * sqrt(reliability * v) * case when is_sorting_alarm then 1.25 else 1 end as half,
    from shrunk
),

rep_index as (
    select
        rep_id,
        period as month,
        sold as sales,
        expected,
        sold / expected as sales_ratio,
        r,
        v,
        reliability,
        exp(reliability * r) as index,
        exp(reliability * r - half) as index_low,
        exp(reliability * r + half) as index_high,
        is_thin,
        n_others,
    from interval
)

select * from rep_index
