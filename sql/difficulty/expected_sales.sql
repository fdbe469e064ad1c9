-- One row: one evaluation, person and cell: expected sales of an average person there, drivers and colleagues' evidence together
-- (steps A and B).
-- Formula: expected = expected by drivers x exp(mean z + effect) x factor, one factor an evaluation, so that all expectations
-- add up to all sales.
-- Why: the yardstick by which a person is ranked over the months the evaluation saw.
with
variance as (
    select * from difficulty.variance
),

effect as (
    select * from difficulty.cell_effect
),

unscaled as materialized (
    select
        effect.period as period,
        effect.rep_id as rep_id,
        effect.cell_id as cell_id,
        effect.sold as sold,
        effect.expected as expected_market,
        effect.expected * exp(variance.mean_z + effect.effect) as expected,
        effect.effect as effect,
        effect.effect_variance as effect_variance,
        effect.n_others as n_others,
    from effect
    join variance using (period)
),

scale as (
    select
        period,
        greatest(exact_sum(sold) / exact_sum(expected), 1e-9) as factor,
    from unscaled
    group by period
),

expected as (
    select
        unscaled.period as period,
        unscaled.rep_id as rep_id,
        unscaled.cell_id as cell_id,
        unscaled.sold as sold,
        unscaled.expected_market as expected_market,
        unscaled.expected * scale.factor as expected,
        unscaled.effect as effect,
        unscaled.effect_variance as effect_variance,
        unscaled.n_others as n_others,
        scale.factor as factor,
    from unscaled
    join scale using (period)
)

select * from expected
