-- One row: one person, indicator and month, beside peers in comparable markets.
-- Formula: peers = the nearest people on either side by expected sales (log_expected), never the person; everybody else where nothing is
-- expected. value = numerator / denominator; peer_value = the peers' ratio of sums; gap = value - peer_value;
-- variance of the gap = dispersion / denominator + the variance of the peers' ratio, sum((n - P d)^2) / (sum d)^2 * m / (m - 1)
-- (Cochran 1977, Sampling Techniques, 6.3). spreads = gap / standard deviation between peers, below 0 = worse.
-- is_weak: the whole interval is worse than the peers, by at least the spreads of the setting. moved = this month - last month, with the
-- interval of noise alone; movement better or worse where that leaves out 0. No row below the setting's months or peers.
-- Why: the weakest of twenty numbers is always low by chance; only what its interval tells from the peers is worth coaching.
with
compared as (
    select * from diagnosis.window
),

noise as (
    select * from diagnosis.noise
),

setting as (
    select * from diagnosis.setting
),

judged as (
    select
        compared.*,
        numerator / denominator as value,
        setting.*,
    from compared
    cross join setting
    where compared.n_months >= setting.min_months
),

ranked as (
    select
        *,
        row_number() over (partition by indicator, month, log_expected is null order by log_expected, rep_id) as place,
        log_expected is not null as is_placed,
    from judged
),

beside as (
    select
        *,
        count(*) over near as near_n,
        sum(numerator) over near as near_numerator,
        sum(denominator) over near as near_denominator,
        sum(numerator * numerator) over near as near_nn,
        sum(numerator * denominator) over near as near_nd,
        sum(denominator * denominator) over near as near_dd,
        stddev_samp(value) over near as near_spread,
    from ranked
    window near as (partition by indicator, month, is_placed order by place rows between n_nearest preceding and n_nearest following exclude current row)
),

-- everybody together: a person's others are these sums without his own
everybody as (
    select
        indicator,
        month,
        count(*) as all_n,
        sum(numerator) as all_numerator,
        sum(denominator) as all_denominator,
        sum(numerator * numerator) as all_nn,
        sum(numerator * denominator) as all_nd,
        sum(denominator * denominator) as all_dd,
        avg(value) as all_mean,
        var_pop(value) * count(*) as all_squares,
    from judged
    group by indicator, month
),

chosen as (
    select
        beside.*,
        cast(case when is_placed then near_n else all_n - 1 end as integer) as n_peers,
        case when is_placed then near_numerator / near_denominator else (all_numerator - numerator) / nullif(all_denominator - denominator, 0) end as peer_value,
        case when is_placed then near_denominator else all_denominator - denominator end as peer_denominator,
        case when is_placed then near_nn else all_nn - numerator * numerator end as nn,
        case when is_placed then near_nd else all_nd - numerator * denominator end as nd,
        case when is_placed then near_dd else all_dd - denominator * denominator end as dd,
        case
            when is_placed then near_spread
            when all_n > 2 then sqrt(greatest(all_squares - (value - all_mean) * (value - all_mean) * all_n / (all_n - 1), 0) / (all_n - 2))
        end as peer_spread,
        case direction when 'down' then -1 else 1 end as sign,
    from beside
    inner join everybody
        on everybody.indicator = beside.indicator
        and everybody.month = beside.month
),

measured as (
    select
        chosen.*,
        chosen.value - chosen.peer_value as gap,
        noise.dispersion / chosen.denominator as own_variance,
        greatest(nn - 2 * peer_value * nd + peer_value * peer_value * dd, 0) / (peer_denominator * peer_denominator) * n_peers / (n_peers - 1) as peer_variance,
        chosen.this_numerator / nullif(chosen.this_denominator, 0) as this_value,
        chosen.last_numerator / nullif(chosen.last_denominator, 0) as last_value,
        noise.dispersion * (1 / nullif(chosen.this_denominator, 0) + 1 / nullif(chosen.last_denominator, 0)) as move_variance,
    from chosen
    inner join noise
        on noise.indicator = chosen.indicator
        and noise.month = chosen.month
    where n_peers >= min_peers
),

bounded as (
    select
        *,
        gap - n_errors * sqrt(own_variance + peer_variance) as gap_low,
        gap + n_errors * sqrt(own_variance + peer_variance) as gap_high,
        sign * gap / nullif(peer_spread, 0) as spreads,
        this_value - last_value as moved,
        this_value - last_value - n_move_errors * sqrt(move_variance) as moved_low,
        this_value - last_value + n_move_errors * sqrt(move_variance) as moved_high,
    from measured
),

told as (
    select
        rep_id,
        month,
        indicator,
        theme,
        unit,
        direction,
        sort,
        numerator,
        denominator,
        n_months,
        value,
        n_peers,
        peer_value,
        peer_spread,
        gap,
        gap_low,
        gap_high,
        spreads,
        coalesce(case sign when 1 then gap_high < 0 else gap_low > 0 end and spreads <= -least_spreads, false) as is_weak,
        coalesce(case sign when 1 then gap_low > 0 else gap_high < 0 end and spreads >= least_spreads, false) as is_strong,
        this_value,
        last_value,
        moved,
        moved_low,
        moved_high,
        case
            when case sign when 1 then moved_low > 0 else moved_high < 0 end then 'better'
            when case sign when 1 then moved_high < 0 else moved_low > 0 end then 'worse'
            else ''
        end as movement,
        cast(row_number() over (partition by rep_id, month order by spreads nulls last, sort, indicator) as integer) as place,
    from bounded
)

select * from told
