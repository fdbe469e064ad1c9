-- One row: one person, cell and month judged: expected sales of an average person there, frozen before the month began.
-- Formula: exposure x exp(constant + drivers x coefficients + mean z + effect) x factor; coefficients and effect are those of
-- the last evaluation before the month. The effect is that of the cell's other people (level segment) where the cell has the
-- plan's least months and least deals of others, else that of the region's others (region), else 0 (company). One factor a
-- month makes the expectations add up to the sales; outside .9 to 1.1 it is a drift alarm.
-- Why: nobody's month can raise the bar he is measured by, and a cell with little evidence leans on what is known around it.
with
observation as (
    select * from difficulty.observation
    where exposure > 0
),

cell as (
    select * from difficulty.cell
),

setting as (
    select * from difficulty.setting
),

period as (
    select period from difficulty.variance
),

feature as (
    select * from difficulty.feature
),

feature_others as (
    select * from difficulty.feature_others
),

coefficient as (
    select * from difficulty.coefficient
),

variance as (
    select * from difficulty.variance
),

evidence as (
    select
        evidence.*,
        cell.region_id as region_id,
    from difficulty.evidence as evidence
    join cell using (cell_id)
),

seen as (
    select
        period_month.period as period,
        fold.cell_id as cell_id,
        count(distinct fold.month) as n_months,
    from difficulty.period_month as period_month
    join difficulty.cell_fold as fold using (month)
    where fold.exposure > 0
    group by period_month.period, fold.cell_id
),

before as (
    select
        setting.month as month,
        max(period.period) as period,
    from setting
    join period on period.period < setting.month
    group by setting.month
),

rated as (
    select
        observation.rep_id as rep_id,
        observation.cell_id as cell_id,
        cell.region_id as region_id,
        observation.month as month,
        before.period as period,
        observation.fold as fold,
        observation.exposure as exposure,
        cast(observation.sold as double) as sold,
        coefficient.constant
            + list_dot_product(feature.x, coefficient.b)
            + coalesce(list_dot_product(feature_others.x, coefficient.b_others), 0) as log_rate,
    from observation
    join before using (month)
    join cell using (cell_id)
    join feature using (cell_id, month)
    left join feature_others using (cell_id, month, fold)
    join coefficient using (period, fold)
),

in_cell as (
    select
        period,
        cell_id,
        exact_sum(weighted) as weighted,
        exact_sum(weight) as weight,
        sum(n_deals) as n_deals,
        count(*) as n_people,
    from evidence
    group by period, cell_id
),

in_region as (
    select
        period,
        region_id,
        exact_sum(weighted) as weighted,
        exact_sum(weight) as weight,
        sum(n_deals) as n_deals,
        count(distinct rep_id) as n_people,
    from evidence
    group by period, region_id
),

own_region as (
    select
        period,
        region_id,
        rep_id,
        exact_sum(weighted) as weighted,
        exact_sum(weight) as weight,
        sum(n_deals) as n_deals,
    from evidence
    group by period, region_id, rep_id
),

seen_region as (
    select
        seen.period as period,
        cell.region_id as region_id,
        max(seen.n_months) as n_months,
    from seen
    join cell using (cell_id)
    group by seen.period, cell.region_id
),

surrounded as (
    select
        rated.*,
        coalesce(in_cell.weighted - coalesce(own.weighted, 0), 0) as cell_weighted,
        coalesce(in_cell.weight - coalesce(own.weight, 0), 0) as cell_weight,
        coalesce(in_cell.n_deals - coalesce(own.n_deals, 0), 0) as cell_deals,
        coalesce(in_cell.n_people, 0) - case when own.rep_id is null then 0 else 1 end as cell_others,
        coalesce(seen.n_months, 0) as cell_months,
        coalesce(in_region.weighted - coalesce(own_region.weighted, 0), 0) as region_weighted,
        coalesce(in_region.weight - coalesce(own_region.weight, 0), 0) as region_weight,
        coalesce(in_region.n_deals - coalesce(own_region.n_deals, 0), 0) as region_deals,
        coalesce(in_region.n_people, 0) - case when own_region.rep_id is null then 0 else 1 end as region_others,
        coalesce(seen_region.n_months, 0) as region_months,
    from rated
    left join in_cell using (period, cell_id)
    left join evidence as own using (period, rep_id, cell_id)
    left join seen using (period, cell_id)
    left join in_region on in_region.period = rated.period and in_region.region_id = rated.region_id
    left join own_region on own_region.period = rated.period and own_region.region_id = rated.region_id and own_region.rep_id = rated.rep_id
    left join seen_region on seen_region.period = rated.period and seen_region.region_id = rated.region_id
),

levelled as (
    select
        surrounded.*,
        variance.mean_z as mean_z,
        variance.verdict as verdict,
        variance.cell_variance as cell_variance,
        case
            when surrounded.cell_others > 0 and surrounded.cell_months >= setting.min_months and surrounded.cell_deals >= setting.min_deals then 'segment'
            when surrounded.region_others > 0 and surrounded.region_months >= setting.min_months and surrounded.region_deals >= setting.min_deals then 'region'
            else 'company'
        end as level,
    from surrounded
    join variance using (period)
    join setting using (month)
),

placed as (
    select
        *,
        case level when 'segment' then cell_weighted when 'region' then region_weighted else 0 end as weighted,
        case level when 'segment' then cell_weight when 'region' then region_weight else 0 end as weight,
        case level when 'segment' then cell_deals when 'region' then region_deals else 0 end as n_deals_others,
        case level when 'segment' then cell_others when 'region' then region_others else 0 end as n_others,
    from levelled
),

effect as (
    select
        *,
        case when verdict = 'not separable' then 0 else weighted / (weight + 1 / cell_variance) end as effect,
        case when verdict = 'not separable' then cell_variance else 1 / (weight + 1 / cell_variance) end as effect_variance,
    from placed
),

unscaled as (
    select
        *,
        exposure * exp(log_rate + mean_z) as unscaled_market,
        exposure * exp(log_rate + mean_z + effect) as unscaled,
    from effect
),

scale as (
    select
        month,
        case when exact_sum(sold) > 0 then exact_sum(sold) / exact_sum(unscaled) else 1 end as factor,
        case when exact_sum(sold) > 0 then exact_sum(sold) / exact_sum(unscaled_market) else 1 end as market_factor,
    from unscaled
    group by month
),

expected as (
    select
        unscaled.rep_id as rep_id,
        unscaled.cell_id as cell_id,
        unscaled.region_id as region_id,
        unscaled.month as month,
        unscaled.period as period,
        unscaled.fold as fold,
        unscaled.exposure as exposure,
        unscaled.sold as sold,
        unscaled.log_rate as log_rate,
        unscaled.mean_z as mean_z,
        unscaled.effect as effect,
        unscaled.effect_variance as effect_variance,
        unscaled.level as level_used,
        unscaled.n_others as n_others,
        unscaled.n_deals_others as n_deals_others,
        scale.factor as factor,
        unscaled.unscaled_market * scale.market_factor as expected_market,
        unscaled.unscaled * scale.factor as expected,
    from unscaled
    join scale using (month)
)

select * from expected
