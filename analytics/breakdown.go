package analytics

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Part is one figure of a score or of pay with what it is made from.
type Part struct {
	Path   string         // score/pay/customer, pay/earned; the id of an indicator or order below those
	Title  string         // in the language asked for
	Amount string         // as printed
	How    string         // the formula with its real numbers
	Parts  []Part         // what it follows from
	Rows   []ExplainedRow // exported rows behind it, all of them; numerator is what a row adds
}

// IsPart reports whether the second argument of explain names a part of a
// statement, score/CARD[/NODE] or pay[/LINE], or the market coefficient, rather
// than an indicator.
func IsPart(path string) bool {
	return path == "pay" || path == "coefficient" || strings.HasPrefix(path, "pay/") || strings.HasPrefix(path, "score/")
}

// ExplainPart opens a node of a score or a line of pay down to the exported
// rows: score/pay, score/pay/customer, pay (the whole statement), pay/earned; or
// the market coefficient: coefficient. lang is en or zh-CN.
func (r *Run) ExplainPart(ctx context.Context, scope Scope, repID, path string, month time.Time, lang string) (*Part, error) {
	if path == "coefficient" {
		return r.explainCoefficient(ctx, scope, repID, month, lang)
	}
	s, err := r.Workings(ctx, scope, repID, month)
	if err != nil {
		return nil, err
	}
	if card, is := strings.CutPrefix(path, "score/"); is {
		id, node, _ := strings.Cut(card, "/")
		if s.Cards[id] == nil { // a scorecard that pay does not use
			args := map[string]any{"rep": repID, "month": month, "version": s.Earning.VersionID}
			if err := s.readCard(ctx, r, id, args); err != nil {
				return nil, err
			}
			if err := s.readRows(ctx, r, scope); err != nil {
				return nil, err
			}
		}
		return s.scorePart(id, node, lang)
	}
	line := strings.TrimPrefix(strings.TrimPrefix(path, "pay"), "/")
	if line == "" {
		line = "total"
	}
	return s.linePart(line, lang)
}

// scorePart opens a node of a scorecard.
func (s *Workings) scorePart(id, node, lang string) (*Part, error) {
	card := s.Cards[id]
	if card == nil {
		return nil, fmt.Errorf("scorecard %q of %s in %s: %w", id, s.RepID, s.Month.Format("2006-01"), ErrUnknown)
	}
	i := slices.IndexFunc(card.Nodes, func(n CardNode) bool { return n.Node == node })
	if i < 0 {
		var names []string
		for _, n := range card.Nodes[1:] {
			names = append(names, n.Node)
		}
		return nil, fmt.Errorf("node %q of scorecard %s: %w; it has %s", node, id, ErrUnknown, strings.Join(names, ", "))
	}
	n := card.Nodes[i]
	p := &Part{Path: strings.TrimSuffix("score/"+id+"/"+node, "/"), Title: s.nodeTitle(id, n, lang), Amount: text(n.Points)}
	switch {
	case n.Kind == "override":
		p.Amount = n.Contribution
		p.How = statementText("note/override", lang, text(n.OverrideReason))
	case n.IsLeftOut:
		p.Amount = "–"
		p.How = statementText("note/no_value", lang)
	case n.Value != nil:
		p.How = fmt.Sprintf("%s → %s", literal(*n.Value), trimDecimal(text(n.Points)))
	}
	if n.Reason == "scored_zero" {
		p.How = statementText("note/scored_zero", lang)
	}
	if n.Reason == "override" && n.Kind != "override" {
		p.How = statementText("note/override", lang, text(n.OverrideReason))
	}
	if n.WeightUsed != nil && n.Parent != nil {
		if p.How == "" {
			p.How = trimDecimal(text(n.Points))
		}
		p.How = fmt.Sprintf("%s × %.4g %% = %s", p.How, *n.WeightUsed*100, n.Contribution)
	}
	if n.Parent == nil {
		p.Amount = n.Contribution
	}
	if n.Kind == "leaf" || n.Kind == "bonus" {
		if e := s.Rows[text(n.Indicator)]; e != nil {
			p.Parts = append(p.Parts, indicatorPart(e, lang))
		}
	}
	if n.Kind == "scorecard" {
		taken, err := s.scorePart(text(n.Indicator), "", lang)
		if err == nil {
			p.Parts = append(p.Parts, *taken)
		}
	}
	for _, child := range card.Nodes {
		if child.Parent == nil || *child.Parent != node {
			continue
		}
		part, err := s.scorePart(id, child.Node, lang)
		if err != nil {
			return nil, err
		}
		p.Parts = append(p.Parts, *part)
	}
	return p, nil
}

// nodeTitle is the plan's title of a node, else its indicator's.
func (s *Workings) nodeTitle(id string, n CardNode, lang string) string {
	title := n.TitleEn
	if lang == "zh-CN" {
		title = n.TitleZh
	}
	if e := s.Rows[text(n.Indicator)]; title == "" && e != nil {
		if title = e.Definition.TitleEn; lang == "zh-CN" {
			title = e.Definition.TitleZh
		}
	}
	if title == "" {
		title = strings.TrimSuffix(id+"/"+n.Node, "/")
	}
	return title
}

func statementText(key, lang string, a ...any) string {
	w := statementWords[key]
	t := w.En
	if lang == "zh-CN" {
		t = w.Zh
	}
	if len(a) > 0 {
		t = fmt.Sprintf(t, a...)
	}
	return t
}

// trimDecimal drops the zeros that a decimal's scale adds.
func trimDecimal(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// indicatorPart is an indicator with its exported rows.
func indicatorPart(e *Explanation, lang string) Part {
	p := Part{Path: e.Definition.Indicator, Title: e.Definition.TitleEn, How: e.Definition.FormulaEn, Rows: e.Rows, Amount: "–"}
	if lang == "zh-CN" {
		p.Title, p.How = e.Definition.TitleZh, e.Definition.FormulaZh
	}
	p.How += fmt.Sprintf(": %s / %s", trimDecimal(e.Numerator), trimDecimal(e.Denominator))
	if e.Value != nil {
		p.Amount = literal(*e.Value)
	}
	return p
}

// linePart opens a line of the statement.
func (s *Workings) linePart(line, lang string) (*Part, error) {
	i := slices.IndexFunc(s.Lines, func(l WorkedLine) bool { return l.Line == line })
	if i < 0 {
		var names []string
		for _, l := range s.Lines {
			names = append(names, l.Line)
		}
		return nil, fmt.Errorf("line %q of the statement of %s in %s: %w; it has %s", line, s.RepID, s.Month.Format("2006-01"), ErrUnknown, strings.Join(names, ", "))
	}
	l := s.Lines[i]
	p := &Part{Path: "pay/" + line, Title: LineTitle(line, lang), Amount: l.Amount}
	var err error
	line, _, _ = strings.Cut(line, "/")
	switch line {
	case "commission":
		s.openCommission(p, lang)
	case "void", "overrun", "saving":
		s.openExpense(p, line, lang)
	case "accrued", "earned":
		s.openOrders(p, lang)
	case "score":
		err = s.openScore(p, lang)
	case "performance":
		err = s.openLines(p, lang, "earned", "overrun", "saving", "score")
	case "released", "clawed_back":
		s.openLedger(p, line)
	case "pool":
		s.openPool(p, lang)
	case "rule":
		s.openRule(p, strings.TrimPrefix(l.Line, "rule/"), lang)
	case "override":
		if o := s.override("pay", strings.TrimPrefix(l.Line, "override/")); o != nil {
			p.How = fmt.Sprintf("%s; %s, %s", literal(o.Value), text(o.Reason), text(o.Approver))
		}
	case "restated":
		for _, x := range s.Restatements {
			if "restated/"+x.Month.Format("2006-01") == l.Line {
				p.How = fmt.Sprintf("%s − %s − %s", x.Now, x.Closed, x.PaidBefore)
			}
		}
	case "total":
		var lines []string
		for _, other := range s.Lines {
			if !other.IsTotal {
				lines = append(lines, other.Line)
			}
		}
		err = s.openLines(p, lang, lines...)
	}
	return p, err
}

// openLines adds the lines that a total adds up.
func (s *Workings) openLines(p *Part, lang string, lines ...string) error {
	var sum []string
	for _, l := range s.Lines {
		if !slices.Contains(lines, l.Line) || p.Path == "pay/performance" && l.Line == "saving" && !s.Earning.IsSavingInside {
			continue
		}
		part, err := s.linePart(l.Line, lang)
		if err != nil {
			return err
		}
		p.Parts = append(p.Parts, *part)
		sum = append(sum, l.Amount)
	}
	p.How = strings.Join(sum, " + ")
	return nil
}

func (s *Workings) openCommission(p *Part, lang string) {
	var sum []string
	for _, t := range s.Tiers {
		sum = append(sum, fmt.Sprintf("%s × %s", trimDecimal(t.Base), trimDecimal(t.Rate)))
	}
	p.How = strings.Join(sum, " + ")
	if f := trimDecimal(s.Earning.Factor); f != "1" {
		p.How = "(" + p.How + ") × " + f
	}
	if e := s.Rows[s.Plan.BaseIndicator]; e != nil {
		p.Parts = append(p.Parts, indicatorPart(e, lang))
	}
	if trimDecimal(s.Earning.ReturnedAmount) != "0" {
		p.Parts = append(p.Parts, Part{Path: "returned", Title: statementText("text/returned", lang), Amount: trimDecimal(s.Earning.ReturnedAmount),
			Rows: s.settledRows(func(x Settlement) bool {
				return x.Kind == "return" && x.Month.Equal(s.Month) && x.SaleMonth.Before(s.Month)
			})})
	}
}

func (s *Workings) openExpense(p *Part, line, lang string) {
	e := s.Expense
	if e == nil {
		return
	}
	switch line {
	case "void":
		p.How = fmt.Sprintf("%s > %s × %s", trimDecimal(e.Expense), trimDecimal(e.CeilingRate), trimDecimal(e.Sales))
	case "overrun":
		p.How = fmt.Sprintf("(%s − %s × %s) × %s", trimDecimal(e.Expense), trimDecimal(e.StandardRate), trimDecimal(e.Sales), trimDecimal(s.Plan.OverrunShare))
		if e.Band == "exception" {
			p.How += fmt.Sprintf("; %s, %s", text(e.Reason), text(e.Approver))
		}
	default:
		p.How = fmt.Sprintf("(%s × %s − %s) × %s", trimDecimal(e.StandardRate), trimDecimal(e.Sales), trimDecimal(e.Expense), trimDecimal(s.Plan.SavingShare))
	}
	if x := s.Rows["expense_ratio"]; x != nil {
		p.Parts = append(p.Parts, indicatorPart(x, lang))
	}
}

// settledRows are the exported rows of settlements.
func (s *Workings) settledRows(keep func(Settlement) bool) (rows []ExplainedRow) {
	for _, x := range s.Settlements {
		if keep(x) {
			rows = append(rows, ExplainedRow{File: x.File, Sheet: x.Sheet, Row: x.Row, Numerator: x.Amount})
		}
	}
	return rows
}

// openOrders adds the orders of the month with their cash.
func (s *Workings) openOrders(p *Part, lang string) {
	if s.Earning.CollectionRate != nil {
		commission := "0"
		for _, l := range s.Lines {
			if l.Line == "commission" && !s.Earning.IsVoid {
				commission = l.Amount
			}
		}
		p.How = fmt.Sprintf("%s × %s", commission, literal(*s.Earning.CollectionRate))
	}
	for _, o := range s.Orders {
		amount := o.Earned
		if p.Path == "pay/accrued" {
			amount = o.Accrued
		}
		if trimDecimal(amount) == "0" {
			continue
		}
		p.Parts = append(p.Parts, Part{Path: o.OrderID, Title: statementText("head/order", lang) + " " + o.OrderID, Amount: amount,
			How: fmt.Sprintf("%s / %s", trimDecimal(o.Paid), trimDecimal(o.Net)),
			Rows: s.settledRows(func(x Settlement) bool {
				return x.OrderID == o.OrderID && x.Month.Equal(s.Month) && x.SaleMonth.Equal(s.Month)
			})})
	}
}

func (s *Workings) openScore(p *Part, lang string) error {
	if !s.Earning.HasScore {
		p.How = "1"
		return nil
	}
	p.How = fmt.Sprintf("%s / %s", text(s.Earning.Score), trimDecimal(s.Earning.StandardScore))
	part, err := s.scorePart(s.Plan.ScoreCard, "", lang)
	if err == nil {
		p.Parts = append(p.Parts, *part)
	}
	return err
}

// openLedger adds the orders of earlier months that moved.
func (s *Workings) openLedger(p *Part, line string) {
	var sum []string
	for _, r := range s.Releases {
		amount := r.PaidOut
		if line == "clawed_back" {
			amount = r.TakenBack
		}
		if trimDecimal(amount) != "0" {
			sum = append(sum, fmt.Sprintf("%s (%s) × %s", amount, r.SaleMonth.Format("2006-01"), trimDecimal(r.Factor)))
		}
	}
	p.How = strings.Join(sum, " + ")
	for _, o := range s.Moved {
		isBack := strings.HasPrefix(o.Released, "-")
		if trimDecimal(o.Released) == "0" || isBack != (line == "clawed_back") {
			continue
		}
		p.Parts = append(p.Parts, Part{Path: o.OrderID, Title: o.OrderID + " (" + o.SaleMonth.Format("2006-01") + ")", Amount: strings.TrimPrefix(o.Released, "-"),
			How:  o.Cause,
			Rows: s.settledRows(func(x Settlement) bool { return x.OrderID == o.OrderID && x.Month.Equal(s.Month) })})
	}
}

func (s *Workings) openPool(p *Part, lang string) {
	for _, x := range s.Pools {
		if x.RepID != s.RepID {
			continue
		}
		part := Part{Path: x.TeamID, Title: x.TeamID, Amount: x.Amount, How: fmt.Sprintf("(%s − %s) × %s = %s; %s", trimDecimal(x.TeamSales), trimDecimal(x.TeamTarget), trimDecimal(x.PoolRate), x.PoolAmount, x.Sharing)}
		if e := s.Rows["team "+x.TeamID]; e != nil {
			part.Parts = append(part.Parts, indicatorPart(e, lang))
		}
		p.Parts = append(p.Parts, part)
	}
}

func (s *Workings) openRule(p *Part, rule, lang string) {
	for _, r := range s.Rules {
		if r.Rule != rule {
			continue
		}
		p.How = fmt.Sprintf("%s %s (%s)", r.Indicator, literal(r.Value), literal(r.Limit))
		indicator := r.Indicator
		if indicator == "attainment" {
			indicator = "target_attainment"
		}
		if e := s.Rows[indicator]; e != nil {
			p.Parts = append(p.Parts, indicatorPart(e, lang))
		}
	}
}
