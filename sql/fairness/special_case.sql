-- One row: one group of the review and who of it got the special case in the 12 months up to the review: appeals sent and decided,
-- those upheld, and numbers set by hand.
-- Formula: counts by the person whom the number is about; upheld_rate = upheld / decided; overrides_rate = overrides / people.
-- A group that may not be shown has no counts.
-- Why: exceptions are where favour hides; whoever appeals more or is upheld more often should be seen by region and group.
with
member as (
    select * from fairness.member
),

size as (
    select * from fairness.group_size
),

period as (
    select max(month) as month from fairness.person
),

appeal as (
    select
        appeal.unit_id as rep_id,
        count(appeal.sent_at) as n_sent,
        count(case when appeal.status in ('accepted', 'refused') then 1 end) as n_decided,
        count(case when appeal.status = 'accepted' then 1 end) as n_upheld,
    from state.appeal as appeal
    cross join period
    where appeal.unit_kind = 'rep'
    and appeal.month > period.month - interval '12' month
    and appeal.month <= period.month
    group by appeal.unit_id
),

override as (
    select
        override.unit_id as rep_id,
        count(*) as n_overrides,
    from state.override as override
    cross join period
    where override.unit_kind = 'rep'
    and override.month > period.month - interval '12' month
    and override.month <= period.month
    group by override.unit_id
),

summed as (
    select
        member.group_kind as group_kind,
        member.group_id as group_id,
        cast(coalesce(sum(appeal.n_sent), 0) as integer) as n_sent,
        cast(coalesce(sum(appeal.n_decided), 0) as integer) as n_decided,
        cast(coalesce(sum(appeal.n_upheld), 0) as integer) as n_upheld,
        cast(coalesce(sum(override.n_overrides), 0) as integer) as n_overrides,
    from member
    left join appeal
        on appeal.rep_id = member.rep_id
    left join override
        on override.rep_id = member.rep_id
    group by member.group_kind, member.group_id
),

special_case as (
    select
        size.group_kind as group_kind,
        size.group_id as group_id,
        size.is_shown as is_shown,
        case when size.is_shown then size.n_people end as n_people,
        case when size.is_shown then summed.n_sent end as n_sent,
        case when size.is_shown then summed.n_decided end as n_decided,
        case when size.is_shown then summed.n_upheld end as n_upheld,
        case when size.is_shown then summed.n_overrides end as n_overrides,
        case when size.is_shown then ratio(summed.n_upheld, summed.n_decided) end as upheld_rate,
        case when size.is_shown then ratio(summed.n_overrides, size.n_people) end as overrides_rate,
    from size
    inner join summed
        on summed.group_kind = size.group_kind
        and summed.group_id = size.group_id
    where size.is_asked
)

select * from special_case
order by group_kind, group_id
