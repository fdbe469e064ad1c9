-- One whole number: what large_part leaves of x, in steps of 2^-40. Why: as macros/large_part.sql.
create macro small_part(x) as
cast((x - cast(x / 1048576 as bigint) * 1048576::double) * 1099511627776 as bigint)
