-- One row: one market cell of a person who sold in two cells or more, with what he sold and was expected to sell there
-- a month, in logs.
-- Formula: ln((sold + phi / 2) / exposure) and ln((expected + phi / 2) / exposure); phi / 2 keeps a cell without sales
-- in; cells of less than one effective event (expected under phi) tell nothing.
-- Why: inside one person skill stays the same, so where the expectation is right the two move one for one.
with
evaluated as (
    select * from difficulty.period
),

last_period as (
    select max(period) as period from evaluated
),

expected as (
    select expected_sales.* from difficulty.expected_sales as expected_sales
    inner join last_period
        on last_period.period = expected_sales.period
),

dispersion as (
    select dispersion.* from difficulty.dispersion as dispersion
    inner join last_period
        on last_period.period = dispersion.period
),

observation as (
    select observation.* from difficulty.observation as observation
    inner join evaluated
        on observation.month between evaluated.from_month and evaluated.period
    inner join last_period
        on last_period.period = evaluated.period
),

person as (
    select * from fairness.person
),

exposure as (
    select
        rep_id,
        cell_id,
        sum(exposure) as exposure,
    from observation
    group by rep_id, cell_id
),

cell as (
    select
        expected.rep_id as rep_id,
        expected.cell_id as cell_id,
        ln((greatest(expected.sold, 0) + dispersion.phi / 2) / exposure.exposure) as ln_sold,
        ln((expected.expected + dispersion.phi / 2) / exposure.exposure) as ln_expected,
        count(*) over (partition by expected.rep_id) as n_cells,
    from expected
    cross join dispersion
    inner join exposure
        on exposure.rep_id = expected.rep_id
        and exposure.cell_id = expected.cell_id
        and exposure.exposure > 0
    inner join person
        on person.rep_id = expected.rep_id
    where expected.expected >= dispersion.phi
),

mover_cell as (
    select
        rep_id,
        cell_id,
        ln_sold,
        ln_expected,
    from cell
    where n_cells >= 2
)

select * from mover_cell
order by rep_id, cell_id
