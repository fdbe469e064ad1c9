package analytics

import (
	"context"
	"time"
)

// Statement is one month of one person's pay; amounts in base currency.
type Statement struct {
	Month       time.Time `db:"month"`
	VersionID   string    `db:"version_id"` // of the plan
	Sales       float64   `db:"sales_amount"`
	Returned    float64   `db:"returned_amount"` // returns of orders of earlier months
	Commission  float64   `db:"commission_amount"`
	IsVoid      bool      `db:"is_void"`
	Collected   *float64  `db:"collection_rate"`
	Accrued     float64   `db:"accrued_amount"`
	Expense     float64   `db:"expense_amount"`
	ExpenseRate *float64  `db:"expense_rate"`
	ExpenseBand string    `db:"expense_band"`
	Score       *float64  `db:"score"`
	Standard    float64   `db:"standard_score"`
	Factor      float64   `db:"factor"` // score over standard score
	Carried     float64   `db:"carried_amount"`
	Total       float64   `db:"total_amount"`
	Waiting     float64   `db:"balance_amount"`
	DutyDays    int64     `db:"n_duty_days"`
	Workdays    int64     `db:"n_workdays"`
	IsClosed    bool      `db:"is_closed"`
}

// Statements returns a person's statements of the twelve months up to month.
func (r *Run) Statements(ctx context.Context, scope Scope, rep string, month time.Time) ([]Statement, error) {
	return collect[Statement](ctx, r, "statements", scope, map[string]any{"rep_id": rep, "month": month})
}

// StatementLine is one printed line of a statement; what its inputs mean
// depends on the line, see sql/pay/own_line.sql.
type StatementLine struct {
	Sort      int64    `db:"sort"`
	Line      string   `db:"line"`
	Amount    float64  `db:"amount"`
	IsTotal   bool     `db:"is_total"`
	Base      *float64 `db:"base_amount"`
	Rate      *float64 `db:"rate"`
	Quantity  *float64 `db:"quantity"`
	Factor    *float64 `db:"factor"`
	Reason    string   `db:"reason"`
	TitleEn   string   `db:"title_en"` // of a rule
	TitleZh   string   `db:"title_zh"`
	Indicator string   `db:"indicator"` // of a rule
	Effect    string   `db:"effect"`    // of a rule
}

// StatementLines returns the printed lines of a person's statement.
func (r *Run) StatementLines(ctx context.Context, scope Scope, rep string, month time.Time) ([]StatementLine, error) {
	return collect[StatementLine](ctx, r, "statement_lines", scope, map[string]any{"rep_id": rep, "month": month})
}

// TierPart is the part of a person's base that one tier paid.
type TierPart struct {
	Tier   int64   `db:"tier"`
	Base   float64 `db:"base_amount"`
	Rate   float64 `db:"rate"`
	Factor float64 `db:"factor"` // of rules that reduce the rate; 1: none
	Amount float64 `db:"amount"`
}

// StatementTiers returns the tiers behind a person's commission.
func (r *Run) StatementTiers(ctx context.Context, scope Scope, rep string, month time.Time) ([]TierPart, error) {
	return collect[TierPart](ctx, r, "statement_tiers", scope, map[string]any{"rep_id": rep, "month": month})
}

// Node is one part of a person's score.
type Node struct {
	Scorecard      string   `db:"scorecard"`
	Node           string   `db:"node"` // path under the score; "" is the score
	Parent         *string  `db:"parent"`
	Depth          int64    `db:"depth"`
	Kind           string   `db:"kind"` // branch, leaf, bonus, scorecard
	Indicator      string   `db:"indicator"`
	TitleEn        string   `db:"title_en"`
	TitleZh        string   `db:"title_zh"`
	Unit           string   `db:"unit"` // of Value
	Value          *float64 `db:"value"`
	Denominator    *float64 `db:"denominator"`
	Points         *float64 `db:"points"`
	Weight         *float64 `db:"weight"`      // as written
	WeightUsed     *float64 `db:"weight_used"` // after those without a value left theirs
	Contribution   *float64 `db:"contribution"`
	IsLeftOut      bool     `db:"is_left_out"`
	Reason         string   `db:"reason"`
	OverrideReason string   `db:"override_reason"`
}

// ScoreTree returns the parts of all scores of a person in a month.
func (r *Run) ScoreTree(ctx context.Context, scope Scope, rep string, month time.Time) ([]Node, error) {
	return collect[Node](ctx, r, "score_tree", scope, map[string]any{"rep_id": rep, "month": month})
}
