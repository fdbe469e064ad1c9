-- One row: one market cell, month, fold of people and named competitor ('' for none): deals won and lost.
-- Why: what rivals win is a mark of the market; by fold it can be told without the people judged.
with
deal as (
    select * from core.deal_line
    where outcome in ('won', 'lost')
),

posting as (
    select * from difficulty.posting
),

placed as (
    select
        coalesce(here.cell_id, main.cell_id) as cell_id,
        deal.month as month,
        fold_of(deal.rep_id) as fold,
        case when deal.outcome = 'lost' then coalesce(deal.competitor, '') else '' end as competitor,
        deal.n_won as n_won,
        deal.n_closed - deal.n_won as n_lost,
    from deal
    left join posting as here
        on here.rep_id = deal.rep_id
        and here.month = deal.month
        and here.region_id = deal.region_id
    join posting as main
        on main.rep_id = deal.rep_id
        and main.month = deal.month
        and main.is_main
),

summed as (
    select
        cell_id,
        month,
        fold,
        competitor,
        sum(n_won) as n_won,
        sum(n_lost) as n_lost,
    from placed
    group by cell_id, month, fold, competitor
)

select * from summed
