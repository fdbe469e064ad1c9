package analytics

import "context"

// Thresholds returns the plan's targets by indicator for a kind of unit.
func (r *Run) Thresholds(ctx context.Context, kind string) (map[string]float64, error) {
	rows, err := collectOnce[struct {
		Indicator string  `db:"indicator"`
		Amount    float64 `db:"amount"`
	}](ctx, r, "thresholds", Scope{}, map[string]any{"unit_kind": kind})
	targets := map[string]float64{}
	for _, row := range rows {
		targets[row.Indicator] = row.Amount
	}
	return targets, err
}
