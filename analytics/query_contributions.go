package analytics

import (
	"context"
	"time"
)

// Contribution is what one part of a unit adds to the change of an indicator.
type Contribution struct {
	ID     string   `db:"unit_id"`
	Name   string   `db:"unit_name"`
	Before *float64 `db:"value_before"` // the part's own value at the base month
	After  *float64 `db:"value_after"`
	Added  *float64 `db:"added"` // in the indicator's unit; parts sum to the change
}

// Contributions splits the change of an indicator from base to month over the
// parts of a unit, the largest first.
func (r *Run) Contributions(ctx context.Context, scope Scope, kind, unit, part, indicator string, base, month time.Time) ([]Contribution, error) {
	return collect[Contribution](ctx, r, "contributions", scope, map[string]any{
		"unit_kind": kind, "unit_id": unit, "part_kind": part, "indicator": indicator, "base": base, "month": month,
	})
}
