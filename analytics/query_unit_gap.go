package analytics

import (
	"context"
	"time"
)

// GapFactor is one factor of the sales per person of two units. Effects of all
// factors sum to PerTo - PerFrom.
type GapFactor struct {
	Factor  string  `db:"factor"` // visits_per_person, orders_per_visit, orders_per_person or amount_per_order
	From    float64 `db:"from_value"`
	To      float64 `db:"to_value"`
	PerFrom float64 `db:"per_from"` // sales per person of the first unit
	PerTo   float64 `db:"per_to"`
	Effect  float64 `db:"effect"` // money per person
}

// UnitGap splits the gap in sales per person between two units of a kind into
// factors; empty where one of them has no base.
func (r *Run) UnitGap(ctx context.Context, scope Scope, kind, from, to string, month time.Time) ([]GapFactor, error) {
	return collect[GapFactor](ctx, r, "unit_gap", scope, map[string]any{
		"unit_kind": kind, "from_id": from, "to_id": to, "month": month,
	})
}
