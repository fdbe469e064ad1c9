package report

import (
	"levelfield/dashboard"
)

// allocation is the proposal how to split the promotion budget: what it brings
// against today, and each region with its bounds.
func (w *writer) allocation(m *dashboard.Monthly) *Section {
	p := m.Company.Allocation
	s := &Section{ID: "allocation", Title: w.lang.T("nav.allocation"), Blocks: []*Block{{Finding: p.Finding}, {Text: p.Lede}}}
	if p.Trial.State != nil || p.Splits == nil {
		return s
	}
	t := w.lang.T
	table := &Table{}
	for _, name := range []string{"region", "now", "proposed", "change", "bounds", "marginal_now", "marginal_then", "sales"} {
		h := Head{Title: t("allocation.col_" + name), Numeric: name != "region"}
		switch name {
		case "change", "bounds":
			h.Title = t("report.split_" + name)
			h.Unit = p.Regions.Unit
		case "now", "proposed":
			h.Unit = p.Regions.Unit
		}
		table.Heads = append(table.Heads, h)
	}
	for _, r := range p.Regions.Rows {
		table.Rows = append(table.Rows, Row{Cells: []Cell{
			{Text: r.Name, Bold: true}, {Text: r.Today}, {Text: r.Proposed, Bold: true}, {Text: r.Change, Tone: r.Tone},
			{Text: r.Low + "–" + r.High}, {Text: r.Now}, {Text: r.Then}, {Text: r.Sales},
		}})
	}
	total := p.Regions.Total
	table.Rows = append(table.Rows, Row{Total: true, Cells: []Cell{
		{Text: total.Name, Bold: true}, {Text: total.Today, Bold: true}, {Text: total.Proposed, Bold: true}, {Text: total.Change}, {}, {}, {}, {Text: total.Sales, Bold: true},
	}})
	regions := &Block{ID: "split", Title: p.Regions.Title, Sub: t("report.split_sub"), Table: table, Data: &p.Regions.Card.Table}
	s.Blocks = append(s.Blocks, w.card(p.Splits), regions)
	return s
}

// fairness is the review's answers, a line each.
func (w *writer) fairness(m *dashboard.Monthly) *Section {
	t := w.lang.T
	s := &Section{ID: "fairness", Title: t("nav.fairness")}
	if m.Company.Review == nil {
		s.Blocks = []*Block{{Empty: &dashboard.State{Kind: "empty", Title: t("state.empty.title"), Text: t("report.no_review")}}}
		return s
	}
	b := &Block{ID: "review", Table: &Table{Heads: []Head{{Title: t("report.question")}, {Title: t("report.result")}, {Title: t("report.answer")}}},
		Data: &dashboard.Table{Columns: []dashboard.Column{{Title: "id"}, {Title: t("report.question")}, {Title: t("report.result")}, {Title: t("report.answer")}}}}
	for _, l := range m.Company.Review {
		looks := l.Flag == "look" || l.Flag == "amber"
		tone := ""
		if l.Flag == "look" {
			tone = "neg"
		}
		b.Table.Rows = append(b.Table.Rows, Row{Cells: []Cell{{Text: l.Question, Small: l.Item}, {Text: l.Result}, {Text: l.Answer, Tone: tone, Bold: looks}}})
		var row []dashboard.Cell
		for _, text := range []string{l.Item, l.Question, l.Result, l.Answer} {
			row = append(row, dashboard.Cell{Text: text, Raw: text})
		}
		b.Data.Rows = append(b.Data.Rows, row)
	}
	s.Blocks = []*Block{{Finding: m.Company.Fairness}, b}
	return s
}

// objections are the appeals against the month's numbers and the restatements
// that came of late data.
func (w *writer) objections(m *dashboard.Monthly) *Section {
	t := w.lang.T
	s := &Section{ID: "objections", Title: t("report.objections"), Blocks: []*Block{{Finding: m.Company.Appeals.Finding}}}
	if stats := m.Company.Appeals.Stats; stats.State == nil {
		s.Blocks = append(s.Blocks, w.card(stats), w.card(m.Company.Appeals.Causes))
	}
	if len(m.Company.Restated) == 0 {
		return &Section{ID: s.ID, Title: s.Title, Blocks: append(s.Blocks, &Block{Title: t("report.restated"), Text: t("report.no_restated", "month", w.lang.Month(m.Month))})}
	}
	for _, c := range m.Company.Restated {
		s.Blocks = append(s.Blocks, w.card(c))
	}
	return s
}
