package dashboard

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"levelfield/analytics"
	"levelfield/dashboard/chart"
	"levelfield/dashboard/i18n"
)

// ranked is a part with its attainment, best first.
type ranked struct {
	unit         analytics.Unit
	point        analytics.Point
	usual        []float64 // low and high of the 12 months before, if known
	tone         string    // "above" or "below" where outside them
	place, older int       // place now and in the base month; 0 for none
}

// ranking orders the parts that have a value of an indicator.
func (q *Query) ranking(d *overviewData, indicator string) []ranked {
	var all []ranked
	older := map[string]float64{}
	for _, u := range d.parts {
		p := d.series.Of(u.ID, indicator).Last()
		if p.Value == nil {
			continue
		}
		r := ranked{unit: u, point: p}
		if mean, n := meanBefore(d.series.Of(u.ID, indicator)); n >= 6 && p.ValueUsual != nil {
			r.usual = []float64{mean - 2**p.ValueUsual, mean + 2**p.ValueUsual}
			switch {
			case *p.Value > r.usual[1]:
				r.tone = "above"
			case *p.Value < r.usual[0]:
				r.tone = "below"
			}
		}
		if b := q.before(p); b != nil {
			older[u.ID] = *b
		}
		all = append(all, r)
	}
	slices.SortStableFunc(all, func(a, b ranked) int { return cmp.Compare(*b.point.Value, *a.point.Value) })
	for i := range all {
		all[i].place = i + 1
		if mine, ok := older[all[i].unit.ID]; ok {
			all[i].older = 1
			for id, v := range older {
				if id != all[i].unit.ID && v > mine {
					all[i].older++
				}
			}
		}
	}
	return all
}

// meanBefore is the mean of the months before the last.
func meanBefore(s analytics.Series) (mean float64, n int) {
	for _, p := range s[:max(0, len(s)-1)] {
		if p.Value != nil {
			mean += *p.Value
			n++
		}
	}
	return mean / float64(max(n, 1)), n
}

// rankCard sets the parts beside each other: by attainment where there are
// targets, else by sales.
func (q *Query) rankCard(d *overviewData) *Card {
	rows := q.ranking(d, "target_attainment")
	if len(rows) == 0 {
		return q.salesRankCard(d)
	}
	c := &Card{ID: "rank", How: q.Link("/indicators/target_attainment")}
	c.More = &Choice{Title: q.Lang.T("rank.more"), URL: q.Link("/regions")}
	c.Table.Columns = []Column{{Title: q.Lang.T("col." + d.partKind)}, {Title: q.Lang.T("kpi.target_attainment"), Numeric: true},
		{Title: q.Lang.T("col.usual"), Numeric: true}, {Title: q.Lang.T("col.place"), Numeric: true}, {Title: q.Lang.T("col.place_before"), Numeric: true}}
	var chartRows []chart.RankRow
	above, below := []string{}, []string{}
	for _, r := range rows {
		row := chart.RankRow{Name: r.unit.Name, Value: *r.point.Value, Text: q.Lang.Decimal(*r.point.Value*100, 1), Tone: r.tone, Place: fmt.Sprint(r.place)}
		usual, before := i18n.Dash, Cell{Text: i18n.Dash}
		if r.usual != nil {
			row.Low, row.High = &r.usual[0], &r.usual[1]
			usual = q.Lang.Decimal(r.usual[0]*100, 1) + "–" + q.Lang.Percent(r.usual[1], 1)
		}
		if r.older > 0 {
			row.Place = fmt.Sprintf("%d → %d", r.older, r.place)
			before = Cell{Text: fmt.Sprint(r.older), Raw: r.older}
		}
		switch r.tone {
		case "above":
			above = append(above, r.unit.Name)
		case "below":
			below = append(below, r.unit.Name)
		}
		chartRows = append(chartRows, row)
		c.Table.Rows = append(c.Table.Rows, []Cell{text(r.unit.Name), number(q.Lang.Percent(*r.point.Value, 1), r.point.Value),
			text(usual), {Text: fmt.Sprint(r.place), Raw: r.place}, before})
	}
	c.Title = q.rankTitle(rows, above, below)
	c.Sub = q.Lang.T("rank.sub", "n", len(rows), "units", q.Lang.T("units."+d.partKind), "month", q.Lang.Month(q.Month), "base", q.Lang.MonthShort(q.Base()), "now", q.Lang.MonthShort(q.Month))
	own := d.own["target_attainment"].Last()
	reference := 1.0
	name := q.Lang.T("rank.target")
	if own.Value != nil {
		reference = *own.Value
		name = q.UnitName() + " " + q.Lang.Percent(reference, 1)
	}
	height := 400
	if len(rows) < 5 {
		height = 240
	}
	c.Plots = []Plot{{
		Option: chart.Rank(chartRows, reference, name, q.Lang.T("col.place"), q.Lang.T("kpi.target_attainment")),
		Label:  c.Title, Height: height,
	}}
	return c
}

func (q *Query) rankTitle(rows []ranked, above, below []string) string {
	best, worst := rows[0], rows[len(rows)-1]
	switch {
	case len(rows) == 1:
		return q.Lang.T("rank.one", "best", best.unit.Name, "high", q.Lang.Percent(*best.point.Value, 1))
	case len(above) > 0 && len(below) > 0:
		return q.Lang.T("rank.both", "above", q.Lang.List(above), "below", q.Lang.List(below))
	case len(above) > 0:
		return q.Lang.T("rank.above", "above", q.Lang.List(above))
	case len(below) > 0:
		return q.Lang.T("rank.below", "below", q.Lang.List(below))
	}
	return q.Lang.T("rank.spread", "best", best.unit.Name, "high", q.Lang.Percent(*best.point.Value, 1),
		"worst", worst.unit.Name, "low", q.Lang.Percent(*worst.point.Value, 1))
}

// salesRankCard ranks by sales where nobody has a target.
func (q *Query) salesRankCard(d *overviewData) *Card {
	c := &Card{ID: "rank", How: q.Link("/indicators/sales_amount"), Title: q.Lang.T("rank.title")}
	rows := q.ranking(d, "sales_amount")
	if len(rows) == 0 {
		c.State = &State{"empty", q.Lang.T("state.empty.title"), q.Lang.T("rank.empty", "units", q.Lang.T("units."+d.partKind), "month", q.Lang.Month(q.Month)), nil}
		return c
	}
	c.More = &Choice{Title: q.Lang.T("rank.more"), URL: q.Link("/regions")}
	total := 0.0
	for _, r := range rows {
		total += *r.point.Value
	}
	c.Table.Columns = []Column{{Title: q.Lang.T("col." + d.partKind)}, {Title: q.Lang.T("kpi.sales_amount"), Numeric: true}, {Title: q.Lang.T("col.share"), Numeric: true}}
	var bars []chart.Bar
	for i, r := range rows {
		share := 0.0
		if total > 0 {
			share = *r.point.Value / total
		}
		bars = append(bars, chart.Bar{Name: r.unit.Name, Value: r.point.Value, Text: q.Lang.Money(*r.point.Value, q.Run.Meta.Currency), Mark: i == 0})
		c.Table.Rows = append(c.Table.Rows, []Cell{text(r.unit.Name), number(q.Money(*r.point.Value), r.point.Value), number(q.Lang.Percent(share, 1), &share)})
	}
	c.Title = q.Lang.T("rank.sales", "best", rows[0].unit.Name, "share", q.Lang.Percent(*rows[0].point.Value/math.Max(total, 1), 0))
	c.Sub = q.Lang.T("rank.sales_sub", "n", len(rows), "units", q.Lang.T("units."+d.partKind), "month", q.Lang.Month(q.Month))
	height := 400
	if len(rows) < 5 {
		height = 240
	}
	c.Plots = []Plot{{Option: chart.Bars(bars, "@money", "@n2", q.Lang.T("kpi.sales_amount")), Label: c.Title, Height: height}}
	return c
}

// trendCard draws the last 12 months of sales, with targets where there are
// any and last year's months where not.
func (q *Query) trendCard(d *overviewData) *Card {
	c := &Card{ID: "trend", How: q.Link("/indicators/sales_amount")}
	sales := d.own["sales_amount"]
	if sales.Last().Value == nil {
		c.Title = q.Lang.T("trend.title")
		c.State = &State{"empty", q.Lang.T("state.empty.title"), q.Lang.T("trend.empty", "month", q.Lang.Month(q.Month)), nil}
		return c
	}
	goals, gaps := q.goals(d)
	months, values := []string{}, sales.Values(12)
	var years []*float64
	if goals == nil {
		for _, p := range sales[1:] {
			years = append(years, p.Year)
		}
	}
	words := chart.TrendWords{Value: q.Lang.T("kpi.sales_amount"), Goal: q.Lang.T("col.target"), Year: q.Lang.T("trend.year"), Gap: q.Lang.T("trend.gap")}
	c.Table.Columns = []Column{{Title: q.Lang.T("filter.month")}, {Title: words.Value, Numeric: true}}
	if goals != nil {
		c.Table.Columns = append(c.Table.Columns, Column{Title: words.Goal, Numeric: true}, Column{Title: words.Gap, Numeric: true})
	} else {
		c.Table.Columns = append(c.Table.Columns, Column{Title: words.Year, Numeric: true})
	}
	var labels []string
	for i := range values {
		m := sales[i+1].Month
		months = append(months, q.Lang.MonthShort(m))
		row := []Cell{{Text: q.Lang.Month(m), Raw: m}, q.amount(values[i])}
		if goals != nil {
			row = append(row, q.amount(goals[i]), q.signedAmount(gaps[i]))
			labels = append(labels, q.gapLabel(gaps, i))
		} else {
			row = append(row, q.amount(years[i]))
		}
		c.Table.Rows = append(c.Table.Rows, row)
	}
	height := 280
	if goals == nil {
		height = 400
	}
	c.Title, c.Sub = q.trendTitle(d, gaps)
	c.Plots = []Plot{{Option: chart.Trend(months, values, goals, years, words), Label: c.Title, Height: height}}
	if goals != nil {
		c.Plots = append(c.Plots, Plot{Option: chart.TrendGap(months, gaps, labels, words), Label: words.Gap, Height: 120, Note: q.Lang.T("trend.gap_note", "unit", q.gapScale(gaps).Unit())})
	}
	return c
}

// goals returns the targets of the last 12 months and the gaps to them; nil
// where no month has a target.
func (q *Query) goals(d *overviewData) (goals, gaps []*float64) {
	attainment, sales := d.own["target_attainment"], d.own["sales_amount"]
	if len(attainment) < 13 || len(sales) < 13 {
		return nil, nil
	}
	any := false
	for i := 1; i < 13; i++ {
		goal := attainment[i].Denominator
		goals = append(goals, goal)
		if goal == nil || sales[i].Value == nil {
			gaps = append(gaps, nil)
			continue
		}
		any = true
		gap := *sales[i].Value - *goal
		gaps = append(gaps, &gap)
	}
	if !any {
		return nil, nil
	}
	return goals, gaps
}

func (q *Query) gapScale(gaps []*float64) i18n.Scale {
	top := 0.0
	for _, g := range gaps {
		if g != nil {
			top = math.Max(top, math.Abs(*g))
		}
	}
	s := q.Lang.MoneyScale(top, q.Run.Meta.Currency)
	if s.Suffix == "K" && top >= 1e6 { // twelve labels side by side have to be short
		return q.Lang.MoneyScale(1e7, q.Run.Meta.Currency).WithDigits(1)
	}
	if top/s.Div >= 10 {
		s.Digits = 0
	}
	return s
}

func (q *Query) gapLabel(gaps []*float64, i int) string {
	if gaps[i] == nil {
		return ""
	}
	s := q.gapScale(gaps)
	return i18n.Signed(*gaps[i], s.Text(q.Lang, *gaps[i]))
}

func (q *Query) amount(v *float64) Cell {
	if v == nil {
		return Cell{Text: i18n.Dash}
	}
	return number(q.Money(*v), v)
}

func (q *Query) signedAmount(v *float64) Cell {
	if v == nil {
		return Cell{Text: i18n.Dash}
	}
	return number(i18n.Signed(*v, q.Money(*v)), v)
}

// streak counts the latest months on one side of 0, negative for below.
func streak(gaps []*float64) int {
	n := 0
	for i := len(gaps) - 1; i >= 0 && gaps[i] != nil; i-- {
		side := 1
		if *gaps[i] < 0 {
			side = -1
		}
		if n != 0 && (n > 0) != (side > 0) {
			break
		}
		n += side
	}
	return n
}

func (q *Query) trendTitle(d *overviewData, gaps []*float64) (title, sub string) {
	sub = q.Lang.T("trend.sub_year")
	if gaps != nil {
		sub = q.Lang.T("trend.sub")
		n := streak(gaps)
		last, before := gaps[11], gaps[10]
		switch {
		case last == nil:
			return q.Lang.T("trend.title"), sub
		case n <= -2 && before != nil && *last > *before:
			return q.Lang.T("trend.below_closing", "n", -n), sub
		case n <= -2:
			return q.Lang.T("trend.below_widening", "n", -n), sub
		case n == -1:
			return q.Lang.T("trend.below_once", "month", q.Lang.MonthName(q.Month), "gap", q.Money(-*last)), sub
		case n >= 2:
			return q.Lang.T("trend.above", "n", n), sub
		}
		return q.Lang.T("trend.above_once", "month", q.Lang.MonthName(q.Month), "gap", q.Money(*last)), sub
	}
	p := d.own["sales_amount"].Last()
	if p.YearChange == nil {
		return q.Lang.T("trend.plain", "month", q.Lang.MonthName(q.Month), "amount", q.Money(*p.Value)), sub
	}
	key := "trend.year_up"
	if *p.YearChange < 0 {
		key = "trend.year_down"
	}
	return q.Lang.T(key, "month", q.Lang.MonthName(q.Month), "share", q.Lang.Percent(math.Abs(*p.YearChange), 1)), sub
}

// bridgeCard explains the change of sales by steps that add up.
func (q *Query) bridgeCard(d *overviewData) *Card {
	c := &Card{ID: "bridge", How: q.Link("/indicators/sales_amount")}
	if d.bridge == nil {
		c.Title = q.Lang.T("bridge.title")
		c.State = &State{"empty", q.Lang.T("state.empty.title"), q.Lang.T("bridge.empty", "month", q.Lang.Month(q.Base())), nil}
		return c
	}
	b := d.bridge
	parts := bridgeParts(q.Lang, b)
	top := math.Abs(b.Change())
	for _, p := range parts {
		top = math.Max(top, math.Abs(p.value))
	}
	scale := q.Lang.MoneyScale(top, q.Run.Meta.Currency)
	write := func(v float64) string { return i18n.Signed(v, scale.Text(q.Lang, v)) }
	c.Table.Columns = []Column{{Title: q.Lang.T("col.step")}, {Title: q.Lang.T("col.amount"), Unit: scale.Unit(), Numeric: true}}
	var steps []chart.Step
	for _, p := range parts {
		steps = append(steps, chart.Step{Name: p.name, Value: p.value, Text: write(p.value)})
		c.Table.Rows = append(c.Table.Rows, []Cell{text(p.name), number(write(p.value), &p.value)})
	}
	total := b.Change()
	name := q.Lang.T("bridge.total", "month", q.Lang.MonthShort(q.Base()))
	if q.Compare == CompareYear {
		name = q.Lang.T("bridge.total_year")
	}
	steps = append(steps, chart.Step{Name: name, Value: total, Text: write(total), Total: true})
	c.Table.Rows = append(c.Table.Rows, []Cell{text(name), number(write(total), &total)})
	c.Title = q.bridgeTitle(b, parts)
	c.Sub = q.Lang.T("bridge.sub", "unit", scale.Unit())
	c.Plots = []Plot{{Option: chart.Waterfall(steps, "@money"), Label: c.Title, Height: 320}}
	return c
}

type bridgePart struct {
	key, name string
	value     float64
}

func bridgeParts(lang i18n.Lang, b *analytics.SalesBridge) []bridgePart {
	days := lang.T("bridge.workdays_same")
	switch {
	case b.MoreDays > 0:
		days = lang.T("bridge.workdays_more", "n", b.MoreDays)
	case b.MoreDays < 0:
		days = lang.T("bridge.workdays_fewer", "n", -b.MoreDays)
	}
	parts := []bridgePart{
		{"existing", lang.T("bridge.existing"), b.Existing},
		{"new", lang.T("bridge.new"), b.New},
	}
	if b.PriceMix != nil {
		parts = append(parts, bridgePart{"price_mix", lang.T("bridge.price_mix"), *b.PriceMix})
	}
	if b.Workdays != nil && b.MoreDays != 0 {
		parts = append(parts, bridgePart{"workdays", days, *b.Workdays})
	}
	if b.Returns != 0 {
		parts = append(parts, bridgePart{"returns", lang.T("bridge.returns"), b.Returns})
	}
	return parts
}

// bridgeTitle names the largest step with the change's sign and the largest
// against it.
func (q *Query) bridgeTitle(b *analytics.SalesBridge, parts []bridgePart) string {
	up, down := parts[0], parts[0]
	for _, p := range parts {
		if p.value > up.value {
			up = p
		}
		if p.value < down.value {
			down = p
		}
	}
	total := q.Money(math.Abs(b.Change()))
	with, against, key := up, down, "bridge.more"
	if b.Change() < 0 {
		with, against, key = down, up, "bridge.less"
	}
	head := q.Lang.T(key, "total", total, "with", q.Lang.Inside(with.name), "amount", q.Money(math.Abs(with.value)))
	if with.value*against.value >= 0 || math.Abs(against.value) < .1*math.Abs(with.value) {
		return head
	}
	return head + q.Lang.T(key+"_against", "against", q.Lang.Inside(against.name), "amount", q.Money(math.Abs(against.value)))
}

// movesCard lists the biggest moves of the parts, relative to their own
// variation, each with the part of it that moved most.
type movesCard struct {
	*Card
	Rows      []moveRow
	HasCauses bool // people have no parts that could explain a move
}

type moveRow struct {
	Unit, UnitURL           string
	Indicator, IndicatorURL string
	Value, Unit2            string
	Change                  delta
	Spark                   any
	Cause                   string
}

type move struct {
	unit analytics.Unit
	def  analytics.Definition
	p    analytics.Point
	news float64
}

func (q *Query) moves(d *overviewData) []move {
	var all []move
	for _, u := range d.parts {
		for _, def := range d.definitions {
			if twins[def.ID] || def.Direction == "none" {
				continue
			}
			p := d.series.Of(u.ID, def.ID).Last()
			if change, usual := q.change(p); analytics.IsNews(change, usual) {
				all = append(all, move{u, def, p, analytics.News(change, usual)})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b move) int { return cmp.Compare(math.Abs(b.news), math.Abs(a.news)) })
	return all
}

func (q *Query) movesCard(ctx context.Context, d *overviewData) (movesCard, error) {
	m := movesCard{Card: &Card{ID: "moves", Sub: q.Lang.T("moves.sub")}, HasCauses: d.causeKind != ""}
	m.Table.Columns = []Column{{Title: q.Lang.T("col." + d.partKind)}, {Title: q.Lang.T("col.indicator")},
		{Title: q.Lang.MonthShort(q.Month), Numeric: true}, {Title: q.Lang.T("filter." + string(q.Compare)), Numeric: true},
		{Title: q.Lang.T("col.news"), Numeric: true}}
	if m.HasCauses {
		m.Table.Columns = append(m.Table.Columns, Column{Title: q.Lang.T("col.cause")})
	}
	all := q.moves(d)
	listed, good := map[string]int{}, 0 // at most two of a unit and two of an indicator
	var shown []move
	for _, mv := range all {
		if len(shown) == 6 || listed[mv.unit.ID] == 2 || listed[mv.def.ID] == 2 {
			continue
		}
		listed[mv.unit.ID]++
		listed[mv.def.ID]++
		shown = append(shown, mv)
	}
	var units, indicators []string
	for _, mv := range shown {
		units, indicators = append(units, mv.unit.ID), append(indicators, mv.def.ID)
	}
	var months analytics.SeriesSet
	parts := map[[2]string][]analytics.Contribution{}
	if len(shown) > 0 {
		var all []analytics.Contribution
		err := analytics.Together(ctx,
			analytics.Into(&all, func(ctx context.Context) ([]analytics.Contribution, error) {
				if !m.HasCauses {
					return nil, nil
				}
				return q.Run.Contributions(ctx, q.Scope, d.partKind, units, d.causeKind, indicators, q.Base(), q.Month)
			}),
			analytics.Into(&months, func(ctx context.Context) (analytics.SeriesSet, error) {
				return q.Run.SeriesOf(ctx, q.Scope, d.partKind, units, q.Month, indicators...)
			}),
		)
		if err != nil {
			return m, err
		}
		for _, c := range all {
			key := [2]string{c.WholeID, c.Indicator}
			parts[key] = append(parts[key], c)
		}
	}
	for _, mv := range shown {
		change, usual := q.change(mv.p)
		f := q.Lang.Value(mv.def.Unit, mv.p.Value, q.Run.Meta.Currency)
		row := moveRow{
			Unit: mv.unit.Name, UnitURL: q.unitURL(mv.unit),
			Indicator: q.Lang.Pick(mv.def.TitleEn, mv.def.TitleZh), IndicatorURL: q.Link("/indicators/" + mv.def.ID),
			Value: f.Text, Unit2: f.Unit, Change: q.delta("", mv.def, change, usual),
			Spark: chart.Spark(months.Of(mv.unit.ID, mv.def.ID).Values(12), nil, 84, 22),
		}
		if row.Change.Tone == "pos" {
			good++
		}
		news := mv.news
		cells := []Cell{text(row.Unit), text(row.Indicator), number(f.String(), mv.p.Value),
			number(row.Change.Text, change), number(q.Lang.Decimal(news, 1), &news)}
		if m.HasCauses {
			row.Cause = q.cause(mv, parts[[2]string{mv.unit.ID, mv.def.ID}])
			cells = append(cells, text(row.Cause))
		}
		m.Rows = append(m.Rows, row)
		m.Table.Rows = append(m.Table.Rows, cells)
	}
	n := len(m.Rows)
	switch {
	case n == 0:
		m.Title = q.Lang.T("moves.none")
		m.State = &State{"empty", q.Lang.T("moves.none_title"), q.Lang.T("moves.none_text", "units", q.Lang.T("units."+d.partKind)), nil}
	case n == 1 && good == 1:
		m.Title = q.Lang.T("moves.one_good", "unit", m.Rows[0].Unit, "indicator", q.Lang.Inside(m.Rows[0].Indicator))
	case n == 1:
		m.Title = q.Lang.T("moves.one_bad", "unit", m.Rows[0].Unit, "indicator", q.Lang.Inside(m.Rows[0].Indicator))
	case good == 0:
		m.Title = q.Lang.T("moves.bad", "n", n)
	case good == n:
		m.Title = q.Lang.T("moves.good", "n", n)
	default:
		m.Title = q.Lang.T("moves.mixed", "n", n, "good", good, "bad", n-good)
	}
	if len(all) > n {
		m.Sub += q.Lang.T("moves.more", "n", len(all))
	}
	m.How = q.Link("/indicators")
	q.card(m.Card)
	return m, nil
}

// unitURL is the page of a region, or the region page of a team.
func (q *Query) unitURL(u analytics.Unit) string {
	if u.Kind == "region" {
		return q.Link("/regions", "region", u.Name)
	}
	return q.Link("/regions")
}

// cause says which part of the unit moved the indicator and how much of the
// change it makes.
func (q *Query) cause(mv move, parts []analytics.Contribution) string {
	change, n := 0.0, len(parts)
	for _, p := range parts {
		change += value(p.Added)
	}
	// a part without a value before or after cannot be quoted
	parts = slices.DeleteFunc(parts, func(p analytics.Contribution) bool { return p.Before == nil || p.After == nil || p.Added == nil })
	if n < 2 || len(parts) == 0 || change == 0 {
		return i18n.Dash
	}
	top := parts[0]
	share := *top.Added / change
	before, after := q.Lang.Value(mv.def.Unit, top.Before, q.Run.Meta.Currency), q.Lang.Value(mv.def.Unit, top.After, q.Run.Meta.Currency)
	args := []any{"name", top.Name, "before", before.String(), "after", after.String(), "share", q.Lang.Percent(math.Min(share, 1), 0)}
	switch {
	case share > .995:
		return q.Lang.T("cause.all", args...)
	case share >= .4:
		return q.Lang.T("cause.most", args...)
	}
	return q.Lang.T("cause.spread", args...)
}

// dataCard says whether the data behind the page can be trusted.
type dataCard struct {
	*Card
	Facts  []fact
	Checks []fact // the first that failed
}

type fact struct {
	Label, Text, Small string
	Badge              string // class of a badge around Text
}

// feeds groups entities as a reader thinks of them.
var feeds = []struct {
	key      string
	entities []string
}{
	{"sales", []string{"order_line", "return"}},
	{"cash", []string{"payment"}},
	{"crm", []string{"deal", "visit", "customer", "complaint", "survey"}},
	{"target", []string{"target"}},
	{"market", []string{"market"}},
}

func (q *Query) dataCard(ctx context.Context) (dataCard, error) {
	d := dataCard{Card: &Card{ID: "data", Sub: q.Lang.T("data.sub"), How: q.Link("/data")}}
	entities, err := q.Run.DataState(ctx)
	if err != nil {
		return d, err
	}
	checks, err := q.Run.CheckState(ctx, q.Scope)
	if err != nil {
		return d, err
	}
	d.Table.Columns = []Column{{Title: q.Lang.T("col.entity")}, {Title: q.Lang.T("col.loaded")}, {Title: q.Lang.T("col.read"), Numeric: true}, {Title: q.Lang.T("col.refused"), Numeric: true}}
	var read, refused int64
	latest := map[string]time.Time{}
	for _, e := range entities {
		read, refused = read+e.Read, refused+e.Refused
		latest[e.Entity] = e.LoadedAt
		d.Table.Rows = append(d.Table.Rows, []Cell{{Text: q.entityTitle(e.Entity), Raw: e.Entity}, {Text: q.Lang.Moment(e.LoadedAt), Raw: e.LoadedAt},
			{Text: q.Lang.Count(e.Read), Raw: e.Read}, {Text: q.Lang.Count(e.Refused), Raw: e.Refused}})
	}
	for _, f := range feeds {
		var at time.Time
		for _, e := range f.entities {
			if latest[e].After(at) {
				at = latest[e]
			}
		}
		if at.IsZero() {
			d.Facts = append(d.Facts, fact{Label: q.Lang.T("feed." + f.key), Text: q.Lang.T("data.not_loaded"), Badge: "cannot"})
			continue
		}
		small := ""
		if f.key == "cash" {
			small = q.Lang.T("run.as_of", "date", q.Lang.Day(q.Run.Meta.AsOf))
		}
		d.Facts = append(d.Facts, fact{Label: q.Lang.T("feed." + f.key), Text: q.Lang.Moment(at), Small: small})
	}
	status := fact{Label: q.Lang.T("data.checks"), Text: q.Lang.T("data.all_passed", "n", checks.Checks), Badge: "none"}
	d.Title = q.Lang.T("data.fine")
	if checks.Failed > 0 {
		status.Text, status.Badge = q.Lang.T("data.to_look", "n", checks.Failed, "of", checks.Checks), "look"
		d.Title = q.Lang.T("data.look", "n", checks.Failed)
	}
	d.Facts = append(d.Facts, status, fact{Label: q.Lang.T("data.refused"), Text: q.Lang.Count(refused), Small: "/ " + q.Lang.Count(read)})
	if checks.Unmatched > 0 {
		d.Facts = append(d.Facts, fact{Label: q.Lang.T("data.unmatched"), Text: q.Lang.T("data.unmatched_n", "n", checks.Unmatched), Small: q.Money(checks.UnmatchedAmount), Badge: "look"})
	}
	failed, err := q.Run.FailedChecks(ctx)
	if err != nil {
		return d, err
	}
	for _, c := range failed[:min(len(failed), 6)] {
		d.Checks = append(d.Checks, fact{Label: q.Lang.Pick(c.TitleEn, c.TitleZh), Text: q.Lang.T("data.failed", "n", q.Lang.Count(c.Failures))})
	}
	q.card(d.Card)
	return d, nil
}
