-- One row: inequality of one measure: raw and adjusted attainment, score, pay.
-- Formula: Theil's T = mean(x / m ln(x / m)), its part between regions = sum of share x ln(mean of region / m), within =
-- the rest; Atkinson at aversion 0.5 = 1 - mean(sqrt(x / m))^2; Gini = 2 sum(place x) / (n sum x) - (n + 1) / n.
-- Negative values (more returned than sold) are left out and counted. Regions that may not be shown count as one.
-- Why: taking the market into account should cut what differs between regions and leave what differs inside them.
with
withheld as (
    select group_id from fairness.group_size
    where group_kind = 'region'
    and not is_shown
),

person as (
    select
        person.*,
        case when withheld.group_id is null then coalesce(person.region_id, '') else '' end as shown_region_id,
    from fairness.person as person
    left join withheld
        on withheld.group_id = person.region_id
),

measured as (
    select 'raw' as measure, rep_id, shown_region_id as region_id, raw as x, from person
    union all
    select 'adjusted' as measure, rep_id, shown_region_id as region_id, adjusted as x, from person
    union all
    select 'score' as measure, rep_id, shown_region_id as region_id, score as x, from person
    union all
    select 'pay' as measure, rep_id, shown_region_id as region_id, pay_amount as x, from person
),

kept as (
    select
        measure,
        region_id,
        x,
        row_number() over (partition by measure order by x, rep_id) as place,
        count(*) over (partition by measure) as n,
        avg(x) over (partition by measure) as mean,
    from measured
    where x >= 0
),

excluded as (
    select
        measure,
        count(*) filter (where x < 0) as n_excluded,
    from measured
    group by measure
),

whole as (
    select
        measure,
        max(n) as n,
        max(mean) as mean,
        avg(case when x > 0 then x / mean * ln(x / mean) else 0 end) as theil,
        1 - pow(avg(sqrt(x / mean)), 2) as atkinson,
        2 * sum(place * x) / (max(n) * sum(x)) - (max(n) + 1.0) / max(n) as gini,
    from kept
    where mean > 0
    group by measure
),

region as (
    select
        measure,
        region_id,
        sum(x) / (max(n) * max(mean)) as share,
        avg(x) / max(mean) as level,
    from kept
    where mean > 0
    group by measure, region_id
),

parts as (
    select
        measure,
        sum(case when level > 0 then share * ln(level) else 0 end) as between_regions,
    from region
    group by measure
),

inequality as (
    select
        whole.measure as measure,
        cast(whole.n as integer) as n,
        cast(excluded.n_excluded as integer) as n_excluded,
        whole.mean as mean,
        whole.theil as theil,
        parts.between_regions as between_regions,
        whole.theil - parts.between_regions as within_regions,
        case when whole.theil > 0 then parts.between_regions / whole.theil end as between_share,
        whole.atkinson as atkinson,
        whole.gini as gini,
    from whole
    inner join parts
        on parts.measure = whole.measure
    inner join excluded
        on excluded.measure = whole.measure
)

select * from inequality
order by measure
