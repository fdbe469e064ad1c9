-- One number: the sum of x, the same whatever the order of the rows. Formula: x = a whole multiple of 2^20 + a whole multiple of
-- 2^-40, under 1e-12; the sums of both are whole numbers, which rounding does not touch. Why: floating point sums depend on which
-- thread added first; a calculation that is repeated must give every digit again. A decimal would do it too, but costs a
-- microsecond to become a number.
create macro exact_sum(x) as
cast(sum(cast(x / 1048576 as bigint)) as double) * 1048576
+ cast(sum(cast((x - cast(x / 1048576 as bigint) * 1048576::double) * 1099511627776 as bigint)) as double) / 1099511627776
