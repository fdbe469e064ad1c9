-- One row: one active customer and month, owned by one rep, team and region.
-- Formula: active = ordered in this month or the plan.setting.active_customer_months - 1 months before. The owner is the
-- customer's rep on the last day of the month; without one, whoever sold most in the latest of those months. Trained =
-- trained within plan.setting.training_months; informed = a feedback form in the month.
-- Why: training and information exchange are owed to customers who buy. A later month changes no earlier one.
with
calendar as (
    select * from core.calendar
),

setting as (
    select * from plan.setting
),

window_start as (
    select cast(min(calendar.month) - max(setting.active_customer_months) * interval '1' month as date) as month
    from calendar
    cross join setting
),

sales as (
    select * from core.sales_month
    where n_lines > 0
    and customer_id <> ''
    and month > (select month from window_start)
),

customer as (
    select
        customer_id,
        min(owner_id) as rep_id,
        min(region_id) as region_id,
    from core.customer_identity
    group by customer_id
),

assignment as (
    select * from core.assignment
),

named as (
    select value, customer_id from core.customer_identity
),

training as (
    select
        named.customer_id as customer_id,
        training.month as month,
    from staging.training as training
    inner join named
        on named.value = training.customer_id
    where training.month > (select cast(min(calendar.month) - max(setting.training_months) * interval '1' month as date) from calendar cross join setting)
),

feedback as (
    select
        named.customer_id as customer_id,
        feedback.month as month,
    from staging.feedback as feedback
    inner join named
        on named.value = feedback.customer_id
    where feedback.month in (select month from calendar)
),

bought as (
    select
        customer_id,
        month,
    from sales
    group by customer_id, month
),

active as (
    select
        bought.customer_id as customer_id,
        calendar.month as month,
        calendar.ends_on as ends_on,
        max(bought.month) as last_bought_month,
    from bought
    cross join setting
    inner join calendar
        on bought.month <= calendar.month
        and bought.month > calendar.month - setting.active_customer_months * interval '1' month
    group by bought.customer_id, calendar.month, calendar.ends_on
),

seller as (
    select
        sales.customer_id as customer_id,
        sales.month as month,
        sales.rep_id as rep_id,
        sales.team_id as team_id,
        sales.region_id as region_id,
        sum(sales.sales_amount) as sales_amount,
    from sales
    inner join customer
        on customer.customer_id = sales.customer_id
    where customer.rep_id is null
    group by sales.customer_id, sales.month, sales.rep_id, sales.team_id, sales.region_id
),

best_seller as (
    select
        customer_id,
        month,
        rep_id,
        team_id,
        region_id,
        row_number() over (
            partition by customer_id, month
            order by sales_amount desc, rep_id, team_id, region_id
        ) as n_rank,
    from seller
),

trained as (
    select
        calendar.month as month,
        training.customer_id as customer_id,
    from training
    cross join setting
    inner join calendar
        on training.month <= calendar.month
        and training.month > calendar.month - setting.training_months * interval '1' month
    group by calendar.month, training.customer_id
),

informed as (
    select
        month,
        customer_id,
    from feedback
    group by month, customer_id
),

owned as (
    select
        active.customer_id as customer_id,
        active.ends_on as on_date,
        active.month as month,
        coalesce(assignment.rep_id, best_seller.rep_id, '') as rep_id,
        coalesce(assignment.team_id, best_seller.team_id, '') as team_id,
        coalesce(nullif(assignment.region_id, ''), customer.region_id, best_seller.region_id, '') as region_id,
        case when trained.customer_id is not null then 1 else 0 end as n_trained,
        case when informed.customer_id is not null then 1 else 0 end as n_informed,
    from active
    inner join customer
        on customer.customer_id = active.customer_id
    left join assignment
        on assignment.rep_id = customer.rep_id
        and active.ends_on >= assignment.from_on
        and active.ends_on < assignment.until_on
    left join best_seller
        on best_seller.customer_id = active.customer_id
        and best_seller.month = active.last_bought_month
        and best_seller.n_rank = 1
    left join trained
        on trained.customer_id = active.customer_id
        and trained.month = active.month
    left join informed
        on informed.customer_id = active.customer_id
        and informed.month = active.month
)

select * from owned
