-- One row: one factor of the gap between a region and another one, or all the others together (other_id ''), in one month.
-- Formula: a factor is a stage over the stage before (market for each person, leads in that market, win rate, ticket, collection); the result,
-- cash (or sales) for each person and month, is their product. effect = the change of the result when only this factor goes from the
-- other's value to the region's, averaged over every order in which factors can change (Das Gupta 1993, US Census P23-186; for two factors
-- Kitagawa 1955): sum over sets s of the other factors of s! (k - 1 - s)! / k! * (change of the product). Effects are in money to the fourth
-- decimal; the largest takes what rounding leaves, so that they add up to gap = result - other_result exactly.
-- No rows where one of the two lacks a stage that the company has.
-- Why: says whether a region is held back by its market, its leads, its win rate, its tickets or its cash.
with
stage as (
    select * from diagnosis.region_stage
),

whole as (
    select
        month,
        place,
        sum(quantity) as quantity,
        cast(count(*) as integer) as n_regions,
    from diagnosis.region_stage
    group by month, place
),

depth as (
    select
        month,
        cast(count(distinct place) as integer) as n_stages,
    from diagnosis.region_stage
    group by month
),

other as (
    select
        region_id,
        month,
        place,
        quantity,
        1 as n_regions,
    from diagnosis.region_stage
),

paired as (
    select
        stage.region_id as region_id,
        other.region_id as other_id,
        1 as n_others,
        stage.month as month,
        stage.place as place,
        stage.stage as stage,
        stage.quantity as quantity,
        other.quantity as other_quantity,
    from stage
    inner join other
        on other.month = stage.month
        and other.place = stage.place
        and other.region_id <> stage.region_id

    union all

    select
        stage.region_id as region_id,
        '' as other_id,
        whole.n_regions - 1 as n_others,
        stage.month as month,
        stage.place as place,
        stage.stage as stage,
        stage.quantity as quantity,
        whole.quantity - stage.quantity as other_quantity,
    from stage
    inner join whole
        on whole.month = stage.month
        and whole.place = stage.place
    where whole.n_regions > 1
),

stepped as (
    select
        *,
        quantity / lag(quantity) over chain as value,
        other_quantity / lag(other_quantity) over chain as other_value,
    from paired
    window chain as (partition by region_id, other_id, month order by place)
),

listed as (
    select
        region_id,
        other_id,
        month,
        max(n_others) as n_others,
        list(stage order by place) as stages,
        list(value order by place) as a,
        list(other_value order by place) as b,
        cast(count(*) as integer) as k,
        cast(count(*) as integer) + 1 as n_stages,
    from stepped
    where place > 0
    group by region_id, other_id, month
),

complete as (
    select listed.*
    from listed
    inner join depth
        on depth.month = listed.month
        and depth.n_stages = listed.n_stages
    where listed.k > 0
),

factor as (
    select
        *,
        unnest(range(1, k + 1)) as i,
    from complete
),

effects as (
    select
        region_id,
        other_id,
        month,
        n_others,
        cast(i as integer) as place,
        case stages[i] when 'won' then 'win_rate' when 'sales' then 'ticket' when 'cash' then 'collection' else stages[i] end as factor,
        a[i] as value,
        b[i] as other_value,
        list_product(a) as result,
        list_product(b) as other_result,
        (a[i] - b[i]) * list_sum(list_transform(
            list_filter(range(0, cast(pow(2, k) as bigint)), lambda chosen: (chosen >> (i - 1)) & 1 = 0),
            lambda chosen: cast(factorial(cast(bit_count(chosen) as integer)) as double) * cast(factorial(cast(k - 1 - bit_count(chosen) as integer)) as double)
                / cast(factorial(k) as double)
                * list_product(list_transform(range(1, k + 1), lambda j: case when j = i then 1.0 when (chosen >> (j - 1)) & 1 = 1 then a[j] else b[j] end))
        )) as effect,
    from factor
),

rounded as (
    select
        *,
        cast(round(result, 4) as decimal(18, 4)) as result_amount,
        cast(round(other_result, 4) as decimal(18, 4)) as other_amount,
        cast(round(effect, 4) as decimal(18, 4)) as effect_amount,
        row_number() over (partition by region_id, other_id, month order by abs(effect) desc, place) as n_largest,
    from effects
),

tied as (
    select
        region_id,
        other_id,
        n_others,
        month,
        place,
        factor,
        value,
        other_value,
        result_amount,
        other_amount,
        cast(result_amount - other_amount as decimal(18, 4)) as gap_amount,
        cast(effect_amount + case when n_largest = 1
            then result_amount - other_amount - sum(effect_amount) over (partition by region_id, other_id, month)
            else 0 end as decimal(18, 4)) as effect_amount,
    from rounded
)

select * from tied
