-- One row: one promotion task, attributed to a rep, team and region.
-- Formula: team and region of the rep's stay on the day; without a rep, the customer's owner. A task counts once its due date has passed.
-- Why: a promotion works only where it is carried out.
with
promotion_task as (
    select
        promotion_task.*,
        coalesce(promotion_task.rep_id, customer_identity.owner_id, '') as rep_value,
        customer_identity.customer_id as known_customer_id,
        customer_identity.region_id as customer_region_id,
    from staging.promotion_task as promotion_task
    left join core.customer_identity as customer_identity
        on customer_identity.value = promotion_task.customer_id
),

rep_on as (
    select * from core.rep_on
),

month as (
    select * from core.month
),

attributed as (
    select
        promotion_task.task_id as task_id,
        promotion_task.due_on as on_date,
        promotion_task.month as month,
        coalesce(rep_on.rep_id, '') as rep_id,
        coalesce(rep_on.team_id, '') as team_id,
        owner_region(null, rep_on.region_id, promotion_task.customer_region_id) as region_id,
        coalesce(promotion_task.known_customer_id, '') as customer_id,
        promotion_task.promotion as promotion,
        promotion_task.done_on as done_on,
        promotion_task.from_on as from_on,
        promotion_task.to_on as to_on,
        case when promotion_task.due_on <= month.as_of_on then 1 else 0 end as n_tasks,
        case when promotion_task.due_on <= month.as_of_on and promotion_task.done_on <= promotion_task.due_on then 1 else 0 end as n_done_on_time,
        promotion_task.source_file as source_file,
        promotion_task.source_sheet as source_sheet,
        promotion_task.source_row as source_row,
    from promotion_task
    left join month
        on month.month = promotion_task.month
    left join rep_on
        on rep_on.value = promotion_task.rep_value
        and promotion_task.due_on >= rep_on.from_on
        and promotion_task.due_on < rep_on.until_on
)

select * from attributed
