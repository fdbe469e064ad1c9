-- One row: one person and month: how much of the last twelve months' sales is one order.
-- Formula: whale_rate = largest order / sold, over the month and the eleven before.
-- Why: a lead that hangs on a single order is luck or a gift until it happens again.
with
observation as (
    select * from difficulty.observation
),

monthly as (
    select
        rep_id,
        month,
        sum(sold) as sold,
        max(largest_amount) as largest_amount,
    from observation
    group by rep_id, month
),

rolled as (
    select
        rep_id,
        month,
        sum(sold) over year as sold,
        max(largest_amount) over year as largest_amount,
    from monthly
    window year as (partition by rep_id order by month range between interval 11 month preceding and current row)
),

whale as (
    select
        rep_id,
        month,
        cast(sold as decimal(18, 4)) as sold,
        largest_amount,
        ratio(largest_amount, case when sold > 0 then sold end) as whale_rate,
    from rolled
)

select * from whale
