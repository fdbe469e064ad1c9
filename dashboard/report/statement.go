package report

import (
	"context"
	"slices"
	"time"

	"github.com/xuri/excelize/v2"

	"levelfield/analytics"
	"levelfield/dashboard"
)

// halfWidth is the width of a drawing in one of two columns, in CSS pixels.
const halfWidth = 330

// statement makes a person's statement from the cards of the person's page:
// pay, ledger, scores, the market, the place among others, how to object.
func (p *Press) statement(ctx context.Context, run *analytics.Run, o Order, now time.Time) (*Report, error) {
	people, err := p.ahead.people(ctx, run, o)
	if err != nil {
		return nil, err
	}
	m, err := people.Person(o.sheet(run, now), o.UnitID)
	if err != nil {
		return nil, err
	}
	t := o.Lang.T
	r := p.report(run.Meta, o, t("statement.title", "name", m.Title), m.Finding)
	w := writer{press: p, lang: o.Lang}
	s := &Section{ID: "statement", Title: m.Finding, Sheets: t("statement.sheets")}
	strip := &Block{}
	for _, f := range m.Strip {
		strip.Strip = append(strip.Strip, Figure{Label: f.Label, Value: f.Value, Unit: f.Unit, Note: f.Note})
	}
	left, ledger := w.lines(m.Statement.Card, m.Statement.Lines), w.lines(m.Ledger.Card, m.Ledger.Lines)
	if m.Statement.State == nil {
		left.Data, ledger.Data = nil, nil // the workbook has them as formulas
		r.formulas = func() (*excelize.File, error) {
			workings, err := run.Workings(ctx, o.reader().Scope(), o.UnitID, o.Month)
			if err != nil {
				return nil, err
			}
			return workings.Workbook(string(o.Lang))
		}
	}
	right := []*Block{ledger, w.half(m.History)}
	s.Blocks = []*Block{strip, {Beside: [][]*Block{{left}, right}}}
	for _, tree := range m.Trees {
		if tree.IsOpen { // the score that enters pay
			s.Blocks = append(s.Blocks, w.tree(tree))
		}
	}
	effect := w.card(m.Effect.Card)
	if effect.Table != nil {
		effect.Table.Dense, effect.Table.Heads = true, []Head{{}, {Numeric: true}}
	}
	effect.Note = m.Effect.Note
	s.Blocks = append(s.Blocks, w.market(m.Market), &Block{Beside: [][]*Block{{effect}, {w.orders(m.Orders)}}}, w.bands(m))
	for _, tree := range m.Trees {
		if !tree.IsOpen {
			s.Blocks = append(s.Blocks, &Block{ID: tree.ID, Name: tree.Name, Data: &tree.Card.Table})
		}
	}
	s.Blocks = append(s.Blocks, &Block{Title: t("statement.appeal"), Text: t("statement.appeal_text"),
		Signs: []string{t("statement.sign_self"), t("statement.sign_manager"), t("statement.sign_date")}})
	r.Sections = []*Section{s}
	return r, w.err
}

// lines prints lines of money with their formulas.
func (w *writer) lines(c *dashboard.Card, all []dashboard.MoneyLine) *Block {
	b := &Block{ID: c.ID, Title: c.Title, Sub: c.Sub, Empty: c.State, Data: &c.Table}
	level := map[string]int{"sub": 1, "total": 2}
	for _, l := range all {
		b.Lines = append(b.Lines, Line{l.Title, l.Amount, l.Formula, level[l.Kind]})
	}
	return b
}

// half is a card in one of two columns, with the last of its charts, which the
// title names.
func (w *writer) half(c *dashboard.Card) *Block {
	b := &Block{ID: c.ID, Title: c.Title, Empty: c.State, Data: &c.Table}
	if n := len(c.Plots); c.State == nil && n > 0 {
		p := c.Plots[n-1]
		p.Option.YAxis = slices.Clone(p.Option.YAxis)
		for i := range p.Option.YAxis { // so low a chart has room for three values
			p.Option.YAxis[i].SplitNumber = 2
		}
		b.Drawings = []Drawing{{SVG: w.draw(p, halfWidth, 105)}}
	}
	return b
}

// market is the chart of what makes the coefficient.
func (w *writer) market(c *dashboard.Card) *Block {
	b := &Block{ID: c.ID, Title: c.Title, Sub: c.Sub, Empty: c.State, Data: &c.Table}
	if c.State == nil {
		b.Sub = w.lang.T("statement.market_sub")
	}
	for _, p := range c.Plots {
		p.Option.Series = slices.Clone(p.Option.Series)
		p.Option.Series[0].BarWidth = "70%" // rows are narrower than on the page
		b.Drawings = append(b.Drawings, Drawing{SVG: w.draw(p, wideWidth, 18*namedRows(p)+28)})
	}
	return b
}

// mostOrders is how many waiting orders a statement prints; the workbook holds
// all of them.
const mostOrders = 5

// orders are the oldest orders that wait for cash, without their customers,
// for which a column of two is too narrow.
func (w *writer) orders(c *dashboard.Card) *Block {
	b := &Block{ID: c.ID, Title: c.Title, Sub: c.Sub, Empty: c.State, Data: &c.Table}
	if c.State != nil {
		return b
	}
	b.Table = plain(&c.Table)
	b.Table.Dense = true
	b.Table.Heads = slices.Delete(b.Table.Heads, 1, 2)
	b.Table.Rows = b.Table.Rows[:min(len(b.Table.Rows), mostOrders)]
	for i := range b.Table.Rows {
		b.Table.Rows[i].Cells = slices.Delete(b.Table.Rows[i].Cells, 1, 2)
	}
	return b
}

func (w *writer) tree(t dashboard.ScoreTree) *Block {
	b := &Block{ID: t.ID, Title: t.Title, Sub: t.Sub, Empty: t.State, Data: &t.Card.Table, Table: &Table{Dense: true}}
	for _, c := range t.Card.Table.Columns[:5] {
		b.Table.Heads = append(b.Table.Heads, Head{c.Title, c.Unit, c.Numeric})
	}
	for _, n := range t.Rows {
		bold := n.Depth <= 1
		b.Table.Rows = append(b.Table.Rows, Row{Depth: int(n.Depth), Cells: []Cell{
			{Text: n.Name, Small: n.Note, Bold: bold}, {Text: n.Value}, {Text: n.Weight}, {Text: n.Points, Bold: bold}, {Text: n.Part, Bold: bold},
		}})
	}
	b.Table.Rows = append(b.Table.Rows, Row{Total: true, Cells: []Cell{{Text: t.Name, Small: w.lang.T("person.standard", "standard", t.Standard), Bold: true}, {}, {}, {}, {Text: t.Score, Bold: true}}})
	return b
}

func (w *writer) bands(m *dashboard.Person) *Block {
	c := m.Bands
	b := &Block{ID: c.ID, Title: c.Title, Sub: c.Sub, Empty: c.State, Data: &c.Card.Table}
	if c.State != nil {
		return b
	}
	b.Table = &Table{Dense: true, Heads: []Head{{}, {}, {Numeric: true}, {Numeric: true}}}
	for _, row := range c.Rows {
		b.Table.Rows = append(b.Table.Rows, Row{Cells: []Cell{{Text: row.Name}, {SVG: row.Bands}, {Text: row.Value, Bold: true}, {Text: row.Place}}})
	}
	return b
}
