-- One row: one month in which managers published coefficients: how these agree with the data.
-- Formula: slope of ln d_policy on ln d_data, rank correlation of the two, people whose published coefficient lies outside the
-- interval of the data, and the mean absolute difference in points that choosing policy over data makes.
-- Why: a published coefficient is a claim about the market and is held against it.
with
judged as (
    select * from difficulty.rep_coefficient
),

setting as (
    select * from difficulty.setting
),

published as (
    select distinct month from difficulty.policy_cell
),

ranked as (
    select
        judged.*,
        setting.points_max as points_max,
        setting.d_max as d_max,
        rank() over (partition by judged.month order by judged.d_policy) + (count(*) over (partition by judged.month, judged.d_policy) - 1) / 2 as policy_rank,
        rank() over (partition by judged.month order by judged.d_data) + (count(*) over (partition by judged.month, judged.d_data) - 1) / 2 as data_rank,
    from judged
    join published using (month)
    join setting using (month)
),

compared as (
    select
        month,
        count(*) as n_people,
        slope(ln(d_data), ln(d_policy)) as slope,
        slope(data_rank, policy_rank) * sqrt(nullif(variance_of(data_rank), 0) / nullif(variance_of(policy_rank), 0)) as rank_correlation,
        sum(case when d_policy between d_low and d_high then 0 else 1 end) as n_outside,
        exact_sum(abs(ln(d_policy) - ln(d_data)) * points_max / ln(d_max)) / count(*) as mean_points,
    from ranked
    group by month
)

select * from compared
