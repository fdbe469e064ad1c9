-- One number: what sums of large_part and small_part stand for. Why: as macros/large_part.sql.
create macro of_parts(large, small) as
cast(large as double) * 1048576 + cast(small as double) / 1099511627776
