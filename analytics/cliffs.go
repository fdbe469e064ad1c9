package analytics

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"sort"
	"strings"
	"time"

	"levelfield/analytics/plan"
	levelfieldsql "levelfield/sql"
)

// Cliffs finds where pay jumps or turns under a plan. It imagines people,
// moves one thing of them at a time over its range, lets the SQL of sql/pay
// calculate what they are paid, and looks closer wherever the line breaks,
// until the smallest step is left. It knows no rule of pay itself, so whatever
// rule makes a cliff is found. A scan keeps a processor busy for many seconds:
// giveWay, unless nil, is called before each of its short steps and may wait.
func Cliffs(ctx context.Context, f *plan.File, known plan.Indicators, giveWay func(context.Context)) ([]plan.Cliff, error) {
	var out []plan.Cliff
	err := withPayer(ctx, f, func(p *payer) error {
		if p.giveWay = giveWay; giveWay != nil { // leave the other processors to those who wait
			if err := execute(ctx, p.conn, "set threads = 1"); err != nil {
				return err
			}
		}
		var err error
		out, err = scanAll(ctx, f, f.Axes(known), p.pay)
		return err
	})
	return out, err
}

// imagined is an imagined person, the same in every month.
type imagined struct {
	sales, collected, expenses float64 // expenses: share of sales
	attainment, team           float64
	score                      float64            // NaN: as the indicators make it
	values                     map[string]float64 // indicators that differ from the usual
}

// move returns the person with one thing changed.
func (p imagined) move(axis string, x float64) imagined {
	switch axis {
	case "sales_amount":
		p.sales = x
	case "expense_ratio":
		p.expenses = x
	case "collection_rate":
		p.collected = x
	case "target_attainment":
		p.attainment = x
	case "team_attainment":
		p.team = x
	case "score":
		p.score = x
	default:
		p.values = map[string]float64{axis: x}
	}
	return p
}

// ownAxes are moved by fields of imagined, all others by its values.
var ownAxes = []string{"sales_amount", "expense_ratio", "collection_rate", "target_attainment", "team_attainment", "score"}

const (
	coarse   = 100 // steps of the first look along an axis
	fine     = 32  // steps of each closer look
	leastPay = 10  // smaller jumps are no cliffs

	peopleAtOnce = 300 // of a scan that gives way: a step takes some tens of milliseconds
)

// scanned is one axis for one imagined person.
type scanned struct {
	axis    plan.Axis
	who     imagined
	samples []plan.Sample
	gaps    []gap
}

// gap is a place being looked at closer: between two samples that follow each
// other.
type gap struct{ low, high plan.Sample }

// scanAll scans every axis for two people: one with everything at standard,
// one with open cash and expenses above standard. pay returns what each
// person is paid.
func scanAll(ctx context.Context, f *plan.File, axes []plan.Axis, pay func(context.Context, []imagined) ([]float64, error)) ([]plan.Cliff, error) {
	good := imagined{sales: typicalSales(f), collected: 1, expenses: f.Pay.ExpenseStandardRate, attainment: 1, team: 1, score: math.NaN()}
	hard := good
	hard.collected, hard.expenses = 0.8, (f.Pay.ExpenseStandardRate+f.Pay.ExpenseCeilingRate)/2
	var all []*scanned
	for _, a := range axes {
		all = append(all, &scanned{axis: a, who: good})
		if slices.Contains(ownAxes, a.ID) { // what only moves the score moves pay the same way for both
			all = append(all, &scanned{axis: a, who: hard})
		}
	}
	var people []imagined
	for _, s := range all {
		for i := range coarse + 1 {
			x := s.axis.Low + (s.axis.High-s.axis.Low)*float64(i)/coarse
			s.samples = append(s.samples, plan.Sample{X: x})
			people = append(people, s.who.move(s.axis.ID, x))
		}
	}
	paid, err := pay(ctx, people)
	if err != nil {
		return nil, err
	}
	for i, s := range all {
		for j := range s.samples {
			s.samples[j].Pay = paid[i*(coarse+1)+j]
		}
		s.gaps = breaks(s.samples)
	}
	for { // closer and closer, all places at once
		people = people[:0]
		var looked []*gap
		for _, s := range all {
			for j := range s.gaps {
				if g := &s.gaps[j]; g.high.X-g.low.X > s.axis.Step {
					looked = append(looked, g)
					for k := range fine - 1 {
						people = append(people, s.who.move(s.axis.ID, g.low.X+(g.high.X-g.low.X)*float64(k+1)/fine))
					}
				}
			}
		}
		if len(looked) == 0 {
			break
		}
		if paid, err = pay(ctx, people); err != nil {
			return nil, err
		}
		for i, g := range looked {
			g.narrow(paid[i*(fine-1) : (i+1)*(fine-1)])
		}
	}
	var out []plan.Cliff
	for _, s := range all {
		out = append(out, s.cliffs()...)
	}
	return merge(out), nil
}

// typicalSales lies in the middle of the tiers.
func typicalSales(f *plan.File) float64 {
	top := f.Pay.Tier[len(f.Pay.Tier)-1].FromAmount
	if top == 0 {
		return 500_000
	}
	return 0.75 * top
}

// breaks are the steps in which pay moves otherwise than in the steps beside
// them: every jump lies in one, and so do bends.
func breaks(samples []plan.Sample) []gap {
	var out []gap
	change := func(i int) float64 { return samples[i+1].Pay - samples[i].Pay }
	for i := range len(samples) - 1 {
		d := change(i)
		before, after := d, d
		if i > 0 {
			before = change(i - 1)
		}
		if i+2 < len(samples) {
			after = change(i + 1)
		}
		if math.Abs(d-before) > leastPay/2 || math.Abs(d-after) > leastPay/2 {
			out = append(out, gap{samples[i], samples[i+1]})
		}
	}
	return out
}

// narrow keeps the part of the gap in which pay changes most.
func (g *gap) narrow(paid []float64) {
	width := (g.high.X - g.low.X) / fine
	points := []plan.Sample{g.low}
	for i, p := range paid {
		points = append(points, plan.Sample{X: g.low.X + width*float64(i+1), Pay: p})
	}
	points = append(points, g.high)
	best := 0
	for i := range len(points) - 1 {
		if math.Abs(points[i+1].Pay-points[i].Pay) > math.Abs(points[best+1].Pay-points[best].Pay) {
			best = i
		}
	}
	g.low, g.high = points[best], points[best+1]
}

func (s *scanned) cliffs() []plan.Cliff {
	least := leastPay + 0.0
	for _, x := range s.samples {
		least = max(least, 0.01*x.Pay)
	}
	var out []plan.Cliff
	add := func(kind string, from, to plan.Sample) {
		out = append(out, plan.Cliff{Axis: s.axis, Kind: kind, From: from.X, To: to.X, Before: from.Pay, After: to.Pay,
			Sales: s.who.sales, Collected: s.who.collected, Expenses: s.who.expenses})
	}
	var jumps []gap
	for _, g := range s.gaps {
		d := g.high.Pay - g.low.Pay
		if math.Abs(d) < least {
			continue
		}
		jumps = append(jumps, g)
		switch {
		case d*s.axis.Better >= 0:
			add("jump", g.low, g.high)
		case s.axis.Better > 0:
			add("fall", g.low, g.high)
		default: // less is better: one comes from above
			add("fall", g.high, g.low)
		}
	}
	out = append(out, s.falls(least, jumps)...)
	if s.axis.ID == "sales_amount" && len(jumps) == 0 {
		out = append(out, s.slower()...)
	}
	line := slices.Clone(s.samples)
	for _, g := range jumps {
		line = append(line, g.low, g.high)
	}
	slices.SortFunc(line, func(a, b plan.Sample) int {
		if a.X < b.X {
			return -1
		}
		if a.X > b.X {
			return 1
		}
		return 0
	})
	for i := range out {
		out[i].Line = line
	}
	return out
}

// falls are ranges, apart from jumps, over which doing better lowers pay.
func (s *scanned) falls(least float64, jumps []gap) []plan.Cliff {
	if s.axis.Better == 0 {
		return nil
	}
	var out []plan.Cliff
	for i := 0; i+1 < len(s.samples); i++ {
		j := i
		for j+1 < len(s.samples) && (s.samples[j+1].Pay-s.samples[j].Pay)*s.axis.Better < -0.02 && !holds(jumps, s.samples[j], s.samples[j+1]) {
			j++
		}
		if j == i {
			continue
		}
		from, to := s.samples[i], s.samples[j]
		if s.axis.Better < 0 {
			from, to = to, from
		}
		if math.Abs(from.Pay-to.Pay) >= least {
			out = append(out, plan.Cliff{Axis: s.axis, Kind: "fall", From: from.X, To: to.X, Before: from.Pay, After: to.Pay,
				Sales: s.who.sales, Collected: s.who.collected, Expenses: s.who.expenses})
		}
		i = j
	}
	return out
}

func holds(jumps []gap, low, high plan.Sample) bool {
	return slices.ContainsFunc(jumps, func(g gap) bool { return g.low.X >= low.X && g.high.X <= high.X })
}

// slower are the places above which each further sale earns less: bends of a
// line that is straight on both sides.
func (s *scanned) slower() []plan.Cliff {
	var out []plan.Cliff
	slope := func(i int) float64 {
		return (s.samples[i+1].Pay - s.samples[i].Pay) / (s.samples[i+1].X - s.samples[i].X)
	}
	for i := 1; i+2 < len(s.samples); i++ {
		before, after := slope(i-1), slope(i+1)
		isBend := slope(i) < before-1e-6 && slope(i) > after-1e-6 || math.Abs(slope(i)-before) < 1e-6 && i+3 < len(s.samples) && math.Abs(slope(i+2)-after) < 1e-6
		if before <= 0 || after > before*0.99 || !isBend {
			continue
		}
		left, right := s.samples[i], s.samples[i+1]
		x := (right.Pay - left.Pay + before*left.X - after*right.X) / (before - after)
		out = append(out, plan.Cliff{Axis: s.axis, Kind: "slower", From: x, To: x, Before: before * 1000, After: after * 1000,
			Sales: s.who.sales, Collected: s.who.collected, Expenses: s.who.expenses})
		i++
	}
	return out
}

// merge keeps one of the cliffs that both imagined people met at the same
// place: the higher.
func merge(all []plan.Cliff) []plan.Cliff {
	var out []plan.Cliff
	for _, c := range all {
		at := slices.IndexFunc(out, func(o plan.Cliff) bool {
			return o.Axis.ID == c.Axis.ID && o.Kind == c.Kind && math.Abs(o.From-c.From) <= 3*c.Axis.Step+(c.Axis.High-c.Axis.Low)*1e-3
		})
		switch {
		case at < 0:
			out = append(out, c)
		case math.Abs(c.After-c.Before) > math.Abs(out[at].After-out[at].Before):
			out[at] = c
		}
	}
	return out
}

// stands are the relations that sql/scan makes for imagined people in place of
// those made from exports.
var stands = map[string]string{
	"core.calendar": "calendar", "core.month": "month", "core.duty_month": "duty_month", "core.sales_total": "sales_total", "core.order_part": "order_part",
	"core.settlement_line": "settlement_line", "indicators.target_attainment": "target_attainment",
	"scorecard.judged": "judged", "scorecard.measure": "measure", "scorecard.override": "override",
}

// payer calculates the pay of imagined people by the SQL of sql/pay.
type payer struct {
	conn   *sql.Conn
	models []*Model // upstream of pay.line, down to the relations that stand in
	stands map[string]string
	usual  [][]any
	last   time.Time

	giveWay func(context.Context) // before each statement, unless nil
}

// withPayer prepares an empty database in memory for one version of a plan.
func withPayer(ctx context.Context, f *plan.File, do func(*payer) error) error {
	db, err := openDatabase("", "", "")
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	p := &payer{conn: conn, stands: map[string]string{}}
	if err := p.prepare(ctx, f); err != nil {
		return err
	}
	return do(p)
}

func (p *payer) prepare(ctx context.Context, f *plan.File) error {
	project, err := loadProject(ctx, p.conn, levelfieldsql.Files, nil)
	if err != nil {
		return err
	}
	if err := createSchemas(ctx, p.conn); err != nil {
		return err
	}
	if err := createPlan(ctx, p.conn, plan.Of(f.OnlyPay()).Tables(time.Time{}, nil)); err != nil {
		return err
	}
	state, err := (*State)(nil).tables()
	if err != nil {
		return err
	}
	if err := createState(ctx, p.conn, state); err != nil {
		return err
	}
	for _, m := range project.macros {
		if err := execute(ctx, p.conn, m); err != nil {
			return err
		}
	}
	need := map[string]bool{"pay.line": true}
	for _, m := range slices.Backward(project.models) {
		if !need[m.Relation] || stands[m.Relation] != "" {
			continue
		}
		if m.Layer != "pay" && m.Layer != "scorecard" {
			return fmt.Errorf("%s: pay reads it, but no file of sql/scan makes it for imagined people", m.Relation)
		}
		p.models = append(p.models, m)
		for _, r := range m.Reads {
			need[r] = true
		}
	}
	slices.Reverse(p.models)
	for relation, name := range stands {
		text, err := fs.ReadFile(levelfieldsql.Files, "scan/"+name+".sql")
		if err != nil {
			return err
		}
		p.stands[relation] = string(text)
	}
	usual := f.Usual()
	for _, id := range sortedKeys(usual) {
		switch id {
		case "sales_amount", "expense_ratio", "collection_rate", "target_attainment", "score", f.Pay.BaseIndicator: // of the person
		default:
			p.usual = append(p.usual, []any{"", id, usual[id]})
		}
	}
	return p.months(ctx, f)
}

// months makes as many months as rules look at, from the version's start on.
func (p *payer) months(ctx context.Context, f *plan.File) error {
	first := f.Starts.Time
	if first.IsZero() {
		first = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	var rows [][]any
	for i := range f.MoneyMonths() {
		p.last = first.AddDate(0, i, 0)
		rows = append(rows, []any{p.last.Format(time.DateOnly)})
	}
	if err := execute(ctx, p.conn, "create schema if not exists scan"); err != nil {
		return err
	}
	return createRows(ctx, p.conn, "scan.month", []plan.Column{{Name: "month", Type: "date"}}, rows)
}

// pay returns what each person is paid in the last month.
func (p *payer) pay(ctx context.Context, people []imagined) ([]float64, error) {
	if p.giveWay == nil {
		return p.payAtOnce(ctx, people)
	}
	var out []float64
	for some := range slices.Chunk(people, peopleAtOnce) {
		paid, err := p.payAtOnce(ctx, some)
		if err != nil {
			return nil, err
		}
		out = append(out, paid...)
	}
	return out, nil
}

// execute gives way before it runs a statement.
func (p *payer) execute(ctx context.Context, text string) error {
	if p.giveWay != nil {
		p.giveWay(ctx)
	}
	return execute(ctx, p.conn, text)
}

func (p *payer) payAtOnce(ctx context.Context, people []imagined) ([]float64, error) {
	var points [][]any
	values := slices.Clone(p.usual)
	for i, who := range people {
		id := fmt.Sprintf("%07d", i)
		var score any
		if !math.IsNaN(who.score) {
			score = who.score
		}
		sales := math.Round(who.sales*1e4) / 1e4
		points = append(points, []any{id, sales, who.collected, sales * who.expenses, who.attainment, who.team, score})
		for _, indicator := range sortedKeys(who.values) {
			values = append(values, []any{id, indicator, who.values[indicator]})
		}
	}
	for _, t := range []struct {
		name    string
		columns []plan.Column
		rows    [][]any
	}{
		{"scan.point", stateColumns("rep_id varchar, sales_amount decimal(18,4), collection_rate double, expense_amount decimal(18,4), attainment double, team_attainment double, score double"), points},
		{"scan.value", stateColumns("rep_id varchar, indicator varchar, value double"), values},
	} {
		if err := p.execute(ctx, "drop table if exists "+t.name); err != nil {
			return nil, err
		}
		if err := createRows(ctx, p.conn, t.name, t.columns, t.rows); err != nil {
			return nil, err
		}
	}
	for _, relation := range sortedKeys(p.stands) {
		if err := p.execute(ctx, "create or replace table "+quoteRelation(relation)+" as "+p.stands[relation]); err != nil {
			return nil, fmt.Errorf("sql/scan/%s.sql: %w", stands[relation], err)
		}
	}
	for _, m := range p.models {
		if err := p.execute(ctx, "create or replace table "+quoteRelation(m.Relation)+" as "+m.SQL); err != nil {
			return nil, fmt.Errorf("%s: %w", m.Path, err)
		}
	}
	out := make([]float64, len(people))
	rows, err := p.conn.QueryContext(ctx, "select cast(rep_id as integer), cast(amount as double) from pay.line where line = 'total' and month = cast(? as date)", p.last.Format(time.DateOnly))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var i int
		var amount float64
		if err := rows.Scan(&i, &amount); err != nil {
			return nil, err
		}
		out[i] = amount
	}
	return out, rows.Err()
}

// Near is a person whose figure is within reach of a cliff.
type Near struct {
	RepID  string  `db:"rep_id"`
	Name   string  `db:"rep_name"`
	TeamID *string `db:"team_id"`
	Value  float64 `db:"value"` // on the cliff's axis
}

// NearCliff returns the people of a month within reach of a cliff, nearest
// first. scorecard is the one that pay goes by.
func (r *Run) NearCliff(ctx context.Context, scope Scope, month time.Time, c plan.Cliff, scorecard string) ([]Near, error) {
	reach := c.Axis.Reach
	if c.Axis.ID == "sales_amount" {
		reach = 0.02 * c.At()
	}
	people, err := collect[Near](ctx, r, "near_cliff", scope, map[string]any{
		"month": month, "axis": c.Axis.ID, "scorecard": scorecard,
		"low": min(c.From, c.To) - reach, "high": max(c.From, c.To) + reach,
	})
	sort.SliceStable(people, func(i, j int) bool {
		return math.Abs(people[i].Value-c.At()) < math.Abs(people[j].Value-c.At())
	})
	return people, err
}

// isScan tells the folder of models for imagined people, which no run makes.
func isScan(layer string) bool { return strings.TrimSuffix(layer, "/") == "scan" }
