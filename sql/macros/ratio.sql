-- One number: n / d. Why: a share without a base is null, never 0 and never infinity.
create macro ratio(n, d) as
case when d is null or d = 0 then null else cast(n as double) / cast(d as double) end
