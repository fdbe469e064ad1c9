package analytics

import (
	"context"
	"time"
)

// Months returns the first days of the months of the run, oldest first.
func (r *Run) Months(ctx context.Context) ([]time.Time, error) {
	rows, err := collectOnce[struct {
		Month time.Time `db:"month"`
	}](ctx, r, "months", Scope{}, nil)
	months := make([]time.Time, len(rows))
	for i, row := range rows {
		months[i] = row.Month
	}
	return months, err
}
