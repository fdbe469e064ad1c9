-- One row: one stay of a salesperson in a team and region, from from_on up to, not including, until_on.
-- Formula: the assignments as exported, an earlier one ending where the next begins; gaps, and people without
-- assignments, are filled with the rep's own team and region. Stays of a person touch and never overlap.
-- Why: every row of any export finds exactly one stay by its date, so a transfer counts by day.
with
rep as (
    select * from core.rep
),

team as (
    select * from core.team
),

rep_identity as (
    select * from core.rep_identity
),

team_identity as (
    select * from core.team_identity
),

region_identity as (
    select * from core.region_identity
),

given as (
    select
        rep_identity.rep_id as rep_id,
        assignment.from_on as from_on,
        coalesce(cast(assignment.to_on + interval '1' day as date), date '9999-12-31') as until_on,
        team_identity.team_id as team_id,
        coalesce(region_identity.region_id, team.region_id) as region_id,
        assignment.source_file as source_file,
        assignment.source_sheet as source_sheet,
        assignment.source_row as source_row,
        row_number() over (
            partition by rep_identity.rep_id, assignment.from_on
            order by assignment.batch desc, assignment.source_row desc
        ) as n_choice,
    from staging.assignment as assignment
    inner join rep_identity
        on rep_identity.value = assignment.rep_id
    left join team_identity
        on team_identity.value = assignment.team_id
    left join team
        on team.team_id = team_identity.team_id
    left join region_identity
        on region_identity.value = assignment.region_id
),

followed as (
    select
        rep_id,
        from_on,
        until_on,
        lead(from_on) over (partition by rep_id order by from_on) as next_from_on,
        lag(from_on) over (partition by rep_id order by from_on) as last_from_on,
        team_id,
        region_id,
        source_file,
        source_sheet,
        source_row,
    from given
    where n_choice = 1
    and until_on > from_on
),

stays as (
    select
        followed.rep_id as rep_id,
        followed.from_on as from_on,
        least(followed.until_on, coalesce(followed.next_from_on, date '9999-12-31')) as until_on,
        coalesce(followed.team_id, rep.team_id) as team_id,
        coalesce(followed.region_id, rep.region_id) as region_id,
        followed.source_file as source_file,
        followed.source_sheet as source_sheet,
        followed.source_row as source_row,
        true as is_assigned,
    from followed
    inner join rep
        on rep.rep_id = followed.rep_id
),

gaps as (
    select
        rep_id,
        date '0001-01-01' as from_on,
        from_on as until_on,
    from followed
    where last_from_on is null

    union all

    select
        rep_id,
        until_on as from_on,
        coalesce(next_from_on, date '9999-12-31') as until_on,
    from followed
    where until_on < coalesce(next_from_on, date '9999-12-31')

    union all

    select
        rep.rep_id,
        date '0001-01-01' as from_on,
        date '9999-12-31' as until_on,
    from rep
    left join followed
        on followed.rep_id = rep.rep_id
    where followed.rep_id is null
),

filled as (
    select * from stays

    union all

    select
        gaps.rep_id as rep_id,
        gaps.from_on as from_on,
        gaps.until_on as until_on,
        rep.team_id as team_id,
        rep.region_id as region_id,
        rep.source_file as source_file,
        rep.source_sheet as source_sheet,
        rep.source_row as source_row,
        false as is_assigned,
    from gaps
    inner join rep
        on rep.rep_id = gaps.rep_id
),

complete as (
    select
        rep_id,
        coalesce(team_id, '') as team_id,
        coalesce(region_id, '') as region_id,
        from_on,
        until_on,
        is_assigned,
        source_file,
        source_sheet,
        source_row,
    from filled
)

select * from complete
