-- One row: what the run can say of market difficulty in a month, and what it cannot.
-- Why: the verdict comes before the figures; what is missing is said, not left to be noticed.
select
    (select count(*) from difficulty.rep_coefficient where month = $month::date) as n_judged,
    g.month as evaluated,
    coalesce(g.verdict, '') as verdict,
    coalesce(g.multi_share, 0) as multi_share,
    coalesce(g.mover_share, 0) as mover_share,
    coalesce(g.largest_component, 0) as largest_component,
    coalesce(g.n_people, 0) as n_people,
    coalesce(g.n_cells, 0) as n_cells,
    coalesce(g.is_sorting_alarm, false) as is_sorting_alarm,
    (select max(heaviest_weight_rate) from difficulty.cell_effect where period = g.month and n_others > 0) as colleague_weight,
    (
        select count(*)
        from difficulty.observation as o
        inner join difficulty.period_month as w on w.month = o.month
        where w.period = g.month and o.sold < 0
    ) as n_negative,
    d.slope as target_slope,
    coalesce(d.is_alarm, false) as is_target_alarm,
    r.factor as drift,
    coalesce(r.is_alarm, false) as is_drift_alarm,
    s.mode as mode,
    s.channel as channel,
    s.min_months as min_months,
    (select count(*) from core.month where month < $month::date) as n_months_before,
    exists (select 1 from difficulty.observation where sold <> 0) as has_sales,
    exists (select 1 from core.market_line) as has_market,
    exists (select 1 from core.target_unit where unit_kind = 'rep' and month = $month::date) as has_targets,
    exists (select 1 from core.deal_month where n_closed > 0) as has_deals,
    exists (select 1 from difficulty.policy_cell where month = $month::date) as has_policy,
    p.slope as policy_slope,
    p.rank_correlation as policy_rank_correlation,
    coalesce(p.n_outside, 0) as n_policy_outside,
from difficulty.setting as s
left join difficulty.gate as g on g.month = (select max(period) from difficulty.variance where period < $month::date)
left join difficulty.double_count as d on d.month = s.month
left join difficulty.drift as r on r.month = s.month
left join difficulty.policy_comparison as p on p.month = s.month
where s.month = $month::date
