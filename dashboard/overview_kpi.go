package dashboard

import (
	"math"

	"levelfield/analytics"
	"levelfield/dashboard/chart"
	"levelfield/dashboard/i18n"
)

// headline lists the eight indicators of the overview.
var headline = []string{
	"sales_amount", "target_attainment", "gross_margin", "due_collection_rate",
	"expense_ratio", "win_rate", "new_customers", "customer_satisfaction",
}

func (q *Query) kpis(d *overviewData) []kpi {
	var all []kpi
	for _, id := range headline {
		all = append(all, q.kpi(d, id))
	}
	return all
}

func (q *Query) kpi(d *overviewData, id string) kpi {
	def, known := definition(d.definitions, id)
	k := kpi{ID: id, Title: q.Lang.Pick(def.TitleEn, def.TitleZh), URL: q.Link("/indicators/" + id)}
	if !known {
		k.Title, k.URL = q.Lang.T("kpi."+id), ""
	}
	series := d.own[id]
	p := series.Last()
	value := q.Lang.Value(def.Unit, p.Value, q.Run.Meta.Currency)
	k.Value, k.Unit = value.Text, value.Unit
	if p.Value == nil {
		k.Empty = q.Lang.T("kpi.empty." + id)
		return k
	}
	if id == "new_customers" {
		k.Unit = q.Lang.T("unit.customers")
	}
	k.Note = q.kpiNote(d, id, p)
	target, goalText := q.goal(d, def, p)
	var goalLine *float64
	if target != nil && id != "sales_amount" {
		goalLine = target
	}
	k.Spark = chart.Spark(series.Values(12), goalLine, 88, 32)
	k.Changes = []delta{
		q.delta(q.Lang.T("kpi.prev"), def, p.PrevChange, p.PrevUsual),
		q.delta(q.Lang.T("kpi.year"), def, p.YearChange, p.YearUsual),
	}
	k.Goal = goalText
	if target != nil {
		missed := (*target - *p.Value) * def.Better()
		off := missed > 0 && p.ValueUsual != nil && missed > *p.ValueUsual
		k.Bullet = chart.Bullet(*p.Value, *target, off)
	}
	return k
}

// goal returns the target of a headline indicator and its text: of sales the
// target amount, of attainment all of it, of others the plan's threshold.
func (q *Query) goal(d *overviewData, def analytics.Definition, p analytics.Point) (*float64, string) {
	var target *float64
	switch def.ID {
	case "sales_amount":
		if a := d.own["target_attainment"].Last(); a.Value != nil {
			target = a.Denominator
		}
	case "target_attainment":
		one := 1.0
		target = &one
	default:
		if t, ok := d.targets[def.ID]; ok {
			target = &t
		}
	}
	if target == nil {
		return nil, q.Lang.T("kpi.no_target")
	}
	f := q.Lang.Value(def.Unit, target, q.Run.Meta.Currency)
	return target, q.Lang.T("kpi.target", "value", f.String())
}

// kpiNote is the base beside a value: n, or the amount a rate is made of.
func (q *Query) kpiNote(d *overviewData, id string, p analytics.Point) string {
	num, den := value(p.Numerator), value(p.Denominator)
	switch id {
	case "sales_amount", "target_attainment":
		if d.nPeople == 0 {
			return ""
		}
		return q.Lang.T("kpi.people", "n", q.Lang.Count(d.nPeople))
	case "gross_margin":
		return q.Lang.T("kpi.profit", "amount", q.Money(num))
	case "due_collection_rate":
		return q.Lang.T("kpi.collected", "amount", q.Money(num))
	case "expense_ratio":
		return q.Lang.T("kpi.spent", "amount", q.Money(num))
	case "win_rate":
		return q.Lang.T("kpi.deals", "n", q.Lang.Count(int64(math.Round(den))))
	case "customer_satisfaction":
		return q.Lang.T("kpi.surveys", "n", q.Lang.Count(int64(math.Round(den))))
	}
	return ""
}

func value(v *float64) float64 {
	if v == nil {
		return 0
	}
	return *v
}

// others are the indicators that have no card of their own.
type othersCard struct {
	*Card
	Rows []otherRow
}

type otherRow struct {
	Title, URL  string
	Value, Unit string
	Change      delta
	Spark       any
}

// twins are indicators that say the same as another of the page.
var twins = map[string]bool{
	"sales_growth": true, "sales_growth_last_month": true, "gross_profit": true,
	"win_rate_amount": true, "complaints": true,
}

func (q *Query) othersCard(d *overviewData) othersCard {
	o := othersCard{Card: &Card{ID: "others", Sub: q.Lang.T("others.sub", "month", q.Lang.Month(q.Base()))}}
	o.Table.Columns = []Column{{Title: q.Lang.T("col.indicator")}, {Title: q.Lang.Month(q.Month), Numeric: true}, {Title: q.Lang.T("filter." + string(q.Compare)), Numeric: true}}
	news := 0
	for _, def := range d.definitions {
		if isHeadline(def.ID) || twins[def.ID] {
			continue
		}
		s := d.own[def.ID]
		p := s.Last()
		if p.Value == nil {
			continue
		}
		change, usual := q.change(p)
		f := q.Lang.Value(def.Unit, p.Value, q.Run.Meta.Currency)
		row := otherRow{
			Title: q.Lang.Pick(def.TitleEn, def.TitleZh), URL: q.Link("/indicators/" + def.ID),
			Value: f.Text, Unit: f.Unit, Change: q.delta("", def, change, usual), Spark: chart.Spark(s.Values(12), nil, 84, 22),
		}
		if row.Change.Tone != "" {
			news++
		}
		o.Rows = append(o.Rows, row)
		o.Table.Rows = append(o.Table.Rows, []Cell{text(row.Title), number(f.String(), p.Value), number(i18n.Signed(value(change), row.Change.Text), change)})
	}
	o.Title = q.Lang.T("others.none", "n", len(o.Rows))
	if news > 0 {
		o.Title = q.Lang.T("others.news", "n", len(o.Rows), "news", news)
	}
	if len(o.Rows) == 0 {
		o.Title = q.Lang.T("others.title")
		o.State = &State{"empty", q.Lang.T("state.empty.title"), q.Lang.T("others.empty"), nil}
	}
	o.How = q.Link("/indicators")
	q.card(o.Card)
	return o
}

func isHeadline(id string) bool {
	for _, h := range headline {
		if h == id {
			return true
		}
	}
	return false
}
