-- macro month_of(day)
-- One date: the first day of the month. Why: every model names months the same way.
cast(date_trunc('month', day) as date)
