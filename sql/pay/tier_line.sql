-- One row: one tier of commission that one person reached in one month.
-- Formula: marginal: the part of the base inside the tier x its rate; whole: the whole base x the rate of the tier it ends in.
-- A tier begins at its from_amount. Amounts are rounded as a running sum, so that they add up to the commission.
-- Why: the commission of a month is opened here to its tiers.
with
base as (
    select * from pay.base
),

tier as (
    select * from plan.tier
),

inside as (
    select
        base.rep_id as rep_id,
        base.month as month,
        tier.tier as tier,
        tier.from_amount as from_amount,
        tier.to_amount as to_amount,
        cast(case
            when base.tier_method = 'whole' then base.base_amount
            else least(base.base_amount, coalesce(tier.to_amount, base.base_amount)) - tier.from_amount
        end as decimal(18, 4)) as base_amount,
        cast(tier.rate as decimal(8, 6)) as rate,
        base.factor as factor,
    from base
    inner join tier
        on tier.version_id = base.version_id
    where base.base_amount > 0
    and (
        base.tier_method <> 'whole' and base.base_amount > tier.from_amount
        or base.tier_method = 'whole' and base.base_amount >= tier.from_amount and (tier.to_amount is null or base.base_amount < tier.to_amount)
    )
),

running as (
    select
        inside.*,
        sum(cast(base_amount as decimal(20, 4)) * rate * factor) over (partition by rep_id, month order by tier) as exact_amount,
    from inside
),

rounded as (
    select
        rep_id,
        month,
        tier,
        from_amount,
        to_amount,
        base_amount,
        rate,
        factor,
        cast(cents(exact_amount) - coalesce(lag(cents(exact_amount)) over (partition by rep_id, month order by tier), 0) as decimal(18, 2)) as amount,
    from running
)

select * from rounded
