-- One number: the sample variance of x over the rows; null for one row. Why: like exact_sum, the same whatever the order of the
-- rows.
create macro variance_of(x) as
greatest(exact_sum(x * x) - exact_sum(x) * exact_sum(x) / count(x), 0) / nullif(count(x) - 1, 0)
