package dashboard

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"levelfield/analytics"
	"levelfield/dashboard/chart"
	"levelfield/dashboard/i18n"
)

// indicatorPage is one indicator: what it is, how it went, who is where, and
// the exported rows behind one value.
type indicatorPage struct {
	View
	Finding string
	Lede    string // why it matters
	About   []fact
	Formula string
	SQL     string
	Path    string
	Trend   *Card
	Units   *Card
	Level   []Choice
	choices []Choice // units whose value can be opened
	Rows    rowsCard
}

// rowsCard opens one value down to the rows of the exports.
type rowsCard struct {
	*Card
	Unit   Filter // whose value; no choices where there is nobody to choose
	Sums   []fact
	Proven string // how the rows add up to the value
}

// Cards lists the cards whose tables can be exported.
func (p *indicatorPage) Cards() []*Card { return []*Card{p.Trend, p.Units, p.Rows.Card} }

// levels are the kinds of unit a value can be compared over.
var levels = []string{"region", "team", "rep"}

const (
	mostBars     = 20 // bars of the comparison; more are in its table
	mostRows     = 20 // exported rows shown; the export holds more
	mostExported = 100_000
)

func indicator(ctx context.Context, q *Query) (Page, error) {
	def, err := q.Run.Definition(ctx, q.Path("id"))
	if err != nil {
		return nil, err
	}
	if def == nil {
		return nil, notFound(q.URL.Path)
	}
	kind, id := q.Unit()
	set, err := q.Run.UnitSeries(ctx, q.Scope, kind, id, "", q.Month, def.ID)
	if err != nil {
		return nil, err
	}
	targets, err := q.Run.Thresholds(ctx, kind)
	if err != nil {
		return nil, err
	}
	p := &indicatorPage{View: q.view("indicators")}
	p.ID = "indicator"
	name := q.Lang.Pick(def.TitleEn, def.TitleZh)
	p.Title = name
	p.Crumbs = []Crumb{{p.Company, ""}, {q.Lang.T("nav.indicators"), q.Link("/indicators")}, {name, ""}}
	series, target := set.Of(id, def.ID), targetOf(targets, def.ID)
	p.Trend = q.card(q.indicatorTrend(def.Short(), series, target))
	if err := q.compare(ctx, p, def.Short(), target); err != nil {
		return nil, err
	}
	p.Finding = q.indicatorFinding(def.Short(), series)
	p.Lede = q.Lang.Pick(def.DescriptionEn, def.DescriptionZh)
	p.Formula, p.SQL, p.Path = q.Lang.Pick(def.FormulaEn, def.FormulaZh), strings.TrimSpace(def.SQL), def.Path
	p.About = q.about(def, series.Last(), target)
	if p.Rows, err = q.rowsCard(ctx, def); err != nil {
		return nil, err
	}
	p.Rows.Unit.Choices = append([]Choice{{q.UnitName(), q.Here("unit", "") + "#rows", q.Params.Get("unit") == ""}}, p.choices...)
	return p, nil
}

// indicatorFinding says what the month came to and how it moved.
func (q *Query) indicatorFinding(def analytics.Definition, s analytics.Series) string {
	p := s.Last()
	name := q.Lang.Pick(def.TitleEn, def.TitleZh)
	if p.Value == nil {
		return q.Lang.T("indicator.none", "unit", q.UnitName(), "name", name, "month", q.Lang.Month(q.Month))
	}
	args := []any{"unit", q.UnitName(), "name", name, "month", q.Lang.MonthName(q.Month), "value", q.Lang.Value(def.Unit, p.Value, q.Run.Meta.Currency).String()}
	change, usual := q.change(p)
	if change == nil {
		return q.Lang.T("indicator.plain", args...)
	}
	args = append(args, "change", q.Lang.Change(def.Unit, *change), "base", q.Lang.Inside(q.Lang.T("filter."+string(q.Compare))))
	key := "indicator.up"
	switch {
	case *change < 0:
		key = "indicator.down"
	case *change == 0:
		key = "indicator.same"
	}
	text := q.Lang.T(key, args...)
	switch {
	case usual == nil:
		return text
	case analytics.IsNews(change, usual):
		return text + q.Lang.T("indicator.news")
	}
	return text + q.Lang.T("indicator.usual")
}

// indicatorTrend draws 12 months with the year before.
func (q *Query) indicatorTrend(def analytics.Definition, s analytics.Series, target *float64) *Card {
	c := &Card{ID: "trend", How: "#sql", Sub: q.Lang.T("indicator.trend_sub")}
	name := q.Lang.Pick(def.TitleEn, def.TitleZh)
	c.Title = q.Lang.T("indicator.trend", "name", name)
	if s.Last().Value == nil {
		c.State = &State{"empty", q.Lang.T("state.empty.title"), q.Lang.T("indicator.trend_empty", "month", q.Lang.Month(q.Month)), nil}
		return c
	}
	words := chart.TrendWords{Value: name, Goal: q.Lang.T("col.target"), Year: q.Lang.T("trend.year")}
	c.Table.Columns = []Column{{Title: q.Lang.T("filter.month")}, {Title: name, Numeric: true}, {Title: words.Year, Numeric: true},
		{Title: q.Lang.T("indicator.numerator"), Numeric: true}, {Title: q.Lang.T("indicator.denominator"), Numeric: true}}
	var months []string
	var years []*float64
	low, high := s[len(s)-1], s[len(s)-1]
	for _, p := range s[1:] {
		months, years = append(months, q.Lang.MonthShort(p.Month)), append(years, p.Year)
		c.Table.Rows = append(c.Table.Rows, []Cell{{Text: q.Lang.Month(p.Month), Raw: p.Month}, q.valueCell(def, p.Value), q.valueCell(def, p.Year),
			q.plainCell(p.Numerator), q.plainCell(p.Denominator)})
		if p.Value != nil && *p.Value > *high.Value {
			high = p
		}
		if p.Value != nil && *p.Value < *low.Value {
			low = p
		}
	}
	if low.Month != high.Month {
		c.Title = q.Lang.T("indicator.trend_span", "low", q.figure(def, low.Value), "low_month", q.Lang.Month(low.Month), "high", q.figure(def, high.Value), "high_month", q.Lang.Month(high.Month))
	}
	c.Plots = []Plot{{Label: c.Title, Height: 320}}
	if i18n.Relative(def.Unit) {
		c.Plots[0].Option = chart.Trend(months, s.Values(12), nil, years, words)
		return c
	}
	if target != nil {
		c.Sub += q.Lang.T("indicator.trend_target", "target", q.figure(def, target))
	}
	axis, tip := "@plain", "@n2"
	if def.Unit == "rate" {
		axis, tip = "@pct0", "@pct2"
	}
	c.Plots[0].Option = chart.Line(months, s.Values(12), years, target, axis, tip, words)
	return c
}

func (q *Query) figure(def analytics.Definition, v *float64) string {
	return q.Lang.Value(def.Unit, v, q.Run.Meta.Currency).String()
}

func (q *Query) valueCell(def analytics.Definition, v *float64) Cell {
	return number(q.figure(def, v), v)
}

func (q *Query) plainCell(v *float64) Cell {
	if v == nil {
		return Cell{Text: i18n.Dash}
	}
	return number(q.plainNumber(*v), v)
}

// compare fills the card of units and the choice of their level.
func (q *Query) compare(ctx context.Context, p *indicatorPage, def analytics.Definition, target *float64) error {
	level := q.Params.Get("level")
	if level == "" {
		level = "region"
		switch {
		case q.Region != nil:
			level = "team"
		case q.Own != nil:
			level = "rep"
		}
	}
	if !slices.Contains(levels, level) {
		return badFilter("indicator.bad_level", "value", level)
	}
	for _, each := range levels {
		if q.Own != nil && each != "rep" {
			continue // nothing above is his to see
		}
		p.Level = append(p.Level, Choice{q.Lang.T("col." + each), q.Here("level", each) + "#units", each == level})
	}
	region := ""
	if q.Region != nil {
		region = q.Region.ID
	}
	units, err := q.Run.Units(ctx, q.Scope, level, "", q.Month)
	if err != nil {
		return err
	}
	var set analytics.SeriesSet
	if level == "rep" {
		set, err = q.Run.PersonMonth(ctx, q.Scope, region, q.Month, def.ID)
	} else {
		set, err = q.Run.UnitMonth(ctx, q.Scope, level, region, q.Month, def.ID)
	}
	if err != nil {
		return err
	}
	type line struct {
		unit  analytics.Unit
		point analytics.Point
	}
	var lines []line
	for _, u := range units {
		if point := set.Of(u.ID, def.ID).Last(); point.Value != nil {
			lines = append(lines, line{u, point})
		}
	}
	slices.SortStableFunc(lines, func(a, b line) int { return cmp.Compare(*b.point.Value, *a.point.Value) })
	c := &Card{ID: "units", How: "#sql", Title: q.Lang.T("indicator.units")}
	p.Units = c
	if len(lines) == 0 {
		c.State = &State{"empty", q.Lang.T("state.empty.title"), q.Lang.T("indicator.units_empty", "units", q.Lang.T("units."+level), "month", q.Lang.Month(q.Month)), nil}
		q.card(c)
		return nil
	}
	c.Table.Columns = []Column{{Title: q.Lang.T("col.place"), Numeric: true}, {Title: q.Lang.T("col." + level)}, {Title: q.Lang.Pick(def.TitleEn, def.TitleZh), Numeric: true},
		{Title: q.Lang.T("filter.prev"), Numeric: true}, {Title: q.Lang.T("filter.year"), Numeric: true},
		{Title: q.Lang.T("indicator.numerator"), Numeric: true}, {Title: q.Lang.T("indicator.denominator"), Numeric: true}}
	var bars []chart.Bar
	for i, l := range lines {
		key := l.unit.Kind + ":" + l.unit.ID
		open := q.Here("unit", key) + "#rows"
		if i < mostListed { // the table of the card leads to the others
			p.choices = append(p.choices, Choice{l.unit.Name, open, q.Params.Get("unit") == key})
		}
		c.Table.Rows = append(c.Table.Rows, []Cell{{Text: fmt.Sprint(i + 1), Raw: int64(i + 1)},
			{Text: l.unit.Name, Raw: l.unit.Name, URL: open}, q.valueCell(def, l.point.Value),
			q.valueCell(def, l.point.Prev), q.valueCell(def, l.point.Year), q.plainCell(l.point.Numerator), q.plainCell(l.point.Denominator)})
		if len(lines) <= mostBars || i < mostBars/2 || i >= len(lines)-mostBars/2 {
			bars = append(bars, q.unitBar(def, l.unit, l.point))
		}
	}
	first, last := lines[0], lines[len(lines)-1]
	args := []any{"best", first.unit.Name, "high", q.figure(def, first.point.Value), "worst", last.unit.Name, "low", q.figure(def, last.point.Value)}
	c.Title = q.Lang.T("indicator.units_one", args...)
	if len(lines) > 1 {
		c.Title = q.Lang.T("indicator.units_spread", args...)
	}
	c.Sub = q.Lang.T("indicator.units_sub", "n", len(lines), "units", q.Lang.T("units."+level), "month", q.Lang.Month(q.Month))
	if len(lines) > mostBars {
		c.Sub += q.Lang.T("indicator.units_cut", "n", mostBars/2)
	}
	axis, tip := "@plain", "@n2"
	switch def.Unit {
	case "rate":
		axis, tip = "@pct0", "@pct2"
	case "money":
		axis = "@money"
	}
	c.Plots = []Plot{{Option: chart.Bars(bars, axis, tip, q.Lang.Pick(def.TitleEn, def.TitleZh)), Label: c.Title, Height: barsHeight(len(bars))}}
	q.card(c)
	return nil
}

// unitBar prints the base beside a rate, since a rate of few is worth little.
func (q *Query) unitBar(def analytics.Definition, u analytics.Unit, p analytics.Point) chart.Bar {
	b := chart.Bar{Name: u.Name, Value: p.Value, Text: q.figure(def, p.Value)}
	if base := q.base(def, p); base != i18n.Dash {
		b.Text += "  n=" + base
	}
	return b
}

// barsHeight picks the height of parts.css for n bars.
func barsHeight(n int) int {
	for _, h := range []int{120, 200, 280, 360, 400} {
		if n*32 <= h {
			return h
		}
	}
	return 520
}

// about lists the facts beside the formula.
func (q *Query) about(def *analytics.FullDefinition, p analytics.Point, target *float64) []fact {
	dash := func(v *float64) string {
		if v == nil {
			return i18n.Dash
		}
		return q.plainNumber(*v)
	}
	all := []fact{
		{Label: q.Lang.T("indicator.numerator"), Text: dash(p.Numerator)},
		{Label: q.Lang.T("indicator.denominator"), Text: dash(p.Denominator)},
		{Label: q.Lang.MonthShort(q.Month), Text: q.figure(def.Short(), p.Value)},
		{Label: q.Lang.T("filter.prev"), Text: q.figure(def.Short(), p.Prev)},
		{Label: q.Lang.T("filter.year"), Text: q.figure(def.Short(), p.Year)},
		{Label: q.Lang.T("col.target"), Text: q.figure(def.Short(), target)},
		{Label: q.Lang.T("indicator.better"), Text: q.Lang.T("indicator.better_" + def.Direction)},
	}
	if def.Owner != "" {
		all = append(all, fact{Label: q.Lang.T("indicator.owner"), Text: def.Owner, Small: def.Reviewed})
	}
	return all
}

// rowsCard explains the value of the unit that ?unit= names, or of the one
// that the filters choose.
func (q *Query) rowsCard(ctx context.Context, def *analytics.FullDefinition) (rowsCard, error) {
	r := rowsCard{Card: &Card{ID: "rows", Title: q.Lang.T("rows.title")}, Unit: Filter{Name: "unit", Label: q.Lang.T("rows.unit"), Value: q.UnitName()}}
	kind, id := q.Unit()
	asked := q.Params.Get("unit")
	if asked != "" {
		var ok bool
		if kind, id, ok = strings.Cut(asked, ":"); !ok {
			return r, badFilter("rows.bad_unit", "value", asked)
		}
	}
	limit := mostRows
	switch {
	case q.isFor("rows"):
		limit = mostExported
	case asked == "" && (kind == "company" || kind == "region"): // all rows of a month: read when they are asked for
		r.State = &State{"empty", q.Lang.T("rows.closed", "unit", q.UnitName()), q.Lang.T("rows.closed_text"), &Choice{Title: q.Lang.T("rows.open"), URL: q.Here("unit", kind+":"+id) + "#rows"}}
		q.card(r.Card)
		return r, nil
	}
	e, err := q.Run.Explain(ctx, q.Scope, analytics.Question{UnitKind: kind, UnitID: id, Indicator: def.ID, Month: q.Month, Limit: limit})
	switch {
	case errors.Is(err, analytics.ErrUnknown):
		r.State = &State{"empty", q.Lang.T("state.empty.title"), q.Lang.T("rows.none", "month", q.Lang.Month(q.Month)), nil}
		q.card(r.Card)
		return r, nil
	case err != nil && ctx.Err() == nil && e != nil:
		// the rows do not prove the value: nothing may be shown as its proof
		r.Title = q.Lang.T("rows.wrong_title")
		r.State = &State{"error", q.Lang.T("rows.wrong"), err.Error(), nil}
		q.card(r.Card)
		return r, nil
	case err != nil:
		return r, err
	}
	r.Sums = []fact{
		{Label: q.Lang.T("indicator.numerator"), Text: exact(e.Numerator)},
		{Label: q.Lang.T("indicator.denominator"), Text: exact(e.Denominator)},
		{Label: q.Lang.Pick(def.TitleEn, def.TitleZh), Text: q.figure(def.Short(), e.Value)},
	}
	r.Unit.Value = q.nameOf(e)
	r.Title = q.Lang.T("rows.of", "unit", q.nameOf(e), "value", q.figure(def.Short(), e.Value), "n", q.Lang.Count(e.NRows))
	if !e.HasRows {
		r.Title = q.Lang.T("rows.title")
		r.State = &State{"empty", q.Lang.T("rows.no_rows"), q.Lang.T("rows.no_rows_text"), nil}
		q.card(r.Card)
		return r, nil
	}
	r.Sub = q.Lang.T("rows.sub", "shown", len(e.Rows), "n", q.Lang.Count(e.NRows), "month", q.Lang.Month(q.Month))
	r.Proven = q.Lang.T("rows.proven", "n", q.Lang.Count(e.NRows), "sum", exact(e.NumeratorSum))
	r.Table = q.rowsTable(e)
	q.card(r.Card)
	return r, nil
}

func (q *Query) nameOf(e *analytics.Explanation) string {
	if e.UnitKind == "company" {
		return q.Lang.T("filter.company")
	}
	return e.UnitName
}

// shownColumns are the columns of an exported row worth reading on a page, in
// this order, as far as the relation has them; the export holds all.
var shownColumns = []string{"order_id", "deal_id", "complaint_id", "visit_id", "on_date", "customer_id", "product_id", "rep_id"}

func (q *Query) rowsTable(e *analytics.Explanation) Table {
	t := Table{Columns: []Column{{Title: q.Lang.T("rows.file")}, {Title: q.Lang.T("rows.sheet")}, {Title: q.Lang.T("rows.row"), Numeric: true},
		{Title: q.Lang.T("indicator.numerator"), Numeric: true}, {Title: q.Lang.T("indicator.denominator"), Numeric: true}}}
	var at []int
	for i, name := range e.Columns {
		if q.isFor("rows") || slices.Contains(shownColumns, name) {
			at = append(at, i)
			t.Columns = append(t.Columns, Column{Title: name})
		}
	}
	for _, row := range e.Rows {
		sheet := row.Sheet
		if sheet == "" {
			sheet = i18n.Dash
		}
		line := []Cell{text(row.File), {Text: sheet, Raw: row.Sheet}, {Text: q.Lang.Count(row.Row), Raw: row.Row},
			{Text: exact(row.Numerator), Raw: row.Numerator}, {Text: exact(row.Denominator), Raw: row.Denominator}}
		for _, i := range at {
			cell := Cell{Text: i18n.Dash}
			if v := row.Cells[i]; v != nil {
				cell = text(*v)
			}
			line = append(line, cell)
		}
		t.Rows = append(t.Rows, line)
	}
	return t
}

// exact writes a decimal text without trailing zeros and with separators.
func exact(s string) string {
	if s == "" {
		return i18n.Dash
	}
	whole, rest, _ := strings.Cut(s, ".")
	sign := ""
	if digits, negative := strings.CutPrefix(whole, "-"); negative {
		sign, whole = i18n.Minus, digits
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest = strings.TrimRight(rest, "0"); rest != "" {
		return sign + whole + "." + rest
	}
	return sign + whole
}
