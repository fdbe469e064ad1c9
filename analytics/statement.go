package analytics

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Workings are everything behind one person's statement of one month: the
// printed lines and what each follows from, down to the exported rows. Amounts
// are exact decimals as text, months are first days.
type Workings struct {
	RunID   string
	RepID   string
	RepName string
	Month   time.Time

	Lines        []WorkedLine
	Earning      Earning
	Plan         PayPlan
	Tiers        []TierLine
	Expense      *ExpenseBand   // nil: no expenses are known for the month
	Orders       []OrderShare   // sold in the month
	Moved        []MovedOrder   // whose cash, return or bad debt moved the ledger in the month
	Settlements  []Settlement   // of both
	Releases     []Release      // by month of sale
	Balance      *LedgerBalance // nil: nothing ever waited
	Pools        []PoolPart     // of everybody in the person's teams
	Rules        []RuleEffect
	Overrides    []Override
	Restatements []Restatement
	Carry        *Carry           // nil in a closed month
	Cards        map[string]*Card // by scorecard: the one for pay and those it takes
	Rows         map[string]*Explanation
}

// WorkedLine is a row of pay.line.
type WorkedLine struct {
	Sort    int     `db:"sort"`
	Line    string  `db:"line"`
	Amount  string  `db:"amount"`
	IsTotal bool    `db:"is_total"`
	Reason  *string `db:"reason"`
}

// Earning is a row of pay.earning as far as the statement's formulas need it.
type Earning struct {
	VersionID      string   `db:"version_id"`
	BaseAmount     string   `db:"base_amount"`
	ReturnedAmount string   `db:"returned_amount"`
	SalesAmount    string   `db:"sales_amount"`
	Factor         string   `db:"commission_factor"`
	IsVoid         bool     `db:"is_void"`
	HasException   *bool    `db:"has_exception"`
	CollectionRate *float64 `db:"collection_rate"`
	Score          *string  `db:"score"`
	StandardScore  string   `db:"standard_score"`
	HasScore       bool     `db:"has_score"`
	IsSavingInside bool     `db:"is_saving_inside"`
}

// PayPlan is a row of plan.pay as far as the statement's formulas need it.
type PayPlan struct {
	BaseIndicator string `db:"base_indicator"`
	TierMethod    string `db:"tier_method"`
	ScoreCard     string `db:"score_scorecard"`
	SavingShare   string `db:"saving_share"`
	OverrunShare  string `db:"overrun_share"`
	ReleaseScore  string `db:"release_score"`
	BadDebtDays   *int   `db:"bad_debt_days"`
	WaitsForCash  bool   `db:"waits_for_cash"`
}

// TierLine is a row of pay.tier_line.
type TierLine struct {
	Tier   int     `db:"tier"`
	From   string  `db:"from_amount"`
	To     *string `db:"to_amount"`
	Base   string  `db:"base_amount"`
	Rate   string  `db:"rate"`
	Amount string  `db:"amount"`
}

// ExpenseBand is a row of pay.expense.
type ExpenseBand struct {
	Expense      string   `db:"expense_amount"`
	Sales        string   `db:"sales_amount"`
	Rate         *float64 `db:"expense_rate"`
	StandardRate string   `db:"standard_rate"`
	CeilingRate  string   `db:"ceiling_rate"`
	Band         string   `db:"band"`
	Saving       string   `db:"saving_amount"`
	Overrun      string   `db:"overrun_amount"`
	Reason       *string  `db:"exception_reason"`
	Approver     *string  `db:"exception_approver"`
}

// OrderShare is a row of pay.order_share.
type OrderShare struct {
	OrderID  string     `db:"order_id"`
	OnDate   time.Time  `db:"on_date"`
	DueOn    *time.Time `db:"due_on"`
	Sold     string     `db:"sold_amount"`
	Returned string     `db:"returned_amount"`
	Net      string     `db:"net_amount"`
	Received string     `db:"received_amount"`
	Paid     string     `db:"paid_amount"`
	Earned   string     `db:"earned_amount"`
	Accrued  string     `db:"accrued_amount"`
}

// MovedOrder is a row of pay.ledger_change with the order's share of its month
// of sale.
type MovedOrder struct {
	OrderShare
	SaleMonth  time.Time
	Released   string
	ClawedBack string
	Cause      string
}

// Settlement is a row of core.settlement_line.
type Settlement struct {
	OrderID   string    `db:"order_id"`
	SaleMonth time.Time `db:"sale_month"`
	Month     time.Time `db:"month"`
	OnDate    time.Time `db:"on_date"`
	Kind      string    `db:"kind"`
	Amount    string    `db:"amount"`
	File      string    `db:"source_file"`
	Sheet     string    `db:"source_sheet"`
	Row       int64     `db:"source_row"`
}

// Release is a row of pay.release.
type Release struct {
	SaleMonth time.Time `db:"sale_month"`
	PaidOut   string    `db:"paid_out_amount"`
	TakenBack string    `db:"taken_back_amount"`
	Factor    string    `db:"factor"`

	Score    *string // of the month of sale; nil: nothing could be scored
	Standard string
}

// LedgerBalance is a row of pay.ledger_balance.
type LedgerBalance struct {
	Opening    string `db:"opening"`
	Accrued    string `db:"accrued"`
	Released   string `db:"released"`
	ClawedBack string `db:"clawed_back"`
	Closing    string `db:"closing"`
}

// PoolPart is a row of pay.pool_share with its pool.
type PoolPart struct {
	TeamID   string  `db:"team_id"`
	RepID    string  `db:"rep_id"`
	Sharing  string  `db:"sharing"`
	DutyDays int     `db:"n_duty_days"`
	Score    *string `db:"score"`
	Sales    string  `db:"sales_amount"`
	Amount   string  `db:"amount"`

	TeamSales  string
	TeamTarget string
	PoolRate   string
	PoolAmount string
}

// RuleEffect is a row of pay.rule_effect.
type RuleEffect struct {
	Rule      string  `db:"rule"`
	Indicator string  `db:"indicator"`
	Value     float64 `db:"value"`
	Limit     float64 `db:"limit_value"`
	Months    int     `db:"n_months"`
	Effect    string  `db:"effect"`
	Amount    *string `db:"amount"`
	Rate      *string `db:"rate"`
}

// Override is a row of scorecard.override.
type Override struct {
	Kind     string  `db:"kind"`
	Item     string  `db:"item"`
	Value    float64 `db:"value"`
	Reason   *string `db:"reason"`
	Approver *string `db:"approver"`
}

// Restatement is a row of pay.restatement paid in the month.
type Restatement struct {
	Month      time.Time `db:"month"`
	Closed     string    `db:"closed_amount"`
	PaidBefore string    `db:"paid_before_amount"`
	Now        string    `db:"now_amount"`
	Amount     string    `db:"amount"`
}

// Carry is a row of pay.carry.
type Carry struct {
	In  string `db:"carried_in_amount"`
	Out string `db:"carried_out_amount"`
}

// Card is a scorecard of one person and month.
type Card struct {
	ID    string
	Score string
	Nodes []CardNode // the root first, every node after its parent
}

// CardNode is a row of scorecard.node_score with its curve.
type CardNode struct {
	Node           string   `db:"node"`
	Parent         *string  `db:"parent"`
	Depth          int      `db:"depth"`
	Kind           string   `db:"kind"`
	Indicator      *string  `db:"indicator"`
	Numerator      *string  `db:"numerator"`
	Denominator    *string  `db:"denominator"`
	Value          *float64 `db:"value"`
	Points         *string  `db:"points"`
	Weight         *float64 `db:"weight"`
	WeightUsed     *float64 `db:"weight_used"`
	Contribution   string   `db:"contribution"`
	IsLeftOut      bool     `db:"is_left_out"`
	Reason         string   `db:"reason"`
	OverrideReason *string  `db:"override_reason"`

	TitleEn, TitleZh string
	Cap              *float64
	Curve            []CurvePoint
}

// CurvePoint is a row of plan.curve.
type CurvePoint struct {
	Value  float64 `db:"value"`
	Points float64 `db:"points"`
}

// relationRows reads the columns that T names from a relation. where may use the
// parameters $rep, $month, $version and those of more.
func relationRows[T any](ctx context.Context, r *Run, relation, where, order string, args map[string]any) ([]T, error) {
	var columns []string
	t := reflect.TypeFor[T]()
	for i := range t.NumField() {
		if c := t.Field(i).Tag.Get("db"); c != "" {
			columns = append(columns, quoteName(c))
		}
	}
	text := "select " + strings.Join(columns, ", ") + " from " + quoteRelation(relation) + " where " + where + " order by " + order
	return collectText[T](ctx, r, relation, text, args)
}

// first returns the first row, or nil.
func first[T any](rows []T) *T {
	if len(rows) == 0 {
		return nil
	}
	return &rows[0]
}

// Workings reads a person's statement of a month with everything behind it,
// down to every exported row. The error wraps ErrUnknown where the person is
// not seen or has no statement.
func (r *Run) Workings(ctx context.Context, scope Scope, repID string, month time.Time) (*Workings, error) {
	type named struct {
		Name string `db:"unit_name"`
	}
	args := scope.args()
	args["rep"], args["month"] = repID, month
	names, err := collectText[named](ctx, r, "person", seen+"\nselect unit_name from seen where unit_kind = 'rep' and unit_id = $rep", args)
	if err != nil {
		return nil, err
	}
	s := &Workings{RunID: r.ID, RepID: repID, Month: month, Cards: map[string]*Card{}, Rows: map[string]*Explanation{}}
	if len(names) == 0 {
		return nil, fmt.Errorf("rep %q: %w", repID, ErrUnknown)
	}
	s.RepName = names[0].Name
	if err := s.read(ctx, r, args); err != nil {
		return nil, err
	}
	if err := s.readCard(ctx, r, s.Plan.ScoreCard, args); err != nil {
		return nil, err
	}
	if err := s.readPools(ctx, r, scope, args); err != nil {
		return nil, err
	}
	return s, s.readRows(ctx, r, scope)
}

// read fills all that is read by person and month.
func (s *Workings) read(ctx context.Context, r *Run, args map[string]any) error {
	const own = "rep_id = $rep and month = $month::date"
	var err error
	if s.Lines, err = relationRows[WorkedLine](ctx, r, "pay.line", own, "sort, line", args); err != nil {
		return err
	}
	earnings, err := relationRows[Earning](ctx, r, "pay.earning", own, "1", args)
	if err != nil {
		return err
	}
	if len(earnings) == 0 || len(s.Lines) == 0 {
		return fmt.Errorf("statement of %s in %s: %w; nothing was earned, carried or worked", s.RepID, s.Month.Format("2006-01"), ErrUnknown)
	}
	s.Earning = earnings[0]
	args["version"] = s.Earning.VersionID
	plans, err := relationRows[PayPlan](ctx, r, "plan.pay", "version_id = $version", "1", args)
	if err != nil {
		return err
	}
	s.Plan = plans[0]
	if s.Tiers, err = relationRows[TierLine](ctx, r, "pay.tier_line", own, "tier", args); err != nil {
		return err
	}
	expenses, err := relationRows[ExpenseBand](ctx, r, "pay.expense", own, "1", args)
	if err != nil {
		return err
	}
	s.Expense = first(expenses)
	if s.Orders, err = relationRows[OrderShare](ctx, r, "pay.order_share", own, "order_id", args); err != nil {
		return err
	}
	if s.Settlements, err = relationRows[Settlement](ctx, r, "core.settlement_line",
		"rep_id = $rep and month <= $month::date and (month = $month::date or order_id in (select order_id from pay.ledger_change where rep_id = $rep and month = $month::date))",
		"order_id, month, on_date, kind, source_file, source_sheet, source_row", args); err != nil {
		return err
	}
	balances, err := relationRows[LedgerBalance](ctx, r, "pay.ledger_balance", own, "1", args)
	if err != nil {
		return err
	}
	s.Balance = first(balances)
	if s.Rules, err = relationRows[RuleEffect](ctx, r, "pay.rule_effect", own, "sort, rule", args); err != nil {
		return err
	}
	if s.Overrides, err = relationRows[Override](ctx, r, "scorecard.override", "unit_kind = 'rep' and unit_id = $rep and month = $month::date", "kind, item", args); err != nil {
		return err
	}
	if s.Restatements, err = relationRows[Restatement](ctx, r, "pay.restatement", "rep_id = $rep and paid_month = $month::date", "month", args); err != nil {
		return err
	}
	carries, err := relationRows[Carry](ctx, r, "pay.carry", own, "1", args)
	if err != nil {
		return err
	}
	s.Carry = first(carries)
	return s.readMoved(ctx, r, args)
}

// readMoved reads the ledger's movements and releases of the month.
func (s *Workings) readMoved(ctx context.Context, r *Run, args map[string]any) error {
	type change struct {
		OrderID    string    `db:"order_id"`
		SaleMonth  time.Time `db:"sale_month"`
		Released   string    `db:"released_amount"`
		ClawedBack string    `db:"clawed_back_amount"`
		Cause      string    `db:"cause"`
	}
	changes, err := relationRows[change](ctx, r, "pay.ledger_change", "rep_id = $rep and month = $month::date", "sale_month, order_id", args)
	if err != nil {
		return err
	}
	for _, c := range changes {
		args["order"], args["sale_month"] = c.OrderID, c.SaleMonth
		shares, err := relationRows[OrderShare](ctx, r, "pay.order_share", "rep_id = $rep and order_id = $order and month = $sale_month::date", "1", args)
		if err != nil {
			return err
		}
		s.Moved = append(s.Moved, MovedOrder{shares[0], c.SaleMonth, c.Released, c.ClawedBack, c.Cause})
	}
	if s.Releases, err = relationRows[Release](ctx, r, "pay.release", "rep_id = $rep and month = $month::date", "sale_month", args); err != nil {
		return err
	}
	type factor struct {
		Score    *string `db:"score"`
		Standard string  `db:"standard_score"`
	}
	for i := range s.Releases {
		args["sale_month"] = s.Releases[i].SaleMonth
		factors, err := relationRows[factor](ctx, r, "pay.score_factor", "rep_id = $rep and month = $sale_month::date", "1", args)
		if err != nil {
			return err
		}
		if f := first(factors); f != nil {
			s.Releases[i].Score, s.Releases[i].Standard = f.Score, f.Standard
		}
	}
	return nil
}

// readPools reads the pools of the person's teams: of everybody in a team that
// the reader sees, else the person's own share alone.
func (s *Workings) readPools(ctx context.Context, r *Run, scope Scope, args map[string]any) error {
	all, err := relationRows[PoolPart](ctx, r, "pay.pool_share",
		"month = $month::date and team_id in (select team_id from pay.pool_share where rep_id = $rep and month = $month::date)", "team_id, rep_id", args)
	if err != nil {
		return err
	}
	type unit struct {
		ID string `db:"unit_id"`
	}
	teams, err := collectText[unit](ctx, r, "teams", seen+"\nselect unit_id from seen where unit_kind = 'team'", scope.args())
	if err != nil {
		return err
	}
	for _, p := range all {
		if p.RepID == s.RepID || slices.Contains(teams, unit{p.TeamID}) {
			s.Pools = append(s.Pools, p)
		}
	}
	type pool struct {
		TeamID string `db:"team_id"`
		Sales  string `db:"sales_amount"`
		Target string `db:"target_amount"`
		Rate   string `db:"rate"`
		Amount string `db:"amount"`
	}
	pools, err := relationRows[pool](ctx, r, "pay.pool", "month = $month::date", "team_id", args)
	if err != nil {
		return err
	}
	for i := range s.Pools {
		for _, p := range pools {
			if p.TeamID == s.Pools[i].TeamID {
				s.Pools[i].TeamSales, s.Pools[i].TeamTarget, s.Pools[i].PoolRate, s.Pools[i].PoolAmount = p.Sales, p.Target, p.Rate, p.Amount
			}
		}
	}
	return nil
}

// readCard reads a scorecard and the scorecards it takes.
func (s *Workings) readCard(ctx context.Context, r *Run, id string, args map[string]any) error {
	args["card"] = id
	card := &Card{ID: id}
	var err error
	card.Nodes, err = relationRows[CardNode](ctx, r, "scorecard.node_score",
		"scorecard = $card and unit_kind = 'rep' and unit_id = $rep and month = $month::date", "sort, node", args)
	if err != nil || len(card.Nodes) == 0 {
		return err
	}
	type planned struct {
		Node    string   `db:"node"`
		Cap     *float64 `db:"cap"`
		TitleEn *string  `db:"title_en"`
		TitleZh *string  `db:"title_zh"`
	}
	nodes, err := relationRows[planned](ctx, r, "plan.node", "version_id = $version and scorecard = $card", "sort", args)
	if err != nil {
		return err
	}
	s.Cards[id] = card
	for i := range card.Nodes {
		n := &card.Nodes[i]
		for _, p := range nodes {
			if p.Node == n.Node {
				n.Cap, n.TitleEn, n.TitleZh = p.Cap, text(p.TitleEn), text(p.TitleZh)
			}
		}
		if n.Parent == nil {
			card.Score = n.Contribution
		}
		args["node"] = n.Node
		if n.Curve, err = relationRows[CurvePoint](ctx, r, "plan.curve", "version_id = $version and scorecard = $card and node = $node", "step", args); err != nil {
			return err
		}
		if n.Kind == "scorecard" && s.Cards[text(n.Indicator)] == nil {
			if err := s.readCard(ctx, r, text(n.Indicator), args); err != nil {
				return err
			}
			args["card"] = id
		}
	}
	return nil
}

// readRows opens every indicator that the statement uses down to its rows.
func (s *Workings) readRows(ctx context.Context, r *Run, scope Scope) error {
	open := func(key, kind, id, indicator string) error {
		if s.Rows[key] != nil {
			return nil
		}
		known, err := relationRows[struct {
			Indicator string `db:"indicator"`
		}](ctx, r, "indicators.value", "indicator = $indicator and unit_kind = $kind and unit_id = $id and month = $month::date", "1",
			map[string]any{"indicator": indicator, "kind": kind, "id": id, "month": s.Month})
		if err != nil || len(known) == 0 {
			return err
		}
		e, err := r.Explain(ctx, scope, Question{UnitKind: kind, UnitID: id, Indicator: indicator, Month: s.Month, Limit: -1})
		if errors.Is(err, ErrUnknown) { // a team that the reader does not see
			return nil
		}
		if err != nil {
			return err
		}
		s.Rows[key] = e
		return nil
	}
	indicators := []string{"sales_amount", s.Plan.BaseIndicator, "expense_ratio"}
	for _, card := range sortedKeys(s.Cards) {
		for _, n := range s.Cards[card].Nodes {
			if n.Kind == "leaf" || n.Kind == "bonus" {
				indicators = append(indicators, text(n.Indicator))
			}
		}
	}
	for _, rule := range s.Rules {
		switch rule.Indicator {
		case "score":
		case "attainment":
			indicators = append(indicators, "target_attainment")
		default:
			indicators = append(indicators, rule.Indicator)
		}
	}
	for _, id := range indicators {
		if err := open(id, "rep", s.RepID, id); err != nil {
			return err
		}
	}
	for _, p := range s.Pools {
		if err := open("team "+p.TeamID, "team", p.TeamID, "target_attainment"); err != nil {
			return err
		}
	}
	return nil
}

// StatementPeople returns the ids of everybody within the scope who has a
// statement in a month.
func (r *Run) StatementPeople(ctx context.Context, scope Scope, month time.Time) ([]string, error) {
	type person struct {
		ID string `db:"rep_id"`
	}
	args := scope.args()
	args["month"] = month
	people, err := collectText[person](ctx, r, "statements", seen+`
select s.rep_id from pay.statement as s
inner join seen on seen.unit_kind = 'rep' and seen.unit_id = s.rep_id
where s.month = $month::date
order by s.rep_id`, args)
	var out []string
	for _, p := range people {
		out = append(out, p.ID)
	}
	return out, err
}
