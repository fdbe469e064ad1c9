-- One row: one person's rank, its interval and band.
-- Why: single ranks claim more than the data hold.
with
    allowed as (
        select 1 as is_allowed where $scope_all
    )
select
    r.rep_id, r.median_rank, r.rank_low, r.rank_high, r.top_fifth_rate, r.beats_next_rate, r.band,
from fairness.rank_interval as r
cross join allowed
order by r.median_rank, r.estimate desc, r.rep_id
