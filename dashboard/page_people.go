package dashboard

import (
	"cmp"
	"context"
	"html/template"
	"math"
	"net/url"
	"slices"
	"strings"

	"levelfield/analytics"
	"levelfield/dashboard/chart"
	"levelfield/dashboard/i18n"
)

// peoplePage lists everybody's month: figures, score, pay.
type peoplePage struct {
	View
	Finding, Lede string
	Table         peopleTable
}

// Cards lists the cards whose tables can be exported.
func (p *peoplePage) Cards() []*Card { return []*Card{p.Table.Card} }

// peopleTable is the sortable, searchable table.
type peopleTable struct {
	*Card
	Heads  []tableHead
	Rows   []personRow
	Search string
	Keep   []hidden // the other parameters of the address
	States []Choice
}

// hidden is a parameter that the search form carries along.
type hidden struct{ Name, Value string }

type personRow struct {
	Name, Where, URL string
	Badge            string
	Cells            []tableCell
}

// peopleColumns are the columns in their order: how each is read and written.
var peopleColumns = []struct {
	id    string
	value func(analytics.PersonMonth) *float64
}{
	{"sales", func(p analytics.PersonMonth) *float64 { return &p.Sales }},
	{"attainment", func(p analytics.PersonMonth) *float64 { return p.Attainment }},
	{"adjusted", func(p analytics.PersonMonth) *float64 { return p.Adjusted }},
	{"difficulty", func(p analytics.PersonMonth) *float64 { return p.Difficulty }},
	{"score", func(p analytics.PersonMonth) *float64 { return p.Score }},
	{"collected", func(p analytics.PersonMonth) *float64 { return p.Collected }},
	{"expenses", func(p analytics.PersonMonth) *float64 { return p.ExpenseRate }},
	{"total", func(p analytics.PersonMonth) *float64 { return &p.Total }},
	{"against", func(p analytics.PersonMonth) *float64 {
		if p.TotalBefore == nil {
			return nil
		}
		change := p.Total - *p.TotalBefore
		return &change
	}},
	{"waiting", func(p analytics.PersonMonth) *float64 { return &p.Waiting }},
}

// peopleStates are the groups that the list can be narrowed to.
var peopleStates = []struct {
	id string
	is func(analytics.PersonMonth, float64) bool
}{
	{"", func(analytics.PersonMonth, float64) bool { return true }},
	{"above", func(p analytics.PersonMonth, standard float64) bool { return p.Score != nil && *p.Score >= standard }},
	{"below", func(p analytics.PersonMonth, standard float64) bool { return p.Score != nil && *p.Score < standard }},
	{"void", func(p analytics.PersonMonth, _ float64) bool { return p.IsVoid }},
	{"carried", func(p analytics.PersonMonth, _ float64) bool { return p.Carried > 0 }},
}

func people(ctx context.Context, q *Query) (Page, error) {
	var all []analytics.PersonMonth
	var cards []analytics.Scorecard
	err := analytics.Together(ctx,
		analytics.Into(&all, func(ctx context.Context) ([]analytics.PersonMonth, error) {
			return q.Run.People(ctx, q.Scope, q.Month, q.Base())
		}),
		analytics.Into(&cards, func(ctx context.Context) ([]analytics.Scorecard, error) { return q.Run.Scorecards(ctx, q.Month) }),
	)
	if err != nil {
		return nil, err
	}
	standard, title := 80.0, q.Lang.T("person.score")
	for _, c := range cards {
		if c.IsForPay {
			standard, title = c.Standard, q.Lang.Pick(c.TitleEn, c.TitleZh)
		}
	}
	if q.Region != nil {
		all = slices.DeleteFunc(all, func(p analytics.PersonMonth) bool { return p.RegionID == nil || *p.RegionID != q.Region.ID })
	}
	p := &peoplePage{View: q.view("people")}
	p.Title = q.Lang.T("nav.people")
	p.Crumbs = []Crumb{{q.Lang.T("nav.overview"), q.Link("/")}, {Title: q.Lang.T("nav.people")}}
	if q.Region != nil {
		p.Crumbs = []Crumb{p.Crumbs[0], {q.Lang.T("nav.people"), q.Link("/people", "region", "")}, {Title: q.Region.Name}}
	}
	p.Finding, p.Lede = q.peopleFinding(all, standard)
	p.Table = q.payTable(all, standard, title)
	for _, one := range all {
		q.ReadPay(one.RepID)
	}
	return p, nil
}

func (q *Query) peopleFinding(all []analytics.PersonMonth, standard float64) (finding, lede string) {
	total, before, scored, above, void, carried := 0.0, 0.0, 0, 0, 0, 0
	for _, p := range all {
		total += p.Total
		before += value(p.TotalBefore)
		if p.Score != nil {
			scored++
			if *p.Score >= standard {
				above++
			}
		}
		if p.IsVoid {
			void++
		}
		if p.Carried > 0 {
			carried++
		}
	}
	if len(all) == 0 {
		return q.Lang.T("people.none", "month", q.Lang.Month(q.Month)), q.Lang.T("people.none_text")
	}
	finding = q.Lang.T("people.finding", "n", len(all), "total", q.Money(total), "month", q.Lang.MonthName(q.Month), "above", above, "scored", scored, "standard", q.Lang.Decimal(standard, 0))
	lede = q.Lang.T("people.lede", "mean", q.Lang.Decimal(total/float64(len(all)), 0), "void", void, "carried", carried)
	if before > 0 {
		change := total/before - 1
		lede = q.Lang.Sentences(q.Lang.T("people.change", "change", i18n.Signed(change, q.Lang.Percent(change, 1)), "month", q.Lang.MonthName(q.Base())), lede)
	}
	return finding, lede
}

func (q *Query) payTable(all []analytics.PersonMonth, standard float64, scoreTitle string) peopleTable {
	t := peopleTable{Card: &Card{ID: "people", How: q.Link("/plan"), Sub: q.Lang.T("people.sub", "month", q.Lang.Month(q.Month), "standard", q.Lang.Decimal(standard, 0))}, Search: strings.TrimSpace(q.Params.Get("q"))}
	for name, values := range q.Params {
		if name != "q" && name != "lang" && name != "card" && name != "as" && len(values) > 0 {
			t.Keep = append(t.Keep, hidden{name, values[0]})
		}
	}
	slices.SortFunc(t.Keep, func(a, b hidden) int { return cmp.Compare(a.Name, b.Name) })
	state := q.Params.Get("state")
	is := peopleStates[0].is
	for _, s := range peopleStates {
		n := 0
		for _, p := range all {
			if s.is(p, standard) {
				n++
			}
		}
		key := s.id
		if key == "" {
			key = "all"
		}
		t.States = append(t.States, Choice{q.Lang.T("people.state_"+key) + " " + q.Lang.Count(int64(n)), q.Here("state", s.id) + "#people", s.id == state})
		if s.id == state {
			is = s.is
		}
	}
	var shown []analytics.PersonMonth
	for _, p := range all {
		if is(p, standard) && matches(t.Search, p) {
			shown = append(shown, p)
		}
	}
	maxSales, maxTotal := 0.0, 0.0
	for _, p := range all {
		maxSales, maxTotal = math.Max(maxSales, p.Sales), math.Max(maxTotal, p.Total)
	}
	scale := q.Lang.MoneyScale(maxSales, q.Run.Meta.Currency)
	sorted, ascending := t.sort(q, scoreTitle, scale)
	slices.SortStableFunc(shown, func(a, b analytics.PersonMonth) int { return comparePeople(a, b, sorted, ascending) })
	listed := q.listed(t.Card, len(shown))
	for i, p := range shown {
		if i < listed {
			t.Rows = append(t.Rows, q.personRow(p, standard, scale, maxTotal))
		}
		row := []Cell{{Text: p.Name, Raw: p.Name}, text(orEmpty(p.Team)), text(orEmpty(p.Region))}
		for _, c := range peopleColumns {
			v := c.value(p)
			row = append(row, number(q.peopleText(c.id, v), v))
		}
		t.Table.Rows = append(t.Table.Rows, row)
	}
	t.Title = q.Lang.T("people.table_all", "n", len(all))
	if len(shown) < len(all) {
		t.Title = q.Lang.T("people.table", "n", len(shown), "of", len(all))
	}
	if len(shown) == 0 {
		t.State = &State{"empty", q.Lang.T("people.nobody"), q.Lang.T("people.nobody_text"), &Choice{Title: q.Lang.T("people.everybody"), URL: q.Here("q", "", "state", "")}}
	}
	q.card(t.Card)
	return t
}

// matches looks for the search in name, id, team and region.
func matches(search string, p analytics.PersonMonth) bool {
	search = strings.ToLower(search)
	for _, s := range []string{p.Name, p.RepID, orEmpty(p.Team), orEmpty(p.Region)} {
		if strings.Contains(strings.ToLower(s), search) {
			return true
		}
	}
	return false
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// sort makes the heads and returns the chosen order.
func (t *peopleTable) sort(q *Query, scoreTitle string, scale i18n.Scale) (sorted string, ascending bool) {
	sorted, ascending = q.Params.Get("sort"), q.Params.Get("dir") == "asc"
	known := sorted == "name"
	for _, c := range peopleColumns {
		known = known || c.id == sorted
	}
	if !known {
		sorted = "total"
	}
	head := func(id, title, unit string) {
		h := tableHead{Title: title, Unit: unit, Numeric: id != "name", URL: q.Here("sort", id, "dir", "") + "#people"}
		if id == sorted {
			h.Sort, h.Arrow, h.URL = "descending", "↓", q.Here("sort", id, "dir", "asc")+"#people"
			if ascending {
				h.Sort, h.Arrow, h.URL = "ascending", "↑", q.Here("sort", id, "dir", "")+"#people"
			}
		}
		t.Heads = append(t.Heads, h)
	}
	head("name", q.Lang.T("col.rep"), "")
	t.Table.Columns = []Column{{Title: q.Lang.T("col.rep")}, {Title: q.Lang.T("col.team")}, {Title: q.Lang.T("col.region")}}
	for _, c := range peopleColumns {
		title := q.Lang.T("people." + c.id)
		if c.id == "score" {
			title = scoreTitle
		}
		unit := map[string]string{
			"sales": scale.Unit(), "attainment": "%", "adjusted": "%", "collected": "%", "expenses": "%",
			"total": q.moneyUnit(), "against": q.moneyUnit(), "waiting": q.moneyUnit(),
		}[c.id]
		head(c.id, title, unit)
		t.Table.Columns = append(t.Table.Columns, Column{Title: title, Numeric: true})
	}
	return sorted, ascending
}

func comparePeople(a, b analytics.PersonMonth, sorted string, ascending bool) int {
	if sorted == "name" {
		if ascending {
			return cmp.Compare(a.Name, b.Name)
		}
		return cmp.Compare(b.Name, a.Name)
	}
	var x, y *float64
	for _, c := range peopleColumns {
		if c.id == sorted {
			x, y = c.value(a), c.value(b)
		}
	}
	switch { // no value is last either way
	case x == nil && y == nil:
		return cmp.Compare(a.RepID, b.RepID)
	case x == nil:
		return 1
	case y == nil:
		return -1
	case ascending:
		return cmp.Compare(*x, *y)
	}
	return cmp.Compare(*y, *x)
}

// peopleText writes a value of a column in full.
func (q *Query) peopleText(column string, v *float64) string {
	if v == nil {
		return i18n.Dash
	}
	switch column {
	case "attainment", "adjusted", "collected", "expenses":
		return q.Lang.Decimal(*v*100, 1)
	case "difficulty":
		return q.Lang.Decimal(*v, 3)
	case "score":
		return q.Lang.Decimal(*v, 1)
	case "against":
		return q.signedExact(*v)
	}
	return q.exact(*v)
}

func (q *Query) personRow(p analytics.PersonMonth, standard float64, scale i18n.Scale, maxTotal float64) personRow {
	r := personRow{Name: p.Name, Where: strings.TrimPrefix(orEmpty(p.Region)+" · "+orEmpty(p.Team), " · "), URL: q.Link("/people/"+url.PathEscape(p.RepID), "region", "")}
	switch {
	case p.IsVoid:
		r.Badge = q.Lang.T("people.badge_void")
	case p.Carried > 0:
		r.Badge = q.Lang.T("people.badge_carried")
	case p.ExpenseBand == "exception":
		r.Badge = q.Lang.T("people.badge_exception")
	}
	for _, c := range peopleColumns {
		v := c.value(p)
		cell := tableCell{Label: q.Lang.T("people." + c.id), Text: q.peopleText(c.id, v), Bold: c.id == "total"}
		switch {
		case c.id == "sales":
			cell.Text = scale.Text(q.Lang, p.Sales)
			cell.Label += " " + scale.Unit()
		case c.id == "total":
			cell.Left = chart.CellBar(v, maxTotal, 56)
		case c.id == "score" && v != nil:
			gap := *v - standard
			cell.Right = template.HTML(chart.CellGap(&gap, 20, tone(gap), 44))
		}
		r.Cells = append(r.Cells, cell)
	}
	return r
}
