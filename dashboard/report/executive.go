package report

import (
	"context"
	"errors"
	"html/template"
	"time"

	"levelfield/analytics"
	"levelfield/dashboard"
)

// executive makes the report of the whole company.
func (p *Press) executive(ctx context.Context, run *analytics.Run, o Order, now time.Time) (*Report, error) {
	if o.Store == nil {
		return nil, errors.New("the company's report tells of appeals and restatements: Order.Store is missing")
	}
	m, err := dashboard.NewMonthly(ctx, o.sheet(run, now))
	if err != nil {
		return nil, err
	}
	r := p.report(m.Meta, o, o.Lang.T("report.title"), m.Overview.Finding)
	w := writer{press: p, lang: o.Lang}
	r.Sections = []*Section{w.summary(m), w.regions(m), w.change(m), w.allocation(m), w.fairness(m), w.objections(m), w.rest(m), w.data(m)}
	return r, w.err
}

// manager makes the report of one region with its teams, or of one team, with
// its people.
func (p *Press) manager(ctx context.Context, run *analytics.Run, o Order, now time.Time) (*Report, error) {
	sheet := o.sheet(run, now)
	if o.Kind == ForRegion {
		sheet.Region = o.UnitID
	}
	m, err := dashboard.NewMonthly(ctx, sheet)
	if err != nil {
		return nil, err
	}
	r := p.report(m.Meta, o, o.Lang.T("report.title_unit", "name", m.Unit), m.Overview.Finding)
	w := writer{press: p, lang: o.Lang}
	r.Sections = []*Section{w.summary(m), w.regions(m), w.change(m)}
	if m.Regions.People != nil {
		r.Sections = append(r.Sections, w.people(m))
	}
	r.Sections = append(r.Sections, w.rest(m))
	return r, w.err
}

// units prints a table of regions, teams or people with their total.
func (w *writer) units(t dashboard.UnitTable) *Block {
	b := &Block{ID: t.ID, Table: &Table{}, Data: &t.Card.Table}
	for _, h := range t.Heads {
		b.Table.Heads = append(b.Table.Heads, Head{h.Title, h.Unit, h.Numeric})
	}
	b.Table.Heads = append(b.Table.Heads, Head{Title: w.lang.T("report.year")})
	rows := t.Rows
	if t.Total != nil {
		rows = append(rows[:len(rows):len(rows)], *t.Total)
	}
	for i, r := range rows {
		row := Row{Cells: []Cell{{Text: r.Name, Small: r.People, Bold: true}}, Total: i == len(t.Rows)}
		for _, c := range r.Cells {
			row.Cells = append(row.Cells, Cell{Text: c.Text, Tone: c.Tone, Bold: c.Bold || row.Total})
		}
		row.Cells = append(row.Cells, Cell{SVG: r.Spark})
		b.Table.Rows = append(b.Table.Rows, row)
	}
	return b
}

// tableSub says what the rows of a table of units are. Paper has no columns to
// sort by.
func (w *writer) tableSub(m *dashboard.Monthly, t dashboard.UnitTable) string {
	return w.lang.T("report.table_sub", "month", w.lang.Month(m.Month), "n", len(t.Rows), "units", w.lang.T("units."+t.Kind))
}

func (w *writer) people(m *dashboard.Monthly) *Section {
	b := w.units(*m.Regions.People)
	b.Title, b.Sub, b.Empty = m.Regions.People.Title, w.tableSub(m, *m.Regions.People), m.Regions.People.State
	return &Section{ID: "people", Title: w.lang.T("report.people"), Blocks: []*Block{b}}
}

func (w *writer) summary(m *dashboard.Monthly) *Section {
	o := m.Overview
	s := &Section{ID: "summary", Title: w.lang.T("report.summary")}
	ledes := &Block{}
	for _, l := range o.Ledes {
		ledes.Ledes = append(ledes.Ledes, Lede{l.Head, l.Text})
	}
	kpis := &Block{Note: w.lang.T("report.usual")}
	for _, k := range o.KPIs {
		f := Figure{Label: k.Title, Note: k.Note, Value: k.Value, Unit: k.Unit, Spark: k.Spark, Goal: k.Goal, Empty: k.Empty}
		for _, c := range k.Changes {
			f.Changes = append(f.Changes, Change{c.Label, c.Arrow, c.Text, c.Tone})
		}
		kpis.Figures = append(kpis.Figures, f)
	}
	s.Blocks = []*Block{{Finding: o.Finding}, ledes, kpis, w.card(o.Trend)}
	return s
}

func (w *writer) regions(m *dashboard.Monthly) *Section {
	p := m.Regions
	s := &Section{ID: "regions", Title: w.lang.T("units_title." + m.Regions.Table.Kind)}
	s.Blocks = append(s.Blocks, &Block{Finding: p.Finding}, &Block{Text: p.Lede}, w.card(m.Overview.Rank), w.card(p.Level))
	units := w.units(p.Table)
	units.Title, units.Sub = w.lang.T("regions.table"), w.tableSub(m, p.Table)
	smalls := &Block{ID: p.Smalls.ID, Title: p.Smalls.Title, Sub: p.Smalls.Sub, Empty: p.Smalls.State, Data: &p.Smalls.Card.Table}
	for _, each := range p.Smalls.Smalls {
		smalls.Smalls = append(smalls.Smalls, Drawing{Name: each.Name, Side: each.Note, SVG: w.draw(each.Plot, smallWidth, smallHeight)})
	}
	s.Blocks = append(s.Blocks, units, smalls)
	return s
}

func (w *writer) change(m *dashboard.Monthly) *Section {
	o := m.Overview
	s := &Section{ID: "change", Title: w.lang.T("report.change"), Side: o.Compared}
	moves := &Block{ID: o.Moves.ID, Title: o.Moves.Title, Sub: o.Moves.Sub, Empty: o.Moves.State, Data: &o.Moves.Card.Table}
	if o.Moves.State == nil {
		moves.Table = &Table{Heads: []Head{{}, {}, {Numeric: true}, {Numeric: true}}}
		for _, r := range o.Moves.Rows {
			spark, _ := r.Spark.(template.HTML)
			row := Row{Cells: []Cell{
				{Text: r.Unit, Bold: true}, {Text: r.Indicator}, {Text: r.Value + r.Unit2},
				{Arrow: r.Change.Arrow, Text: r.Change.Text, Tone: r.Change.Tone}, {SVG: spark},
			}}
			if o.Moves.HasCauses {
				row.Cells = append(row.Cells, Cell{Text: r.Cause})
			}
			moves.Table.Rows = append(moves.Table.Rows, row)
		}
	}
	s.Blocks = []*Block{w.card(o.Bridge), moves}
	return s
}

func (w *writer) rest(m *dashboard.Monthly) *Section {
	o := m.Overview.Others
	s := &Section{ID: "rest", Title: w.lang.T("report.rest")}
	b := &Block{ID: o.ID, Sub: o.Title, Empty: o.State, Data: &o.Card.Table}
	if o.State == nil {
		b.Table = &Table{Dense: true, Heads: []Head{
			{Title: w.lang.T("report.indicator")}, {Title: w.lang.T("report.value"), Numeric: true},
			{Title: w.lang.T("report.changes"), Numeric: true}, {Title: w.lang.T("report.year")},
		}}
		for _, r := range o.Rows {
			spark, _ := r.Spark.(template.HTML)
			b.Table.Rows = append(b.Table.Rows, Row{Cells: []Cell{
				{Text: r.Title}, {Text: r.Value + r.Unit, Bold: true},
				{Arrow: r.Change.Arrow, Text: r.Change.Text, Tone: r.Change.Tone}, {SVG: spark},
			}})
		}
	}
	s.Blocks = []*Block{b}
	return s
}

func (w *writer) data(m *dashboard.Monthly) *Section {
	s := &Section{ID: "data", Title: w.lang.T("report.data")}
	t := w.lang.T
	loads := &Block{ID: "loads", Data: &m.Overview.Data.Card.Table, Table: &Table{Dense: true, Heads: []Head{
		{Title: t("report.entity")}, {Title: t("report.read"), Numeric: true}, {Title: t("report.refused"), Numeric: true}, {Title: t("report.loaded"), Numeric: true},
	}}}
	for _, l := range m.Loads {
		loads.Table.Rows = append(loads.Table.Rows, Row{Cells: []Cell{
			{Text: dashboard.EntityTitle(w.lang, l.Entity)}, {Text: w.lang.Count(l.Read)}, {Text: w.lang.Count(l.Refused)}, {Text: w.lang.Moment(l.LoadedAt)},
		}})
	}
	checks := &Block{ID: "checks", Title: t("report.check"), Data: &dashboard.Table{Columns: []dashboard.Column{
		{Title: t("report.check")}, {Title: "id"}, {Title: t("report.rows"), Numeric: true},
	}}}
	printed := &Table{Dense: true, Heads: []Head{{}, {}, {Title: t("report.rows"), Numeric: true}}}
	for _, c := range m.Checks {
		if c.Passed {
			continue
		}
		title := w.lang.Pick(c.TitleEn, c.TitleZh)
		printed.Rows = append(printed.Rows, Row{Cells: []Cell{{Text: title}, {Text: c.ID, Mono: true}, {Text: w.lang.Count(c.Failures)}}})
		checks.Data.Rows = append(checks.Data.Rows, []dashboard.Cell{{Text: title, Raw: title}, {Text: c.ID, Raw: c.ID}, {Text: w.lang.Count(c.Failures), Raw: c.Failures}})
	}
	if len(printed.Rows) > 0 {
		checks.Table = printed
	} else {
		checks.Text = t("report.no_checks")
	}
	s.Blocks = []*Block{{Finding: m.Overview.Data.Title}, loads, checks}
	return s
}
