-- One row: one market cell, month and fold of people, with what the CRM and the sales of everybody outside the fold say of it.
-- Formula: win_rate = (won + a) / (won + lost + m); rival_share = (lost to a named rival + a) / (won + lost to a named rival + m),
-- deals of the twelve months before, a = m x company rate, m by moments, 10 to 200; rivals_met = ln(1 + different rivals
-- expected in 20 deals lost to a named one); growth = ln(sales a person of months 13 to 24 ago / of months 25 to 36 ago), cut at
-- the 2.5th and 97.5th percentile. Too few deals or months: null.
-- Why: colleagues' deals show how hard a market fights back; a person's own would let him argue his market hard.
with
cell as (
    select distinct cell_id, month from difficulty.cell_fold
),

month as (
    select * from core.month
),

deal as (
    select * from difficulty.deal_fold
),

sold as (
    select * from difficulty.cell_fold
),

fold as (
    select distinct fold from sold
),

grid as (
    select
        cell.cell_id as cell_id,
        cell.month as month,
        fold.fold as fold,
    from cell
    cross join fold
),

by_fold as (
    select
        deal.cell_id as cell_id,
        month.month as month,
        deal.fold as fold,
        deal.competitor as competitor,
        sum(deal.n_won) as n_won,
        sum(deal.n_lost) as n_lost,
    from deal
    join month
        on deal.month between month.month - interval 12 month and month.month - interval 1 month
    group by deal.cell_id, month.month, deal.fold, deal.competitor
),

whole as (
    select
        cell_id,
        month,
        competitor,
        sum(n_won) as n_won,
        sum(n_lost) as n_lost,
    from by_fold
    group by cell_id, month, competitor
),

others as (
    select
        grid.cell_id as cell_id,
        grid.month as month,
        grid.fold as fold,
        whole.competitor as competitor,
        whole.n_won - coalesce(by_fold.n_won, 0) as n_won,
        whole.n_lost - coalesce(by_fold.n_lost, 0) as n_lost,
    from grid
    join whole
        on whole.cell_id = grid.cell_id
        and whole.month = grid.month
    left join by_fold
        on by_fold.cell_id = grid.cell_id
        and by_fold.month = grid.month
        and by_fold.fold = grid.fold
        and by_fold.competitor = whole.competitor
),

counted as (
    select
        cell_id,
        month,
        fold,
        sum(n_won) as n_won,
        sum(n_lost) as n_lost,
        coalesce(sum(n_lost) filter (competitor <> ''), 0) as n_named,
    from others
    group by cell_id, month, fold
),

company as (
    select
        month,
        fold,
        sum(n_won) / nullif(sum(n_won + n_lost), 0) as win_rate,
        sum(n_named) / nullif(sum(n_won + n_named), 0) as rival_share,
    from counted
    group by month, fold
),

spread as (
    select
        counted.month as month,
        counted.fold as fold,
        company.win_rate as win_rate,
        company.rival_share as rival_share,
        exact_sum(pow(counted.n_won / nullif(counted.n_won + counted.n_lost, 0) - company.win_rate, 2)
            - company.win_rate * (1 - company.win_rate) / nullif(counted.n_won + counted.n_lost, 0))
            / count(nullif(counted.n_won + counted.n_lost, 0)) as win_variance,
        exact_sum(pow(counted.n_named / nullif(counted.n_won + counted.n_named, 0) - company.rival_share, 2)
            - company.rival_share * (1 - company.rival_share) / nullif(counted.n_won + counted.n_named, 0))
            / count(nullif(counted.n_won + counted.n_named, 0)) as rival_variance,
    from counted
    join company using (month, fold)
    group by counted.month, counted.fold, company.win_rate, company.rival_share
),

prior as (
    select
        month,
        fold,
        win_rate,
        rival_share,
        least(greatest(coalesce(win_rate * (1 - win_rate) / nullif(greatest(win_variance, 0), 0) - 1, 200), 10), 200) as win_weight,
        least(greatest(coalesce(rival_share * (1 - rival_share) / nullif(greatest(rival_variance, 0), 0) - 1, 200), 10), 200) as rival_weight,
    from spread
),

met as (
    select
        others.cell_id as cell_id,
        others.month as month,
        others.fold as fold,
        exact_sum(1 - case when counted.n_named - others.n_lost < 20 then 0
            else exp(lgamma(counted.n_named - others.n_lost + 1) - lgamma(counted.n_named - others.n_lost - 20 + 1)
                - lgamma(counted.n_named + 1) + lgamma(counted.n_named - 20 + 1)) end) as n_rivals,
    from others
    join counted using (cell_id, month, fold)
    where others.competitor <> '' and others.n_lost > 0 and counted.n_named >= 20
    group by others.cell_id, others.month, others.fold
),

earlier as (
    select
        sold.cell_id as cell_id,
        month.month as month,
        sold.fold as fold,
        case when sold.month >= month.month - interval 24 month then 'late' else 'early' end as part,
        sum(sold.sales) as sales,
        sum(sold.exposure) as exposure,
    from sold
    join month
        on sold.month between month.month - interval 36 month and month.month - interval 13 month
    group by sold.cell_id, month.month, sold.fold, case when sold.month >= month.month - interval 24 month then 'late' else 'early' end
),

earlier_whole as (
    select
        cell_id,
        month,
        part,
        sum(sales) as sales,
        sum(exposure) as exposure,
    from earlier
    group by cell_id, month, part
),

yield as (
    select
        grid.cell_id as cell_id,
        grid.month as month,
        grid.fold as fold,
        earlier_whole.part as part,
        (earlier_whole.sales - coalesce(earlier.sales, 0)) / nullif(earlier_whole.exposure - coalesce(earlier.exposure, 0), 0) as yield,
    from grid
    join earlier_whole using (cell_id, month)
    left join earlier using (cell_id, month, fold, part)
),

grown as (
    select
        late.cell_id as cell_id,
        late.month as month,
        late.fold as fold,
        ln(late.yield / early.yield) as growth,
    from yield as late
    join yield as early using (cell_id, month, fold)
    where late.part = 'late' and early.part = 'early' and late.yield > 0 and early.yield > 0
),

bound as (
    select
        month,
        fold,
        quantile_cont(growth, .025) as low,
        quantile_cont(growth, .975) as high,
    from grown
    group by month, fold
),

driver as (
    select
        grid.cell_id as cell_id,
        grid.month as month,
        grid.fold as fold,
        (coalesce(counted.n_won, 0) + prior.win_weight * prior.win_rate)
            / (coalesce(counted.n_won + counted.n_lost, 0) + prior.win_weight) as win_rate,
        (coalesce(counted.n_named, 0) + prior.rival_weight * prior.rival_share)
            / (coalesce(counted.n_won + counted.n_named, 0) + prior.rival_weight) as rival_share,
        ln(1 + met.n_rivals) as rivals_met,
        case when grown.growth is not null then least(greatest(grown.growth, bound.low), bound.high) end as growth,
    from grid
    left join counted using (cell_id, month, fold)
    left join prior using (month, fold)
    left join met using (cell_id, month, fold)
    left join grown using (cell_id, month, fold)
    left join bound using (month, fold)
)

select * from driver
