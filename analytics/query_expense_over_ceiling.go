package analytics

import (
	"context"
	"time"
)

// OverCeiling is a person whose expenses of a month passed the plan's ceiling.
type OverCeiling struct {
	RepID        string  `db:"rep_id"`
	Name         string  `db:"rep_name"`
	ExpenseRate  float64 `db:"expense_rate"`      // expenses / sales
	CeilingRate  float64 `db:"ceiling_rate"`      // of the plan
	Commission   float64 `db:"commission_amount"` // void without an exception
	HasException bool    `db:"has_exception"`
	Reason       string  `db:"reason"`   // of the exception
	Approver     string  `db:"approver"` // of the exception
}

// ExpenseOverCeiling returns the people whose expenses of a month passed the
// ceiling, largest commission first; none where the run calculated no pay.
func (r *Run) ExpenseOverCeiling(ctx context.Context, scope Scope, month time.Time) ([]OverCeiling, error) {
	conn, err := r.DB.Conn(ctx)
	if err != nil {
		return nil, err
	}
	has, err := hasPay(ctx, conn)
	conn.Close()
	if err != nil || !has {
		return nil, err
	}
	return collect[OverCeiling](ctx, r, "expense_over_ceiling", scope, map[string]any{"month": month})
}
