-- One row: one person and month with selling expenses, or in the months of the expense exports.
-- Formula: r = expenses / sales. Below the standard: band saving, saving = standard x sales - expenses. From the standard to the
-- ceiling, both included: band inner, overrun = expenses - standard x sales. Above the ceiling: band void, or band exception with
-- an approved exception on file, whose overrun counts as in the inner band. Amounts are compared, not quotients, so exactly
-- 8 % and exactly 12 % are inside; sales below 0 count as 0, and any expense without sales is above the ceiling.
-- Why: selling costs are rewarded, shared or too high; the line of the statement says which.
with
measure as (
    select * from scorecard.measure
    where indicator = 'expense_ratio'
),

version as (
    select * from plan.version
),

pay as (
    select * from plan.pay
),

exception as (
    select
        rep_id,
        month_of(month) as month,
        min(reason) as reason,
        min(approver) as approver,
    from state.expense_exception
    group by rep_id, month_of(month)
),

spent as (
    select
        measure.unit_id as rep_id,
        measure.month as month,
        version.version_id as version_id,
        cast(coalesce(
            case when measure.override_id is null then measure.numerator else cast(round(measure.value * measure.denominator, 4) as decimal(28, 6)) end, 0
        ) as decimal(18, 4)) as expense_amount,
        cast(greatest(coalesce(measure.denominator, 0), 0) as decimal(18, 4)) as sales_amount,
        cast(pay.expense_standard_rate as decimal(8, 6)) as standard_rate,
        cast(pay.expense_ceiling_rate as decimal(8, 6)) as ceiling_rate,
    from measure
    inner join version
        on measure.month >= version.starts_on
        and measure.month <= coalesce(version.ends_on, date '9999-12-31')
    inner join pay
        on pay.version_id = version.version_id
    where measure.numerator is not null
),

compared as (
    select
        spent.*,
        cast(sales_amount as decimal(20, 4)) * standard_rate as standard_amount,
        cast(sales_amount as decimal(20, 4)) * ceiling_rate as ceiling_amount,
        exception.rep_id is not null as has_exception,
        exception.reason as exception_reason,
        exception.approver as exception_approver,
    from spent
    left join exception
        on exception.rep_id = spent.rep_id
        and exception.month = spent.month
),

banded as (
    select
        compared.*,
        case
            when expense_amount < standard_amount then 'saving'
            when expense_amount <= ceiling_amount then 'inner'
            when has_exception then 'exception'
            else 'void'
        end as band,
    from compared
),

weighed as (
    select
        rep_id,
        month,
        version_id,
        expense_amount,
        sales_amount,
        ratio(expense_amount, sales_amount) as expense_rate,
        standard_rate,
        ceiling_rate,
        band,
        case when band = 'saving' then standard_amount - expense_amount else 0 end as saving_amount,
        case when band in ('inner', 'exception') then expense_amount - standard_amount else 0 end as overrun_amount,
        has_exception,
        exception_reason,
        exception_approver,
    from banded
)

select * from weighed
