-- One row: a piece of a target that somebody below the company holds, beside the sales it is judged against.
-- Formula: a rep's target splits over his teams and regions by workdays on duty; his sales count where they were made.
-- A team's target and sales belong to the team, a region's to the region (only to the highest region that has one).
-- level 1 = region, 2 = team, 3 = rep.
-- Why: units without a target of their own take it from those below, and sales without a target stay out of both sides.
with
target as (
    select * from core.target_line
    where indicator = 'sales_amount'
),

month as (
    select * from core.month
),

sales as (
    select * from core.sales_total
),

duty as (
    select * from core.duty_month
),

assignment as (
    select * from core.assignment
),

team as (
    select * from core.team
),

tree as (
    select * from core.region_tree
),

member as (
    select * from core.unit_member
),

summed as (
    select
        target.unit_kind as unit_kind,
        target.unit_id as unit_id,
        target.month as month,
        sum(case when target.product_id = '' then target.target_amount end) as whole_amount,
        sum(case when target.product_id <> '' then target.target_amount end) as product_amount,
    from target
    inner join month
        on month.month = target.month
    where target.unit_id is not null
    group by target.unit_kind, target.unit_id, target.month
),

own as (
    select
        unit_kind,
        unit_id,
        month,
        cast(coalesce(whole_amount, product_amount) as decimal(18, 4)) as target_amount,
    from summed
),

served as (
    select
        rep_id,
        team_id,
        region_id,
        month,
        sum(n_duty_days) over (partition by rep_id, month) as n_days,
        sum(n_duty_days) over (
            partition by rep_id, month
            order by team_id, region_id
            rows between unbounded preceding and current row
        ) as n_days_so_far,
        n_duty_days as n_days_here,
    from duty
),

rep_piece as (
    select
        own.unit_id as rep_id,
        served.team_id as team_id,
        served.region_id as region_id,
        own.month as month,
        cast(
            scaled(own.target_amount, served.n_days_so_far, served.n_days)
            - scaled(own.target_amount, served.n_days_so_far - served.n_days_here, served.n_days)
        as decimal(18, 4)) as target_amount,
        cast(0 as decimal(18, 4)) as sales_amount,
    from own
    inner join served
        on served.rep_id = own.unit_id
        and served.month = own.month
        and served.n_days > 0
    where own.unit_kind = 'rep'

    union all

    select
        own.unit_id as rep_id,
        coalesce(assignment.team_id, '') as team_id,
        coalesce(assignment.region_id, '') as region_id,
        own.month as month,
        own.target_amount as target_amount,
        cast(0 as decimal(18, 4)) as sales_amount,
    from own
    left join served
        on served.rep_id = own.unit_id
        and served.month = own.month
        and served.n_days > 0
    left join assignment
        on assignment.rep_id = own.unit_id
        and own.month >= assignment.from_on
        and own.month < assignment.until_on
    where own.unit_kind = 'rep'
    and served.rep_id is null

    union all

    select
        sales.rep_id as rep_id,
        sales.team_id as team_id,
        sales.region_id as region_id,
        sales.month as month,
        cast(0 as decimal(18, 4)) as target_amount,
        sales.sales_amount as sales_amount,
    from own
    inner join sales
        on sales.rep_id = own.unit_id
        and sales.month = own.month
    where own.unit_kind = 'rep'
),

unit_sales as (
    select
        member.unit_kind as unit_kind,
        member.unit_id as unit_id,
        sales.month as month,
        sum(sales.sales_amount) as sales_amount,
    from sales
    inner join member
        on member.rep_id = sales.rep_id
        and member.team_id = sales.team_id
        and member.region_id = sales.region_id
    group by member.unit_kind, member.unit_id, sales.month
),

top_region as (
    select
        own.unit_id as unit_id,
        own.month as month,
    from own
    left join tree
        on tree.region_id = own.unit_id
        and tree.n_steps > 0
    left join own as above
        on above.unit_kind = 'region'
        and above.unit_id = tree.ancestor_id
        and above.month = own.month
    where own.unit_kind = 'region'
    group by own.unit_id, own.month
    having count(above.unit_id) = 0
),

pieces as (
    select
        3 as level,
        rep_id,
        team_id,
        region_id,
        month,
        target_amount,
        sales_amount,
    from rep_piece

    union all

    select
        2 as level,
        '' as rep_id,
        own.unit_id as team_id,
        coalesce(team.region_id, '') as region_id,
        own.month as month,
        own.target_amount as target_amount,
        cast(coalesce(unit_sales.sales_amount, 0) as decimal(18, 4)) as sales_amount,
    from own
    left join team
        on team.team_id = own.unit_id
    left join unit_sales
        on unit_sales.unit_kind = own.unit_kind
        and unit_sales.unit_id = own.unit_id
        and unit_sales.month = own.month
    where own.unit_kind = 'team'

    union all

    select
        1 as level,
        '' as rep_id,
        '' as team_id,
        own.unit_id as region_id,
        own.month as month,
        own.target_amount as target_amount,
        cast(coalesce(unit_sales.sales_amount, 0) as decimal(18, 4)) as sales_amount,
    from own
    inner join top_region
        on top_region.unit_id = own.unit_id
        and top_region.month = own.month
    left join unit_sales
        on unit_sales.unit_kind = own.unit_kind
        and unit_sales.unit_id = own.unit_id
        and unit_sales.month = own.month
    where own.unit_kind = 'region'
)

select * from pieces
