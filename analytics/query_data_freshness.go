package analytics

import (
	"context"
	"time"
)

// Freshness is how far the rows of one entity reach.
type Freshness struct {
	Entity    string     `db:"entity"`
	LoadedAt  time.Time  `db:"loaded_at"`
	Rows      int64      `db:"n_rows"`     // in use
	LastMonth *time.Time `db:"last_month"` // first day of the latest month, nil for entities without months
}

// Freshness returns the loaded entities, those that reach least far first.
func (r *Run) Freshness(ctx context.Context) ([]Freshness, error) {
	return collect[Freshness](ctx, r, "data_freshness", Scope{}, nil)
}
