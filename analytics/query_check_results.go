package analytics

import (
	"context"
	"time"
)

// CheckLine is one check of a run.
type CheckLine struct {
	ID       string `db:"check_id"`
	Relation string `db:"relation"`
	Severity string `db:"severity"` // stop or warn
	Passed   bool   `db:"is_passed"`
	Failures int64  `db:"n_failures"` // rows that the check returned
	TitleEn  string `db:"title_en"`
	TitleZh  string `db:"title_zh"`
	Sample   string `db:"sample_json"` // first failures as a JSON list
}

// CheckResults returns the checks of the run, failed ones first.
func (r *Run) CheckResults(ctx context.Context, scope Scope) ([]CheckLine, error) {
	return collect[CheckLine](ctx, r, "check_results", scope, nil)
}

// Unmatched is a value of the exports that names somebody or something and was
// not found as written.
type Unmatched struct {
	Entity     string   `db:"entity"`
	Field      string   `db:"field"`
	Names      string   `db:"names"` // what the field names: rep, customer, product ...
	Value      string   `db:"value"`
	Rows       int64    `db:"n_rows"`
	Amount     *float64 `db:"amount"`
	ResolvedTo *string  `db:"resolved_to"`
	How        string   `db:"how"` // unmatched, or how it was resolved: spelling, qualifier ...
}

// Unmatched returns the values that match nobody, largest amounts first, then
// those that were resolved by spelling or qualifier.
func (r *Run) Unmatched(ctx context.Context, scope Scope) ([]Unmatched, error) {
	return collect[Unmatched](ctx, r, "unmatched", scope, nil)
}

// Reconciled is one region's won deals, revenue and cash of a month; the whole
// company has no region id.
type Reconciled struct {
	RegionID   string   `db:"region_id"`
	RegionName string   `db:"region_name"`
	CRM        *float64 `db:"crm_amount"`     // won deals
	Finance    *float64 `db:"finance_amount"` // order lines less returns
	Cash       *float64 `db:"cash_amount"`    // receipts of the month
	Difference *float64 `db:"crm_difference_rate"`
	Tolerance  float64  `db:"tolerance_rate"`
	CRMAgrees  bool     `db:"is_crm_agreed"`
	CashAgrees bool     `db:"is_cash_agreed"`
}

// Reconciliation returns a month's CRM, finance and cash, the company first.
func (r *Run) Reconciliation(ctx context.Context, scope Scope, month time.Time) ([]Reconciled, error) {
	return collect[Reconciled](ctx, r, "reconciliation", scope, map[string]any{"month": month})
}
