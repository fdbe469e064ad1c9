-- One date: the first day of the month. Why: every model names months the same way.
create macro month_of(day) as
cast(date_trunc('month', day) as date)
