-- What the close page reads beside pay: expenses against the bands of the plan.
create table pay.expense as
select rep_id, month, version_id, expense_amount, sales_amount, expense_rate, .08::double as standard_rate, .12::double as ceiling_rate, expense_band as band,
    0::decimal(18, 2) as saving_amount, 0::decimal(18, 2) as overrun_amount, false as has_exception, null::varchar as exception_reason, null::varchar as exception_approver
from pay.statement;
