-- One row: one value of one field of one entity that names nobody exactly.
-- Formula: everything matched by spelling or by a bracket, and everything not matched at all, with its rows and amount.
-- Why: nothing is dropped; this list says what hangs on a guess and what on nobody.
with
identity as (
    select 'rep' as names, value, rep_id as resolved_to, how from core.rep_identity
    union all
    select 'customer' as names, value, customer_id as resolved_to, how from core.customer_identity
    union all
    select 'product' as names, value, product_id as resolved_to, how from core.product_identity
    union all
    select 'region' as names, value, region_id as resolved_to, how from core.region_identity
    union all
    select 'team' as names, value, team_id as resolved_to, how from core.team_identity
),

doubtful as (
    select * from identity
    where how in ('spelling', 'qualifier', 'unmatched')
),

used as (
    select
        'order_line' as entity,
        'rep_id' as field,
        'rep' as names,
        rep_id as value,
        count(*) as n_rows,
        sum(amount) as amount,
    from staging.order_line
    where rep_id in (select value from doubtful where names = 'rep')
    group by rep_id

    union all

    select
        'order_line' as entity,
        'customer_id' as field,
        'customer' as names,
        customer_id as value,
        count(*) as n_rows,
        sum(amount) as amount,
    from staging.order_line
    where customer_id in (select value from doubtful where names = 'customer')
    group by customer_id

    union all

    select
        'order_line' as entity,
        'product_id' as field,
        'product' as names,
        product_id as value,
        count(*) as n_rows,
        sum(amount) as amount,
    from staging.order_line
    where product_id in (select value from doubtful where names = 'product')
    group by product_id

    union all

    select
        'order_line' as entity,
        'region_id' as field,
        'region' as names,
        region_id as value,
        count(*) as n_rows,
        sum(amount) as amount,
    from staging.order_line
    where region_id in (select value from doubtful where names = 'region')
    group by region_id

    union all

    select
        'deal' as entity,
        'rep_id' as field,
        'rep' as names,
        rep_id as value,
        count(*) as n_rows,
        sum(amount) as amount,
    from staging.deal
    where rep_id in (select value from doubtful where names = 'rep')
    group by rep_id

    union all

    select
        'deal' as entity,
        'customer_id' as field,
        'customer' as names,
        customer_id as value,
        count(*) as n_rows,
        sum(amount) as amount,
    from staging.deal
    where customer_id in (select value from doubtful where names = 'customer')
    group by customer_id

    union all

    select
        'deal' as entity,
        'product_id' as field,
        'product' as names,
        product_id as value,
        count(*) as n_rows,
        sum(amount) as amount,
    from staging.deal
    where product_id in (select value from doubtful where names = 'product')
    group by product_id

    union all

    select
        'payment' as entity,
        'customer_id' as field,
        'customer' as names,
        customer_id as value,
        count(*) as n_rows,
        sum(amount) as amount,
    from staging.payment
    where customer_id in (select value from doubtful where names = 'customer')
    group by customer_id

    union all

    select
        'expense' as entity,
        'rep_id' as field,
        'rep' as names,
        rep_id as value,
        count(*) as n_rows,
        sum(amount) as amount,
    from staging.expense
    where rep_id in (select value from doubtful where names = 'rep')
    group by rep_id

    union all

    select
        'expense' as entity,
        'region_id' as field,
        'region' as names,
        region_id as value,
        count(*) as n_rows,
        sum(amount) as amount,
    from staging.expense
    where region_id in (select value from doubtful where names = 'region')
    group by region_id

    union all

    select
        'expense' as entity,
        'team_id' as field,
        'team' as names,
        team_id as value,
        count(*) as n_rows,
        sum(amount) as amount,
    from staging.expense
    where team_id in (select value from doubtful where names = 'team')
    group by team_id

    union all

    select
        'visit' as entity,
        'rep_id' as field,
        'rep' as names,
        rep_id as value,
        count(*) as n_rows,
        cast(null as decimal(38, 4)) as amount,
    from staging.visit
    where rep_id in (select value from doubtful where names = 'rep')
    group by rep_id

    union all

    select
        'visit' as entity,
        'customer_id' as field,
        'customer' as names,
        customer_id as value,
        count(*) as n_rows,
        cast(null as decimal(38, 4)) as amount,
    from staging.visit
    where customer_id in (select value from doubtful where names = 'customer')
    group by customer_id

    union all

    select
        'complaint' as entity,
        'rep_id' as field,
        'rep' as names,
        rep_id as value,
        count(*) as n_rows,
        cast(null as decimal(38, 4)) as amount,
    from staging.complaint
    where rep_id in (select value from doubtful where names = 'rep')
    group by rep_id

    union all

    select
        'complaint' as entity,
        'customer_id' as field,
        'customer' as names,
        customer_id as value,
        count(*) as n_rows,
        cast(null as decimal(38, 4)) as amount,
    from staging.complaint
    where customer_id in (select value from doubtful where names = 'customer')
    group by customer_id

    union all

    select
        'complaint' as entity,
        'region_id' as field,
        'region' as names,
        region_id as value,
        count(*) as n_rows,
        cast(null as decimal(38, 4)) as amount,
    from staging.complaint
    where region_id in (select value from doubtful where names = 'region')
    group by region_id

    union all

    select
        'survey' as entity,
        'customer_id' as field,
        'customer' as names,
        customer_id as value,
        count(*) as n_rows,
        cast(null as decimal(38, 4)) as amount,
    from staging.survey
    where customer_id in (select value from doubtful where names = 'customer')
    group by customer_id

    union all

    select
        'training' as entity,
        'customer_id' as field,
        'customer' as names,
        customer_id as value,
        count(*) as n_rows,
        cast(null as decimal(38, 4)) as amount,
    from staging.training
    where customer_id in (select value from doubtful where names = 'customer')
    group by customer_id

    union all

    select
        'feedback' as entity,
        'customer_id' as field,
        'customer' as names,
        customer_id as value,
        count(*) as n_rows,
        cast(null as decimal(38, 4)) as amount,
    from staging.feedback
    where customer_id in (select value from doubtful where names = 'customer')
    group by customer_id

    union all

    select
        'activity' as entity,
        'rep_id' as field,
        'rep' as names,
        rep_id as value,
        count(*) as n_rows,
        cast(null as decimal(38, 4)) as amount,
    from staging.activity
    where rep_id in (select value from doubtful where names = 'rep')
    group by rep_id

    union all

    select
        'rating' as entity,
        'rep_id' as field,
        'rep' as names,
        rep_id as value,
        count(*) as n_rows,
        cast(null as decimal(38, 4)) as amount,
    from staging.rating
    where rep_id in (select value from doubtful where names = 'rep')
    group by rep_id

    union all

    select
        'innovation' as entity,
        'rep_id' as field,
        'rep' as names,
        rep_id as value,
        count(*) as n_rows,
        cast(null as decimal(38, 4)) as amount,
    from staging.innovation
    where rep_id in (select value from doubtful where names = 'rep')
    group by rep_id

    union all

    select
        'promotion_task' as entity,
        'rep_id' as field,
        'rep' as names,
        rep_id as value,
        count(*) as n_rows,
        cast(null as decimal(38, 4)) as amount,
    from staging.promotion_task
    where rep_id in (select value from doubtful where names = 'rep')
    group by rep_id

    union all

    select
        'assignment' as entity,
        'rep_id' as field,
        'rep' as names,
        rep_id as value,
        count(*) as n_rows,
        cast(null as decimal(38, 4)) as amount,
    from staging.assignment
    where rep_id in (select value from doubtful where names = 'rep')
    group by rep_id

    union all

    select
        'customer' as entity,
        'rep_id' as field,
        'rep' as names,
        rep_id as value,
        count(*) as n_rows,
        cast(null as decimal(38, 4)) as amount,
    from staging.customer
    where rep_id in (select value from doubtful where names = 'rep')
    group by rep_id

    union all

    select
        'customer' as entity,
        'region_id' as field,
        'region' as names,
        region_id as value,
        count(*) as n_rows,
        cast(null as decimal(38, 4)) as amount,
    from staging.customer
    where region_id in (select value from doubtful where names = 'region')
    group by region_id

    union all

    select
        'rep' as entity,
        'team_id' as field,
        'team' as names,
        team_id as value,
        count(*) as n_rows,
        cast(null as decimal(38, 4)) as amount,
    from staging.rep
    where team_id in (select value from doubtful where names = 'team')
    group by team_id

    union all

    select
        'rep' as entity,
        'region_id' as field,
        'region' as names,
        region_id as value,
        count(*) as n_rows,
        cast(null as decimal(38, 4)) as amount,
    from staging.rep
    where region_id in (select value from doubtful where names = 'region')
    group by region_id

    union all

    select
        'price_list' as entity,
        'product_id' as field,
        'product' as names,
        product_id as value,
        count(*) as n_rows,
        cast(null as decimal(38, 4)) as amount,
    from staging.price_list
    where product_id in (select value from doubtful where names = 'product')
    group by product_id
),

listed as (
    select 'rep' as names, count(*) as n_listed from staging.rep
    union all
    select 'customer' as names, count(*) as n_listed from staging.customer
    union all
    select 'product' as names, count(*) as n_listed from staging.product
    union all
    select 'region' as names, count(*) as n_listed from staging.region
    union all
    select 'team' as names, count(*) as n_listed from staging.team
),

unmatched as (
    select
        used.entity as entity,
        used.field as field,
        used.names as names,
        used.value as value,
        cast(used.n_rows as bigint) as n_rows,
        cast(used.amount as decimal(28, 4)) as amount,
        doubtful.resolved_to as resolved_to,
        doubtful.how as how,
    from used
    inner join doubtful
        on doubtful.names = used.names
        and doubtful.value = used.value
    inner join listed
        on listed.names = used.names
        and listed.n_listed > 0
)

select * from unmatched
