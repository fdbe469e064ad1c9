package analytics

import (
	"context"
	"time"
)

// Unit is a company, region, team or rep of core.unit.
type Unit struct {
	Kind       string  `db:"unit_kind"` // company, region, team or rep
	ID         string  `db:"unit_id"`
	Name       string  `db:"unit_name"`
	ParentKind *string `db:"parent_kind"`
	ParentID   *string `db:"parent_id"`
	RegionID   *string `db:"region_id"`
	TeamID     *string `db:"team_id"`
	NPeople    int64   `db:"n_people"` // people on duty in the month asked for
}

// Units returns the units of a kind that the scope sees, by id; parent limits
// them to the units of one parent unless it is "". People are counted in
// month.
func (r *Run) Units(ctx context.Context, scope Scope, kind, parent string, month time.Time) ([]Unit, error) {
	return collectOnce[Unit](ctx, r, "units", scope, map[string]any{
		"unit_kind": kind, "parent_id": parent, "month": month,
	})
}
