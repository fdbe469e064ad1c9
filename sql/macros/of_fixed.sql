-- One number: what a sum of fixed(x) stands for. Why: as macros/fixed.sql.
create macro of_fixed(x) as
cast(x as double) / 1099511627776
