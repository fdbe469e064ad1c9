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
        numerator * numerator as nn,
        numerator * denominator as nd,
        denominator * denominator as dd,
        value * value as vv,
    from judged
),

-- a sum of floats over a window depends on the rows around it; whole numbers do not
parts as (
    select
        *,
        fixed(numerator) as fixed_n,
        fixed(denominator) as fixed_d,
        fixed(nn) as fixed_nn,
        fixed(nd) as fixed_nd,
        fixed(dd) as fixed_dd,
        fixed(value) as fixed_v,
        fixed(vv) as fixed_vv,
    from ranked
),

beside as (
    select
        parts.* exclude (nn, nd, dd),
        parts.nn as own_nn,
        parts.nd as own_nd,
        parts.dd as own_dd,
        count(*) over near - 1 as near_n,
        of_fixed(sum(fixed_n) over near - fixed_n) as near_numerator,
        of_fixed(sum(fixed_d) over near - fixed_d) as near_denominator,
        of_fixed(sum(fixed_nn) over near - fixed_nn) as near_nn,
        of_fixed(sum(fixed_nd) over near - fixed_nd) as near_nd,
        of_fixed(sum(fixed_dd) over near - fixed_dd) as near_dd,
        of_fixed(sum(fixed_v) over near - fixed_v) as near_v,
        of_fixed(sum(fixed_vv) over near - fixed_vv) as near_vv,
    from parts
    window near as (partition by indicator, month, is_placed order by place rows between n_nearest preceding and n_nearest following)
),

-- everybody together: a person's others are these sums without his own
everybody as (
    select
        indicator,
        month,
        count(*) as all_n,
        exact_sum(numerator) as all_numerator,
        exact_sum(denominator) as all_denominator,
        exact_sum(nn) as all_nn,
        exact_sum(nd) as all_nd,
        exact_sum(dd) as all_dd,
        exact_sum(value) as all_v,
        exact_sum(vv) as all_vv,
    from ranked
    group by indicator, month
),

chosen as (
    select
        beside.*,
        cast(case when is_placed then near_n else all_n - 1 end as integer) as n_peers,
        case when is_placed then near_numerator / near_denominator else (all_numerator - numerator) / nullif(all_denominator - denominator, 0) end as peer_value,
        case when is_placed then near_denominator else all_denominator - denominator end as peer_denominator,
        case when is_placed then near_nn else all_nn - own_nn end as nn,
        case when is_placed then near_nd else all_nd - own_nd end as nd,
        case when is_placed then near_dd else all_dd - own_dd end as dd,
        case when is_placed then near_v else all_v - value end as v,
        case when is_placed then near_vv else all_vv - vv end as peer_vv,
        case direction when 'down' then -1 else 1 end as sign,
    from beside
    inner join everybody
        on everybody.indicator = beside.indicator
        and everybody.month = beside.month
),

measured as (
    select
        chosen.*,
        case when n_peers > 1 then sqrt(greatest(peer_vv - v * v / n_peers, 0) / (n_peers - 1)) end as peer_spread,
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
    from bounded
)

select * from told
