package analytics

import (
	"context"
	"time"
)

// SalesBridge explains the change of a unit's sales between two months by
// steps that add up: Before + Existing + New + PriceMix + Workdays + Returns =
// After. A nil step could not be told apart and is inside Existing.
type SalesBridge struct {
	Before       float64  `db:"before_amount"`
	After        float64  `db:"after_amount"`
	Existing     float64  `db:"existing_amount"`
	New          float64  `db:"new_amount"`
	PriceMix     *float64 `db:"price_mix_amount"`
	Workdays     *float64 `db:"workday_amount"`
	Returns      float64  `db:"return_amount"`
	MoreDays     int64    `db:"n_workdays_more"` // workdays of the month less those of the base
	NewCustomers int64    `db:"n_new_customers"`
}

// Change is the change that the steps explain.
func (b SalesBridge) Change() float64 { return b.After - b.Before }

// SalesBridge returns the steps from base to month for one unit, or nil where
// either month has no sales.
func (r *Run) SalesBridge(ctx context.Context, scope Scope, kind, unit string, base, month time.Time) (*SalesBridge, error) {
	rows, err := collect[SalesBridge](ctx, r, "sales_bridge", scope, map[string]any{
		"unit_kind": kind, "unit_id": unit, "base": base, "month": month,
	})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}
