-- One row: one person on duty in one month.
-- Formula: log_expected = ln(expected sales of an average person in this territory / time on duty); null where nothing is expected.
-- Why: people are compared with those whose markets hold about as much, not with everybody.
with
duty as (
    select * from core.duty_month
),

coefficient as (
    select * from difficulty.rep_coefficient
),

on_duty as (
    select
        rep_id,
        month,
    from duty
    where n_duty_days > 0
    group by rep_id, month
),

placed as (
    select
        on_duty.rep_id as rep_id,
        on_duty.month as month,
        case when coefficient.expected > 0 and coefficient.exposure > 0 then ln(coefficient.expected / coefficient.exposure) end as log_expected,
    from on_duty
    left join coefficient
        on coefficient.rep_id = on_duty.rep_id
        and coefficient.month = on_duty.month
)

select * from placed
