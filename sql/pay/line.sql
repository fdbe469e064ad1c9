-- One row: one printed line of a person's statement of one month.
-- Formula: own lines; in an open month differences of closed months, what is carried in, what is carried out so that nobody pays in,
-- and what the plan drops; in a closed month these as sealed. `total` = sum of all lines that are not totals.
-- Why: what is printed adds up, to the cent.
with
closed as (
    select distinct month_of(month) as month
    from state.closed
),

own as (
    select * from pay.own_line
),

restatement as (
    select * from pay.restatement
    where paid_month is not null
),

carry as (
    select * from pay.carry
),

sealed as (
    select
        closed_line.rep_id as rep_id,
        closed.month as month,
        case
            when closed_line.line like 'restated/%' then 500
            when closed_line.line = 'carried_in' then 600
            when closed_line.line = 'not_carried' then 620
            else 610
        end as sort,
        closed_line.line as line,
        closed_line.amount as amount,
    from state.closed_line as closed_line
    inner join closed
        on closed.month = month_of(closed_line.month)
    inner join core.calendar as month
        on month.month = closed.month
    where closed_line.line in ('carried_in', 'carried_out', 'not_carried')
    or closed_line.line like 'restated/%'
),

between_months as (
    select rep_id, paid_month as month, 500 as sort, 'restated/' || strftime(month, '%Y-%m') as line, amount
    from restatement

    union all

    select rep_id, month, 600 as sort, 'carried_in' as line, -carried_in_amount as amount
    from carry
    where carried_in_amount <> 0

    union all

    select rep_id, month, 610 as sort, 'carried_out' as line, carried_out_amount as amount
    from carry
    where carried_out_amount <> 0

    union all

    select rep_id, month, 620 as sort, 'not_carried' as line, dropped_amount as amount
    from carry
    where dropped_amount <> 0

    union all

    select rep_id, month, sort, line, amount from sealed
),

lines as (
    select * from own

    union all

    select
        rep_id,
        month,
        sort,
        line,
        cast(amount as decimal(18, 2)) as amount,
        false as is_total,
        cast(null as decimal(18, 4)) as base_amount,
        cast(null as double) as rate,
        cast(null as double) as quantity,
        cast(null as double) as factor,
        cast(null as varchar) as reason,
    from between_months
),

total as (
    select
        rep_id,
        month,
        sum(amount) as amount,
    from lines
    where not is_total
    group by rep_id, month
),

complete as (
    select * from lines

    union all

    select
        rep_id,
        month,
        1000 as sort,
        'total' as line,
        cast(amount as decimal(18, 2)) as amount,
        true as is_total,
        cast(null as decimal(18, 4)) as base_amount,
        cast(null as double) as rate,
        cast(null as double) as quantity,
        cast(null as double) as factor,
        cast(null as varchar) as reason,
    from total
)

select * from complete
