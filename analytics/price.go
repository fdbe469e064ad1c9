package analytics

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"levelfield/analytics/plan"
)

// Set is a number that is set by hand for a month, as a row of state.override.
type Set struct {
	Kind     string // indicator, score, coefficient or pay
	Month    time.Time
	UnitKind string
	UnitID   string
	Item     string
	Value    float64
}

// Price is what setting a number comes to: each figure as it is and as it
// would be. Money is in cents.
type Price struct {
	Pay   [2]int64   `json:"pay_cents"`  // of the unit, a person
	Pool  [2]int64   `json:"pool_cents"` // of the person's team, all members
	Score [2]float64 `json:"score"`      // of the person on the card that pay uses, or that a coefficient enters; 0 without one
	Rank  [2]int     `json:"rank"`       // by that score among all who have one; 0 without one
	Peers int        `json:"peers"`      // people ranked
	Moved int        `json:"moved"`      // other people whose rank would change
	Cost  int64      `json:"cost_cents"` // of the month, all people
}

// PriceOf calculates a run again with one number set, on the same data, plan
// and decisions, and compares the month. Nothing is published. A closed month
// is priced as if it were open: the difference is what a restatement would pay.
func PriceOf(ctx context.Context, opt Options, r *Run, set Set) (*Price, error) {
	seal, err := readSeal(r.Dir)
	if err != nil {
		return nil, err
	}
	opt.Company, opt.Currency, opt.Lang = seal.Made.Company, seal.Made.Currency, seal.Made.Lang
	opt.FirstMonth, opt.LastMonth = r.Meta.FirstMonth, r.Meta.LastMonth
	state, before := slices.Clone(seal.Made.State), slices.Clone(seal.Made.State)
	isClosed := false
	for i, t := range state {
		switch t.Name {
		case "closed", "closed_line":
			isClosed = isClosed || len(t.Rows) > 0
			state[i].Rows, before[i].Rows = nil, nil
		case "override":
			state[i].Rows = append(slices.Clone(t.Rows), set.row(t.Columns, opt.Now()))
		}
	}
	// The run itself is one side, unless a closed month's lines stand in it as
	// they were sealed.
	var sides [2]pricedMonth
	calculate := func(side int, tables []plan.Table) error {
		a := attempt{id: r.ID, files: seal.Made.Files, plan: seal.Made.Plan, state: tables, wanted: []string{payLine, "scorecard.score", "pay.pool_share"}, cached: true}
		return opt.attempt(ctx, a, func(b *build, _ *inputs) (err error) {
			sides[side], err = priceMonth(ctx, b.conn, set)
			return err
		})
	}
	if isClosed {
		err = calculate(0, before)
	} else {
		var conn *sql.Conn
		if conn, err = r.DB.Conn(ctx); err == nil {
			sides[0], err = priceMonth(ctx, conn, set)
			conn.Close()
		}
	}
	if err == nil {
		err = calculate(1, state)
	}
	if err != nil {
		return nil, fmt.Errorf("price %s of %s %s: %w", set.Item, set.UnitKind, set.UnitID, err)
	}
	return compareMonths(sides, set.UnitID), nil
}

// row is the override as a row of state.override.
func (s Set) row(columns []plan.Column, now time.Time) []any {
	values := map[string]any{
		"override_id": "priced", "kind": s.Kind, "month": s.Month.Format(time.DateOnly), "unit_kind": s.UnitKind, "unit_id": s.UnitID, "item": s.Item,
		"value": s.Value, "reason": "priced", "approver": "nobody", "decided_at": now.AddDate(1, 0, 0).UTC().Format("2006-01-02T15:04:05Z"),
		"expires_on": s.Month.AddDate(0, 1, -1).Format(time.DateOnly), "appeal_id": "priced",
	}
	var row []any
	for _, c := range columns {
		row = append(row, values[c.Name])
	}
	return row
}

// pricedMonth is what a price compares.
type pricedMonth struct {
	paid   map[string]int64 // cents by person
	pool   int64            // cents of the person's team
	scores map[string]float64
}

func priceMonth(ctx context.Context, conn *sql.Conn, set Set) (pricedMonth, error) {
	m := pricedMonth{scores: map[string]float64{}}
	lines, err := payLines(ctx, conn, set.Month)
	if err != nil {
		return m, err
	}
	m.paid = Paid(lines)
	err = conn.QueryRowContext(ctx, `select coalesce(sum(pool.amount * 100), 0)::bigint from pay.pool_share as pool
where pool.month = ? and pool.team_id in (select own.team_id from pay.pool_share as own where own.rep_id = ? and own.month = ?)`, set.Month, set.UnitID, set.Month).Scan(&m.pool)
	if err != nil {
		return m, err
	}
	card := "(select any_value(score_scorecard) from plan.pay)"
	if set.Kind == "coefficient" { // it may enter a card that pay does not use
		card = "coalesce((select scorecard from plan.node where indicator in ('adjusted_attainment', 'difficulty_points') order by scorecard <> " + card + ", scorecard limit 1), " + card + ")"
	}
	rows, err := conn.QueryContext(ctx, `select unit_id, score from scorecard.score
where unit_kind = 'rep' and month = ? and score is not null and scorecard = `+card, set.Month)
	if err != nil {
		return m, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var score float64
		if err := rows.Scan(&id, &score); err != nil {
			return m, err
		}
		m.scores[id] = score
	}
	return m, rows.Err()
}

// compareMonths sets a month as it is beside the month as it would be.
func compareMonths(sides [2]pricedMonth, rep string) *Price {
	p := &Price{Peers: len(sides[1].scores)}
	var ranks [2]map[string]int
	for i, m := range sides {
		p.Pay[i], p.Pool[i], p.Score[i] = m.paid[rep], m.pool, m.scores[rep]
		ranks[i] = ranksOf(m.scores)
		p.Rank[i] = ranks[i][rep]
	}
	for id, cents := range sides[1].paid {
		p.Cost += cents - sides[0].paid[id]
	}
	for id, rank := range ranks[1] {
		if id != rep && ranks[0][id] != rank {
			p.Moved++
		}
	}
	return p
}

// ranksOf ranks by score, the highest first; equal scores share a rank.
func ranksOf(scores map[string]float64) map[string]int {
	ranks := map[string]int{}
	for id, score := range scores {
		rank := 1
		for _, other := range scores {
			if other > score {
				rank++
			}
		}
		ranks[id] = rank
	}
	return ranks
}
