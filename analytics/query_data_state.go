package analytics

import (
	"context"
	"time"
)

// LoadedEntity says when an entity was last loaded and what was refused.
type LoadedEntity struct {
	Entity   string    `db:"entity"`
	LoadedAt time.Time `db:"loaded_at"`
	Read     int64     `db:"n_read"`
	Refused  int64     `db:"n_refused"`
}

// DataState returns the loaded entities by name.
func (r *Run) DataState(ctx context.Context) ([]LoadedEntity, error) {
	return collect[LoadedEntity](ctx, r, "data_state", Scope{}, nil)
}

// CheckState counts the checks of the run and the values that match nobody.
type CheckState struct {
	Checks          int64   `db:"n_checks"`
	Failed          int64   `db:"n_failed"`
	Unmatched       int64   `db:"n_unmatched"`
	UnmatchedAmount float64 `db:"unmatched_amount"`
}

// CheckState returns the counts of checks.result and core.unmatched.
func (r *Run) CheckState(ctx context.Context, scope Scope) (CheckState, error) {
	rows, err := collect[CheckState](ctx, r, "check_state", scope, nil)
	if err != nil || len(rows) == 0 {
		return CheckState{}, err
	}
	return rows[0], nil
}

// FailedCheck is a check that found rows.
type FailedCheck struct {
	ID       string `db:"check_id"`
	Severity string `db:"severity"` // stop or warn
	Failures int64  `db:"n_failures"`
	TitleEn  string `db:"title_en"`
	TitleZh  string `db:"title_zh"`
}

// FailedChecks returns the checks that found something, the gravest first.
func (r *Run) FailedChecks(ctx context.Context) ([]FailedCheck, error) {
	return collect[FailedCheck](ctx, r, "failed_checks", Scope{}, nil)
}
