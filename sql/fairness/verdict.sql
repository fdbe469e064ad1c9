-- One row: one question of the review and its answer.
-- Formula: the gravest flag among the item's findings (look, then amber, then none, then cannot tell, then withheld) and
-- the finding that carries it, by q, p and size.
-- Why: a reader wants the answer first and the evidence after it.
with
finding as (
    select * from fairness.finding
),

ordered as (
    select
        finding.*,
        row_number() over (
            partition by item
            order by
                case flag when 'look' then 1 when 'amber' then 2 when 'none' then 3 when 'cannot tell' then 4 else 5 end,
                q nulls last, p nulls last, abs(effect) desc nulls last, measure, group_kind, group_id
        ) as place,
        count(*) filter (where flag = 'look') over (partition by item) as n_look,
        count(*) filter (where flag = 'amber') over (partition by item) as n_amber,
        count(*) filter (where flag = 'withheld') over (partition by item) as n_withheld,
        count(*) over (partition by item) as n_findings,
    from finding
),

verdict as (
    select
        item,
        flag,
        measure,
        group_kind,
        group_id,
        effect,
        effect_low,
        effect_high,
        effect_before,
        n,
        p,
        q,
        threshold,
        unseen,
        reason,
        cast(n_look as integer) as n_look,
        cast(n_amber as integer) as n_amber,
        cast(n_withheld as integer) as n_withheld,
        cast(n_findings as integer) as n_findings,
    from ordered
    where place = 1
)

select * from verdict
order by cast(substr(item, 2) as integer)
