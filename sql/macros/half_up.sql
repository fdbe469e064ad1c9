-- One whole number: n / d, both whole and not negative, half up.
-- Why: shares of cents are exact in whole numbers; a float would round some halves down.
create macro half_up(n, d) as
(2 * cast(n as hugeint) + cast(d as hugeint)) // (2 * cast(d as hugeint))
