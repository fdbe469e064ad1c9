package dashboard

import (
	"context"
	"html/template"
	"math"

	"levelfield/analytics"
	"levelfield/dashboard/chart"
	"levelfield/dashboard/i18n"
)

// indicatorsPage lists every indicator of the run by class.
type indicatorsPage struct {
	View
	Finding string
	Lede    string
	Classes []classCard
}

// classCard is the indicators of one class.
type classCard struct {
	*Card
	Rows []indicatorRow
}

type indicatorRow struct {
	Title, URL  string
	Formula     string
	Value, Unit string
	Base        string // n: what the value was divided by
	Target      string
	Changes     []delta // against the month before, against the year before
	Spark       template.HTML
}

// classes lists the classes in the order of the page.
var classes = []string{"result", "customer", "activity", "process", "quality", "team", "bonus"}

// Cards lists the cards whose tables can be exported.
func (p *indicatorsPage) Cards() []*Card {
	var all []*Card
	for _, c := range p.Classes {
		all = append(all, c.Card)
	}
	return all
}

func indicators(ctx context.Context, q *Query) (Page, error) {
	definitions, err := q.Run.Definitions(ctx)
	if err != nil {
		return nil, err
	}
	kind, id := q.Unit()
	set, err := q.Run.UnitSeries(ctx, q.Scope, kind, id, "", q.Month)
	if err != nil {
		return nil, err
	}
	targets, err := q.Run.Thresholds(ctx, kind)
	if err != nil {
		return nil, err
	}
	p := &indicatorsPage{View: q.view("indicators")}
	p.Title = q.Lang.T("nav.indicators")
	p.Crumbs = []Crumb{{p.Company, ""}, {q.Lang.T("nav.indicators"), ""}}
	valued, news := 0, 0
	for _, class := range classes {
		c := classCard{Card: &Card{ID: class, Title: q.Lang.T("class." + class)}}
		c.Table.Columns = []Column{{Title: q.Lang.T("col.indicator")}, {Title: q.Lang.MonthShort(q.Month), Numeric: true},
			{Title: q.Lang.T("indicator.numerator"), Numeric: true}, {Title: q.Lang.T("indicator.denominator"), Numeric: true},
			{Title: q.Lang.T("filter.prev"), Numeric: true}, {Title: q.Lang.T("filter.year"), Numeric: true}, {Title: q.Lang.T("col.target"), Numeric: true}}
		for _, def := range definitions {
			if def.Class != class {
				continue
			}
			series := set.Of(id, def.ID)
			last := series.Last()
			if last.Value != nil {
				valued++
			}
			if change, usual := q.change(last); analytics.IsNews(change, usual) {
				news++
			}
			c.Rows = append(c.Rows, q.indicatorRow(def, series, targets))
			c.Table.Rows = append(c.Table.Rows, []Cell{text(def.ID), number("", last.Value), number("", last.Numerator),
				number("", last.Denominator), number("", last.Prev), number("", last.Year), number("", targetOf(targets, def.ID))})
		}
		if c.Rows == nil {
			continue
		}
		q.card(c.Card)
		p.Classes = append(p.Classes, c)
	}
	p.Finding = q.Lang.T("indicators.finding", "unit", q.UnitName(), "n", valued, "month", q.Lang.Month(q.Month), "news", news)
	p.Lede = q.Lang.T("indicators.lede")
	if missing := len(definitions) - valued; missing > 0 {
		p.Lede = q.Lang.Sentences(p.Lede, q.Lang.T("indicators.missing", "n", missing))
	}
	return p, nil
}

func targetOf(targets map[string]float64, id string) *float64 {
	if t, ok := targets[id]; ok {
		return &t
	}
	return nil
}

func (q *Query) indicatorRow(def analytics.Definition, series analytics.Series, targets map[string]float64) indicatorRow {
	p := series.Last()
	f := q.Lang.Value(def.Unit, p.Value, q.Run.Meta.Currency)
	row := indicatorRow{
		Title: q.Lang.Pick(def.TitleEn, def.TitleZh), URL: q.Link("/indicators/" + def.ID),
		Value: f.Text, Unit: f.Unit, Base: q.base(def, p), Target: i18n.Dash,
		Spark: chart.Spark(series.Values(12), targetOf(targets, def.ID), 84, 22),
		Changes: []delta{
			q.delta("", def, p.PrevChange, p.PrevUsual),
			q.delta("", def, p.YearChange, p.YearUsual),
		},
	}
	if t := targetOf(targets, def.ID); t != nil {
		row.Target = q.Lang.Value(def.Unit, t, q.Run.Meta.Currency).String()
	}
	return row
}

// base is the n beside a rate: its denominator. Amounts and counts have none.
func (q *Query) base(def analytics.Definition, p analytics.Point) string {
	if p.Denominator == nil || def.Unit == "money" && *p.Denominator == 1 || def.Unit == "count" {
		return i18n.Dash
	}
	return q.plainNumber(*p.Denominator)
}

// plainNumber writes a numerator or denominator, whose unit only its formula
// tells: large ones shortened, whole ones without decimals.
func (q *Query) plainNumber(v float64) string {
	switch {
	case math.Abs(v) >= 1e5:
		s := q.Lang.MoneyScale(v, "")
		return s.Text(q.Lang, v) + s.Suffix
	case v == math.Trunc(v):
		return q.Lang.Decimal(v, 0)
	}
	return q.Lang.Decimal(v, 2)
}
