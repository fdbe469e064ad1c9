-- One row: one person and month, with the commission before it is split into earned and accrued.
-- Formula: sum of the tiers; void, that is 0, where expenses are above the ceiling without an exception.
-- Why: orders share out exactly this amount.
with
base as (
    select * from pay.base
),

tier_line as (
    select
        rep_id,
        month,
        sum(amount) as amount,
    from pay.tier_line
    group by rep_id, month
),

expense as (
    select * from pay.expense
),

commissioned as (
    select
        base.rep_id as rep_id,
        base.month as month,
        base.version_id as version_id,
        base.sales_amount as sales_amount,
        base.returned_amount as returned_amount,
        base.base_amount as base_amount,
        base.factor as factor,
        cast(coalesce(tier_line.amount, 0) as decimal(18, 2)) as tier_amount,
        coalesce(expense.band = 'void', false) as is_void,
        cast(case when expense.band = 'void' then 0 else coalesce(tier_line.amount, 0) end as decimal(18, 2)) as commission_amount,
    from base
    left join tier_line
        on tier_line.rep_id = base.rep_id
        and tier_line.month = base.month
    left join expense
        on expense.rep_id = base.rep_id
        and expense.month = base.month
)

select * from commissioned
