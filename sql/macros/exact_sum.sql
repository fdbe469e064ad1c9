-- One number: the sum of x, the same whatever the order of the rows. Why: floating point sums depend on which thread added
-- first; a calculation that is repeated must give every digit again.
create macro exact_sum(x) as
cast(sum(cast(x as decimal(38, 12))) as double)
