-- One row: one market cell and month with a coefficient that managers published, before it is scaled.
-- Formula: the entry in force that names most of the cell's parts; no entry is 1.
-- Why: a company may state by hand what a market is worth; the statement has a reason, an approver and an end.
with
setting as (
    select * from difficulty.setting
),

cell as (
    select * from difficulty.cell
),

region as (
    select * from core.region
),

said as (
    select * from plan.policy_coefficient
),

matched as (
    select
        cell.cell_id as cell_id,
        setting.month as month,
        said.coefficient as coefficient,
        said.reason as reason,
        said.approver as approver,
        said.starts_on as starts_on,
        said.ends_on as ends_on,
        said.version_id as version_id,
        row_number() over (
            partition by cell.cell_id, setting.month
            order by
                (case when said.region = '' then 0 else 1 end)
                + (case when said.product_line = '' then 0 else 1 end)
                + (case when said.segment = '' then 0 else 1 end) desc,
                said.region desc, said.product_line desc, said.segment desc, said.starts_on desc
        ) as n_choice,
    from setting
    join said
        on said.version_id = setting.version_id
        and setting.month between date_trunc('month', coalesce(said.starts_on, date '0001-01-01')) and coalesce(said.ends_on, date '9999-12-31')
    cross join cell
    left join region using (region_id)
    where said.region in ('', cell.region_id, region.region_name)
    and said.product_line in ('', cell.product_line)
    and said.segment in ('', cell.segment)
),

policy as (
    select
        cell_id,
        month,
        cast(coefficient as double) as coefficient,
        reason,
        approver,
        starts_on,
        ends_on,
        version_id,
    from matched
    where n_choice = 1
)

select * from policy
