package dashboard

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"
	"time"

	"levelfield/analytics"
	"levelfield/dashboard/chart"
	"levelfield/dashboard/i18n"
)

// checksCard lists the failed checks with their first rows, then what passed.
type checksCard struct {
	*Card
	Failed []failedCheck
	Passed []string
	Folded string
	Lede   string
}

type failedCheck struct {
	ID, Title, Count string
	Badge, Severity  string
	Open             bool // the first is shown opened
	Sample           Table
	Note             string // how many of the rows are shown
}

func (q *Query) checksCard(checks []analytics.CheckLine) checksCard {
	c := checksCard{Card: &Card{ID: "checks", Sub: q.Lang.T("checks.sub")}}
	c.Table.Columns = []Column{{Title: q.Lang.T("checks.check")}, {Title: q.Lang.T("checks.id")}, {Title: q.Lang.T("checks.relation")},
		{Title: q.Lang.T("checks.severity")}, {Title: q.Lang.T("checks.passed")}, {Title: q.Lang.T("checks.rows"), Numeric: true}}
	for _, line := range checks {
		title := q.Lang.Pick(line.TitleEn, line.TitleZh)
		severity := q.Lang.T("checks." + line.Severity)
		passed := q.Lang.T("checks.yes")
		if line.Passed {
			c.Passed = append(c.Passed, title)
		} else {
			passed = q.Lang.T("checks.no")
			f := failedCheck{ID: line.ID, Title: title, Severity: severity, Badge: "look", Open: len(c.Failed) == 0, Count: q.Lang.T("refused.n", "n", q.Lang.Count(line.Failures))}
			if line.Severity == "stop" {
				f.Badge = "error"
			}
			f.Sample = q.sample(line.Sample)
			if shown := int64(len(f.Sample.Rows)); shown > 0 && shown < line.Failures {
				f.Note = q.Lang.T("checks.first", "shown", shown, "n", q.Lang.Count(line.Failures))
			}
			c.Failed = append(c.Failed, f)
		}
		c.Table.Rows = append(c.Table.Rows, []Cell{text(title), text(line.ID), text(line.Relation), text(severity), text(passed), whole(line.Failures)})
	}
	c.Folded = q.Lang.T("checks.folded", "n", len(c.Passed))
	args := []any{"n", len(c.Failed), "of", len(checks)}
	switch {
	case len(checks) == 0:
		c.Title = q.Lang.T("checks.none")
		c.State = &State{"empty", c.Title, q.Lang.T("checks.none_text"), nil}
	case len(c.Failed) == 0:
		c.Title = q.Lang.T("checks.fine", args...)
	default:
		c.Title = q.Lang.T("checks.title", args...)
	}
	c.Lede = q.Lang.T("checks.lede_text", "finding", c.Title)
	q.card(c.Card)
	return c
}

// sample makes a table of the first rows that a check found, a JSON list of
// objects whose fields keep their order. Anything else gives no table.
func (q *Query) sample(list string) Table {
	var t Table
	d := json.NewDecoder(bytes.NewReader([]byte(list)))
	d.UseNumber()
	if tok, err := d.Token(); err != nil || tok != json.Delim('[') {
		return t
	}
	for d.More() {
		if tok, err := d.Token(); err != nil || tok != json.Delim('{') {
			return t
		}
		first := len(t.Rows) == 0
		var row []Cell
		for d.More() {
			name, err := d.Token()
			if err != nil {
				return t
			}
			field := fmt.Sprint(name)
			var v any
			if err := d.Decode(&v); err != nil {
				return t
			}
			if first {
				_, number := v.(json.Number)
				t.Columns = append(t.Columns, Column{Title: q.fieldTitle(field), Numeric: number})
			}
			row = append(row, q.sampleCell(field, v))
		}
		if _, err := d.Token(); err != nil || len(row) != len(t.Columns) {
			return t
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// sampleCell writes a value as its column's name says: months as months,
// rates as percentages, kinds of unit by their names.
func (q *Query) sampleCell(field string, v any) Cell {
	switch v := v.(type) {
	case nil:
		return Cell{Text: i18n.Dash}
	case bool:
		if v {
			return text(q.Lang.T("checks.true"))
		}
		return text(q.Lang.T("checks.false"))
	case json.Number:
		f, err := v.Float64()
		if err != nil {
			return text(v.String())
		}
		digits := 0
		switch {
		case strings.HasSuffix(field, "_rate"):
			return number(q.Lang.Percent(f, 2), &f)
		case f == math.Trunc(f):
		case math.Abs(f) < 1:
			digits = 4
		default:
			digits = 2
		}
		return number(q.Lang.Decimal(f, digits), &f)
	case string:
		if month, err := time.Parse(time.DateOnly, v); err == nil && field == "month" {
			return Cell{Text: q.Lang.Month(month), Raw: month}
		}
		if field == "entity" || strings.HasSuffix(field, "_kind") {
			return Cell{Text: q.entityTitle(v), Raw: v}
		}
		return text(v)
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return text(fmt.Sprint(v))
	}
	return text(string(raw))
}

// fieldTitle is the name of a column as a reader knows it.
func (q *Query) fieldTitle(field string) string {
	if key := "field." + field; i18n.Has(key) {
		return q.Lang.T(key)
	}
	return field
}

// reconcileCard sets CRM, finance and cash of the chosen month beside each
// other.
type reconcileCard struct {
	*Card
	Rows    []reconcileRow
	Total   *reconcileRow
	Head    string // of the first column: region, or month where a region is chosen
	Unit    string
	Finding string // for the title of the page; "" where there is nothing to compare
}

type reconcileRow struct {
	Name, URL, Unit    string
	CRM, Finance, Cash string
	Difference         string
	Bar                template.HTML
	CRMAgrees          bool
	CashAgrees         bool
	Compared           bool // both sides have exports
}

func (q *Query) reconcileCard(ctx context.Context) (reconcileCard, error) {
	month := q.Lang.Month(q.Month)
	c := reconcileCard{Card: &Card{ID: "reconciliation"}}
	lines, err := q.reconciled(ctx)
	if err != nil {
		return c, err
	}
	top, reach, tolerance := 0.0, 0.0, 0.0
	for _, l := range lines {
		for _, v := range []*float64{l.CRM, l.Finance, l.Cash} {
			top = max(top, math.Abs(value(v)))
		}
		tolerance = l.Tolerance
		reach = max(reach, math.Abs(value(l.Difference)), 1.5*l.Tolerance)
	}
	scale := q.Lang.MoneyScale(top, q.Run.Meta.Currency)
	c.Unit = scale.Unit()
	c.Head = q.Lang.T("col.region")
	if q.Region != nil {
		c.Head = q.Lang.T("filter.month")
	}
	c.Table.Columns = []Column{{Title: c.Head}, {Title: q.Lang.T("reconcile.crm"), Numeric: true}, {Title: q.Lang.T("reconcile.finance"), Numeric: true},
		{Title: q.Lang.T("reconcile.difference"), Numeric: true}, {Title: q.Lang.T("reconcile.tolerance"), Numeric: true}, {Title: q.Lang.T("reconcile.crm_agrees")},
		{Title: q.Lang.T("reconcile.cash"), Numeric: true}, {Title: q.Lang.T("reconcile.cash_agrees")}}
	var crmOff, cashOff []string
	compared := 0
	amount := func(v *float64) string {
		if v == nil {
			return i18n.Dash
		}
		return scale.Text(q.Lang, *v)
	}
	for _, l := range lines {
		row := reconcileRow{Name: l.RegionName, Unit: c.Unit, URL: q.Here("region", l.RegionName), CRM: amount(l.CRM), Finance: amount(l.Finance), Cash: amount(l.Cash),
			Difference: i18n.Dash, CRMAgrees: l.CRMAgrees, CashAgrees: l.CashAgrees, Compared: l.CRM != nil && l.Finance != nil}
		if l.Difference != nil {
			row.Difference = i18n.Signed(*l.Difference, q.Lang.Percent(*l.Difference, 2))
			barTone := ""
			if !l.CRMAgrees {
				barTone = "look"
			}
			row.Bar = chart.CellGap(l.Difference, reach, barTone, 72)
		}
		whole := l.RegionID == ""
		if whole {
			row.Name, row.URL = q.Lang.T("filter.company"), ""
		} else {
			if q.Region != nil {
				row.Name, row.URL = q.Lang.Month(l.month), q.Here("month", l.month.Format("2006-01"))
			}
			if row.Compared {
				compared++
			}
			if !l.CRMAgrees {
				crmOff = append(crmOff, row.Name)
			}
			if !l.CashAgrees {
				cashOff = append(cashOff, row.Name)
			}
		}
		c.Table.Rows = append(c.Table.Rows, []Cell{text(row.Name), number(row.CRM, l.CRM), number(row.Finance, l.Finance), number(row.Difference, l.Difference),
			number(q.Lang.Percent(l.Tolerance, 1), &l.Tolerance), text(q.yes(l.CRMAgrees)), number(row.Cash, l.Cash), text(q.yes(l.CashAgrees))})
		if whole {
			c.Total = &row
		} else {
			c.Rows = append(c.Rows, row)
		}
	}
	within := q.Lang.Decimal(tolerance*100, 1)
	if tolerance*100 == math.Trunc(tolerance*100) {
		within = q.Lang.Decimal(tolerance*100, 0)
	}
	args := []any{"month", month, "within", within, "regions", q.Lang.List(crmOff), "n", len(crmOff), "of", compared, "cash", q.Lang.List(cashOff), "unit", c.Unit, "region", q.UnitName()}
	c.Sub = q.Lang.T("reconcile.sub", args...)
	switch {
	case compared == 0:
		c.Title = q.Lang.T("reconcile.none", args...)
		c.State = &State{"empty", c.Title, q.Lang.T("reconcile.none_text"), nil}
	case q.Region != nil:
		last := lines[0] // of the chosen month
		c.Sub = q.Lang.T("reconcile.sub_months", args...)
		c.Title = q.Lang.T("reconcile.title_months", args...)
		if len(crmOff) == 0 {
			c.Title = q.Lang.T("reconcile.title_months_fine", args...)
		}
		if last.Difference != nil {
			key := "reconcile.finding_one_fine"
			if !last.CRMAgrees {
				key = "reconcile.finding_one_off"
			}
			c.Finding = q.Lang.T(key, append(args, "difference", q.Lang.Percent(math.Abs(*last.Difference), 2))...)
		}
	case len(crmOff) > 0:
		c.Title, c.Finding = q.Lang.T("reconcile.title_off", args...), q.Lang.T("reconcile.finding_off", args...)
	case len(cashOff) > 0:
		c.Title, c.Finding = q.Lang.T("reconcile.title_cash", args...), q.Lang.T("reconcile.finding_cash", args...)
	default:
		c.Title, c.Finding = q.Lang.T("reconcile.title_fine", args...), q.Lang.T("reconcile.finding_fine", args...)
	}
	q.card(c.Card)
	return c, nil
}

// reconciledLine is what was reconciled in one month.
type reconciledLine struct {
	analytics.Reconciled
	month time.Time
}

// reconciled returns the regions of the chosen month, the company first; where
// a region is chosen, its twelve months up to then, the latest first.
func (q *Query) reconciled(ctx context.Context) ([]reconciledLine, error) {
	months := []time.Time{q.Month}
	if q.Region != nil {
		at := slices.IndexFunc(q.Months, q.Month.Equal)
		months = slices.Clone(q.Months[max(0, at-11) : at+1])
		slices.Reverse(months)
	}
	var all []reconciledLine
	for _, month := range months {
		lines, err := q.Run.Reconciliation(ctx, q.Scope, month)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			if q.Region == nil || l.RegionID == q.Region.ID {
				all = append(all, reconciledLine{l, month})
			}
		}
	}
	return all, nil
}

func (q *Query) yes(b bool) string {
	if b {
		return q.Lang.T("checks.yes")
	}
	return q.Lang.T("checks.no")
}

func (q *Query) sameDay(a, b time.Time) bool {
	return a.Format(time.DateOnly) == b.Format(time.DateOnly)
}

// namesCard lists the values that were not found as written and what they
// count as.
type namesCard struct {
	*Card
	Rows []nameRow
	More string
	Lede string
}

type nameRow struct {
	Value, Where, Rows, Amount string
	As, Badge                  string
}

// namesShown is how many values the page lists; the export has them all.
const namesShown = 50

func (q *Query) namesCard(all []analytics.Unmatched) namesCard {
	c := namesCard{Card: &Card{ID: "names", Sub: q.Lang.T("names.sub")}}
	c.Table.Columns = []Column{{Title: q.Lang.T("names.value")}, {Title: q.Lang.T("names.kind")}, {Title: q.Lang.T("col.entity")}, {Title: q.Lang.T("checks.rows"), Numeric: true},
		{Title: q.Lang.T("names.amount"), Numeric: true}, {Title: q.Lang.T("names.as")}, {Title: q.Lang.T("names.how")}}
	lost, guessed, amount := 0, 0, 0.0
	for i, u := range all {
		row := nameRow{Value: u.Value, Rows: q.Lang.Count(u.Rows), Amount: i18n.Dash,
			Where: q.Lang.T("names.where", "kind", q.entityTitle(u.Names), "entity", q.entityTitle(u.Entity))}
		if u.Amount != nil {
			row.Amount = q.Money(*u.Amount)
		}
		how := q.Lang.T("names." + u.How)
		if u.How == "unmatched" {
			row.As, row.Badge = q.Lang.T("names.itself"), "look"
			lost++
			amount += value(u.Amount)
		} else {
			row.As = q.Lang.T("names.resolved", "name", deref(u.ResolvedTo), "how", how)
			guessed++
		}
		if i < namesShown {
			c.Rows = append(c.Rows, row)
		}
		c.Table.Rows = append(c.Table.Rows, []Cell{text(u.Value), text(q.entityTitle(u.Names)), text(q.entityTitle(u.Entity)), whole(u.Rows), number(row.Amount, u.Amount), text(row.As), text(how)})
	}
	if len(all) > namesShown {
		c.More = q.Lang.T("names.more", "n", q.Lang.Count(int64(len(all)-namesShown)))
	}
	args := []any{"n", lost, "amount", q.Money(amount), "guessed", guessed}
	switch {
	case len(all) == 0:
		c.Title = q.Lang.T("names.fine")
		c.State = &State{"empty", q.Lang.T("names.nothing_to_do"), q.Lang.T("names.fine_text"), nil}
	case lost == 0:
		c.Title = q.Lang.T("names.title_guessed", args...)
	default:
		c.Title = q.Lang.T("names.title", args...)
	}
	c.Lede = q.Lang.T("checks.lede_text", "finding", c.Title)
	q.card(c.Card)
	return c
}

func deref(s *string) string {
	if s == nil {
		return i18n.Dash
	}
	return *s
}
