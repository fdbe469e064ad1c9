-- One row: one market cell and month, with what finance, marketing and maps say of it from the twelve months before.
-- Formula: potential = ln(market size / full-time people there); leads = ln(1 + company leads / people); rivals = ln(1 + competitors
-- listed); price = ln(price index); density = ln(outlets / km2); travel = ln(1 + hours a visit); maturity = ln(1 + months since
-- opening); season = the month on a circle; workdays = ln(workdays). Figures are those of the region (or the nearest region
-- above that has any), of the cell's product line where given. What is not known is null.
-- Why: what makes a market easy or hard and nobody who is judged can move. Everything was known before the month began.
with
cell as (
    select * from difficulty.cell
),

month as (
    select * from core.month
),

staffed as (
    select
        cell_id,
        month,
        sum(exposure) as people,
    from difficulty.posting
    group by cell_id, month
),

market as (
    select * from core.market_line
),

tree as (
    select * from core.region_tree
),

offered as (
    select
        cell.cell_id as cell_id,
        market.*,
        dense_rank() over (
            partition by cell.cell_id, market.month
            order by tree.n_steps, case when market.product_line = cell.product_line then 0 else 1 end
        ) as n_choice,
    from cell
    join tree on tree.region_id = cell.region_id
    join market on market.region_id = tree.ancestor_id
    where cell.product_line = '' or market.product_line in ('', cell.product_line)
),

measured as (
    select
        cell_id,
        month,
        sum(size_amount) as size_amount,
        sum(n_leads) as n_leads,
        exact_sum(n_competitors) / count(n_competitors) as n_competitors,
        exact_sum(n_outlets) / count(n_outlets) as n_outlets,
        exact_sum(price_index) / count(price_index) as price_index,
        exact_sum(area_km2) / count(area_km2) as area_km2,
        exact_sum(travel_hours) / count(travel_hours) as travel_hours,
        min(opened_on) as opened_on,
    from offered
    where n_choice = 1
    group by cell_id, month
),

before as (
    select
        here.cell_id as cell_id,
        here.month as month,
        exact_sum(measured.size_amount) / count(measured.size_amount) as size_amount,
        exact_sum(measured.n_leads) / count(measured.n_leads) as n_leads,
        exact_sum(measured.n_competitors) / count(measured.n_competitors) as n_competitors,
        exact_sum(measured.n_outlets) / count(measured.n_outlets) as n_outlets,
        exact_sum(measured.price_index) / count(measured.price_index) as price_index,
        exact_sum(measured.area_km2) / count(measured.area_km2) as area_km2,
        exact_sum(measured.travel_hours) / count(measured.travel_hours) as travel_hours,
        min(measured.opened_on) as opened_on,
    from staffed as here
    left join measured
        on measured.cell_id = here.cell_id
        and measured.month between here.month - interval 12 month and here.month - interval 1 month
    group by here.cell_id, here.month
),

crew as (
    select
        here.cell_id as cell_id,
        here.month as month,
        exact_sum(staffed.people) / count(staffed.people) as people,
    from staffed as here
    left join staffed
        on staffed.cell_id = here.cell_id
        and staffed.month between here.month - interval 12 month and here.month - interval 1 month
    group by here.cell_id, here.month
),

driver as (
    select
        before.cell_id as cell_id,
        before.month as month,
        case when before.size_amount > 0 and crew.people > 0 then ln(before.size_amount / crew.people) end as potential,
        case when before.n_leads >= 0 and crew.people > 0 then ln(1 + before.n_leads / crew.people) end as leads,
        case when before.n_competitors >= 0 then ln(1 + before.n_competitors) end as rivals,
        case when before.price_index > 0 then ln(before.price_index) end as price,
        case when before.n_outlets > 0 and before.area_km2 > 0 then ln(before.n_outlets / before.area_km2) end as density,
        case when before.travel_hours >= 0 then ln(1 + before.travel_hours) end as travel,
        case when before.opened_on is not null then ln(1 + greatest(date_diff('month', before.opened_on, before.month), 0)) end as maturity,
        sin(2 * pi() * extract(month from before.month) / 12) as season_sin,
        cos(2 * pi() * extract(month from before.month) / 12) as season_cos,
        ln(greatest(month.n_workdays, 1)) as workdays,
    from before
    join crew using (cell_id, month)
    join month using (month)
)

select * from driver
