-- One row: one month: whether skill and market can be told apart, from the evaluation that ends with it.
-- Formula: multi_share = share of expected sales in cells with two people or more; mover_share = share of people in two cells
-- or more; separable from one half of the former, partly from a fifth of the latter. largest_component: share of people in
-- the largest set of cells that people connect.
-- Why: where everybody has a market of his own, a confident ranking would be invented. Printed on every report.
with
variance as (
    select * from difficulty.variance
),

component as (
    select * from difficulty.component
),

dispersion as (
    select * from difficulty.dispersion
),

gate as (
    select
        variance.period as month,
        variance.verdict as verdict,
        variance.shared_rate as multi_share,
        variance.mover_rate as mover_share,
        component.largest_share as largest_component,
        component.n_components as n_components,
        variance.n_people as n_people,
        variance.n_cells as n_cells,
        variance.skill_variance as skill_variance,
        variance.skill_variance_movers as skill_variance_movers,
        variance.cell_variance as cell_variance,
        variance.is_sorting_alarm as is_sorting_alarm,
        dispersion.phi as phi,
    from variance
    join component using (period)
    join dispersion using (period)
)

select * from gate
