-- One row: one month and region in which CRM, finance and cash differ by more than the tolerance.
-- Why: a month closes only when the three tell one story or somebody signs why not.
with
reconciliation as (
    select * from core.reconciliation
    where not is_crm_agreed
    or not is_cash_agreed
)

select * from reconciliation
order by month, region_id
