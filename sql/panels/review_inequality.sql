-- One row: one measure and how unequal it is, between regions and inside them.
-- Why: taking the market into account should cut what differs between regions.
with
    allowed as (
        select 1 as is_allowed where $scope_all
    )
select
    i.measure, i.n, i.n_excluded, i.theil, i.between_regions, i.within_regions, i.between_share, i.atkinson, i.gini,
from fairness.inequality as i
cross join allowed
order by case i.measure when 'raw' then 1 when 'adjusted' then 2 when 'score' then 3 else 4 end
