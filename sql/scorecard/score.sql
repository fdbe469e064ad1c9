-- One row: one scorecard, one person and month with at least one leaf that has a value.
-- Formula: sum of the exact shares, half up to two decimals, once; a leaf that takes another scorecard takes its printed
-- score. A score set by hand replaces it.
-- Why: the printed score is the figure that pay, pages and appeals use.
with recursive
node as (
    select * from plan.node
),

card as (
    select * from plan.scorecard
),

pattern as (
    select * from scorecard.pattern
),

weight as (
    select * from scorecard.weight
),

override as (
    select * from scorecard.override
    where kind = 'score'
),

height as (
    select version_id, scorecard, 0 as n_height from card

    union

    select node.version_id, node.scorecard, height.n_height + 1 as n_height
    from height
    inner join node
        on node.version_id = height.version_id
        and node.of_scorecard = height.scorecard
        and node.kind = 'scorecard'
    where height.n_height < 20
),

highest as (
    select version_id, scorecard, max(n_height) as n_height
    from height
    group by version_id, scorecard
),

own as (
    select
        version_id,
        scorecard,
        unit_kind,
        unit_id,
        month,
        sum(share_points) as share_points,
    from scorecard.share
    group by version_id, scorecard, unit_kind, unit_id, month
),

summed as (
    select
        pattern.version_id as version_id,
        pattern.scorecard as scorecard,
        pattern.unit_kind as unit_kind,
        pattern.unit_id as unit_id,
        pattern.month as month,
        highest.n_height as n_height,
        pattern.pattern as pattern,
        pattern.n_left_out as n_left_out,
        coalesce(own.share_points, 0) as share_points,
        override.value as set_score,
        override.override_id as override_id,
        override.reason as override_reason,
    from pattern
    inner join highest
        on highest.version_id = pattern.version_id
        and highest.scorecard = pattern.scorecard
    left join own
        on own.version_id = pattern.version_id
        and own.scorecard = pattern.scorecard
        and own.unit_kind = pattern.unit_kind
        and own.unit_id = pattern.unit_id
        and own.month = pattern.month
    left join override
        on override.unit_kind = pattern.unit_kind
        and override.unit_id = pattern.unit_id
        and override.month = pattern.month
        and override.item = pattern.scorecard
    where pattern.n_counted > 0
),

taken as (
    select
        summed.version_id as version_id,
        summed.scorecard as scorecard,
        summed.unit_kind as unit_kind,
        summed.unit_id as unit_id,
        summed.month as month,
        node.of_scorecard as of_scorecard,
        weight.share_rate as share_rate,
    from summed
    inner join node
        on node.version_id = summed.version_id
        and node.scorecard = summed.scorecard
        and node.kind = 'scorecard'
    inner join weight
        on weight.version_id = summed.version_id
        and weight.scorecard = summed.scorecard
        and weight.month = summed.month
        and weight.pattern = summed.pattern
        and weight.node = node.node
),

-- Each round keeps what is scored and adds the scorecards one level higher; the row of nobody keeps the rounds going.
scored as (
    select
        0 as n_round,
        cast(null as varchar) as version_id,
        cast(null as varchar) as scorecard,
        cast(null as varchar) as unit_kind,
        cast(null as varchar) as unit_id,
        cast(null as date) as month,
        cast(null as decimal(18, 2)) as score,

    union all

    select
        0 as n_round,
        version_id,
        scorecard,
        unit_kind,
        unit_id,
        month,
        cast(round(coalesce(set_score, share_points), 2) as decimal(18, 2)) as score,
    from summed
    where n_height = 0

    union all

    select n_round, version_id, scorecard, unit_kind, unit_id, month, score
    from (
        select scored.n_round + 1 as n_round, scored.version_id, scored.scorecard, scored.unit_kind, scored.unit_id, scored.month, scored.score
        from scored
        where scored.n_round < (select max(n_height) from highest)

        union all

        select
            summed.n_height as n_round,
            summed.version_id,
            summed.scorecard,
            summed.unit_kind,
            summed.unit_id,
            summed.month,
            cast(round(coalesce(
                summed.set_score,
                summed.share_points + coalesce(sum(cast(round(coalesce(lower_score.score, 0) * taken.share_rate, 8) as decimal(18, 8))), 0)
            ), 2) as decimal(18, 2)) as score,
        from summed
        left join taken
            on taken.version_id = summed.version_id
            and taken.scorecard = summed.scorecard
            and taken.unit_kind = summed.unit_kind
            and taken.unit_id = summed.unit_id
            and taken.month = summed.month
        left join scored as lower_score
            on lower_score.version_id = taken.version_id
            and lower_score.scorecard = taken.of_scorecard
            and lower_score.unit_kind = taken.unit_kind
            and lower_score.unit_id = taken.unit_id
            and lower_score.month = taken.month
        where summed.n_height = (select max(n_round) + 1 from scored)
        group by summed.version_id, summed.scorecard, summed.unit_kind, summed.unit_id, summed.month, summed.n_height, summed.set_score, summed.share_points
    ) as next_round
),

complete as (
    select
        summed.version_id as version_id,
        summed.scorecard as scorecard,
        summed.unit_kind as unit_kind,
        summed.unit_id as unit_id,
        summed.month as month,
        scored.score as score,
        cast(card.standard_score as decimal(18, 2)) as standard_score,
        cast(card.full_score as decimal(18, 2)) as full_score,
        summed.n_left_out as n_left_out,
        summed.override_id as override_id,
        summed.override_reason as override_reason,
    from summed
    inner join scored
        on scored.version_id = summed.version_id
        and scored.scorecard = summed.scorecard
        and scored.unit_kind = summed.unit_kind
        and scored.unit_id = summed.unit_id
        and scored.month = summed.month
        and scored.n_round = (select max(n_height) from highest)
    inner join card
        on card.version_id = summed.version_id
        and card.scorecard = summed.scorecard
)

select * from complete
