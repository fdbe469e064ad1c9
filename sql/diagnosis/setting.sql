-- One row: how people are compared.
-- Formula: constants. window_months = months whose sums are compared; min_months = fewest of them with a value; n_nearest =
-- how many people on either side, in order of what their markets hold, are peers; min_peers = fewest peers; n_errors = half
-- width of an interval of a gap in standard errors; least_spreads = smallest gap worth coaching, in spreads between peers;
-- n_move_errors = the same half width of a change since last month.
-- Why: three standard errors, because a person is compared in about twenty indicators at once: somebody without any weakness
-- then seems to have one in fewer than 3 of 100 months.
with
setting as (
    select * from (values (6, 3, 10, 5, 3.0, 0.5, 1.96)) as constants (
        window_months, min_months, n_nearest, min_peers, n_errors, least_spreads, n_move_errors
    )
),

typed as (
    select
        window_months,
        min_months,
        n_nearest,
        min_peers,
        cast(n_errors as double) as n_errors,
        cast(least_spreads as double) as least_spreads,
        cast(n_move_errors as double) as n_move_errors,
    from setting
)

select * from typed
