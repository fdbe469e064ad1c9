package analytics

import (
	"context"
	"time"
)

// TeamMonth is one team's month; amounts in base currency.
type TeamMonth struct {
	TeamID     string   `db:"team_id"`
	Name       string   `db:"team_name"`
	Region     *string  `db:"region_name"`
	People     int64    `db:"n_people"` // with a statement
	Sales      *float64 `db:"sales_amount"`
	Target     *float64 `db:"target_amount"`
	Attainment *float64 `db:"attainment"`
	Score      *float64 `db:"score"` // mean over its people
	Scored     int64    `db:"n_scored"`
	Total      float64  `db:"total_amount"`      // pay of its people
	PoolShares float64  `db:"pool_share_amount"` // of that, from pools
	Pool       *float64 `db:"pool_amount"`       // nil: threshold not reached
	Threshold  float64  `db:"pool_threshold"`
	PoolRate   float64  `db:"pool_rate"`
	Sharing    string   `db:"pool_sharing"` // equal, score, contribution
}

// Teams returns the teams with people paid in a month.
func (r *Run) Teams(ctx context.Context, scope Scope, month time.Time) ([]TeamMonth, error) {
	return collect[TeamMonth](ctx, r, "teams", scope, map[string]any{"month": month})
}

// TeamPart is the mean contribution of one part of a score over a team.
type TeamPart struct {
	TeamID       string  `db:"team_id"`
	Scorecard    string  `db:"scorecard"`
	Node         string  `db:"node"`
	TitleEn      string  `db:"title_en"`
	TitleZh      string  `db:"title_zh"`
	Kind         string  `db:"kind"`
	Weight       float64 `db:"weight"`
	Contribution float64 `db:"contribution"`
	People       int64   `db:"n_people"`
}

// TeamParts returns the individual and the team part of scores by team: the
// parts of scorecards that take the score of another.
func (r *Run) TeamParts(ctx context.Context, scope Scope, month time.Time) ([]TeamPart, error) {
	return collect[TeamPart](ctx, r, "team_parts", scope, map[string]any{"month": month})
}

// PoolShare is one person's share of a team's pool.
type PoolShare struct {
	TeamID   string   `db:"team_id"`
	RepID    string   `db:"rep_id"`
	Name     string   `db:"rep_name"`
	DutyDays int64    `db:"n_duty_days"`
	Score    *float64 `db:"score"`
	Sales    float64  `db:"sales_amount"`
	Share    float64  `db:"share_rate"`
	Amount   float64  `db:"amount"`
}

// PoolShares returns the shares of all pools of a month.
func (r *Run) PoolShares(ctx context.Context, scope Scope, month time.Time) ([]PoolShare, error) {
	return collect[PoolShare](ctx, r, "pool_shares", scope, map[string]any{"month": month})
}
