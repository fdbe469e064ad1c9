-- One row: one evaluation: how much of the deviations is skill, how much is the cell, and whether the two can be told apart.
-- Formula: total = mean(zc^2) - mean(v), zc being z less its mean; cell_variance (tau2) = covariance of different people in one
-- cell; skill_variance = total - tau2; skill_variance_movers = covariance of one person in different cells, an independent
-- reading of the same; the two more than a quarter apart, with 20 movers or more, is the sorting alarm: good people sit in
-- good markets, or the reverse. Without two people in a cell, or one person in two cells, the total is split in half, and said so.
-- Why: evidence is shrunk by these, and a ranking that they do not support must not be printed.
with
deviation as (
    select * from difficulty.deviation
),

centre as (
    select
        period,
        exact_sum(z) / count(*) as mean_z,
        exact_sum(v) / count(*) as mean_v,
    from deviation
    group by period
),

centred as (
    select
        deviation.period as period,
        deviation.rep_id as rep_id,
        deviation.cell_id as cell_id,
        deviation.expected as expected,
        deviation.z - centre.mean_z as zc,
    from deviation
    join centre using (period)
),

total as (
    select
        centre.period as period,
        exact_sum(centred.zc * centred.zc) / count(*) - min(centre.mean_v) as total,
    from centre
    join centred using (period)
    group by centre.period
),

by_cell as (
    select
        period,
        cell_id,
        count(*) as k,
        exact_sum(zc) as sum_zc,
        exact_sum(zc * zc) as sum_zc2,
        exact_sum(expected) as expected,
    from centred
    group by period, cell_id
),

by_rep as (
    select
        period,
        rep_id,
        count(*) as m,
        exact_sum(zc) as sum_zc,
        exact_sum(zc * zc) as sum_zc2,
    from centred
    group by period, rep_id
),

cell_pairs as (
    select
        period,
        exact_sum(sum_zc * sum_zc - sum_zc2) / nullif(sum(k * (k - 1)), 0) as tau2,
        coalesce(exact_sum(case when k >= 2 then expected end) / nullif(exact_sum(expected), 0), 0) as shared_rate,
        count(*) as n_cells,
    from by_cell
    group by period
),

rep_pairs as (
    select
        period,
        exact_sum(sum_zc * sum_zc - sum_zc2) / nullif(sum(m * (m - 1)), 0) as sigma2,
        count(case when m >= 2 then 1 end) / count(*) as mover_rate,
        count(case when m >= 2 then 1 end) as n_movers,
        count(*) as n_people,
    from by_rep
    group by period
),

gated as (
    select
        centre.period as period,
        rep_pairs.n_people as n_people,
        cell_pairs.n_cells as n_cells,
        centre.mean_z as mean_z,
        total.total as total,
        cell_pairs.tau2 as tau2_raw,
        rep_pairs.sigma2 as skill_variance_movers,
        cell_pairs.shared_rate as shared_rate,
        rep_pairs.mover_rate as mover_rate,
        rep_pairs.n_movers as n_movers,
        case
            when cell_pairs.shared_rate >= .5 then 'separable'
            when rep_pairs.mover_rate >= .2 then 'partly'
            else 'not separable'
        end as verdict,
    from centre
    join total using (period)
    join cell_pairs using (period)
    join rep_pairs using (period)
),

split as (
    select
        *,
        greatest(case
            when verdict = 'not separable' or tau2_raw is null then total / 2
            else tau2_raw
        end, 1e-4) as cell_variance,
    from gated
),

variance as (
    select
        period,
        verdict,
        shared_rate,
        mover_rate,
        n_people,
        n_cells,
        mean_z,
        total,
        tau2_raw,
        cell_variance,
        greatest(total - cell_variance, 1e-4) as skill_variance,
        skill_variance_movers,
        coalesce(verdict <> 'not separable'
            and n_movers >= 20
            and skill_variance_movers / greatest(total - cell_variance, 1e-4) not between .75 and 1.33, false) as is_sorting_alarm,
    from split
)

select * from variance
