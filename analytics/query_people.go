package analytics

import (
	"context"
	"time"
)

// PersonMonth is one person's month: figures, difficulty, score and pay.
type PersonMonth struct {
	RepID       string   `db:"rep_id"`
	Name        string   `db:"rep_name"`
	TeamID      *string  `db:"team_id"`
	Team        *string  `db:"team_name"`
	RegionID    *string  `db:"region_id"`
	Region      *string  `db:"region_name"`
	Sales       float64  `db:"sales_amount"` // base currency
	Attainment  *float64 `db:"attainment"`
	Adjusted    *float64 `db:"adjusted"` // attainment after difficulty
	Difficulty  *float64 `db:"d"`        // coefficient in force; above 1 is harder than average
	Score       *float64 `db:"score"`    // of the card that pay goes by
	ScoreBefore *float64 `db:"score_before"`
	Collected   *float64 `db:"collection_rate"`
	ExpenseRate *float64 `db:"expense_rate"`
	ExpenseBand string   `db:"expense_band"` // saving, inner, exception, void or "" without expenses
	Total       float64  `db:"total_amount"` // pay
	TotalBefore *float64 `db:"total_before"`
	Waiting     float64  `db:"balance_amount"` // commission that waits for cash
	Carried     float64  `db:"carried_amount"` // taken from later months
	IsVoid      bool     `db:"is_void"`
	IsClosed    bool     `db:"is_closed"`
}

// People returns the people with a statement in a month, beside that of base.
func (r *Run) People(ctx context.Context, scope Scope, month, base time.Time) ([]PersonMonth, error) {
	return collect[PersonMonth](ctx, r, "people", scope, map[string]any{"month": month, "base": base})
}

// Score is one scorecard's score of one person and month.
type Score struct {
	RepID     string    `db:"rep_id"`
	Scorecard string    `db:"scorecard"`
	Month     time.Time `db:"month"`
	Score     float64   `db:"score"`
	NLeftOut  int64     `db:"n_left_out"`
}

// Scores returns the scores of a person, or of everybody where rep is "", over
// the twelve months up to month.
func (r *Run) Scores(ctx context.Context, scope Scope, rep string, month time.Time) ([]Score, error) {
	return collect[Score](ctx, r, "scores", scope, map[string]any{"rep_id": rep, "month": month})
}

// Scorecard is one scorecard of the plan in force in a month.
type Scorecard struct {
	ID       string  `db:"scorecard"`
	TitleEn  string  `db:"title_en"`
	TitleZh  string  `db:"title_zh"`
	Standard float64 `db:"standard_score"`
	Full     float64 `db:"full_score"`
	IsForPay bool    `db:"is_for_pay"` // pay goes by it
}

// Scorecards returns the scorecards in force in a month, in the plan's order.
func (r *Run) Scorecards(ctx context.Context, month time.Time) ([]Scorecard, error) {
	return collectOnce[Scorecard](ctx, r, "scorecards", Scope{}, map[string]any{"month": month})
}
