-- One number: the slope of y on x by least squares over the rows; null where x does not vary. Why: like exact_sum, the same
-- whatever the order of the rows.
create macro slope(x, y) as
(exact_sum(x * y) - exact_sum(x) * exact_sum(y) / count(*)) / nullif(greatest(exact_sum(x * x) - exact_sum(x) * exact_sum(x) / count(*), 0), 0)
