-- One row: one value that somebody set by hand for a unit and month.
-- Formula: from its month to the month it expires in, else that month only; the latest decision wins.
-- Why: what people decide enters a calculation as a row with a reason, and never edits a result.
with
decided as (
    select * from state.override
),

month as (
    select * from core.month
),

ranked as (
    select
        decided.kind as kind,
        decided.unit_kind as unit_kind,
        decided.unit_id as unit_id,
        month.month as month,
        decided.item as item,
        decided.value as value,
        decided.reason as reason,
        decided.approver as approver,
        decided.override_id as override_id,
        row_number() over (
            partition by decided.kind, decided.unit_kind, decided.unit_id, month.month, decided.item
            order by decided.decided_at desc, decided.override_id desc
        ) as n_rank,
    from decided
    inner join month
        on month.month >= month_of(decided.month)
        and month.month <= coalesce(month_of(decided.expires_on), month_of(decided.month))
),

valid as (
    select
        kind,
        unit_kind,
        unit_id,
        month,
        item,
        value,
        reason,
        approver,
        override_id,
    from ranked
    where n_rank = 1
)

select * from valid
