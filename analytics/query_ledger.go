package analytics

import (
	"context"
	"time"
)

// Ledger is what waits for cash: commission of one person and month.
type Ledger struct {
	Opening    float64 `db:"opening"`
	Accrued    float64 `db:"accrued"`
	Released   float64 `db:"released"`
	ClawedBack float64 `db:"clawed_back"`
	Closing    float64 `db:"closing"`
}

// Ledger returns a person's ledger of a month, nil where nothing ever waited.
func (r *Run) Ledger(ctx context.Context, scope Scope, rep string, month time.Time) (*Ledger, error) {
	rows, err := collect[Ledger](ctx, r, "ledger", scope, map[string]any{"rep_id": rep, "month": month})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// OpenOrder is an order with commission that waits for cash.
type OpenOrder struct {
	OrderID  string     `db:"order_id"`
	Customer string     `db:"customer_name"`
	On       time.Time  `db:"on_date"`
	Due      *time.Time `db:"due_on"`
	Open     float64    `db:"open_amount"`    // not yet paid by the customer
	Waiting  float64    `db:"waiting_amount"` // commission
}

// OpenOrders returns a person's orders whose commission waits at the end of a
// month, oldest first.
func (r *Run) OpenOrders(ctx context.Context, scope Scope, rep string, month time.Time) ([]OpenOrder, error) {
	return collect[OpenOrder](ctx, r, "open_orders", scope, map[string]any{"rep_id": rep, "month": month})
}
