-- One row: one evaluation, person and cell: what the person adds to what is known of the cell.
-- Formula: weight = 1 / (skill variance + v), weighted = (z - mean z) x weight.
-- Why: everybody's evidence counts once, in people and not in rows: a colleague with ten thousand deals is still one colleague.
with
deviation as (
    select * from difficulty.deviation
),

variance as (
    select * from difficulty.variance
),

evidence as (
    select
        deviation.period as period,
        deviation.rep_id as rep_id,
        deviation.cell_id as cell_id,
        (deviation.z - variance.mean_z) / (variance.skill_variance + deviation.v) as weighted,
        1 / (variance.skill_variance + deviation.v) as weight,
        deviation.n_deals as n_deals,
        deviation.sold as sold,
        deviation.expected as expected,
    from deviation
    join variance using (period)
)

select * from evidence
