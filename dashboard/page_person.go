package dashboard

import (
	"context"
	"html/template"
	"math"
	"net/url"
	"strings"
	"time"

	"levelfield/analytics"
	"levelfield/dashboard/chart"
	"levelfield/dashboard/i18n"
)

// personPage is one person's statement: how the money and the score came
// about, the market, and the place among others, none of whom is named.
type personPage struct {
	View
	Finding   string
	Badges    []string
	Strip     []stripFigure
	Statement statementCard
	Ledger    ledgerCard
	Orders    *Card
	Trees     []treeCard
	Market    *Card
	Handover  *Card // nil for those who handed nothing over
	Effect    effectCard
	Bands     bandsCard
	History   *Card
}

// Cards lists the cards whose tables can be exported.
func (p *personPage) Cards() []*Card {
	all := []*Card{p.Statement.Card, p.Ledger.Card, p.Orders}
	for _, t := range p.Trees {
		all = append(all, t.Card)
	}
	if p.Handover != nil {
		all = append(all, p.Handover)
	}
	return append(all, p.Market, p.Effect.Card, p.Bands.Card, p.History)
}

// stripFigure is one of the figures under the finding.
type stripFigure struct{ Label, Value, Unit, Note string }

// personData is what the cards of the page are made from.
type personData struct {
	*analytics.StatementRows
	unit   analytics.Unit
	now    *analytics.Statement
	before *analytics.Statement // of the month compared with
	cards  []analytics.Scorecard
	defs   []analytics.Definition
}

func person(ctx context.Context, q *Query) (Page, error) {
	id := q.Path("id")
	people, err := ReadPeople(ctx, q.Run, q.Scope, q.Month, []string{id})
	if err != nil {
		return nil, err
	}
	d, ok := people.dataOf(q, id)
	if !ok {
		return nil, notFound(q.URL.Path)
	}
	return q.personPage(d), nil
}

// personPage builds the page of the person that the data are about.
func (q *Query) personPage(d *personData) *personPage {
	q.ReadPay(d.unit.ID)
	p := &personPage{View: q.view("person")}
	p.Crumbs = q.personCrumbs(d)
	p.Finding = q.personFinding(d)
	p.Title = d.unit.Name
	if d.now != nil {
		state := "person.open"
		if d.now.IsClosed {
			state = "person.closed"
		}
		p.Badges = append(p.Badges, q.Lang.T(state))
		p.Notes = append(p.Notes, q.Lang.T("person.by_plan", "plan", d.now.VersionID), q.Lang.T("person.logged"))
	}
	p.Strip = q.personStrip(d)
	p.Statement = q.statementCard(d)
	p.Ledger = q.ledgerCard(d)
	p.Orders = q.ordersCard(d)
	for _, c := range d.cards {
		if t, ok := q.treeCard(d, c); ok {
			p.Trees = append(p.Trees, t)
		}
	}
	p.Market, p.Effect = q.marketCard(d), q.effectCard(d)
	p.Handover = q.handoverCard(d)
	p.Bands = q.bandsCard(d)
	p.History = q.historyCard(d)
	return p
}

func (q *Query) personCrumbs(d *personData) []Crumb {
	crumbs := []Crumb{{Title: d.unit.Name}}
	if q.Reader.Opens("people") {
		crumbs = append([]Crumb{{q.Lang.T("nav.people"), q.Link("/people")}}, crumbs...)
	}
	return crumbs
}

// exact writes an amount to the cent, as pay is printed.
func (q *Query) exact(v float64) string { return q.Lang.Decimal(v, 2) }

// moneyUnit is the unit of amounts that are written to the cent.
func (q *Query) moneyUnit() string { return q.Lang.MoneyScale(1, q.Run.Meta.Currency).Unit() }

// signedExact writes a change of an amount to the cent with its sign.
func (q *Query) signedExact(v float64) string { return i18n.Signed(v, q.exact(v)) }

func (q *Query) personFinding(d *personData) string {
	month := q.Lang.MonthName(q.Month)
	if d.now == nil {
		return q.Lang.T("person.none", "name", d.unit.Name, "month", month)
	}
	said := q.Lang.T("person.finding", "name", d.unit.Name, "month", month, "total", q.exact(d.now.Total))
	if d.now.IsVoid {
		return said + q.Lang.T("person.finding_void")
	}
	if len(d.Market) > 0 && d.Market[0].Expected > 0 {
		over := d.Market[0].Sold/d.Market[0].Expected - 1
		key := "person.finding_above"
		if over < 0 {
			key = "person.finding_below"
		}
		return said + q.Lang.T(key, "share", q.Lang.Percent(math.Abs(over), 1))
	}
	return said
}

func (q *Query) personStrip(d *personData) []stripFigure {
	if d.now == nil {
		return nil
	}
	total := stripFigure{q.Lang.T("person.total"), q.exact(d.now.Total), q.moneyUnit(), ""}
	score := stripFigure{q.Lang.T("person.score"), i18n.Dash, "", ""}
	if d.now.Score != nil {
		score.Value = q.Lang.Decimal(*d.now.Score, 1)
		score.Unit = q.Lang.T("person.standard", "standard", q.Lang.Decimal(d.now.Standard, 0))
		score.Note = q.Lang.T("person.factor", "factor", q.Lang.Decimal(d.now.Factor, 2))
	}
	if b := d.before; b != nil {
		change := d.now.Total - b.Total
		total.Note = q.Lang.T("person.change", "month", q.Lang.MonthName(b.Month), "change", q.signedExact(change))
		if b.Score != nil && d.now.Score != nil {
			c := *d.now.Score - *b.Score
			score.Note += q.Lang.T("person.and_change", "month", q.Lang.MonthName(b.Month), "change", i18n.Signed(c, q.Lang.Decimal(c, 1)))
		}
	}
	sales := q.Lang.Value("money", &d.now.Sales, q.Run.Meta.Currency)
	out := []stripFigure{total, score, {q.Lang.T("person.sales"), sales.Text, sales.Unit, q.Lang.T("person.days", "days", d.now.DutyDays, "of", d.now.Workdays)}}
	if len(d.Market) > 0 {
		m := d.Market[0]
		f := stripFigure{q.Lang.T("person.adjusted"), i18n.Dash, "", q.Lang.T("person.no_target")}
		if m.Adjusted != nil {
			f.Value, f.Unit = q.Lang.Decimal(*m.Adjusted*100, 1), "%"
			f.Note = ""
			if m.AdjustedLow != nil && m.AdjustedHigh != nil {
				f.Note = q.Lang.T("person.interval", "low", q.Lang.Decimal(*m.AdjustedLow*100, 1), "high", q.Lang.Decimal(*m.AdjustedHigh*100, 1))
			}
		}
		out = append(out, f)
	}
	waiting := stripFigure{q.Lang.T("person.waiting"), q.exact(d.now.Waiting), q.moneyUnit(), q.Lang.T("person.n_orders", "n", len(d.Orders))}
	return append(out, waiting)
}

// statementCard is the money, line by line, each with its formula.
type statementCard struct {
	*Card
	Lines []moneyLine
	Rule  string
}

// moneyLine is one printed line of a statement or a ledger.
type moneyLine struct {
	Title, Amount, Formula string
	Kind                   string // "", sub, total, zero
	Object                 string // address of the form that objects to it; "" where the reader may not
}

func (q *Query) statementCard(d *personData) statementCard {
	c := statementCard{Card: &Card{ID: "statement", How: q.Link("/plan")}}
	c.Title, c.Sub = q.Lang.T("person.statement"), q.Lang.T("person.statement_sub")
	c.Table.Columns = []Column{{Title: q.Lang.T("person.line")}, {Title: q.Lang.T("person.amount"), Unit: q.Run.Meta.Currency, Numeric: true}, {Title: q.Lang.T("person.formula")}}
	for _, l := range d.Lines {
		m := moneyLine{Title: q.lineTitle(l), Amount: q.exact(l.Amount), Formula: q.lineFormula(d, l)}
		if kind, _, _ := strings.Cut(l.Line, "/"); kind != "total" && kind != "override" && kind != "restated" {
			m.Object = q.AppealLink("pay", d.unit.ID, l.Line)
		}
		switch {
		case l.Line == "total":
			m.Kind = "total"
		case l.IsTotal:
			m.Kind = "sub"
		case l.Amount == 0:
			m.Kind = "zero"
		}
		c.Lines = append(c.Lines, m)
		amount := l.Amount
		c.Table.Rows = append(c.Table.Rows, []Cell{text(m.Title), number(m.Amount, &amount), text(m.Formula)})
	}
	if len(c.Lines) == 0 {
		c.State = &State{"empty", q.Lang.T("state.empty.title"), q.Lang.T("person.no_statement", "month", q.Lang.Month(q.Month)), nil}
	}
	q.card(c.Card)
	return c
}

// lineTitle names a line; those with a part after / are of a rule, a month or
// another line.
func (q *Query) lineTitle(l analytics.StatementLine) string {
	kind, of, _ := strings.Cut(l.Line, "/")
	switch kind {
	case "rule":
		return q.Lang.Pick(l.TitleEn, l.TitleZh)
	case "override":
		return q.Lang.T("line.override", "line", q.Lang.T("line."+of))
	case "restated":
		if m, err := time.Parse("2006-01", of); err == nil {
			return q.Lang.T("line.restated", "month", q.Lang.Month(m))
		}
	}
	return q.Lang.T("line." + kind)
}

// lineFormula says how a line came about, with its real numbers.
func (q *Query) lineFormula(d *personData, l analytics.StatementLine) string {
	money := func(v *float64) string { return q.exact(value(v)) }
	percent := func(v *float64) string { return q.Lang.Percent(value(v), 1) }
	kind, _, _ := strings.Cut(l.Line, "/")
	args := []any{"base", money(l.Base), "rate", percent(l.Rate), "quantity", money(l.Quantity), "factor", q.Lang.Decimal(value(l.Factor), 4)}
	switch kind {
	case "commission":
		return q.tierFormula(d, l)
	case "void":
		return q.Lang.T("formula.void", "base", money(l.Base), "rate", q.Lang.Percent(value(l.Rate), 2))
	case "overrun", "saving":
		args = append(args, "ratio", q.Lang.Percent(value(l.Quantity), 2))
	case "score", "performance":
		if l.Reason == "no score" {
			return q.Lang.T("formula.no_score")
		}
		args = append(args, "score", q.Lang.Decimal(value(l.Quantity), 2), "standard", q.Lang.Decimal(value(l.Rate), 0))
	case "pool":
		return q.Lang.T("formula.pool", "days", q.Lang.Decimal(value(l.Quantity), 0))
	case "rule":
		def, _ := definition(d.defs, l.Indicator)
		unit := def.Unit
		name := q.Lang.Pick(def.TitleEn, def.TitleZh)
		if l.Indicator == "score" {
			unit, name = "points", q.Lang.T("person.score")
		}
		return q.Lang.T("formula.rule", "indicator", name, "value", q.Lang.Value(unit, l.Quantity, "").String(), "limit", q.Lang.Value(unit, l.Factor, "").String())
	case "override":
		return q.Lang.T("formula.override", "reason", l.Reason)
	case "restated", "carried_in", "carried_out", "not_carried", "total":
		return q.Lang.T("formula." + kind)
	}
	return q.Lang.T("formula."+kind, args...)
}

// tierFormula writes the tiers of the commission as a sum.
func (q *Query) tierFormula(d *personData, l analytics.StatementLine) string {
	var parts []string
	factor := 1.0
	for _, t := range d.Tiers {
		parts = append(parts, q.exact(t.Base)+" × "+q.Lang.Decimal(t.Rate*100, 2)+"%")
		factor = t.Factor
	}
	if parts == nil {
		return q.Lang.T("formula.no_sales")
	}
	sum := strings.Join(parts, " + ")
	if factor != 1 {
		sum = "(" + sum + ") × " + q.Lang.Decimal(factor, 2)
	}
	return q.Lang.T("formula.commission", "base", q.exact(value(l.Base)), "sum", sum, "n", q.Lang.Decimal(value(l.Quantity), 0))
}

// ledgerCard is what waits for cash.
type ledgerCard struct {
	*Card
	Lines []moneyLine
}

func (q *Query) ledgerCard(d *personData) ledgerCard {
	c := ledgerCard{Card: &Card{ID: "ledger", Sub: q.Lang.T("person.ledger_sub")}}
	if d.Ledger == nil {
		c.Title = q.Lang.T("person.ledger_none")
		c.State = &State{"empty", q.Lang.T("person.ledger_none"), q.Lang.T("person.ledger_none_text"), nil}
		q.card(c.Card)
		return c
	}
	c.Title = q.Lang.T("person.ledger", "amount", q.exact(d.Ledger.Closing))
	if d.Ledger.Closing == 0 {
		c.Title = q.Lang.T("person.ledger_none")
	}
	c.Table.Columns = []Column{{Title: q.Lang.T("person.line")}, {Title: q.Lang.T("person.amount"), Unit: q.Run.Meta.Currency, Numeric: true}}
	for _, l := range []struct {
		id     string
		amount float64
		kind   string
	}{
		{"opening", d.Ledger.Opening, ""}, {"accrued", d.Ledger.Accrued, ""}, {"released", -d.Ledger.Released, ""},
		{"clawed_back", -d.Ledger.ClawedBack, ""}, {"closing", d.Ledger.Closing, "total"},
	} {
		amount := q.signedExact(l.amount)
		if l.id == "opening" || l.kind == "total" {
			amount = q.exact(l.amount)
		}
		kind := l.kind
		if l.amount == 0 && kind == "" {
			kind, amount = "zero", q.exact(0)
		}
		line := moneyLine{Title: q.Lang.T("ledger." + l.id), Amount: amount, Kind: kind}
		if l.id != "opening" {
			line.Formula = q.Lang.T("ledger." + l.id + "_note")
		}
		c.Lines = append(c.Lines, line)
		c.Table.Rows = append(c.Table.Rows, []Cell{text(q.Lang.T("ledger." + l.id)), number(q.exact(l.amount), &l.amount)})
	}
	q.card(c.Card)
	return c
}

const shownOrders = 8

func (q *Query) ordersCard(d *personData) *Card {
	c := &Card{ID: "orders", Sub: q.Lang.T("person.orders_sub")}
	c.Table.Columns = []Column{{Title: q.Lang.T("person.order")}, {Title: q.Lang.T("person.customer")}, {Title: q.Lang.T("person.open_amount"), Numeric: true},
		{Title: q.Lang.T("person.waiting_amount"), Numeric: true}, {Title: q.Lang.T("person.age"), Numeric: true}}
	end := q.Month.AddDate(0, 1, -1)
	old, all := 0.0, 0.0
	n := 0
	for _, o := range d.Orders {
		age := int64(end.Sub(o.On).Hours() / 24)
		all += o.Waiting
		if age > 30 {
			old, n = old+o.Waiting, n+1
		}
		c.Table.Rows = append(c.Table.Rows, []Cell{text(o.OrderID), text(o.Customer), number(q.exact(o.Open), &o.Open), number(q.exact(o.Waiting), &o.Waiting),
			{Text: q.Lang.T("person.age_days", "n", age), Raw: age}})
	}
	switch {
	case len(d.Orders) == 0:
		c.Title = q.Lang.T("person.orders_none")
		c.State = &State{"empty", q.Lang.T("person.orders_none"), q.Lang.T("person.orders_none_text"), nil}
	case n > 0 && all > 0:
		c.Title = q.Lang.T("person.orders_old", "n", n, "share", q.Lang.Percent(old/all, 0))
	default:
		c.Title = q.Lang.T("person.orders", "n", len(d.Orders))
	}
	return q.card(c)
}

// handoverCard shows what others won of the deals that the person left open
// when he moved.
func (q *Query) handoverCard(d *personData) *Card {
	if len(d.Handovers) == 0 {
		return nil
	}
	c := &Card{ID: "handover", Sub: q.Lang.T("person.handover_sub")}
	c.Table.Columns = []Column{{Title: q.Lang.T("person.handover_cell")}, {Title: q.Lang.T("person.handover_left")}, {Title: q.Lang.T("person.handover_deals"), Numeric: true},
		{Title: q.Lang.T("person.handover_amount"), Unit: q.moneyUnit(), Numeric: true}}
	n, sum := int64(0), 0.0
	for _, h := range d.Handovers {
		n, sum = n+h.Deals, sum+h.Amount
		deals := float64(h.Deals)
		cell := h.Cell
		if cell == "" {
			cell = q.Lang.T("person.handover_elsewhere")
		}
		c.Table.Rows = append(c.Table.Rows, []Cell{text(cell), {Text: q.Lang.Date(h.LeftOn), Raw: h.LeftOn}, number(q.Lang.Count(h.Deals), &deals), number(q.exact(h.Amount), &h.Amount)})
	}
	c.Title = q.Lang.T("person.handover", "n", n, "amount", q.Lang.Value("money", &sum, q.Run.Meta.Currency).String())
	return q.card(c)
}

// treeCard is one score as a tree.
type treeCard struct {
	*Card
	Rows     []treeRow
	Score    string
	Standard string
	Name     string
	IsOpen   bool // drawn at once; others unfold
}

type treeRow struct {
	Name, Value, Weight, Points, Part, Note string
	URL                                     string
	Bar                                     template.HTML
	Kind                                    string // branch, leaf, bonus, scorecard
	Object                                  string // address of the form that objects to its points
	Depth                                   int64
}

func (q *Query) treeCard(d *personData, card analytics.Scorecard) (treeCard, bool) {
	name := q.Lang.Pick(card.TitleEn, card.TitleZh)
	t := treeCard{Card: &Card{ID: "score-" + card.ID, How: q.Link("/plan")}, Name: name, IsOpen: card.IsForPay, Standard: q.Lang.Decimal(card.Standard, 0), Score: i18n.Dash}
	t.Table.Columns = []Column{{Title: q.Lang.T("tree.part")}, {Title: q.Lang.T("tree.value"), Numeric: true}, {Title: q.Lang.T("tree.weight"), Numeric: true},
		{Title: q.Lang.T("tree.points"), Numeric: true}, {Title: q.Lang.T("tree.contribution"), Numeric: true}, {Title: q.Lang.T("tree.note")}}
	var best, worst *analytics.Node
	var left int
	for i := range d.Nodes {
		n := &d.Nodes[i]
		if n.Scorecard != card.ID {
			continue
		}
		if n.Node == "" {
			if n.Points != nil {
				t.Score = q.Lang.Decimal(value(n.Contribution), 1)
			}
			continue
		}
		row := q.treeRow(n, card)
		if n.Kind == "leaf" {
			row.Object = q.AppealLink("score", d.unit.ID, card.ID+"/"+n.Node)
		}
		t.Rows = append(t.Rows, row)
		t.Table.Rows = append(t.Table.Rows, []Cell{text(strings.Repeat("　", int(n.Depth-1)) + row.Name), number(row.Value, n.Value), number(row.Weight, n.WeightUsed),
			number(row.Points, n.Points), number(row.Part, n.Contribution), text(row.Note)})
		if n.Kind != "leaf" || n.Points == nil {
			if n.IsLeftOut {
				left++
			}
			continue
		}
		if best == nil || value(n.Contribution) > value(best.Contribution) {
			best = n
		}
		if worst == nil || lost(n, card) > lost(worst, card) {
			worst = n
		}
	}
	if len(t.Rows) == 0 {
		return t, false
	}
	t.Title = name
	if best != nil && worst != nil {
		t.Title = q.Lang.T("tree.finding", "best", q.Lang.Pick(best.TitleEn, best.TitleZh), "worst", q.Lang.Pick(worst.TitleEn, worst.TitleZh))
	}
	t.Sub = q.Lang.T("tree.sub_all", "card", name)
	if left > 0 {
		t.Sub = q.Lang.T("tree.sub", "card", name, "n", left)
	}
	q.card(t.Card)
	return t, true
}

// lost is how far a leaf keeps the score from full.
func lost(n *analytics.Node, card analytics.Scorecard) float64 {
	points := value(n.Points)
	if points <= 0 {
		return value(n.WeightUsed) * card.Full
	}
	return value(n.Contribution) / points * (card.Full - points)
}

func (q *Query) treeRow(n *analytics.Node, card analytics.Scorecard) treeRow {
	r := treeRow{Name: q.Lang.Pick(n.TitleEn, n.TitleZh), Kind: n.Kind, Depth: n.Depth, Value: "", Weight: i18n.Dash, Points: i18n.Dash, Part: i18n.Dash}
	if n.Indicator != "" {
		r.Value = q.Lang.Value(n.Unit, n.Value, q.Run.Meta.Currency).String()
		if n.Indicator != "adjusted_attainment" && n.Indicator != "difficulty_points" {
			r.URL = q.Link("/indicators/" + url.PathEscape(n.Indicator))
		}
	}
	if n.WeightUsed != nil && !n.IsLeftOut {
		r.Weight = q.Lang.Percent(*n.WeightUsed, 1)
	}
	if n.Kind == "bonus" {
		r.Weight = ""
	}
	switch {
	case n.IsLeftOut:
		r.Note = q.Lang.T("tree.left_out", "weight", q.Lang.Percent(value(n.Weight), 0))
	case n.Reason == "scored_zero":
		r.Note = q.Lang.T("tree.scored_zero")
	case n.Reason == "override":
		r.Note = q.Lang.T("tree.override", "reason", n.OverrideReason)
	}
	if n.Points != nil && !n.IsLeftOut {
		r.Points = q.Lang.Decimal(*n.Points, 1)
		if n.Kind != "bonus" {
			r.Bar = chart.CellPoints(n.Points, card.Standard, card.Full, 200)
		}
	}
	if n.Contribution != nil && !n.IsLeftOut {
		r.Part = q.Lang.Decimal(*n.Contribution, 2)
		if n.Kind == "bonus" {
			r.Points, r.Part = "", i18n.Signed(*n.Contribution, q.Lang.Decimal(*n.Contribution, 2))
		}
	}
	return r
}
