-- One row: one person whose expenses of $month passed the ceiling of the plan,
-- with the commission that is void without an approved exception. Largest
-- commission first.
with
    seen as (
        select unit_id, unit_name
        from core.unit
        where unit_kind = 'rep'
            and (
                $scope_all
                or list_contains($scope_regions::varchar[], region_id)
                or list_contains($scope_teams::varchar[], team_id)
                or list_contains($scope_reps::varchar[], unit_id)
            )
    ),

    expense as (
        select *
        from pay.expense
        where month = $month::date and band in ('void', 'exception')
    ),

    commission as (
        select rep_id, sum(amount) as amount
        from pay.line
        where month = $month::date and line = 'commission'
        group by rep_id
    )

select
    expense.rep_id,
    seen.unit_name as rep_name,
    expense.expense_rate::double as expense_rate,
    expense.ceiling_rate::double as ceiling_rate,
    coalesce(commission.amount, 0)::double as commission_amount,
    expense.has_exception,
    coalesce(expense.exception_reason, '') as reason,
    coalesce(expense.exception_approver, '') as approver,
from expense
inner join seen on seen.unit_id = expense.rep_id
left join commission on commission.rep_id = expense.rep_id
order by commission_amount desc, expense.rep_id
