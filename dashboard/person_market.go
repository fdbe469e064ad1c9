package dashboard

import (
	"html/template"
	"math"

	"levelfield/analytics"
	"levelfield/dashboard/chart"
	"levelfield/dashboard/i18n"
)

// shownParts is how many parts of a coefficient stand alone; the rest is one.
const shownParts = 7

func (q *Query) marketCard(d *personData) *Card {
	c := &Card{ID: "market", Title: q.Lang.T("person.market"), Sub: q.Lang.T("person.market_sub")}
	if len(d.Market) == 0 {
		c.State = &State{"empty", q.Lang.T("person.market_none"), q.Lang.T("person.market_none_text"), nil}
		return q.card(c)
	}
	m := d.Market[0]
	c.Title = q.Lang.T("person.market_finding", "expected", q.Money(m.Expected), "sold", q.Money(m.Sold))
	c.Table.Columns = []Column{{Title: q.Lang.T("person.part")}, {Title: q.Lang.T("person.part_value"), Numeric: true}, {Title: q.Lang.T("person.part_mean"), Numeric: true},
		{Title: q.Lang.T("person.part_weight"), Numeric: true}, {Title: q.Lang.T("person.part_effect"), Unit: "%", Numeric: true}}
	var steps []chart.Step
	step := func(name string, amount float64) {
		v := amount * 100
		steps = append(steps, chart.Step{Name: name, Value: v, Text: i18n.Signed(v, q.Lang.Decimal(v, 1)), Plain: true})
	}
	figure := func(v *float64) Cell {
		if v == nil {
			return Cell{Text: i18n.Dash}
		}
		digits := 3
		if math.Abs(*v) >= 1000 {
			digits = 0
		}
		return number(q.Lang.Decimal(*v, digits), v)
	}
	total, rest := 0.0, 0.0
	for _, part := range d.Market {
		total += part.Amount
		name, v := q.partTitle(part.Item, part.TitleEn, part.TitleZh), part.Amount*100
		c.Table.Rows = append(c.Table.Rows, []Cell{text(name), figure(part.Value), figure(part.MeanValue), figure(part.Weight), number(i18n.Signed(v, q.Lang.Decimal(v, 2)), &v)})
		if len(steps) < shownParts && math.Abs(part.Amount) > 5e-4 {
			step(name, part.Amount)
		} else {
			rest += part.Amount
		}
	}
	if math.Abs(rest) > 5e-4 {
		step(q.Lang.T("person.part_rest"), rest)
	}
	sum := total * 100
	steps = append(steps, chart.Step{Name: q.Lang.T("person.part_sum"), Value: sum, Text: i18n.Signed(sum, q.Lang.Decimal(sum, 1)), Total: true})
	c.Table.Rows = append(c.Table.Rows, []Cell{text(q.Lang.T("person.part_sum")), {Text: i18n.Dash}, {Text: i18n.Dash}, {Text: i18n.Dash}, number(i18n.Signed(sum, q.Lang.Decimal(sum, 2)), &sum)})
	c.Plots = []Plot{{Option: chart.Waterfall(steps, "@n1"), Label: c.Title, Height: 320}}
	if q.Reader.Opens("difficulty") && isPage("difficulty") {
		c.How = q.Link("/difficulty")
	}
	return q.card(c)
}

// effectCard says what the coefficient does to the person's score.
type effectCard struct {
	*Card
	Facts []effectLine
	Note  string
}

type effectLine struct {
	Label, Value, Note string
	Object             string // address of the form that objects to it; "" where the reader may not
}

func (q *Query) effectCard(d *personData) effectCard {
	c := effectCard{Card: &Card{ID: "effect", Title: q.Lang.T("effect.title"), Sub: q.Lang.T("effect.sub")}}
	c.Table.Columns = []Column{{Title: q.Lang.T("tree.part")}, {Title: q.Lang.T("tree.value"), Numeric: true}}
	if len(d.Market) == 0 {
		c.State = &State{"empty", q.Lang.T("person.market_none"), q.Lang.T("person.market_none_text"), nil}
		q.card(c.Card)
		return c
	}
	m := d.Market[0]
	rate := func(v *float64) string { return q.Lang.Value("rate", v, "").String() }
	interval := ""
	if m.Low != nil && m.High != nil {
		interval = q.Lang.T("effect.interval", "low", q.Lang.Decimal(*m.Low, 2), "high", q.Lang.Decimal(*m.High, 2))
	}
	c.Facts = []effectLine{
		{q.Lang.T("effect.raw"), rate(m.Attainment), "", ""},
		{q.Lang.T("effect.coefficient"), "× " + q.Lang.Decimal(m.D, 3), interval, q.AppealLink("coefficient", d.unit.ID, "coefficient")},
		{q.Lang.T("effect.adjusted"), rate(m.Adjusted), "", ""},
	}
	if m.Reliability != nil {
		c.Facts = append(c.Facts, effectLine{q.Lang.T("effect.reliability"), q.Lang.Decimal(*m.Reliability, 2), "", ""})
	}
	for _, f := range c.Facts {
		c.Table.Rows = append(c.Table.Rows, []Cell{text(f.Label), text(f.Value)})
	}
	verdict := map[string]string{"separable": "effect.separable", "partly": "effect.partly"}[m.Verdict]
	if verdict == "" {
		verdict = "effect.not_separable"
	}
	c.Note = q.Lang.T("effect."+m.Channel) + " " + q.Lang.T(verdict)
	q.card(c.Card)
	return c
}

// bandsCard sets the person beside others, none of whom can be made out.
type bandsCard struct {
	*Card
	Rows []bandRow
}

type bandRow struct {
	Name, Value, Place, URL string
	Bands                   template.HTML
}

func (q *Query) bandsCard(d *personData) bandsCard {
	c := bandsCard{Card: &Card{ID: "bands", Title: q.Lang.T("bands.title"), Sub: q.Lang.T("bands.sub")}}
	c.Table.Columns = []Column{{Title: q.Lang.T("col.indicator")}, {Title: q.Lang.T("bands.own"), Numeric: true}, {Title: "P10", Numeric: true}, {Title: "P25", Numeric: true},
		{Title: "P50", Numeric: true}, {Title: "P75", Numeric: true}, {Title: "P90", Numeric: true}, {Title: "n", Numeric: true}}
	var high, low []string
	for _, b := range d.Bands {
		def, _ := definition(d.defs, b.Indicator)
		name := q.Lang.Pick(def.TitleEn, def.TitleZh)
		place := "bands.middle"
		top, bottom := b.Value > b.P75, b.Value < b.P25
		if def.Better() < 0 {
			top, bottom = bottom, top
		}
		switch {
		case top:
			place, high = "bands.top", append(high, name)
		case bottom:
			place, low = "bands.bottom", append(low, name)
		}
		figure := func(v float64) Cell {
			return number(q.Lang.Value(def.Unit, &v, q.Run.Meta.Currency).String(), &v)
		}
		own := figure(b.Value)
		c.Rows = append(c.Rows, bandRow{name, own.Text, q.Lang.T(place), q.Link("/indicators/" + b.Indicator), chart.CellBands(b.P10, b.P25, b.P50, b.P75, b.P90, b.Value, 240)})
		c.Table.Rows = append(c.Table.Rows, []Cell{text(name), own, figure(b.P10), figure(b.P25), figure(b.P50), figure(b.P75), figure(b.P90), {Text: q.Lang.Count(b.Peers), Raw: b.Peers}})
	}
	switch {
	case len(c.Rows) == 0:
		c.State = &State{"empty", q.Lang.T("bands.none"), q.Lang.T("bands.none_text"), nil}
	case len(high) > 0 && len(low) > 0:
		c.Title = q.Lang.T("bands.both", "high", q.Lang.List(high), "low", q.Lang.List(low))
	case len(high) > 0:
		c.Title = q.Lang.T("bands.high", "high", q.Lang.List(high))
	case len(low) > 0:
		c.Title = q.Lang.T("bands.low", "low", q.Lang.List(low))
	}
	q.card(c.Card)
	return c
}

func (q *Query) historyCard(d *personData) *Card {
	c := &Card{ID: "history", Sub: q.Lang.T("history.sub")}
	c.Table.Columns = []Column{{Title: q.Lang.T("history.month")}, {Title: q.Lang.T("person.score"), Numeric: true}, {Title: q.Lang.T("person.total"), Unit: q.Run.Meta.Currency, Numeric: true}}
	var months []string
	var scores, totals []*float64
	rank := 1
	for i := 11; i >= 0; i-- {
		month := q.Month.AddDate(0, -i, 0)
		var s *analytics.Statement
		for j := range d.History {
			if d.History[j].Month.Equal(month) {
				s = &d.History[j]
			}
		}
		months = append(months, q.Lang.MonthShort(month))
		if s == nil {
			scores, totals = append(scores, nil), append(totals, nil)
			continue
		}
		scores, totals = append(scores, s.Score), append(totals, &s.Total)
		if d.now != nil && s.Total > d.now.Total {
			rank++
		}
		score := Cell{Text: i18n.Dash}
		if s.Score != nil {
			score = number(q.Lang.Decimal(*s.Score, 1), s.Score)
		}
		c.Table.Rows = append(c.Table.Rows, []Cell{{Text: q.Lang.Month(month), Raw: month.Format("2006-01")}, score, number(q.exact(s.Total), &s.Total)})
	}
	if d.now == nil {
		c.Title = q.Lang.T("history.none")
		c.State = &State{"empty", q.Lang.T("history.none"), q.Lang.T("person.no_statement", "month", q.Lang.Month(q.Month)), nil}
		return q.card(c)
	}
	c.Title = q.Lang.T("history.finding", "rank", rank, "n", len(d.History))
	if rank == 1 {
		c.Title = q.Lang.T("history.highest", "n", len(d.History))
	}
	standard := d.now.Standard
	words := chart.TrendWords{Value: q.Lang.T("person.score"), Goal: q.Lang.T("history.standard")}
	line := chart.Line(months, scores, nil, &standard, "@n0", "@n1", words)
	c.Plots = []Plot{{Option: line, Label: q.Lang.T("history.scores"), Height: 160, Note: q.Lang.T("history.scores")}}
	c.Plots = append(c.Plots, Plot{Option: chart.Trend(months, totals, nil, nil, chart.TrendWords{Value: q.Lang.T("person.total")}), Label: q.Lang.T("history.totals"), Height: 160, Note: q.Lang.T("history.totals")})
	return q.card(c)
}
