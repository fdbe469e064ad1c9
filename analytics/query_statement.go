package analytics

import (
	"context"
	"runtime"
	"time"
)

// Statement is one month of one person's pay; amounts in base currency.
type Statement struct {
	RepID       string    `db:"rep_id"`
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

// StatementLine is one printed line of a statement; what its inputs mean
// depends on the line, see sql/pay/own_line.sql.
type StatementLine struct {
	RepID     string   `db:"rep_id"`
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

// TierPart is the part of a person's base that one tier paid.
type TierPart struct {
	RepID  string  `db:"rep_id"`
	Tier   int64   `db:"tier"`
	Base   float64 `db:"base_amount"`
	Rate   float64 `db:"rate"`
	Factor float64 `db:"factor"` // of rules that reduce the rate; 1: none
	Amount float64 `db:"amount"`
}

// Node is one part of a person's score.
type Node struct {
	RepID          string   `db:"rep_id"`
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

// StatementRows is what one person's statement of a month is made from.
type StatementRows struct {
	History []Statement     // the twelve months up to the month
	Lines   []StatementLine // printed lines
	Tiers   []TierPart      // behind the commission
	Nodes   []Node          // of all scores
	Market  []MarketPart    // of the market coefficient, the largest first; none where the market was not judged
	Ledger  *Ledger         // nil where nothing ever waited
	Orders  []OpenOrder     // whose commission waits at the end of the month, oldest first
	// moves of the last year, with what others won of the deals left open
	Handovers []Handover
	Bands     []Band // of the indicators asked for, where at least five others have a value
}

// StatementRows returns the rows of several people's statements by person.
// Every table is read once for all of them: asking person by person reads the
// same tables again and again. Each person's rows are among the scope's.
func (r *Run) StatementRows(ctx context.Context, scope Scope, reps []string, month time.Time, indicators []string) (map[string]*StatementRows, error) {
	all := map[string]*StatementRows{}
	for _, rep := range reps {
		all[rep] = &StatementRows{}
	}
	args := map[string]any{"rep_ids": reps, "month": month, "indicators": indicators}
	most := -1
	if len(reps) > 1 { // a batch: nobody waits for these answers
		most = runtime.NumCPU()
	}
	return all, togetherAtMost(ctx, most,
		eachOf(r, "statements", scope, args, func(s Statement) { all[s.RepID].History = append(all[s.RepID].History, s) }),
		eachOf(r, "statement_lines", scope, args, func(l StatementLine) { all[l.RepID].Lines = append(all[l.RepID].Lines, l) }),
		eachOf(r, "statement_tiers", scope, args, func(t TierPart) { all[t.RepID].Tiers = append(all[t.RepID].Tiers, t) }),
		eachOf(r, "score_tree", scope, args, func(n Node) { all[n.RepID].Nodes = append(all[n.RepID].Nodes, n) }),
		eachOf(r, "person_market", scope, args, func(m MarketPart) { all[m.RepID].Market = append(all[m.RepID].Market, m) }),
		eachOf(r, "ledger", scope, args, func(l Ledger) { all[l.RepID].Ledger = &l }),
		eachOf(r, "open_orders", scope, args, func(o OpenOrder) { all[o.RepID].Orders = append(all[o.RepID].Orders, o) }),
		eachOf(r, "handovers", scope, args, func(h Handover) { all[h.RepID].Handovers = append(all[h.RepID].Handovers, h) }),
		eachOf(r, "peer_bands", scope, args, func(b Band) { all[b.RepID].Bands = append(all[b.RepID].Bands, b) }),
	)
}

// eachOf asks a panel and calls put with every row of its answer.
func eachOf[T any](r *Run, panel string, scope Scope, args map[string]any, put func(T)) func(context.Context) error {
	return func(ctx context.Context) error {
		rows, err := collect[T](ctx, r, panel, scope, args)
		for _, row := range rows {
			put(row)
		}
		return err
	}
}
