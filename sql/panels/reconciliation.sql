-- One row: one region's CRM, finance and cash in a month, and the whole
-- company's as region_id ''.
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

    line as (
        select * from core.reconciliation where month = $month::date
    ),

    region as (
        select
            line.region_id,
            seen.unit_name as region_name,
            line.crm_amount,
            line.finance_amount,
            line.cash_amount,
            line.tolerance_rate,
            line.is_crm_agreed,
            line.is_cash_agreed,
        from line
        inner join seen on seen.unit_kind = 'region' and seen.unit_id = line.region_id
    ),

    company as (
        select
            '' as region_id,
            '' as region_name,
            sum(crm_amount) as crm_amount,
            sum(finance_amount) as finance_amount,
            sum(cash_amount) as cash_amount,
            max(tolerance_rate) as tolerance_rate,
            coalesce(abs(sum(crm_amount) - sum(finance_amount)) <= max(tolerance_rate) * abs(sum(finance_amount)), true) as is_crm_agreed,
            bool_and(is_cash_agreed) as is_cash_agreed,
        from line
        where $scope_all
        having count(*) > 0
    ),

    listed as (
        select * from company
        union all
        select * from region
    )

select
    region_id,
    region_name,
    crm_amount::double as crm_amount,
    finance_amount::double as finance_amount,
    cash_amount::double as cash_amount,
    ratio(crm_amount - finance_amount, finance_amount)::double as crm_difference_rate,
    tolerance_rate::double as tolerance_rate,
    is_crm_agreed,
    is_cash_agreed,
from listed
order by region_id
