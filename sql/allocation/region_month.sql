-- One row: one region and month: what was spent there and what was sold.
-- Formula: promotion money is that of the market data; where a region has none at all, its expenses of that kind.
-- People are workdays on duty / workdays of the month's fullest person. Sales and profit are net of returns.
-- Why: the response of sales to money and people is fitted on these rows.
with
market as (
    select * from core.market_line
),

expense as (
    select * from core.expense_line
),

duty as (
    select * from core.duty_month
),

sales as (
    select * from core.sales_total
),

month as (
    select * from core.month
),

region as (
    select * from core.region
),

given as (
    select
        region_id,
        month,
        sum(promotion_amount) as promotion_amount,
    from market
    group by region_id, month
),

spent as (
    select
        region_id,
        month,
        sum(expense_amount) as promotion_amount,
    from expense
    where lower(kind) in ('promotion', 'marketing', '推广', '推广费', '促销', '促销费', '市场费')
    group by region_id, month
),

has_given as (
    select
        region_id,
    from given
    where promotion_amount is not null
    group by region_id
),

longest as (
    select
        month,
        max(n_days) as n_days,
    from (select month, rep_id, sum(n_duty_days) as n_days from duty group by month, rep_id) as person
    group by month
),

people as (
    select
        duty.region_id as region_id,
        duty.month as month,
        cast(sum(duty.n_duty_days) as double) / max(longest.n_days) as n_people,
    from duty
    inner join longest
        on longest.month = duty.month
        and longest.n_days > 0
    group by duty.region_id, duty.month
),

sold as (
    select
        region_id,
        month,
        sum(sales_amount) as sales_amount,
        sum(profit_amount) as profit_amount,
        sum(costed_amount) as costed_amount,
    from sales
    group by region_id, month
),

joined as (
    select
        region.region_id as region_id,
        region.region_name as region_name,
        month.month as month,
        cast(coalesce(sold.sales_amount, 0) as decimal(18, 4)) as sales_amount,
        cast(sold.profit_amount as decimal(18, 4)) as profit_amount,
        cast(coalesce(sold.costed_amount, 0) as decimal(18, 4)) as costed_amount,
        cast(case when has_given.region_id is null then spent.promotion_amount else given.promotion_amount end as decimal(18, 4)) as promotion_amount,
        cast(coalesce(people.n_people, 0) as double) as n_people,
    from region
    cross join month
    left join sold
        on sold.region_id = region.region_id
        and sold.month = month.month
    left join given
        on given.region_id = region.region_id
        and given.month = month.month
    left join has_given
        on has_given.region_id = region.region_id
    left join spent
        on spent.region_id = region.region_id
        and spent.month = month.month
    left join people
        on people.region_id = region.region_id
        and people.month = month.month
)

select * from joined
