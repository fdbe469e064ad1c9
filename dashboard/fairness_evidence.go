package dashboard

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"levelfield/analytics"
	"levelfield/dashboard/chart"
	"levelfield/dashboard/i18n"
)

// evidence starts one item's card: its method, and why it cannot be answered.
func (q *Query) evidence(d *reviewData, item string) evidenceCard {
	e := evidenceCard{Card: &Card{ID: strings.ToLower(item), How: "#rules", Sub: q.Lang.T("fairness.sub." + item)}, Method: q.Lang.T("fairness.method", "item", item)}
	if item == "F5" {
		e.Method = q.Lang.T("fairness.method", "item", "F5–F7")
	}
	e.Title = q.Lang.T("fairness.q." + item)
	v, ok := d.verdicts[item]
	if !ok || v.Flag == "cannot tell" || v.Flag == "withheld" {
		e.Title = q.Lang.T("fairness.cannot_title", "question", q.Lang.T("fairness.q."+item))
		e.State = &State{"empty", q.Lang.T("fairness.flag.cannot_tell"), q.Lang.T("fairness.reason." + reasonKey(v.Reason)), nil}
		return e
	}
	e.Note = q.Lang.T("fairness.note.tested", "p", q.pText(v.P), "q", q.pText(v.Q))
	if v.P == nil {
		e.Note = q.Lang.T("fairness.note.rule")
	}
	if text := "fairness.note." + reasonKey(v.Reason); v.Reason != "" && i18n.Has(text) {
		e.Note = q.Lang.T(text)
	}
	return e
}

func (e *evidenceCard) columns(q *Query, names ...string) {
	for i, name := range names {
		e.Table.Columns = append(e.Table.Columns, Column{Title: q.Lang.T("fairness.col." + name), Numeric: i > 0})
	}
}

func (e *evidenceCard) plot(o chart.Option, label string, height int) {
	e.Plots = append(e.Plots, Plot{Option: o, Label: label, Height: height})
}

// marked is how many units a chart names at most.
const marked = 6

func (q *Query) funnelEvidence(d *reviewData) evidenceCard {
	e := q.evidence(d, "F1")
	if e.State != nil {
		return e
	}
	e.columns(q, "person", "expected", "ratio", "limits", "zone")
	var dots []chart.FunnelDot
	var names []string
	inner := 0
	for _, p := range d.funnel {
		dot := chart.FunnelDot{Dot: chart.Dot{Name: p.RepID, X: p.Events, Y: p.Ratio}, InnerLow: p.InnerLow, InnerHigh: p.InnerHigh, OuterLow: p.OuterLow, OuterHigh: p.OuterHigh}
		if p.Zone != "" {
			dot.Tone = "above"
			if p.Ratio < 1 {
				dot.Tone = "below"
			}
			inner++
		}
		if p.Zone == "outer" {
			dot.Mark = len(names) < marked
			names = append(names, p.RepID)
		}
		dots = append(dots, dot)
		e.Table.Rows = append(e.Table.Rows, []Cell{text(p.RepID), number(q.Money(p.Expected), &p.Expected), number(q.Lang.Decimal(p.Ratio, 2), &p.Ratio),
			text(q.span(&p.OuterLow, &p.OuterHigh, q.plain, 2)), text(q.Lang.T("fairness.zone." + cmp.Or(p.Zone, "inside")))})
	}
	e.Title = q.Lang.T("fairness.f1.none")
	if len(names) > 0 {
		e.Title = q.Lang.T("fairness.f1.some", "n", len(names), "names", q.Lang.List(names[:min(marked, len(names))]))
	}
	e.Sub = q.Lang.T("fairness.f1.sub", "expected", q.Lang.Decimal(.05*float64(len(d.funnel)), 1), "found", inner)
	plain := make([]chart.Dot, len(dots))
	for i, d := range dots {
		plain[i] = d.Dot
	}
	e.Note = q.Lang.Sentences(q.Lang.T("fairness.f1.note"), q.drawn(len(dots), len(chart.Uncovered(plain))))
	e.plot(chart.Funnel(dots, chart.Frame{XName: q.Lang.T("fairness.axis.events"), YName: q.Lang.T("fairness.axis.ratio"), XFormat: "@n0", YFormat: "@n1"}, 360), e.Title, 360)
	return e
}

func (q *Query) rankEvidence(d *reviewData) evidenceCard {
	e := q.evidence(d, "F2")
	if e.State != nil {
		return e
	}
	e.columns(q, "person", "region", "raw_rank", "adjusted_rank")
	var moves []chart.Move
	limit := *d.verdicts["F2"].Threshold
	far := 0
	for _, p := range d.people {
		if p.RawRank == nil || p.AdjustedRank == nil {
			continue
		}
		m := chart.Move{Name: p.RepID, From: float64(*p.RawRank), To: float64(*p.AdjustedRank)}
		if math.Abs(m.From-m.To) > limit {
			far++
		}
		moves = append(moves, m)
		region := ""
		if p.Region != nil {
			region = *p.Region
		}
		e.Table.Rows = append(e.Table.Rows, []Cell{text(p.RepID), text(region), number(q.Lang.Decimal(m.From, 0), &m.From), number(q.Lang.Decimal(m.To, 0), &m.To)})
	}
	e.Table.Columns[1].Numeric = false
	slices.SortStableFunc(moves, func(a, b chart.Move) int { return cmp.Compare(b.From-b.To, a.From-a.To) }) // rises first
	for i := range min(marked/2, len(moves)/2) {
		if up := &moves[i]; up.From > up.To {
			up.Tone = "above"
		}
		if down := &moves[len(moves)-1-i]; down.To > down.From {
			down.Tone = "below"
		}
	}
	e.Title = q.Lang.T("fairness.f2.title", "far", far, "n", len(moves), "limit", q.Lang.Decimal(limit, 0), "mean", q.plain(d.verdicts["F2"].Effect, 1))
	e.Note = q.oneInEvery(len(moves))
	e.plot(chart.Slope(moves, q.Lang.T("fairness.raw"), q.Lang.T("fairness.adjusted"), 360), e.Title, 360)
	return e
}

// drawn says of a chart of n people how many it draws, where not all.
func (q *Query) drawn(n, shown int) string {
	if shown == n {
		return ""
	}
	return q.Lang.T("fairness.drawn", "n", q.Lang.Count(int64(n)), "shown", q.Lang.Count(int64(shown)))
}

// oneInEvery says how many of n lines side by side are drawn, where not all.
func (q *Query) oneInEvery(n int) string { return q.drawn(n, (n+chart.Every(n)-1)/chart.Every(n)) }

// lineOf picks one fitted line and the means of its fifths.
func lineOf(d *reviewData, item, measure string) (line []chart.FitPoint, bins []chart.Dot) {
	for _, p := range d.lines {
		switch {
		case p.Item != item || p.Measure != measure:
		case p.Kind == "line" && p.Low != nil && p.High != nil:
			line = append(line, chart.FitPoint{X: p.X, Y: p.Y, Low: *p.Low, High: *p.High})
		case p.Kind == "bin":
			bins = append(bins, chart.Dot{X: p.X, Y: p.Y})
		}
	}
	return line, bins
}

func (q *Query) residualEvidence(d *reviewData) evidenceCard {
	e := q.evidence(d, "F3")
	if e.State != nil {
		return e
	}
	e.Pair = true
	e.columns(q, "person", "d", "raw_result", "adjusted_result")
	var raw, adjusted []chart.Dot
	for _, p := range d.people {
		if p.D == nil || p.Raw == nil || p.Adjusted == nil {
			continue
		}
		raw = append(raw, chart.Dot{Name: p.RepID, X: *p.D, Y: *p.Raw})
		adjusted = append(adjusted, chart.Dot{Name: p.RepID, X: *p.D, Y: *p.Adjusted})
		e.Table.Rows = append(e.Table.Rows, []Cell{text(p.RepID), number(q.Lang.Decimal(*p.D, 3), p.D), number(q.Lang.Percent(*p.Raw, 1), p.Raw), number(q.Lang.Percent(*p.Adjusted, 1), p.Adjusted)})
	}
	v := d.verdicts["F3"]
	key := "fairness.f3." + v.Flag
	if v.Flag == "none" && v.Before != nil && math.Abs(*v.Before) > .2 {
		key = "fairness.f3.removed"
	}
	e.Title = q.Lang.T(key)
	e.Sub = q.Lang.T("fairness.f3.sub", "n", v.N, "before", q.signed(v.Before, 2), "after", q.signed(v.Effect, 2), "span", q.span(v.Low, v.High, q.signed, 2), "measure", q.Lang.Inside(q.Lang.T("fairness.measure."+v.Measure)))
	e.Note = q.drawn(len(adjusted), len(chart.Uncovered(adjusted)))
	bounds := chart.DotBounds(raw, adjusted)
	frame := chart.Frame{XName: q.Lang.T("fairness.axis.d"), XFormat: "@n1", YFormat: "@pct0", Bounds: [2]*chart.Bounds{nil, &bounds}}
	for _, side := range []struct {
		measure string
		dots    []chart.Dot
	}{{"raw", raw}, {"adjusted", adjusted}} {
		line, bins := lineOf(d, "F3", side.measure)
		tone := ""
		if n := len(line); n > 0 && line[0].Low > line[n-1].High { // falls for certain
			tone = "below"
		} else if n > 0 && line[0].High < line[n-1].Low {
			tone = "above"
		}
		e.Plots = append(e.Plots, Plot{Option: chart.Relation(side.dots, line, bins, tone, frame), Label: q.Lang.T("fairness.f3." + side.measure), Height: 280, Note: q.Lang.T("fairness.f3." + side.measure)})
	}
	return e
}

func (q *Query) moverEvidence(d *reviewData) evidenceCard {
	e := q.evidence(d, "F4")
	if e.State != nil {
		return e
	}
	v := d.verdicts["F4"]
	e.columns(q, "person", "expected_log", "sold_log")
	var dots []chart.Dot
	for _, p := range d.movers {
		dots = append(dots, chart.Dot{Name: p.RepID, X: p.X, Y: p.Y})
		e.Table.Rows = append(e.Table.Rows, []Cell{text(p.RepID), number(q.signed(&p.X, 2), &p.X), number(q.signed(&p.Y, 2), &p.Y)})
	}
	e.Title = q.Lang.T("fairness.f4."+v.Flag, "slope", q.plain(v.Effect, 2))
	e.Sub = q.Lang.T("fairness.f4.sub", "n", v.N, "span", q.span(v.Low, v.High, q.plain, 2))
	line, bins := lineOf(d, "F4", "sales")
	e.plot(chart.Relation(dots, line, bins, "", chart.Frame{XName: q.Lang.T("fairness.axis.mover_x"), YName: q.Lang.T("fairness.axis.mover_y"), XFormat: "@plain", YFormat: "@plain", Diagonal: true}), e.Title, 320)
	return e
}

// byKind puts the findings of group kinds together, in the order of the review.
func byKind(findings []analytics.Finding) (kinds []string, of map[string][]analytics.Finding) {
	of = map[string][]analytics.Finding{}
	for _, f := range findings {
		if f.GroupID != "" && f.Effect != nil {
			of[f.GroupKind] = append(of[f.GroupKind], f)
		}
	}
	for _, kind := range []string{"market", "tenure", "region", "channel", "gender", "age", "team", "manager"} {
		if len(of[kind]) > 0 {
			kinds = append(kinds, kind)
		}
	}
	return kinds, of
}

// ratioPairs are the bars of ratios before and after, kinds one after the
// other; teams and managers stand in the table only.
func (q *Query) ratioPairs(kinds []string, of map[string][]analytics.Finding) (pairs []chart.Pair) {
	for _, kind := range kinds {
		if kind == "team" || kind == "manager" {
			continue
		}
		if len(pairs) > 0 {
			pairs = append(pairs, chart.Pair{Head: true})
		}
		for _, f := range of[kind] {
			tone := ""
			if f.Flag == "look" || f.Flag == "amber" {
				tone = "look"
			}
			pairs = append(pairs, chart.Pair{Name: q.Lang.T("fairness.group_n", "group", q.groupName(f.GroupKind, f.GroupID, f.GroupName), "n", f.N), Pale: f.Before, Strong: f.Effect, Text: q.plain(f.Effect, 2), Tone: tone})
		}
	}
	return pairs
}

func (q *Query) findingRows(e *evidenceCard, kinds []string, of map[string][]analytics.Finding, digits int) {
	e.columns(q, "group", "kind", "n", "before", "after", "interval", "p", "q", "verdict")
	e.Table.Columns[1].Numeric, e.Table.Columns[8].Numeric = false, false
	for _, kind := range kinds {
		for _, f := range of[kind] {
			_, word := q.flagBadge(f.Flag)
			e.Table.Rows = append(e.Table.Rows, []Cell{text(q.groupName(f.GroupKind, f.GroupID, f.GroupName)), text(q.kindName(kind)), text(q.Lang.Count(f.N)), number(q.plain(f.Before, digits), f.Before),
				number(q.plain(f.Effect, digits), f.Effect), text(q.span(f.Low, f.High, q.plain, digits)), number(q.pText(f.P), f.P), number(q.pText(f.Q), f.Q), text(word)})
		}
	}
}

func heightFor(lines int) int {
	for _, h := range []int{160, 200, 240, 280, 320, 360, 400} {
		if lines*24+40 <= h {
			return h
		}
	}
	return 520
}

func (q *Query) fourFifthsEvidence(d *reviewData) evidenceCard {
	e := q.evidence(d, "F5")
	if e.State != nil {
		return e
	}
	kinds, of := byKind(d.findings["F5"])
	q.findingRows(&e, kinds, of, 2)
	looks, under := 0, 0
	for _, f := range d.findings["F5"] {
		if f.Flag == "look" {
			looks++
		} else if f.Flag == "amber" {
			under++
		}
	}
	v := d.verdicts["F5"]
	key := "fairness.f5.none"
	switch {
	case looks > 0:
		key = "fairness.f5.look"
	case under > 0:
		key = "fairness.f5.amber"
	}
	e.Title = q.Lang.T(key, "n", looks, "under", under, "group", q.groupName(v.GroupKind, v.GroupID, v.GroupName), "ratio", q.plain(v.Effect, 2))
	bonus := "fairness.f5.best"
	if len(d.people) > 0 && d.people[0].IsStandard {
		bonus = "fairness.f5.standard"
	}
	fragile := 0
	for _, f := range d.findings["F7"] {
		if f.Flag == "amber" {
			fragile++
		}
	}
	e.Note = q.Lang.T("fairness.f5.note", "n", fragile)
	e.Sub = q.Lang.T("fairness.f5.sub", "bonus", q.Lang.T(bonus))
	pairs := q.ratioPairs(kinds, of)
	if len(pairs) == 0 {
		return e
	}
	line := .8
	e.plot(chart.Paired(pairs, &line, "0.8", q.Lang.T("fairness.before"), q.Lang.T("fairness.after"), "@n1"), e.Title, heightFor(len(pairs)))
	return e
}

func (q *Query) strataEvidence(d *reviewData) evidenceCard {
	e := q.evidence(d, "F8")
	if e.State != nil {
		return e
	}
	v := d.verdicts["F8"]
	group := q.groupName(v.GroupKind, v.GroupID, v.GroupName)
	e.columns(q, "stratum", "n", "rate", "n_rest", "rate_rest")
	var pairs []chart.Pair
	for _, s := range d.strata {
		name := q.Lang.T("fairness.group.market." + cmp.Or(s.Market, "all"))
		if s.Line != "" {
			name += " · " + s.Line
		}
		rate, rest := ratio(s.Bonus, s.N), ratio(s.BonusRest, s.Rest)
		if s.N > 0 && s.Rest > 0 {
			pairs = append(pairs, chart.Pair{Name: q.Lang.T("fairness.group_n", "group", name, "n", s.N), Pale: rest, Strong: rate, Text: percent(q, rate)})
		}
		e.Table.Rows = append(e.Table.Rows, []Cell{text(name), text(q.Lang.Count(s.N)), number(percent(q, rate), rate), text(q.Lang.Count(s.Rest)), number(percent(q, rest), rest)})
	}
	e.Title = q.Lang.T("fairness.f8."+v.Flag, "group", group, "odds", q.plain(v.Effect, 2))
	e.Sub = q.Lang.T("fairness.f8.sub", "group", group, "kind", q.kindName(v.GroupKind), "odds", q.plain(v.Effect, 2), "span", q.span(v.Low, v.High, q.plain, 2))
	if v.Reason == "strata differ" {
		e.Note = q.Lang.T("fairness.note.strata_differ")
	}
	if len(pairs) > 0 {
		e.plot(chart.Paired(pairs, nil, "", q.Lang.T("fairness.rest"), group, "@pct0"), e.Title, heightFor(len(pairs)))
	} else {
		e.Callout = q.Lang.T("fairness.f8.small")
	}
	return e
}

func ratio(a, b int64) *float64 {
	if b == 0 {
		return nil
	}
	v := float64(a) / float64(b)
	return &v
}

func (q *Query) standardEvidence(d *reviewData) evidenceCard {
	e := q.evidence(d, "F9")
	if e.State != nil {
		return e
	}
	v := d.verdicts["F9"]
	kinds, of := byKind(d.findings["F9"])
	q.findingRows(&e, kinds, of, 2)
	turned := 0
	for _, f := range d.findings["F9"] {
		if f.Reason == "composition" {
			turned++
		}
	}
	e.Title = q.Lang.T("fairness.f9."+v.Flag, "n", turned)
	pairs := q.ratioPairs(kinds, of)
	line := .8
	if len(pairs) > 0 {
		e.plot(chart.Paired(pairs, &line, "0.8", q.Lang.T("fairness.crude"), q.Lang.T("fairness.standardised"), "@n1"), e.Title, heightFor(len(pairs)))
	}
	return e
}

func (q *Query) inequalityEvidence(d *reviewData) evidenceCard {
	e := q.evidence(d, "F10")
	if e.State != nil {
		return e
	}
	v := d.verdicts["F10"]
	e.columns(q, "measure", "n", "theil", "between", "within", "share", "atkinson", "gini", "excluded")
	var layers []chart.Layer
	for _, i := range d.inequality {
		name := q.Lang.T("fairness.measure." + i.Measure)
		if i.Between != nil && i.Within != nil {
			layers = append(layers, chart.Layer{Name: name, First: *i.Between, Last: *i.Within, Text: q.Lang.T("fairness.f10.text", "share", percent(q, i.Share), "gini", q.plain(i.Gini, 2))})
		}
		e.Table.Rows = append(e.Table.Rows, []Cell{text(name), text(q.Lang.Count(i.N)), number(q.plain(i.Theil, 4), i.Theil), number(q.plain(i.Between, 4), i.Between), number(q.plain(i.Within, 4), i.Within),
			number(percent(q, i.Share), i.Share), number(q.plain(i.Atkinson, 4), i.Atkinson), number(q.plain(i.Gini, 3), i.Gini), text(q.Lang.Count(i.Excluded))})
	}
	e.Title = q.Lang.T("fairness.f10."+v.Flag, "before", percent(q, v.Before), "after", percent(q, v.Effect))
	e.plot(chart.Stacked(layers, q.Lang.T("fairness.f10.between"), q.Lang.T("fairness.f10.within"), "@plain"), e.Title, heightFor(len(layers)*2))
	return e
}

func (q *Query) gapEvidence(d *reviewData) evidenceCard {
	e := q.evidence(d, "F11")
	if e.State != nil {
		return e
	}
	v := d.verdicts["F11"]
	e.columns(q, "group", "kind", "n", "gap", "by_result", "by_market", "by_tenure", "unexplained", "interval")
	e.Table.Columns[1].Numeric = false
	var shown *analytics.GroupGap
	for i, g := range d.gaps {
		if g.Measure == v.Measure && g.GroupKind == v.GroupKind && g.GroupID == v.GroupID {
			shown = &d.gaps[i]
		}
		digits := 1
		name := q.groupName(g.GroupKind, g.GroupID, g.GroupName)
		if g.Measure == "sales" {
			digits = 2
			name = q.Lang.T("fairness.f11.pair", "a", g.GroupName, "b", g.OtherName)
		}
		e.Table.Rows = append(e.Table.Rows, []Cell{text(name), text(q.kindName(g.GroupKind)), text(q.Lang.Count(g.N)), number(q.signed(&g.Gap, digits), &g.Gap), number(q.signed(&g.ByResult, digits), &g.ByResult),
			number(q.signed(&g.ByMarket, digits), &g.ByMarket), number(q.signed(&g.ByTenure, digits), &g.ByTenure), number(q.signed(&g.Unexplained, digits), &g.Unexplained), text(q.span(g.Low, g.High, q.signed, digits))})
	}
	if shown == nil {
		return e
	}
	group := q.groupName(shown.GroupKind, shown.GroupID, shown.GroupName)
	other := q.Lang.T("fairness.rest")
	write := func(v float64) string { return i18n.Signed(v, q.Lang.Decimal(v, 1)) }
	if shown.Measure == "sales" {
		other = shown.OtherName
		write = func(v float64) string { return i18n.Signed(v, q.Lang.Decimal(100*v, 0)+"%") }
	}
	steps := []chart.Step{}
	for _, s := range []struct {
		key   string
		value float64
	}{{"by_result", shown.ByResult}, {"by_market", shown.ByMarket}, {"by_tenure", shown.ByTenure}, {"unexplained", shown.Unexplained}} {
		if s.value != 0 {
			steps = append(steps, chart.Step{Name: q.Lang.T("fairness.col." + s.key), Value: s.value, Text: write(s.value), Plain: s.key != "unexplained"})
		}
	}
	steps = append(steps, chart.Step{Name: q.Lang.T("fairness.f11.gap"), Value: shown.Gap, Text: write(shown.Gap), Total: true})
	e.Title = q.Lang.T("fairness.f11."+v.Flag, "group", group, "other", other, "unexplained", write(shown.Unexplained), "gap", write(shown.Gap))
	e.Sub = q.Lang.T("fairness.f11.sub_"+shown.Measure, "group", group, "other", other, "n", shown.N, "m", shown.NOther)
	e.Note = q.Lang.T("fairness.f11.note")
	e.plot(chart.Waterfall(steps, "@plain"), e.Title, 320)
	return e
}

func (q *Query) raterEvidence(d *reviewData) evidenceCard {
	e := q.evidence(d, "F12")
	if e.State != nil {
		return e
	}
	v := d.verdicts["F12"]
	flags := map[string]string{}
	for _, f := range d.findings["F12"] {
		flags[f.GroupKind+"/"+f.GroupID] = f.Flag
	}
	e.columns(q, "rater", "n", "shared", "severity", "interval", "correction", "spread", "halo", "leniency", "evidence", "verdict")
	e.Table.Columns[9].Numeric, e.Table.Columns[10].Numeric = false, false
	var rows []chart.Estimate
	n, within, icc := 0, 0.0, [3]*float64{}
	for _, r := range d.raters {
		flag, tested := flags[r.Kind+"/"+r.ID]
		if !tested {
			continue
		}
		n++
		tone := ""
		if flag == "look" || flag == "amber" {
			tone = "look"
		}
		if r.SD != nil {
			within = .3 * *r.SD
		}
		icc = [3]*float64{r.ICC21, r.ICC31, r.SharedRate}
		rows = append(rows, chart.Estimate{Name: r.ID, Value: r.Effect, Low: r.Low, High: r.High, Tone: tone})
		_, word := q.flagBadge(flag)
		money := i18n.Dash
		if r.Leniency != nil {
			money = i18n.Signed(*r.Leniency, q.Money(*r.Leniency))
		}
		e.Table.Rows = append(e.Table.Rows, []Cell{text(r.ID), text(q.Lang.Count(r.People)), text(q.Lang.Count(r.Shared)), number(q.signed(&r.Effect, 1), &r.Effect), text(q.span(&r.Low, &r.High, q.signed, 1)),
			number(q.signed(&r.Correction, 1), &r.Correction), number(q.plain(r.SDRatio, 2), r.SDRatio), number(q.plain(r.Halo, 2), r.Halo), number(money, r.Leniency), text(q.Lang.T("fairness.evidence." + r.Evidence)), text(word)})
	}
	if len(rows) > 16 { // the extremes say most; the table has all
		rows = append(slices.Clone(rows[:8]), rows[len(rows)-8:]...)
	}
	looks := d.verdicts["F12"].NLook
	key := "fairness.f12.none"
	switch {
	case looks > 0:
		key = "fairness.f12.look"
	case d.verdicts["F12"].NAmber > 0:
		key = "fairness.f12.amber"
	}
	size := 0.0
	if v.Effect != nil {
		size = math.Abs(*v.Effect)
	}
	direction := "fairness.f12.more"
	if v.Effect != nil && *v.Effect < 0 {
		direction = "fairness.f12.less"
	}
	e.Title = q.Lang.T(key, "looks", looks, "n", n, "points", q.Lang.Decimal(size, 1), "rater", v.GroupID, "direction", q.Lang.T(direction))
	e.Sub = q.Lang.T("fairness.f12.sub", "icc21", q.plain(icc[0], 2), "icc31", q.plain(icc[1], 2), "shared", percent(q, icc[2]))
	e.plot(chart.Caterpillar(rows, within, q.Lang.T("fairness.f12.within"), q.Lang.T("fairness.axis.severity"), "@plain"), e.Title, heightFor(len(rows)+2))
	return e
}

func (q *Query) rankIntervalEvidence(d *reviewData) evidenceCard {
	e := q.evidence(d, "F13")
	if e.State != nil {
		return e
	}
	e.columns(q, "person", "median", "low", "high", "top_fifth", "beats", "band")
	var rows []chart.RankBand
	bands := map[string]int{}
	for _, r := range d.ranks {
		bands[r.Band]++
		rows = append(rows, chart.RankBand{Name: r.RepID, Median: r.Median, Low: r.Low, High: r.High, Band: r.Band})
		e.Table.Rows = append(e.Table.Rows, []Cell{text(r.RepID), number(q.Lang.Decimal(r.Median, 0), &r.Median), number(q.Lang.Decimal(r.Low, 0), &r.Low), number(q.Lang.Decimal(r.High, 0), &r.High),
			number(q.Lang.Percent(r.TopFifth, 0), &r.TopFifth), number(q.Lang.Percent(r.BeatsNext, 0), &r.BeatsNext), text(r.Band)})
	}
	e.Title = q.Lang.T("fairness.f13."+d.verdicts["F13"].Flag, "a", bands["A"], "c", bands["C"])
	for _, f := range d.findings["F13"] {
		if f.Measure == "months" {
			e.Note = q.Lang.T("fairness.f13.note", "ratio", q.plain(f.Effect, 2), "limit", q.plain(f.Threshold, 2))
		}
	}
	if text := "fairness.note." + reasonKey(d.verdicts["F13"].Reason); i18n.Has(text) && d.verdicts["F13"].Reason != "" {
		e.Note = q.Lang.T(text)
	}
	e.Note = q.Lang.Sentences(e.Note, q.oneInEvery(len(rows)))
	e.plot(chart.RankBands(rows, q.Lang.T("fairness.axis.ranks", "n", len(rows))), e.Title, 320)
	return e
}

func (q *Query) sensitivityEvidence(d *reviewData) evidenceCard {
	e := q.evidence(d, "F14")
	if e.State != nil {
		return e
	}
	v := d.verdicts["F14"]
	e.columns(q, "choice", "effect_of")
	parts := 0
	var heat, without []chart.HeatRow
	for _, s := range d.sources {
		if s.Kind == "all" {
			continue
		}
		name := q.Lang.T("fairness.source." + s.Name)
		if s.Kind == "without" {
			name = q.Lang.T("fairness.f14.without", "part", q.Lang.Pick(s.TitleEn, s.TitleZh))
		}
		if parts++; s.Kind == "source" || parts <= 10 {
			cell := chart.HeatRow{Name: name, Values: make([]*float64, 2), Texts: make([]string, 2)}
			if s.Kind == "without" {
				cell.Values[1], cell.Texts[1] = &s.Value, q.Lang.Percent(s.Value, 0)
				without = append(without, cell)
			} else {
				cell.Values[0], cell.Texts[0] = &s.Value, q.Lang.Percent(s.Value, 0)
				heat = append(heat, cell)
			}
		}
		e.Table.Rows = append(e.Table.Rows, []Cell{text(name), number(q.Lang.Percent(s.Value, 1), &s.Value)})
	}
	depends := 0
	for _, p := range d.people {
		if p.Depends != nil && *p.Depends {
			depends++
		}
	}
	e.Title = q.Lang.T("fairness.f14."+v.Flag, "flips", percent(q, v.Effect))
	e.Note = q.Lang.T("fairness.f14.note", "n", depends)
	e.plot(chart.Heat(append(heat, without...), []string{q.Lang.T("fairness.axis.explains"), q.Lang.T("fairness.axis.changes")}, .5), e.Title, 320)
	return e
}

func (q *Query) targetEvidence(d *reviewData) evidenceCard {
	e := q.evidence(d, "F15")
	if e.State != nil {
		return e
	}
	var priced analytics.Finding
	managers := 0
	for _, f := range d.findings["F15"] {
		if f.Measure == "priced" {
			priced = f
		} else if f.Flag == "look" {
			managers++
		}
	}
	e.columns(q, "person", "expected_month", "target_month")
	var dots []chart.Dot
	for _, t := range d.targets {
		dots = append(dots, chart.Dot{Name: t.RepID, X: math.Log10(t.Expected), Y: math.Log10(t.Target)})
		e.Table.Rows = append(e.Table.Rows, []Cell{text(t.RepID), number(q.Money(t.Expected), &t.Expected), number(q.Money(t.Target), &t.Target)})
	}
	line, bins := lineOf(d, "F15", "target")
	for i := range line {
		line[i] = chart.FitPoint{X: line[i].X / math.Ln10, Y: line[i].Y / math.Ln10, Low: line[i].Low / math.Ln10, High: line[i].High / math.Ln10}
	}
	for i := range bins {
		bins[i].X, bins[i].Y = bins[i].X/math.Ln10, bins[i].Y/math.Ln10
	}
	e.Title = q.Lang.T("fairness.f15."+priced.Flag, "slope", q.plain(priced.Effect, 2), "managers", managers)
	if managers > 0 {
		e.Title = q.Lang.Sentences(e.Title, q.Lang.T("fairness.f15.managers", "n", managers))
	}
	e.Sub = q.Lang.T("fairness.f15.sub", "n", priced.N, "span", q.span(priced.Low, priced.High, q.plain, 2))
	e.Note = q.drawn(len(dots), len(chart.Uncovered(dots)))
	e.plot(chart.Relation(dots, line, bins, "", chart.Frame{XName: q.Lang.T("fairness.axis.expected"), YName: q.Lang.T("fairness.axis.target"), XFormat: "@pow10", YFormat: "@pow10", Diagonal: true}), e.Title, 320)
	return e
}
