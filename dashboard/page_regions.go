package dashboard

import (
	"cmp"
	"context"
	"html/template"
	"math"
	"slices"

	"levelfield/analytics"
	"levelfield/dashboard/chart"
	"levelfield/dashboard/i18n"
)

// regionsPage sets regions side by side; with a region chosen, its teams and
// its people.
type regionsPage struct {
	View
	Finding, Lede string
	Table         unitTable
	People        *unitTable // of the chosen region
	Level         *Card      // before and after market difficulty
	Smalls        smallsCard
	Gap           gapCard
	Rest          []*Card // indicators that not every company has
}

// Cards lists the cards whose tables can be exported.
func (p *regionsPage) Cards() []*Card {
	all := append([]*Card{p.Table.Card, p.Level, p.Smalls.Card, p.Gap.Card, p.Gap.Facts}, p.Rest...)
	if p.People != nil {
		all = append(all, p.People.Card)
	}
	return all
}

func regions(ctx context.Context, q *Query) (Page, error) {
	p := &regionsPage{View: q.view("regions")}
	var d *overviewData
	var people peopleData
	err := analytics.Together(ctx,
		func(ctx context.Context) (err error) {
			if d, err = q.overviewData(ctx); err == nil {
				p.Gap, err = q.gapCard(ctx, d)
			}
			return
		},
		analytics.Into(&people, q.peopleData),
		analytics.Into(&p.Level, q.levelCard),
	)
	if err != nil {
		return nil, err
	}
	p.Title = q.Lang.T("nav.regions")
	p.Crumbs = []Crumb{{q.Lang.T("nav.overview"), q.Link("/", "region", "")}, {Title: q.Lang.T("nav.regions")}}
	if q.Region != nil {
		p.Crumbs = []Crumb{p.Crumbs[0], {q.Lang.T("nav.regions"), q.Link("/regions", "region", "")}, {Title: q.Region.Name}}
	}
	p.Table = q.unitTable(d, "table", d.parts, d.series, d.partKind, true)
	p.Finding, p.Lede = q.finding(d), q.regionsLede(d)
	if q.Region != nil {
		p.People = q.peopleTable(d, people)
	}
	p.Smalls = q.smallsCard(d)
	for _, id := range []string{"market_share", "terminal_expansion_rate", "promotion_execution"} {
		p.Rest = append(p.Rest, q.restCard(d, id))
	}
	return p, nil
}

// tableColumns lists the indicators of the table in their order.
var tableColumns = []string{
	"sales_amount", "target_attainment", "gross_margin", "due_collection_rate",
	"expense_ratio", "win_rate", "new_customers",
}

// unitTable is a sortable table of units and their total.
type unitTable struct {
	*Card
	Kind   string // of the units, for the head of the first column
	Heads  []tableHead
	Rows   []tableRow
	Total  *tableRow
	Sorted string
}

type tableHead struct {
	Title, Unit string
	URL         string
	Sort        string // "ascending", "descending" or ""
	Arrow       string
	Numeric     bool
}

type tableRow struct {
	Unit   analytics.Unit
	Name   string
	URL    string
	People string
	Cells  []tableCell
	Spark  template.HTML
	sortBy map[string]*float64
}

type tableCell struct {
	Label string
	Text  string
	Tone  string
	Left  template.HTML // bar before the number
	Right template.HTML // gap bar after it
	Bold  bool
}

func (q *Query) unitTable(d *overviewData, id string, units []analytics.Unit, series analytics.SeriesSet, kind string, total bool) unitTable {
	t := unitTable{Card: &Card{ID: id, How: q.Link("/indicators")}, Kind: kind}
	currency := q.Run.Meta.Currency
	maxSales, reach := 0.0, map[string]float64{}
	for _, u := range units {
		maxSales = math.Max(maxSales, value(series.Of(u.ID, "sales_amount").Last().Value))
		for _, id := range tableColumns {
			if gap := q.gapToTarget(d, id, series.Of(u.ID, id).Last().Value); gap != nil {
				reach[id] = math.Max(reach[id], math.Abs(*gap))
			}
		}
	}
	scale := q.Lang.MoneyScale(maxSales, currency)
	t.sort(q, len(q.targetsOf(series, units)) > 0)
	columns := q.presentColumns(d, series, units)
	t.columns(q, columns, d, scale)
	for _, u := range units {
		row := q.tableRow(d, u, series[u.ID], columns, scale, maxSales, reach)
		t.Rows = append(t.Rows, row)
	}
	t.order(q)
	for _, r := range t.Rows {
		t.exportRow(q, d, r.Unit.Name, series[r.Unit.ID], columns)
	}
	if total {
		row := q.tableRow(d, analytics.Unit{Kind: d.kind, Name: q.UnitName(), NPeople: d.nPeople}, d.own, columns, scale, 0, reach)
		row.URL = ""
		t.Total = &row
		t.exportRow(q, d, row.Name, d.own, columns)
	}
	t.Sub = q.Lang.T("regions.table_sub", "month", q.Lang.Month(q.Month), "n", len(units), "units", q.Lang.T("units."+kind))
	t.Title = q.Lang.T("regions.table_people", "n", len(units))
	if kind != "rep" {
		t.Title = q.tableTitle(d)
	}
	if len(units) == 0 {
		t.State = &State{"empty", q.Lang.T("state.empty.title"), q.Lang.T("rank.empty", "units", q.Lang.T("units."+kind), "month", q.Lang.Month(q.Month)), nil}
	}
	q.card(t.Card)
	return t
}

// targetsOf returns the units that have a target this month.
func (q *Query) targetsOf(series analytics.SeriesSet, units []analytics.Unit) (with []string) {
	for _, u := range units {
		if series.Of(u.ID, "target_attainment").Last().Value != nil {
			with = append(with, u.ID)
		}
	}
	return with
}

// presentColumns leaves out indicators that no unit has, so that a company
// with deals only gets no columns of dashes.
func (q *Query) presentColumns(d *overviewData, series analytics.SeriesSet, units []analytics.Unit) []string {
	var present []string
	for _, id := range tableColumns {
		if d.own[id].Last().Value != nil || slices.ContainsFunc(units, func(u analytics.Unit) bool { return series.Of(u.ID, id).Last().Value != nil }) {
			present = append(present, id)
		}
	}
	return present
}

// sort reads the chosen order from the URL.
func (t *unitTable) sort(q *Query, hasTargets bool) {
	t.Sorted = q.Params.Get("sort")
	if t.Sorted != "name" && !slices.Contains(tableColumns, t.Sorted) {
		t.Sorted = "sales_amount"
		if hasTargets {
			t.Sorted = "target_attainment"
		}
	}
}

// columns makes the heads, each a link that sorts by it.
func (t *unitTable) columns(q *Query, columns []string, d *overviewData, scale i18n.Scale) {
	ascending := q.Params.Get("dir") == "asc"
	head := func(id, title, unit string) tableHead {
		h := tableHead{Title: title, Unit: unit, Numeric: id != "name", URL: q.Here("sort", id, "dir", "") + "#" + t.ID}
		if id == t.Sorted {
			h.Sort, h.Arrow = "descending", "↓"
			h.URL = q.Here("sort", id, "dir", "asc") + "#" + t.ID
			if ascending {
				h.Sort, h.Arrow = "ascending", "↑"
				h.URL = q.Here("sort", id, "dir", "") + "#" + t.ID
			}
		}
		return h
	}
	t.Heads = []tableHead{head("name", q.Lang.T("col."+t.Kind), "")}
	t.Table.Columns = []Column{{Title: q.Lang.T("col." + t.Kind)}}
	for _, id := range columns {
		def, _ := definition(d.definitions, id)
		unit := map[string]string{"rate": "%", "money": scale.Unit(), "points": q.Lang.T("unit.points")}[def.Unit]
		if target, ok := d.targets[id]; ok && def.Unit == "rate" && id != "target_attainment" {
			unit = q.Lang.T("regions.to_target", "target", q.Lang.Value(def.Unit, &target, "").Text)
		}
		t.Heads = append(t.Heads, head(id, q.Lang.Pick(def.TitleEn, def.TitleZh), unit))
		t.Table.Columns = append(t.Table.Columns, Column{Title: q.Lang.Pick(def.TitleEn, def.TitleZh), Numeric: true})
	}
}

func (t *unitTable) exportRow(q *Query, d *overviewData, name string, s map[string]analytics.Series, columns []string) {
	cells := []Cell{text(name)}
	for _, id := range columns {
		def, _ := definition(d.definitions, id)
		v := s[id].Last().Value
		cells = append(cells, number(q.Lang.Value(def.Unit, v, q.Run.Meta.Currency).String(), v))
	}
	t.Table.Rows = append(t.Table.Rows, cells)
}

func (t *unitTable) order(q *Query) {
	ascending := q.Params.Get("dir") == "asc"
	slices.SortStableFunc(t.Rows, func(a, b tableRow) int {
		if t.Sorted == "name" {
			if ascending {
				return cmp.Compare(a.Name, b.Name)
			}
			return cmp.Compare(b.Name, a.Name)
		}
		x, y := a.sortBy[t.Sorted], b.sortBy[t.Sorted]
		switch { // no value is last either way
		case x == nil && y == nil:
			return cmp.Compare(a.Unit.ID, b.Unit.ID)
		case x == nil:
			return 1
		case y == nil:
			return -1
		case ascending:
			return cmp.Compare(*x, *y)
		}
		return cmp.Compare(*y, *x)
	})
}

// gapToTarget is how far a rate is from the plan's target, nil where there is
// none.
func (q *Query) gapToTarget(d *overviewData, id string, v *float64) *float64 {
	target, ok := d.targets[id]
	def, _ := definition(d.definitions, id)
	if !ok || v == nil || def.Unit != "rate" || id == "target_attainment" {
		return nil
	}
	gap := *v - target
	return &gap
}

func (q *Query) tableRow(d *overviewData, u analytics.Unit, s map[string]analytics.Series, columns []string, scale i18n.Scale, maxSales float64, reach map[string]float64) tableRow {
	r := tableRow{Unit: u, Name: u.Name, sortBy: map[string]*float64{}}
	if u.Kind == "region" {
		r.URL = q.Link("/regions", "region", u.Name)
	}
	if u.NPeople > 0 && u.Kind != "rep" {
		r.People = q.Lang.T("kpi.people", "n", q.Lang.Count(u.NPeople))
	}
	for _, id := range columns {
		def, _ := definition(d.definitions, id)
		p := s[id].Last()
		r.sortBy[id] = p.Value
		c := tableCell{Label: q.Lang.Pick(def.TitleEn, def.TitleZh) + labelUnit(def.Unit, scale), Text: q.Lang.Value(def.Unit, p.Value, q.Run.Meta.Currency).Text, Bold: id == "target_attainment"}
		if id == "sales_amount" && p.Value != nil {
			c.Text = scale.Text(q.Lang, *p.Value)
			c.Left = chart.CellBar(p.Value, maxSales, 72)
		}
		if gap := q.gapToTarget(d, id, p.Value); gap != nil {
			c.Right = chart.CellGap(gap, reach[id], tone(*gap*def.Better()), 44)
		}
		r.Cells = append(r.Cells, c)
	}
	r.Spark = chart.Spark(s["sales_amount"].Values(12), nil, 84, 22)
	return r
}

// labelUnit is the unit behind a label on a phone, where the table has no head.
func labelUnit(unit string, scale i18n.Scale) string {
	switch unit {
	case "rate":
		return " %"
	case "money":
		return " " + scale.Unit()
	}
	return ""
}

// tableTitle says who is outside its usual range.
func (q *Query) tableTitle(d *overviewData) string {
	rows := q.ranking(d, "target_attainment")
	if len(rows) == 0 {
		if rows = q.ranking(d, "sales_amount"); len(rows) == 0 {
			return q.Lang.T("regions.table")
		}
		return q.Lang.T("rank.sales", "best", rows[0].unit.Name, "share", q.Lang.Percent(*rows[0].point.Value/math.Max(1, value(d.own["sales_amount"].Last().Value)), 0))
	}
	var above, below []string
	for _, r := range rows {
		switch r.tone {
		case "above":
			above = append(above, r.unit.Name)
		case "below":
			below = append(below, r.unit.Name)
		}
	}
	return q.rankTitle(rows, above, below)
}

// peopleData is what the run answers of the people of the chosen region.
type peopleData struct {
	units  []analytics.Unit
	series analytics.SeriesSet // the month alone, of sales the months before it too
}

func (q *Query) peopleData(ctx context.Context) (d peopleData, err error) {
	if q.Region == nil {
		return d, nil
	}
	const sales = "sales_amount" // of which the table draws the months before
	var months analytics.SeriesSet
	err = analytics.Together(ctx,
		analytics.Into(&d.units, func(ctx context.Context) ([]analytics.Unit, error) {
			return q.Run.Units(ctx, q.Scope, "rep", "", q.Month)
		}),
		analytics.Into(&d.series, func(ctx context.Context) (analytics.SeriesSet, error) {
			return q.Run.PersonSeries(ctx, q.Scope, q.Region.ID, q.Month, 1, tableColumns...)
		}),
		analytics.Into(&months, func(ctx context.Context) (analytics.SeriesSet, error) {
			return q.Run.PersonSeries(ctx, q.Scope, q.Region.ID, q.Month, 12, sales)
		}),
	)
	for id, of := range d.series {
		if all := months.Of(id, sales); all != nil {
			of[sales] = all
		}
	}
	return d, err
}

// peopleTable lists the reps of the chosen region.
func (q *Query) peopleTable(d *overviewData, people peopleData) *unitTable {
	var mine []analytics.Unit
	for _, u := range people.units {
		here := u.RegionID != nil && *u.RegionID == q.Region.ID
		sold := people.series.Of(u.ID, "sales_amount").Last().Value != nil
		if here && (sold || u.NPeople > 0) { // who left earlier has nothing to show
			mine = append(mine, u)
		}
	}
	t := q.unitTable(d, "people", mine, people.series, "rep", false)
	return &t
}

// regionsLede counts who met the target and compares the first with the last.
func (q *Query) regionsLede(d *overviewData) string {
	ranked := q.ranking(d, "target_attainment")
	if len(ranked) < 2 {
		return q.Lang.T("regions.lede_plain")
	}
	met := 0
	for _, r := range ranked {
		if *r.point.Value >= 1 {
			met++
		}
	}
	best, worst := ranked[0], ranked[len(ranked)-1]
	return q.Lang.T("regions.lede", "n", len(ranked), "met", met, "units", q.Lang.T("units."+d.partKind),
		"best", best.unit.Name, "best_sold", q.Money(value(best.point.Numerator)), "best_goal", q.Money(value(best.point.Denominator)),
		"worst", worst.unit.Name, "worst_sold", q.Money(value(worst.point.Numerator)), "worst_goal", q.Money(value(worst.point.Denominator)))
}

// smallsCard is the small multiples: one question, every unit, one scale.
type smallsCard struct {
	*Card
	Smalls []small
}

type small struct {
	Name, Note, URL string
	Plot            Plot
}

func (q *Query) smallsCard(d *overviewData) smallsCard {
	indicator, reference, axis, tip := "target_attainment", 1.0, "@pct0", "@pct1"
	rows := q.ranking(d, indicator)
	index := func(s []*float64) []*float64 { return s }
	s := smallsCard{Card: &Card{ID: "smalls"}}
	s.Sub = q.Lang.T("smalls.sub")
	if len(rows) == 0 {
		indicator, axis, tip = "sales_amount", "@plain", "@n1"
		reference, index = 100, indexed
		rows = q.ranking(d, indicator)
		s.Sub = q.Lang.T("smalls.sub_index")
	}
	s.How = q.Link("/indicators/" + indicator)
	def, _ := definition(d.definitions, indicator)
	months := []string{}
	for i := 11; i >= 0; i-- {
		months = append(months, q.Lang.MonthShort(q.Month.AddDate(0, -i, 0)))
	}
	company := index(d.own[indicator].Values(12))
	lines := [][]*float64{company}
	for _, r := range rows {
		lines = append(lines, index(d.series.Of(r.unit.ID, indicator).Values(12)))
	}
	bounds := chart.CommonBounds(reference, lines...)
	s.Table.Columns = []Column{{Title: q.Lang.T("col." + d.partKind)}}
	for _, m := range months {
		s.Table.Columns = append(s.Table.Columns, Column{Title: m, Numeric: true})
	}
	var above, below []string
	for i, r := range rows {
		values := lines[i+1]
		if len(values) < 12 {
			continue
		}
		mean, n := meanBefore(d.series.Of(r.unit.ID, indicator))
		note := ""
		if n > 0 && indicator == "target_attainment" {
			diff := *r.point.Value - mean
			note = q.Lang.T("smalls.note", "value", q.Lang.Percent(*r.point.Value, 1), "diff", i18n.Signed(diff, q.Lang.Decimal(diff*100, 1)))
		} else if values[11] != nil {
			note = q.Lang.Decimal(*values[11], 0)
		}
		switch r.tone {
		case "above":
			above = append(above, r.unit.Name)
		case "below":
			below = append(below, r.unit.Name)
		}
		s.Smalls = append(s.Smalls, small{r.unit.Name, note, q.unitURL(r.unit), Plot{
			Option: chart.Small(months, values, company, q.UnitName(), r.unit.Name, reference, bounds, r.tone, axis, tip),
			Label:  r.unit.Name + " " + note, Height: 120,
		}})
		row := []Cell{text(r.unit.Name)}
		for _, v := range d.series.Of(r.unit.ID, indicator).Values(12) {
			row = append(row, number(q.Lang.Value(def.Unit, v, q.Run.Meta.Currency).String(), v))
		}
		s.Table.Rows = append(s.Table.Rows, row)
	}
	if len(s.Smalls) == 0 {
		s.Title = q.Lang.T("trend.title")
		s.State = &State{"empty", q.Lang.T("state.empty.title"), q.Lang.T("trend.empty", "month", q.Lang.Month(q.Month)), nil}
	} else if indicator == "target_attainment" {
		s.Title = q.rankTitle(rows, above, below)
		s.Plots = []Plot{s.Smalls[0].Plot} // the menu offers images
	} else {
		s.Title = q.Lang.T("smalls.title_index")
		s.Plots = []Plot{s.Smalls[0].Plot}
	}
	q.card(s.Card)
	return s
}

// indexed sets the mean of a series to 100.
func indexed(values []*float64) []*float64 {
	sum, n := 0.0, 0
	for _, v := range values {
		if v != nil {
			sum, n = sum+*v, n+1
		}
	}
	out := make([]*float64, len(values))
	for i, v := range values {
		if v != nil && sum > 0 {
			x := *v / sum * float64(n) * 100
			out[i] = &x
		}
	}
	return out
}

// restCard ranks the units by an indicator that needs data of its own.
func (q *Query) restCard(d *overviewData, id string) *Card {
	def, known := definition(d.definitions, id)
	c := &Card{ID: id, Title: q.Lang.T("rest." + id), Sub: q.Lang.T("rest." + id + "_sub")}
	rows := q.ranking(d, id)
	if !known || len(rows) == 0 {
		c.State = &State{"empty", q.Lang.T("rest.empty", "month", q.Lang.Month(q.Month)), q.Lang.T("rest." + id + "_empty"), &Choice{Title: q.Lang.T("rest.go"), URL: q.Link("/data")}}
		return c
	}
	c.How = q.Link("/indicators/" + id)
	var bars []chart.Bar
	c.Table.Columns = []Column{{Title: q.Lang.T("col." + d.partKind)}, {Title: q.Lang.Pick(def.TitleEn, def.TitleZh), Numeric: true}}
	for _, r := range rows {
		f := q.Lang.Value(def.Unit, r.point.Value, q.Run.Meta.Currency).String()
		bars = append(bars, chart.Bar{Name: r.unit.Name, Value: r.point.Value, Text: f})
		c.Table.Rows = append(c.Table.Rows, []Cell{text(r.unit.Name), number(f, r.point.Value)})
	}
	own := q.Lang.Value(def.Unit, d.own[id].Last().Value, q.Run.Meta.Currency).String()
	c.Title = q.Lang.T("rest.finding", "name", q.Lang.T("rest."+id), "own", own, "best", rows[0].unit.Name, "high", bars[0].Text)
	height := 240
	if len(bars) < 5 {
		height = 160
	}
	c.Plots = []Plot{{Option: chart.Bars(bars, "@pct0", "@pct2", q.Lang.T("rest."+id)), Label: c.Title, Height: height}}
	return q.card(c)
}
