-- One row: one evaluation: the months up to its period, at most the plan's window, from which markets and people are measured.
-- Formula: every month that has the least number of months behind it, itself included.
-- Why: an evaluation ranks on the months it saw, and what it learned of markets is frozen before the next month begins.
with
setting as (
    select * from difficulty.setting
),

observed as (
    select distinct month from difficulty.observation
),

counted as (
    select
        setting.month as period,
        min(observed.month) as from_month,
        cast(count(*) as integer) as n_months,
        setting.min_months as min_months,
        setting.half_life_months as half_life_months,
    from setting
    join observed
        on observed.month <= setting.month
        and date_diff('month', observed.month, setting.month) < setting.window_months
    group by setting.month, setting.min_months, setting.half_life_months
),

period as (
    select
        period,
        from_month,
        n_months,
        half_life_months,
    from counted
    where n_months >= min_months
)

select * from period
