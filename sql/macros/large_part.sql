-- One whole number: how many times x holds 2^20. Why: with small_part it says x to 1e-12 in numbers that add up the same in any order;
-- where exact_sum cannot be used, in windows, the parts are summed and put together by of_parts.
create macro large_part(x) as
cast(x / 1048576 as bigint)
