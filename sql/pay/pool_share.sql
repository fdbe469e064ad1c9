-- One row: one person's share of one team's pool.
-- Formula: equal: by workdays on duty in the team; score: workdays x score for pay; contribution: the person's sales in the team,
-- at least 0. Where nobody has such a weight, by workdays. Cents left over go to the largest remainders, then by id.
-- Why: who joined, left or moved in the month has the share of the days there; shares add up to the pool exactly.
with
pool as (
    select * from pay.pool
),

duty as (
    select
        rep_id,
        team_id,
        month,
        sum(n_duty_days) as n_duty_days,
    from core.duty_month
    where rep_id <> ''
    and team_id <> ''
    group by rep_id, team_id, month
    having sum(n_duty_days) > 0
),

sales as (
    select
        rep_id,
        team_id,
        month,
        sum(sales_amount) as sales_amount,
    from core.sales_total
    group by rep_id, team_id, month
),

score as (
    select * from pay.score_factor
),

member as (
    select
        pool.team_id as team_id,
        pool.month as month,
        duty.rep_id as rep_id,
        pool.sharing as sharing,
        cast(pool.amount * 100 as hugeint) as pool_cents,
        cast(duty.n_duty_days as integer) as n_duty_days,
        score.score as score,
        coalesce(sales.sales_amount, 0) as sales_amount,
        cast(duty.n_duty_days as hugeint) * 10000 as days_weight,
        cast(case pool.sharing
            when 'score' then duty.n_duty_days * coalesce(score.score, 0) * 10000
            when 'contribution' then greatest(coalesce(sales.sales_amount, 0), 0) * 10000
            else duty.n_duty_days * 10000
        end as hugeint) as own_weight,
    from pool
    inner join duty
        on duty.team_id = pool.team_id
        and duty.month = pool.month
    left join sales
        on sales.rep_id = duty.rep_id
        and sales.team_id = duty.team_id
        and sales.month = duty.month
    left join score
        on score.rep_id = duty.rep_id
        and score.month = duty.month
),

weighed as (
    select
        member.*,
        case when sum(own_weight) over (partition by team_id, month) > 0 then own_weight else days_weight end as weight,
    from member
),

totalled as (
    select
        weighed.*,
        cast(sum(weight) over (partition by team_id, month) as hugeint) as total_weight,
    from weighed
),

floored as (
    select
        totalled.*,
        pool_cents * weight // total_weight as n_cents,
        pool_cents * weight % total_weight as remainder,
    from totalled
),

ranked as (
    select
        floored.*,
        row_number() over (partition by team_id, month order by remainder desc, rep_id) as n_rank,
        pool_cents - sum(n_cents) over (partition by team_id, month) as n_over,
    from floored
),

shared as (
    select
        team_id,
        month,
        rep_id,
        sharing,
        n_duty_days,
        score,
        cast(sales_amount as decimal(18, 4)) as sales_amount,
        ratio(weight, total_weight) as share_rate,
        cast((n_cents + case when n_rank <= n_over then 1 else 0 end) * 0.01 as decimal(18, 2)) as amount,
    from ranked
)

select * from shared
