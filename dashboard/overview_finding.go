package dashboard

import (
	"math"

	"levelfield/analytics"
)

// finding is the sentence at the top: what the month came to and who stands
// out.
func (q *Query) finding(d *overviewData) string {
	month := q.Lang.MonthName(q.Month)
	subject := ""
	if q.Region != nil {
		subject = q.Lang.T("finding.subject", "unit", q.Region.Name)
	}
	sales, attainment := d.own["sales_amount"].Last(), d.own["target_attainment"].Last()
	args := []any{"unit", subject, "month", month}
	if sales.Value == nil {
		return q.Lang.T("finding.none", "unit", q.UnitName(), "month", q.Lang.Month(q.Month))
	}
	args = append(args, "amount", q.Money(*sales.Value))
	switch {
	case attainment.Value != nil:
		gap := value(attainment.Numerator) - value(attainment.Denominator)
		args = append(args, "share", q.Lang.Percent(*attainment.Value, 1), "gap", q.Money(math.Abs(gap)))
		key := "finding.short"
		if gap >= 0 {
			key = "finding.over"
		}
		return q.Lang.T(key, args...) + q.spread(d)
	case sales.PrevChange != nil:
		key := "finding.up"
		if *sales.PrevChange < 0 {
			key = "finding.down"
		}
		return q.Lang.T(key, append(args, "share", q.Lang.Percent(math.Abs(*sales.PrevChange), 1))...) + q.leader(d)
	}
	return q.Lang.T("finding.plain", args...) + q.leader(d)
}

// spread names the best and the worst part by attainment.
func (q *Query) spread(d *overviewData) string {
	rows := q.ranking(d, "target_attainment")
	if len(rows) < 2 {
		return ""
	}
	best, worst := rows[0], rows[len(rows)-1]
	return q.Lang.T("finding.spread", "best", best.unit.Name, "high", q.Lang.Percent(*best.point.Value, 1),
		"worst", worst.unit.Name, "low", q.Lang.Percent(*worst.point.Value, 1))
}

// leader names the part that sold most.
func (q *Query) leader(d *overviewData) string {
	rows := q.ranking(d, "sales_amount")
	total := value(d.own["sales_amount"].Last().Value)
	if len(rows) < 2 || total <= 0 {
		return ""
	}
	return q.Lang.T("finding.leader", "best", rows[0].unit.Name, "share", q.Lang.Percent(*rows[0].point.Value/total, 0))
}

// ledes are three sentences: the year, why sales changed, what to look at.
func (q *Query) ledes(d *overviewData, p *overviewPage) []lede {
	all := []lede{q.yearLede(d)}
	if d.bridge != nil {
		all = append(all, lede{q.Lang.T("lede.why"), p.Bridge.Title + q.Lang.T("stop"), q.Lang.T("lede.see_change"), "#change"})
	} else {
		all = append(all, lede{q.Lang.T("lede.why"), q.Lang.T("bridge.empty", "month", q.Lang.Month(q.Base())), "", ""})
	}
	return append(all, q.lookLede(d))
}

// yearLede sums the last 12 months, against target where there is one.
func (q *Query) yearLede(d *overviewData) lede {
	l := lede{Link: q.Lang.T("lede.see_trend"), URL: "#trend"}
	sold := 0.0
	for _, v := range d.own["sales_amount"].Values(12) {
		sold += value(v)
	}
	goals, gaps := q.goals(d)
	if goals == nil {
		l.Head = q.Lang.T("lede.year")
		l.Text = q.Lang.T("lede.year_plain", "sold", q.Money(sold))
		return l
	}
	goal, met := 0.0, 0.0
	for i, g := range goals {
		if g != nil && gaps[i] != nil {
			goal += *g
			met += *g + *gaps[i]
		}
	}
	n := streak(gaps)
	text := ""
	switch {
	case n <= -2:
		l.Head = q.Lang.T("lede.below")
		text = q.Lang.T("lede.below_text", "n", -n, "gap", q.Money(math.Abs(value(gaps[11]))), "before", q.Money(math.Abs(value(gaps[10]))))
		if value(gaps[11]) > value(gaps[10]) {
			l.Head = q.Lang.T("lede.closing")
		}
	case n >= 2:
		l.Head = q.Lang.T("lede.above")
		text = q.Lang.T("lede.above_text", "n", n)
	case n == 1:
		l.Head = q.Lang.T("lede.back")
	default:
		l.Head = q.Lang.T("lede.slip")
	}
	share := 0.0
	if goal > 0 {
		share = met / goal
	}
	l.Text = q.Lang.Sentences(text, q.Lang.T("lede.year_target", "sold", q.Money(met), "share", q.Lang.Percent(share, 1)))
	return l
}

// lookLede names the headline indicator that needs attention most: missed
// beyond its variation first, then the worst news; good news if there is no
// bad.
func (q *Query) lookLede(d *overviewData) lede {
	var worst, best analytics.Definition
	low, high := 0.0, 0.0
	for _, id := range headline {
		def, ok := definition(d.definitions, id)
		p := d.own[id].Last()
		if !ok || p.Value == nil {
			continue
		}
		change, usual := q.change(p)
		score := analytics.News(change, usual) * def.Better()
		if target, _ := q.goal(d, def, p); target != nil && p.ValueUsual != nil && *p.ValueUsual > 0 {
			score = math.Min(score, (*p.Value-*target)*def.Better() / *p.ValueUsual)
		}
		if score < low {
			low, worst = score, def
		}
		if score > high {
			high, best = score, def
		}
	}
	def, key := worst, "lede.look"
	if low > -1 {
		if high < 2 {
			return lede{q.Lang.T("lede.calm"), q.Lang.T("lede.calm_text"), "", ""}
		}
		def, key = best, "lede.good"
	}
	p := d.own[def.ID].Last()
	name := q.Lang.Pick(def.TitleEn, def.TitleZh)
	text := q.Lang.T("lede.value", "name", name, "value", q.Lang.Value(def.Unit, p.Value, q.Run.Meta.Currency).String())
	if target, _ := q.goal(d, def, p); target != nil {
		text += q.Lang.T("lede.target", "target", q.Lang.Value(def.Unit, target, q.Run.Meta.Currency).String())
	}
	if extreme := q.extreme(d, def, key == "lede.look"); extreme != "" {
		text += extreme
	}
	return lede{q.Lang.T(key, "name", name), text + q.Lang.T("stop"), q.Lang.T("lede.see_indicator"), q.Link("/indicators/" + def.ID)}
}

// extreme names the part with the worst (or best) value of an indicator.
func (q *Query) extreme(d *overviewData, def analytics.Definition, worst bool) string {
	rows := q.ranking(d, def.ID)
	if len(rows) < 3 || def.Better() == 0 {
		return ""
	}
	r, key := rows[0], "lede.highest"
	if worst == (def.Better() > 0) {
		r, key = rows[len(rows)-1], "lede.lowest"
	}
	return q.Lang.T(key, "unit", r.unit.Name, "value", q.Lang.Value(def.Unit, r.point.Value, q.Run.Meta.Currency).String())
}
