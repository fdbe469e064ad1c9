-- One whole number: x in steps of 2^-40. Why: whole numbers add up the same in any order, floats do not; where exact_sum cannot be used, in
-- windows, these are summed and made a number again by of_fixed. Good up to 1e24.
create macro fixed(x) as
cast(x * 1099511627776 as hugeint)
