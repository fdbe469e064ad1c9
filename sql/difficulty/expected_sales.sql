-- One row is one person and cell: expected sales of an average person there,
-- drivers and colleagues' evidence together (steps A and B), scaled by one
-- constant so that all expectations add up to all sales.
with deviation as (
    select * from difficulty.deviation
),
variance as (
    select * from difficulty.variance
),
effect as (
    select * from difficulty.cell_effect
),
unscaled as (
    select
        deviation.rep_id,
        deviation.cell_id,
        deviation.sales,
        deviation.expected as expected_market,
        deviation.expected * exp(variance.mean_z + effect.effect) as expected,
        effect.effect,
        effect.effect_variance,
        effect.n_others,
    from deviation
    join effect using (rep_id, cell_id)
    cross join variance
),
scale as (
    select sum(sales) / sum(expected) as factor from unscaled
),
expected as (
    select
        unscaled.rep_id,
        unscaled.cell_id,
        unscaled.sales,
        unscaled.expected_market,
        unscaled.expected * scale.factor as expected,
        unscaled.effect,
        unscaled.effect_variance,
        unscaled.n_others,
        scale.factor,
    from unscaled
    cross join scale
)
select * from expected
order by rep_id, cell_id
