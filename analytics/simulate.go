package analytics

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"levelfield/analytics/plan"
)

// restatedLine begins the lines in which differences of closed months are paid.
const restatedLine = "restated/"

// Simulation is what another plan would have paid.
type Simulation struct {
	Plan   string          `json:"plan"`   // name of the other plan
	Months []string        `json:"months"` // 2026-10
	People []SimulatedPay  `json:"people"` // who loses most first
	Total  SimulatedPay    `json:"total"`
	Gain   int             `json:"gain"` // people who would have got more
	Lose   int             `json:"lose"`
	Same   int             `json:"same"`
	Cost   map[string]Cost `json:"cost"` // by month
}

// SimulatedPay is a person's pay over the months, in cents.
type SimulatedPay struct {
	RepID string `json:"rep_id,omitempty"`
	Name  string `json:"name,omitempty"`
	Now   int64  `json:"now_cents"`
	Then  int64  `json:"then_cents"` // under the other plan
}

// Difference is what the other plan would have paid more, in cents.
func (s SimulatedPay) Difference() int64 { return s.Then - s.Now }

// Cost is what a month costs, in cents.
type Cost struct {
	Now  int64 `json:"now_cents"`
	Then int64 `json:"then_cents"` // under the other plan
}

// Simulate calculates some months of a run again under another plan, on the
// same data and decisions, and compares each person's pay. Nothing is
// published. What was paid for earlier months counts in neither.
func Simulate(ctx context.Context, opt Options, r *Run, other *plan.File, months []time.Time) (*Simulation, error) {
	seal, err := readSeal(r.Dir)
	if err != nil {
		return nil, err
	}
	if len(months) == 0 {
		return nil, fmt.Errorf("there is no month to simulate")
	}
	own := *other
	own.Starts = plan.Month{} // in force in all of the months
	l := &lake{Version: lakeVersion, Files: seal.Made.Files}
	opt.Plan, opt.Company, opt.Currency, opt.Lang = plan.Of(&own), seal.Made.Company, seal.Made.Currency, seal.Made.Lang
	opt.FirstMonth, opt.LastMonth = r.Meta.FirstMonth, r.Meta.LastMonth
	tables, err := opt.plan(l)
	if err != nil {
		return nil, err
	}
	state := slices.Clone(seal.Made.State)
	for i, t := range state {
		if t.Name == "closed" || t.Name == "closed_line" {
			state[i].Rows = nil
		}
	}
	s := &Simulation{Plan: other.Name, Cost: map[string]Cost{}}
	now, then := map[string]int64{}, map[string]int64{}
	a := attempt{id: r.ID, files: seal.Made.Files, plan: tables, state: state, wanted: []string{payLine}, cached: true}
	err = opt.attempt(ctx, a, func(b *build, _ *inputs) error {
		for _, m := range months {
			simulated, err := payLines(ctx, b.conn, m)
			if err != nil {
				return err
			}
			paid, err := r.PayLines(ctx, m)
			if err != nil {
				return err
			}
			name := m.Format("2006-01")
			s.Months = append(s.Months, name)
			s.Cost[name] = Cost{addPaid(now, paid), addPaid(then, simulated)}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	names, err := r.names(ctx)
	if err != nil {
		return nil, err
	}
	s.compare(now, then, names)
	return s, nil
}

// addPaid adds each person's lines and returns what they come to.
func addPaid(to map[string]int64, lines []PayLine) (total int64) {
	own := slices.DeleteFunc(slices.Clone(lines), func(l PayLine) bool { return strings.HasPrefix(l.Line, restatedLine) })
	for id, cents := range Paid(own) {
		to[id] += cents
		total += cents
	}
	return total
}

func (s *Simulation) compare(now, then map[string]int64, names map[string]string) {
	ids := sortedKeys(now)
	for _, id := range sortedKeys(then) {
		if _, both := now[id]; !both {
			ids = append(ids, id)
		}
	}
	for _, id := range ids {
		one := SimulatedPay{RepID: id, Name: names[id], Now: now[id], Then: then[id]}
		switch d := one.Difference(); {
		case d > 0:
			s.Gain++
		case d < 0:
			s.Lose++
		default:
			s.Same++
		}
		s.Total.Now += one.Now
		s.Total.Then += one.Then
		s.People = append(s.People, one)
	}
	slices.SortStableFunc(s.People, func(a, b SimulatedPay) int { return int(min(max(a.Difference()-b.Difference(), -1), 1)) })
}

// names returns the names of people by id.
func (r *Run) names(ctx context.Context) (map[string]string, error) {
	names := map[string]string{}
	err := r.rows(ctx, "core.unit", "select unit_id, unit_name from core.unit where unit_kind = 'rep'", nil, func(rows *sql.Rows) error {
		var id, name string
		err := rows.Scan(&id, &name)
		names[id] = name
		return err
	})
	return names, err
}
