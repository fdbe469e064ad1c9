package plan

import "time"

// Table is one relation plan.<Name> with its rows, ready to be created.
type Table struct {
	Name    string
	Columns []Column
	Rows    [][]any // a value a column; nil is null
}

// Column is a column with its SQL type.
type Column struct{ Name, Type string }

// Tables returns the plan as the relations that the SQL reads, in a fixed
// order with fixed rows: equal plans give equal tables.
func (f *File) Tables() []Table {
	s := f.Setting
	fiscal := s.FiscalYearStart
	if fiscal == 0 {
		fiscal = 1
	}
	setting := Table{Name: "setting", Rows: [][]any{nil}}
	set := func(name, kind string, v any) {
		setting.Columns = append(setting.Columns, Column{name, kind})
		setting.Rows[0] = append(setting.Rows[0], v)
	}
	set("base_currency", "varchar", s.BaseCurrency)
	set("sales_source", "varchar", s.SalesSource)
	set("as_of_on", "date", orNull(s.AsOf.Time))
	set("collection_grace_days", "integer", s.CollectionGraceDays)
	set("expense_standard_rate", "decimal(18,6)", s.ExpenseStandardRate)
	set("expense_ceiling_rate", "decimal(18,6)", s.ExpenseCeilingRate)
	set("reply_hours", "decimal(18,6)", s.ReplyHours)
	set("resolution_days", "decimal(18,6)", s.ResolutionDays)
	set("active_customer_months", "integer", s.ActiveCustomerMonths)
	set("training_months", "integer", s.TrainingMonths)
	set("fiscal_year_start", "integer", fiscal)
	set("reconcile_tolerance_rate", "decimal(18,6)", s.ReconcileToleranceRate)
	set("innovation_cap", "decimal(18,6)", s.InnovationCap)
	set("first_month", "date", orNull(s.FirstMonth.Time))
	set("last_month", "date", orNull(s.LastMonth.Time))

	weight := Table{Name: "rater_weight", Columns: []Column{{"rater_kind", "varchar"}, {"weight", "decimal(18,6)"}}}
	for _, kind := range sortedKeys(f.RaterWeight) {
		weight.Rows = append(weight.Rows, []any{kind, f.RaterWeight[kind]})
	}

	target := Table{Name: "target", Columns: []Column{{"indicator", "varchar"}, {"amount", "decimal(18,6)"}, {"unit_kind", "varchar"}}}
	for _, t := range f.Target {
		kinds := []string{t.UnitKind}
		if t.UnitKind == "" {
			kinds = nil
			for _, k := range unitKinds { // a target for a kind of its own wins over the general one
				if !f.hasTarget(t.Indicator, k) {
					kinds = append(kinds, k)
				}
			}
		}
		for _, k := range kinds {
			target.Rows = append(target.Rows, []any{t.Indicator, t.Amount, k})
		}
	}
	return []Table{setting, weight, target}
}

func (f *File) hasTarget(indicator, unitKind string) bool {
	for _, t := range f.Target {
		if t.Indicator == indicator && t.UnitKind == unitKind {
			return true
		}
	}
	return false
}

func orNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Format(time.DateOnly)
}
