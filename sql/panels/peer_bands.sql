-- One row: one indicator of $indicators for one person of $rep_ids in $month, beside bands over the other people of the company.
-- Bands are given only where at least 5 other people have a value, so that nobody else can be made out.
with
    seen as (
        select unit_kind, unit_id, unit_name, region_id, team_id
        from core.unit
        where
            $scope_all
            or list_contains($scope_regions::varchar[], region_id)
            or list_contains($scope_teams::varchar[], team_id)
            or (unit_kind = 'rep' and list_contains($scope_reps::varchar[], unit_id))
    ),

    asked as (
        select unit_id as rep_id
        from seen
        where unit_kind = 'rep' and list_contains($rep_ids::varchar[], unit_id)
    ),

    value as (
        select indicator, unit_id, value
        from indicators.value
        where unit_kind = 'rep' and month = $month::date and list_contains($indicators::varchar[], indicator) and value is not null
    ),

    own as (
        select value.indicator as indicator, value.unit_id as rep_id, value.value as value
        from value
        inner join asked on asked.rep_id = value.unit_id
    ),

    band as (
        select
            own.indicator as indicator,
            own.rep_id as rep_id,
            count(*) as n_peers,
            quantile_cont(other.value, .1) as p10,
            quantile_cont(other.value, .25) as p25,
            quantile_cont(other.value, .5) as p50,
            quantile_cont(other.value, .75) as p75,
            quantile_cont(other.value, .9) as p90,
        from own
        inner join value as other on other.indicator = own.indicator and other.unit_id <> own.rep_id
        group by own.indicator, own.rep_id
        having count(*) >= 5
    ),

    -- A quantile can fall on one person's own value: three digits name nobody.
    blurred as (
        select
            indicator,
            rep_id,
            n_peers,
            round(columns('^p[0-9]+$'), 2 - cast(floor(log10(greatest(abs(columns('^p[0-9]+$')), 1e-9))) as integer)),
        from band
    )

select
    own.rep_id as rep_id,
    own.indicator as indicator,
    own.value as value,
    band.n_peers as n_peers,
    band.p10 as p10,
    band.p25 as p25,
    band.p50 as p50,
    band.p75 as p75,
    band.p90 as p90,
from own
inner join blurred as band on band.indicator = own.indicator and band.rep_id = own.rep_id
order by own.rep_id, own.indicator
