-- One money amount: half up to the cent, away from zero below zero.
-- Why: money is rounded once, where it is printed; the eighth decimal is cut first, so that a quotient such as 1/3 cannot
-- turn a half cent down.
create macro cents(amount) as
cast(round(cast(amount as decimal(38, 8)), 2) as decimal(18, 2))
