package analytics

import "time"

// Ledger is what waits for cash: commission of one person and month.
type Ledger struct {
	RepID      string  `db:"rep_id"`
	Opening    float64 `db:"opening"`
	Accrued    float64 `db:"accrued"`
	Released   float64 `db:"released"`
	ClawedBack float64 `db:"clawed_back"`
	Closing    float64 `db:"closing"`
}

// Handover is a move out of a territory and what others won there, within 60
// days, of the deals left open: shown and counted nowhere.
type Handover struct {
	RepID  string    `db:"rep_id"`
	Cell   string    `db:"cell_name"` // empty for a reader who does not see it
	LeftOn time.Time `db:"left_on"`
	Deals  int64     `db:"n_deals"`
	Amount float64   `db:"amount"`
}

// OpenOrder is an order with commission that waits for cash.
type OpenOrder struct {
	RepID    string     `db:"rep_id"`
	OrderID  string     `db:"order_id"`
	Customer string     `db:"customer_name"`
	On       time.Time  `db:"on_date"`
	Due      *time.Time `db:"due_on"`
	Open     float64    `db:"open_amount"`    // not yet paid by the customer
	Waiting  float64    `db:"waiting_amount"` // commission
}
