package analytics

import (
	"context"
	"time"
)

// Contribution is what one part of a unit adds to the change of an indicator.
type Contribution struct {
	WholeID   string   `db:"whole_id"` // the unit
	Indicator string   `db:"indicator"`
	ID        string   `db:"unit_id"`
	Name      string   `db:"unit_name"`
	Before    *float64 `db:"value_before"` // the part's own value at the base month
	After     *float64 `db:"value_after"`
	Added     *float64 `db:"added"` // in the indicator's unit; parts sum to the change
}

// Contributions splits changes from base to month over the parts of units of a
// kind: of each unit in the indicator at the same place of indicators, the
// largest part first.
func (r *Run) Contributions(ctx context.Context, scope Scope, kind string, units []string, part string, indicators []string, base, month time.Time) ([]Contribution, error) {
	return collect[Contribution](ctx, r, "contributions", scope, map[string]any{
		"unit_kind": kind, "unit_ids": units, "part_kind": part, "indicators": indicators, "base": base, "month": month,
	})
}
