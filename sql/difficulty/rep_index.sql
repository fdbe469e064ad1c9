-- One row is one person: sold against expected, the index shrunk by how much
-- evidence there is, and its 95 % interval (step C).
-- r = ln((sales + phi / 2) / (expected + phi / 2)); variance v = phi / expected
-- + the cells' uncertainty weighted by their share; reliability = skill
-- variance / (skill variance + v); index = exp(reliability x r), interval
-- exp(reliability x r -+ 1.96 sqrt(reliability x v)), 1.25 times as wide while
-- the sorting alarm is on. Reliability under one half: not enough to rank.
with expected as (
    select * from difficulty.expected_sales
),
dispersion as (
    select * from difficulty.dispersion
),
variance as (
    select * from difficulty.variance
),
rep as (
    select rep_id, sum(sales) as sales, sum(expected) as expected from expected group by rep_id
),
place as (
    select
        expected.rep_id,
        sum(pow(expected.expected / rep.expected, 2) * expected.effect_variance) as place_variance,
        sum(expected.n_others) as n_others,
    from expected
    join rep using (rep_id)
    group by expected.rep_id
),
measured as (
    select
        rep.rep_id,
        rep.sales,
        rep.expected,
        place.n_others,
        ln((greatest(rep.sales, 0) + dispersion.phi / 2) / (rep.expected + dispersion.phi / 2)) as r,
        dispersion.phi / rep.expected + place.place_variance as v,
        rep.expected < 3 * dispersion.phi as is_thin,
    from rep
    join place using (rep_id)
    cross join dispersion
),
shrunk as (
    select
        measured.*,
        variance.skill_variance / (variance.skill_variance + measured.v) as reliability,
        variance.is_sorting_alarm,
    from measured
    cross join variance
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
        sales,
        expected,
        sales / expected as sales_ratio,
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
order by rep_id
