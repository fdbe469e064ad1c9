package analytics

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strings"
	"time"

	"levelfield/analytics/plan"
	"levelfield/analytics/stat"
	levelfieldsql "levelfield/sql"
)

// restatedLine begins the lines in which differences of closed months are paid.
const restatedLine = "restated/"

// Simulation is what would have been paid if something were different.
type Simulation struct {
	Change  string          `json:"change"`  // what is different, for a person
	Months  []string        `json:"months"`  // 2026-10
	People  []SimulatedPay  `json:"people"`  // who loses most first
	Regions []SimulatedPay  `json:"regions"` // as at the last month, who loses most first
	Total   SimulatedPay    `json:"total"`
	Gain    int             `json:"gain"` // people who would have got more
	Lose    int             `json:"lose"`
	Same    int             `json:"same"`
	Cost    map[string]Cost `json:"cost"` // by month
	Before  Evenness        `json:"before"`
	After   Evenness        `json:"after"`
}

// SimulatedPay is a person's or a region's pay over the months, in cents.
type SimulatedPay struct {
	RepID  string `json:"rep_id,omitempty"` // of a region: its id
	Name   string `json:"name,omitempty"`
	Region string `json:"region,omitempty"`
	Now    int64  `json:"now_cents"`
	Then   int64  `json:"then_cents"` // if it were different
}

// Difference is what would have been paid more, in cents.
func (s SimulatedPay) Difference() int64 { return s.Then - s.Now }

// Cost is what a month costs, in cents.
type Cost struct {
	Now  int64 `json:"now_cents"`
	Then int64 `json:"then_cents"` // if it were different
}

// Evenness is how level the field is on which people are paid, over all months
// and people of a simulation. A figure is nil where there is no base for it.
type Evenness struct {
	ScoreEase   *float64 `json:"score_ease"`  // correlation of score with ln of what the market holds; 0 is level
	JudgedEase  *float64 `json:"judged_ease"` // the same of the card in which difficulty counts
	HardEasy    *float64 `json:"hard_easy"`   // mean pay in the hardest third of markets / in the easiest; 1 is level
	PassHard    *float64 `json:"pass_hard"`   // share at the standard score in the hardest third
	PassEasy    *float64 `json:"pass_easy"`   // and in the easiest
	Gini        *float64 `json:"gini"`        // of pay between people
	PriceEase   *float64 `json:"attain_ease"` // correlation of attainment with ln of the market
	PeopleJudge int      `json:"people"`      // with a market
}

// Alternative is what a simulation makes different; its zero value nothing.
type Alternative struct {
	Plan         *plan.File // another plan, in force in all months
	Targets      string     // one of TargetWays: each month's targets shared again, the total of people's kept
	Coefficients string     // data, policy, blend or override: where coefficients come from; none: they do not count
}

// Simulate calculates some months of a run again with something different, on
// the same data and decisions, and compares each person's pay. Nothing is
// published. What was paid for earlier months counts in neither.
func Simulate(ctx context.Context, opt Options, r *Run, other Alternative, months []time.Time) (*Simulation, error) {
	seal, err := readSeal(r.Dir)
	if err != nil {
		return nil, err
	}
	if len(months) == 0 {
		return nil, fmt.Errorf("there is no month to simulate")
	}
	l := &lake{Version: lakeVersion, Files: seal.Made.Files}
	opt.Company, opt.Currency, opt.Lang = seal.Made.Company, seal.Made.Currency, seal.Made.Lang
	opt.FirstMonth, opt.LastMonth = r.Meta.FirstMonth, r.Meta.LastMonth
	tables := seal.Made.Plan
	s := &Simulation{Cost: map[string]Cost{}}
	if other.Plan != nil {
		own := *other.Plan
		own.Starts = plan.Month{} // in force in all of the months
		opt.Plan = plan.Of(&own)
		if tables, err = opt.plan(l); err != nil {
			return nil, err
		}
		s.Change = other.Plan.Name
	}
	if other.Coefficients != "" {
		if tables, err = withCoefficients(tables, other.Coefficients); err != nil {
			return nil, err
		}
	}
	state := slices.Clone(seal.Made.State)
	for i, t := range state {
		if t.Name == "closed" || t.Name == "closed_line" {
			state[i].Rows = nil
		}
	}
	if other.Targets != "" {
		if state, err = r.withTargets(ctx, state, other.Targets, months); err != nil {
			return nil, err
		}
	}
	now, then := map[string]int64{}, map[string]int64{}
	before, after := &simulatedPeople{}, &simulatedPeople{}
	conn, err := r.DB.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	isMeasured, err := hasTables(ctx, conn, evennessReads...) // a run of an older program may lack them
	if err != nil {
		return nil, err
	}
	a := attempt{id: r.ID, files: seal.Made.Files, plan: tables, state: state, wanted: []string{payLine}, cached: true}
	if isMeasured {
		a.wanted = append(a.wanted, evennessReads...)
	}
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
			if !isMeasured {
				continue
			}
			if err := errors.Join(before.read(ctx, conn, m), after.read(ctx, b.conn, m)); err != nil {
				return err
			}
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
	s.byRegion(before)
	s.Before, s.After = before.evenness(now), after.evenness(then)
	return s, nil
}

// evennessReads are what evenness is measured from.
var evennessReads = []string{"scorecard.score", "difficulty.rep_coefficient", "core.unit"}

// withCoefficients is a plan of which every version takes coefficients from
// elsewhere; none: they count in no score.
func withCoefficients(tables []plan.Table, mode string) ([]plan.Table, error) {
	column, value := "mode", mode
	switch mode {
	case "data", "policy", "blend", "override":
	case "none":
		column = "channel"
	default:
		return nil, fmt.Errorf("there are no coefficients %q; there are data, policy, blend, override and none", mode)
	}
	tables = slices.Clone(tables)
	for i, t := range tables {
		at := slices.IndexFunc(t.Columns, func(c plan.Column) bool { return c.Name == column })
		if t.Name != "difficulty" || at < 0 {
			continue
		}
		tables[i].Rows = nil
		for _, row := range t.Rows {
			row = slices.Clone(row)
			row[at] = value
			tables[i].Rows = append(tables[i].Rows, row)
		}
	}
	return tables, nil
}

// withTargets adds targets shared another way for the months: the sum of
// people's targets of each month is kept.
func (r *Run) withTargets(ctx context.Context, state []plan.Table, way string, months []time.Time) ([]plan.Table, error) {
	at := slices.IndexFunc(state, func(t plan.Table) bool { return t.Name == "target" })
	if at < 0 {
		return nil, fmt.Errorf("the run was made before targets could be set here; calculate again with `levelfield calc`")
	}
	var rows [][]any
	for _, old := range state[at].Rows {
		if !slices.ContainsFunc(months, func(m time.Time) bool { return strings.HasPrefix(fmt.Sprint(old[1]), m.Format("2006-01")) }) {
			rows = append(rows, old)
		}
	}
	for _, m := range months {
		people, err := r.TargetPeople(ctx, All(), m)
		if err != nil {
			return nil, err
		}
		var total int64
		for _, p := range people {
			if p.Now != nil {
				total += int64(math.Round(*p.Now * 100))
			}
		}
		if total == 0 {
			return nil, fmt.Errorf("nobody has a target in %s, so that there is nothing to share again", m.Format("2006-01"))
		}
		proposal, err := PlanTargets(people, TargetQuestion{Total: total, Way: way, Unit: 1})
		if err != nil {
			return nil, err
		}
		for i, t := range proposal.Rows() {
			rows = append(rows, []any{"simulated", m.Format(time.DateOnly), i + 1, t.UnitKind, t.UnitID, t.Product, fmt.Sprintf("%d.%02d", t.Cents/100, t.Cents%100), "simulated", "simulated"})
		}
	}
	state = slices.Clone(state)
	state[at].Rows = rows
	return state, nil
}

// simulatedPeople are people and months with what evenness is measured by.
type simulatedPeople struct {
	scores, markets    []float64 // of those who have both, a person and month each
	attained, valued   []float64 // attainment and market of those who have both
	passes             []bool    // reached the standard score, beside scores
	judged, judgedIn   []float64 // score on the card in which difficulty counts, and market
	market             map[string][]float64
	region, regionName map[string]string
}

func (s *simulatedPeople) read(ctx context.Context, conn *sql.Conn, month time.Time) error {
	text, err := fs.ReadFile(levelfieldsql.Files, "panels/simulated_people.sql")
	if err != nil {
		return err
	}
	if s.market == nil {
		s.market, s.region, s.regionName = map[string][]float64{}, map[string]string{}, map[string]string{}
	}
	args := All().args()
	args["month"] = month
	rows, err := conn.QueryContext(ctx, string(text), named(args)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, name, region, regionName string
		var score, standard, judged, market, attained *float64
		if err := rows.Scan(&id, &name, &region, &regionName, &score, &standard, &judged, &market, &attained); err != nil {
			return err
		}
		s.region[id], s.regionName[region] = region, regionName
		if market == nil || !(*market > 0) {
			continue
		}
		s.market[id] = append(s.market[id], *market)
		if score != nil {
			s.scores, s.markets = append(s.scores, *score), append(s.markets, math.Log(*market))
			s.passes = append(s.passes, standard != nil && *score >= *standard)
		}
		if judged != nil {
			s.judged, s.judgedIn = append(s.judged, *judged), append(s.judgedIn, math.Log(*market))
		}
		if attained != nil {
			s.attained, s.valued = append(s.attained, *attained), append(s.valued, math.Log(*market))
		}
	}
	return rows.Err()
}

// evenness measures people with their pay in cents.
func (s *simulatedPeople) evenness(paid map[string]int64) (e Evenness) {
	set := func(v float64) *float64 {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
		return &v
	}
	e.PeopleJudge = len(s.market)
	if len(s.scores) > 2 {
		e.ScoreEase = set(stat.Pearson(s.scores, s.markets))
	}
	if len(s.judged) > 2 {
		e.JudgedEase = set(stat.Pearson(s.judged, s.judgedIn))
	}
	if len(s.attained) > 2 {
		e.PriceEase = set(stat.Pearson(s.attained, s.valued))
	}
	var pay []float64
	for _, id := range sortedKeys(paid) {
		pay = append(pay, float64(paid[id]))
	}
	if len(pay) > 1 {
		e.Gini = set(stat.Gini(pay, true))
	}
	low, high, ok := thirds(s.markets)
	if ok {
		var pass, n [2]float64
		for i, m := range s.markets {
			for side, is := range []bool{m <= low, m >= high} {
				if is {
					n[side]++
					if s.passes[i] {
						pass[side]++
					}
				}
			}
		}
		e.PassHard, e.PassEasy = set(pass[0]/n[0]), set(pass[1]/n[1])
	}
	var ids []string
	var logs []float64
	for _, id := range sortedKeys(s.market) {
		mean := sum(s.market[id]) / float64(len(s.market[id]))
		ids, logs = append(ids, id), append(logs, math.Log(mean))
	}
	if low, high, ok = thirds(logs); ok {
		var money, n [2]float64
		for i, id := range ids {
			for side, is := range []bool{logs[i] <= low, logs[i] >= high} {
				if is {
					money[side] += float64(paid[id]) / float64(len(s.market[id]))
					n[side]++
				}
			}
		}
		e.HardEasy = set(money[0] / n[0] / (money[1] / n[1]))
	}
	return e
}

// thirds returns the bounds of the lowest and the highest third; not ok below
// nine values.
func thirds(x []float64) (low, high float64, ok bool) {
	if len(x) < 9 {
		return 0, 0, false
	}
	sorted := slices.Clone(x)
	slices.Sort(sorted)
	return sorted[len(sorted)/3-1], sorted[len(sorted)-len(sorted)/3], true
}

// byRegion sums people's pay by their region.
func (s *Simulation) byRegion(people *simulatedPeople) {
	at := map[string]*SimulatedPay{}
	for i, p := range s.People {
		region := people.region[p.RepID]
		s.People[i].Region = people.regionName[region]
		if at[region] == nil {
			at[region] = &SimulatedPay{RepID: region, Name: people.regionName[region]}
		}
		at[region].Now += p.Now
		at[region].Then += p.Then
	}
	for _, id := range sortedKeys(at) {
		s.Regions = append(s.Regions, *at[id])
	}
	slices.SortStableFunc(s.Regions, func(a, b SimulatedPay) int { return cmp.Compare(a.Difference(), b.Difference()) })
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
