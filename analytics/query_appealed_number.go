package analytics

import (
	"context"
	"time"
)

// AppealedNumber is a number of a score or a statement, or a market
// coefficient, that somebody objects to.
type AppealedNumber struct {
	Value     *float64 `db:"value"` // points, or an amount of money
	TitleEn   string   `db:"title_en"`
	TitleZh   string   `db:"title_zh"`
	Indicator *string  `db:"indicator"` // that a node of a score measures
	Reason    string   `db:"reason"`
}

// AppealedNumber returns one number of a unit's score (kind score, item
// scorecard/node) or statement (kind pay, item a line), or a person's market
// coefficient (kind and item coefficient), or nil where the run does not have it
// or the scope does not see it.
func (r *Run) AppealedNumber(ctx context.Context, scope Scope, kind, unitKind, unit, item string, month time.Time) (*AppealedNumber, error) {
	rows, err := collect[AppealedNumber](ctx, r, "appealed_number", scope, map[string]any{
		"kind": kind, "unit_kind": unitKind, "unit_id": unit, "item": item, "month": month,
	})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}
