package dashboard

import (
	"context"
	"math"

	"levelfield/analytics"
	"levelfield/dashboard/chart"
	"levelfield/dashboard/i18n"
)

// gapCard compares two units chosen in the URL: the factors of the gap in
// sales per person, and their indicators side by side.
type gapCard struct {
	*Card
	From, To Filter
	Swap     string
	Facts    *Card
	Rows     []gapRow
	FromName string
	ToName   string
}

type gapRow struct {
	Title, URL string
	From, To   string
	Bar        any
	Diff       string
	Tone       string
}

func (q *Query) gapCard(ctx context.Context, d *overviewData) (gapCard, error) {
	g := gapCard{Card: &Card{ID: "gap", How: q.Link("/indicators/average_order_value")}, Facts: &Card{ID: "pair"}}
	from, to := q.pair(d)
	if from == nil || to == nil {
		g.Title = q.Lang.T("gap.title")
		g.State = &State{"empty", q.Lang.T("state.empty.title"), q.Lang.T("gap.few", "units", q.Lang.T("units."+d.partKind)), nil}
		g.Facts.Title, g.Facts.State = q.Lang.T("gap.pair_title"), g.State
		return g, nil
	}
	g.FromName, g.ToName = from.Name, to.Name
	g.From, g.To = q.chooser("from", "gap.from", d.parts, from), q.chooser("to", "gap.to", d.parts, to)
	g.Swap = q.Here("from", to.Name, "to", from.Name) + "#gap"
	factors, err := q.Run.UnitGap(ctx, q.Scope, d.partKind, from.ID, to.ID, q.Month)
	if err != nil {
		return g, err
	}
	if len(factors) == 0 {
		g.Title = q.Lang.T("gap.title")
		g.State = &State{"empty", q.Lang.T("state.empty.title"), q.Lang.T("gap.empty"), nil}
	} else {
		q.gapChart(&g, from, to, factors)
	}
	q.pairRows(&g, d, from, to)
	q.card(g.Card)
	q.card(g.Facts)
	return g, nil
}

// pair returns the two units of ?from= and ?to=; by default the best and the
// last by attainment, or by sales.
func (q *Query) pair(d *overviewData) (from, to *analytics.Unit) {
	rows := q.ranking(d, "target_attainment")
	if len(rows) < 2 {
		rows = q.ranking(d, "sales_amount")
	}
	if len(rows) < 2 {
		return nil, nil
	}
	from, to = &rows[0].unit, &rows[len(rows)-1].unit
	for i := range d.parts {
		u := &d.parts[i]
		if name := q.Params.Get("from"); u.Name == name || u.ID == name {
			from = u
		}
		if name := q.Params.Get("to"); u.Name == name || u.ID == name {
			to = u
		}
	}
	return from, to
}

func (q *Query) chooser(name, label string, units []analytics.Unit, now *analytics.Unit) Filter {
	f := Filter{Name: name, Label: q.Lang.T(label), Value: now.Name}
	for _, u := range units {
		f.Choices = append(f.Choices, Choice{u.Name, q.Here(name, u.Name) + "#gap", u.ID == now.ID})
	}
	return f
}

func (q *Query) gapChart(g *gapCard, from, to *analytics.Unit, factors []analytics.GapFactor) {
	a, b := factors[0].PerFrom, factors[0].PerTo
	scale := q.Lang.MoneyScale(math.Max(a, b), q.Run.Meta.Currency)
	write := func(v float64) string { return scale.Text(q.Lang, v) }
	steps := []chart.Step{{Name: q.Lang.T("gap.per_person", "unit", from.Name), Value: a, Text: write(a), Total: true}}
	g.Table.Columns = []Column{{Title: q.Lang.T("col.step")}, {Title: from.Name, Numeric: true}, {Title: to.Name, Numeric: true}, {Title: q.Lang.T("gap.effect"), Unit: scale.Unit(), Numeric: true}}
	largest := factors[0]
	for _, f := range factors {
		name := q.Lang.T("gap." + f.Factor)
		steps = append(steps, chart.Step{Name: name, Value: f.Effect, Text: i18n.Signed(f.Effect, write(f.Effect))})
		g.Table.Rows = append(g.Table.Rows, []Cell{text(name), number(q.factorText(f.Factor, f.From), &f.From), number(q.factorText(f.Factor, f.To), &f.To), number(i18n.Signed(f.Effect, write(f.Effect)), &f.Effect)})
		if math.Abs(f.Effect) > math.Abs(largest.Effect) {
			largest = f
		}
	}
	gap := b - a
	steps = append(steps, chart.Step{Name: q.Lang.T("gap.per_person", "unit", to.Name), Value: b, Text: write(b), Total: true})
	g.Table.Rows = append(g.Table.Rows, []Cell{text(q.Lang.T("gap.all")), number(q.Money(a), &a), number(q.Money(b), &b), number(i18n.Signed(gap, write(gap)), &gap)})
	key := "gap.finding_less"
	if gap > 0 {
		key = "gap.finding_more"
	}
	g.Title = q.Lang.T(key, "from", from.Name, "to", to.Name, "gap", q.Money(math.Abs(gap)),
		"factor", q.Lang.Inside(q.Lang.T("gap."+largest.Factor)), "effect", i18n.Signed(largest.Effect, q.Money(largest.Effect)))
	g.Sub = q.Lang.T("gap.sub", "month", q.Lang.Month(q.Month), "unit", scale.Unit(), "from", from.Name, "to", to.Name,
		"n_from", from.NPeople, "n_to", to.NPeople)
	g.Plots = []Plot{{Option: chart.Waterfall(steps, "@money"), Label: g.Title, Height: 280}}
}

func (q *Query) factorText(factor string, v float64) string {
	switch factor {
	case "amount_per_order":
		return q.Money(v)
	case "orders_per_visit":
		return q.Lang.Decimal(v, 3)
	}
	return q.Lang.Decimal(v, 1)
}

// pairRows sets the indicators of the two units side by side.
func (q *Query) pairRows(g *gapCard, d *overviewData, from, to *analytics.Unit) {
	c := g.Facts
	c.Table.Columns = []Column{{Title: q.Lang.T("col.indicator")}, {Title: from.Name, Numeric: true}, {Title: to.Name, Numeric: true}}
	better := 0
	for _, def := range d.definitions {
		if twins[def.ID] || def.Direction == "none" || len(g.Rows) == 9 {
			continue
		}
		a, b := d.series.Of(from.ID, def.ID).Last().Value, d.series.Of(to.ID, def.ID).Last().Value
		if a == nil || b == nil {
			continue
		}
		currency := q.Run.Meta.Currency
		row := gapRow{
			Title: q.Lang.Pick(def.TitleEn, def.TitleZh), URL: q.Link("/indicators/" + def.ID),
			From: q.Lang.Value(def.Unit, a, currency).String(), To: q.Lang.Value(def.Unit, b, currency).String(),
		}
		if good := (*b - *a) * def.Better(); good > 0 {
			row.Tone = "to"
			better++
		} else if good < 0 {
			row.Tone = "from"
		}
		g.Rows = append(g.Rows, row)
		c.Table.Rows = append(c.Table.Rows, []Cell{text(row.Title), number(row.From, a), number(row.To, b)})
	}
	c.Title = q.Lang.T("gap.pair", "to", to.Name, "better", better, "n", len(g.Rows))
	c.Sub = q.Lang.T("gap.pair_sub")
}
