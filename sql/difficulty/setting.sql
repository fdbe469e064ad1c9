-- One row: one month and what the plan in force then says about difficulty; months before the first plan follow the first.
-- Why: a rule holds from the month it was announced for; a newer plan changes no older month.
with
month as (
    select * from core.month
),

version as (
    select * from plan.version
),

said as (
    select * from plan.difficulty
),

ranked as (
    select
        month.month as month,
        version.version_id as version_id,
        row_number() over (
            partition by month.month
            order by
                month.month between version.starts_on and coalesce(version.ends_on, date '9999-12-31') desc,
                version.starts_on
        ) as n_choice,
    from month
    cross join version
),

chosen as (
    select
        ranked.month as month,
        said.*,
    from ranked
    join said using (version_id)
    where ranked.n_choice = 1
)

select * from chosen
