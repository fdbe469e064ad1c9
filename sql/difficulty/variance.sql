-- One row: how much of the deviations is skill, how much is the cell, and
-- whether the two can be told apart at all.
-- total = mean(zc^2) - mean(v), zc being z less its mean;
-- cell_variance (tau2) = covariance of different people in one cell;
-- skill_variance = total - tau2; skill_variance_movers = covariance of one
-- person in different cells, an independent reading of the same.
-- Without two people in a cell, or one person in two cells, skill and
-- territory are not separable: the total is then split in half, and said so.
with deviation as (
    select * from difficulty.deviation
),
centre as (
    select avg(z) as mean_z, avg(v) as mean_v, sum(expected) as expected from deviation
),
centred as (
    select
        deviation.rep_id,
        deviation.cell_id,
        deviation.expected,
        deviation.z - centre.mean_z as zc,
    from deviation
    cross join centre
),
by_cell as (
    select
        cell_id,
        count(*) as k,
        sum(zc) as sum_zc,
        sum(zc * zc) as sum_zc2,
        sum(expected) as expected,
    from centred
    group by cell_id
),
by_rep as (
    select
        rep_id,
        count(*) as m,
        sum(zc) as sum_zc,
        sum(zc * zc) as sum_zc2,
    from centred
    group by rep_id
),
cell_pairs as (
    select
        sum(sum_zc * sum_zc - sum_zc2) / nullif(sum(k * (k - 1)), 0) as tau2,
        coalesce(sum(expected) filter (where k >= 2) / nullif(sum(expected), 0), 0) as shared_rate,
    from by_cell
),
rep_pairs as (
    select
        sum(sum_zc * sum_zc - sum_zc2) / nullif(sum(m * (m - 1)), 0) as sigma2,
        coalesce(avg(case when m >= 2 then 1.0 else 0.0 end), 0) as mover_rate,
    from by_rep
),
total as (
    select
        (select avg(zc * zc) from centred) - (select mean_v from centre) as total,
),
gated as (
    select
        centre.mean_z,
        total.total,
        cell_pairs.tau2 as tau2_raw,
        rep_pairs.sigma2 as skill_variance_movers,
        cell_pairs.shared_rate,
        rep_pairs.mover_rate,
        case
            when cell_pairs.shared_rate >= .5 then 'separable'
            when rep_pairs.mover_rate >= .2 then 'partly'
            else 'not separable'
        end as verdict,
    from centre
    cross join total
    cross join cell_pairs
    cross join rep_pairs
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
        verdict,
        shared_rate,
        mover_rate,
        mean_z,
        total,
        tau2_raw,
        cell_variance,
        greatest(total - cell_variance, 1e-4) as skill_variance,
        skill_variance_movers,
        coalesce(verdict <> 'not separable'
            and skill_variance_movers / greatest(total - cell_variance, 1e-4) not between .75 and 1.33, false) as is_sorting_alarm,
    from split
)
select * from variance
