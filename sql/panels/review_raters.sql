-- One row: one rater: points above or below what others give the same people, spread, halo, and what leniency moves in
-- pay: severity x weight of the kind x pay a point, summed over his people.
-- Why: a strict manager must not cost his team its score.
with
    allowed as (
        select 1 as is_allowed where $scope_all
    ),
    pay as (
        select avg(pay_amount / score) as pay_a_point from fairness.person where score > 0
    )
select
    r.rater_kind, r.rater_id, r.n_people, r.n_shared, r.effect, r.effect_low, r.effect_high, r.effect_sd, r.z, r.correction, r.evidence,
    r.icc21, r.icc31, r.shared_rate, r.sd, s.sd_ratio, s.halo,
    r.effect * r.n_people * coalesce(w.weight, 1)::double * p.pay_a_point as leniency_amount,
from fairness.rater as r
cross join allowed
cross join pay as p
left join fairness.rater_spread as s on s.rater_kind = r.rater_kind and s.rater_id = r.rater_id
left join plan.rater_weight as w on w.rater_kind = r.rater_kind
order by r.effect desc, r.rater_id
