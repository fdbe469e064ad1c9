-- How much the plan lets each kind of rater say.
create table plan.rater_weight as
select * from (values ('manager', .6::decimal(18, 6)), ('peer', .3::decimal(18, 6)), ('self', .1::decimal(18, 6))) as w (rater_kind, weight);
