-- One row: one market cell and month, with its drivers as the list that step A fits, in the order of difficulty.driver.
-- Formula: a missing figure takes the month's median over cells (0 where no cell has it), and a flag 1 says so.
-- Why: a missing figure must neither drop a market nor pass for a measured one.
with
driver as (
    select * from difficulty.market_driver
),

middle as (
    select
        month,
        median(potential) as potential,
        median(leads) as leads,
        median(rivals) as rivals,
        median(price) as price,
        median(density) as density,
        median(travel) as travel,
        median(maturity) as maturity,
    from driver
    group by month
),

feature as (
    select
        driver.cell_id as cell_id,
        driver.month as month,
        [
            coalesce(driver.potential, middle.potential, 0),
            coalesce(driver.leads, middle.leads, 0),
            coalesce(driver.rivals, middle.rivals, 0),
            coalesce(driver.price, middle.price, 0),
            coalesce(driver.density, middle.density, 0),
            coalesce(driver.travel, middle.travel, 0),
            coalesce(driver.maturity, middle.maturity, 0),
            driver.season_sin,
            driver.season_cos,
            driver.workdays,
            case when driver.potential is null then 1 else 0 end,
            case when driver.leads is null then 1 else 0 end,
            case when driver.rivals is null then 1 else 0 end,
            case when driver.price is null then 1 else 0 end,
            case when driver.density is null then 1 else 0 end,
            case when driver.travel is null then 1 else 0 end,
            case when driver.maturity is null then 1 else 0 end,
        ]::double[] as x,
    from driver
    join middle using (month)
)

select * from feature
