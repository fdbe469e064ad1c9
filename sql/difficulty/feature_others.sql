-- One row: one market cell, month and fold of people, with the drivers that leave the fold out as a list, in the order of
-- difficulty.driver; a missing figure takes the month's median over cells, and a flag 1 says so.
-- Why: whoever is judged is in the fold left out, so nothing he enters moves his own expectation.
with
driver as (
    select * from difficulty.others_driver
),

middle as (
    select
        month,
        fold,
        median(win_rate) as win_rate,
        median(rival_share) as rival_share,
        median(rivals_met) as rivals_met,
        median(growth) as growth,
    from driver
    group by month, fold
),

feature as (
    select
        driver.cell_id as cell_id,
        driver.month as month,
        driver.fold as fold,
        [
            coalesce(driver.win_rate, middle.win_rate, 0),
            coalesce(driver.rival_share, middle.rival_share, 0),
            coalesce(driver.rivals_met, middle.rivals_met, 0),
            coalesce(driver.growth, middle.growth, 0),
            case when driver.win_rate is null then 1 else 0 end,
            case when driver.rival_share is null then 1 else 0 end,
            case when driver.rivals_met is null then 1 else 0 end,
            case when driver.growth is null then 1 else 0 end,
        ]::double[] as x,
    from driver
    join middle using (month, fold)
)

select * from feature
