-- One row: one active customer and month, with what is owed to him and the row that lists him.
-- Formula: core.customer_month; training and a feedback form are owed in the months that their exports cover.
-- Why: the exported rows behind rates per active customer.
with
customer_month as (
    select * from core.customer_month
),

customer as (
    select * from core.customer
),

training as (
    select month from core.coverage
    where subject = 'training'
),

feedback as (
    select month from core.coverage
    where subject = 'feedback'
),

owed as (
    select
        customer_month.customer_id as customer_id,
        customer_month.on_date as on_date,
        customer_month.month as month,
        customer_month.rep_id as rep_id,
        customer_month.team_id as team_id,
        customer_month.region_id as region_id,
        1 as n_active,
        case when training.month is null then 0 else 1 end as n_training_base,
        case when training.month is null then 0 else customer_month.n_trained end as n_trained,
        case when feedback.month is null then 0 else 1 end as n_feedback_base,
        case when feedback.month is null then 0 else customer_month.n_informed end as n_informed,
        customer.source_file as source_file,
        customer.source_sheet as source_sheet,
        customer.source_row as source_row,
    from customer_month
    inner join customer
        on customer.customer_id = customer_month.customer_id
    left join training
        on training.month = customer_month.month
    left join feedback
        on feedback.month = customer_month.month
)

select * from owed
