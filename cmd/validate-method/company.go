package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	_ "embed"
	"errors"
	"math"
	"math/rand/v2"
	"sort"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	levelfieldsql "levelfield/sql"
)

// scenario changes the base company of methods.md section 6.
type scenario struct {
	name         string
	months       int
	deals        float64 // expected deals a month in an average cell
	cells        int
	movers       float64 // share of people who move once
	sorting      float64 // correlation of skill with ease
	equal        bool    // all markets alike
	targetPriced float64 // share of ln ease in the target

	// The second family does not share the method's form.
	form  form
	drift float64 // standard deviation of a market's yearly change of ease, ln
	gamer float64 // share of people who push the drivers of their market against themselves
}

// form is how ease follows from the drivers.
type form string

const (
	additive    form = ""            // a sum, as the method assumes
	interacting form = "interacting" // products of drivers: a rich market is only rich where rivals are few
	saturating  form = "saturating"  // the first steps count most, then nothing more
)

var scenarios = []scenario{
	base("base"),
	with("sorted to easy", func(s *scenario) { s.sorting = .4 }),
	with("sorted to hard", func(s *scenario) { s.sorting = -.4 }),
	with("6 months, 3 deals", func(s *scenario) { s.months, s.deals = 6, 3 }),
	with("2 reps a cell", func(s *scenario) { s.cells = 150 }),
	with("1 rep a cell, 50% movers", func(s *scenario) { s.cells, s.movers = 300, .5 }),
	with("1 rep a cell, no movers", func(s *scenario) { s.cells, s.movers = 300, 0 }),
	with("targets fully priced", func(s *scenario) { s.targetPriced = 1 }),
	with("placebo: equal markets", func(s *scenario) { s.equal = true }),
}

// secondFamily breaks the form of the method, one way at a time and all at
// once. It has no targets: its figures say how far the method can be trusted
// outside its own assumptions.
var secondFamily = []scenario{
	with("drivers interact", func(s *scenario) { s.form = interacting }),
	with("drivers saturate", func(s *scenario) { s.form = saturating }),
	with("markets drift", func(s *scenario) { s.drift = .30 }),
	with("one in ten games inputs", func(s *scenario) { s.gamer = .10 }),
	with("all of it", func(s *scenario) { s.form, s.drift, s.gamer = interacting, .30, .10 }),
	with("all of it, 2 reps a cell", func(s *scenario) { s.form, s.drift, s.gamer, s.cells = interacting, .30, .10, 150 }),
}

// easeOf is the ln ease of a market with drivers x, before what no driver
// measures.
func (f form) easeOf(x [5]float64) (ease float64) {
	weights := [5]float64{.60, -.25, -.15, .20, .15}
	switch f {
	case interacting:
		return .45*x[0] - .20*x[1] - .35*x[0]*max(x[1], 0) + .25*x[2]*x[3] + .15*math.Abs(x[4])
	case saturating:
		for j, w := range weights {
			ease += 1.6 * w * math.Tanh(1.5*x[j])
		}
		return ease
	}
	for j, w := range weights {
		ease += w * x[j]
	}
	return ease
}

func base(name string) scenario {
	return scenario{name: name, months: 24, deals: 8, cells: 60, movers: .3, targetPriced: .5}
}

func with(name string, change func(*scenario)) scenario {
	s := base(name)
	change(&s)
	return s
}

// company is one generated company with its truth.
type company struct {
	skill                   []float64 // ln, one a rep
	ease                    []float64 // ln, mean over the rep's months
	obs                     []observation
	cells                   []cell
	sales, target, expected []float64 // totals a rep; expected by the true market
	gamer                   []bool    // who made his market look hard; nil for nobody
}

type observation struct {
	rep, cell, month int
	sales            float64
	deals            int
}

type cell struct{ seen [5]float64 } // drivers as measured, with noise

const people = 300

// generate makes one company: ln ease = .60 x1 - .25 x2 - .15 x3 + .20 x4 +
// .15 x5 + u, drivers seen with noise, skill, cell-month shocks, season, deals
// of lognormal size.
func generate(sc scenario, seed uint64) *company {
	r := rand.New(rand.NewPCG(seed, 20))
	c := &company{}
	ease := make([]float64, sc.cells)
	for k := range ease {
		var cl cell
		var x [5]float64
		for j := range x {
			x[j] = r.NormFloat64()
			cl.seen[j] = x[j] + .3*r.NormFloat64()
		}
		if !sc.equal {
			ease[k] = sc.form.easeOf(x)
		}
		u := .20 * r.NormFloat64()
		if !sc.equal {
			ease[k] += u
		}
		c.cells = append(c.cells, cl)
	}
	var sdEase, meanEase float64
	for _, e := range ease {
		meanEase += e / float64(len(ease))
	}
	for _, e := range ease {
		sdEase += (e - meanEase) * (e - meanEase) / float64(len(ease))
	}
	sdEase = math.Sqrt(sdEase)
	c.skill, c.ease = make([]float64, people), make([]float64, people)
	c.sales, c.target, c.expected = make([]float64, people), make([]float64, people), make([]float64, people)
	place := make([][]int, people) // cell of each month
	for i := range people {
		home := i % sc.cells
		s := r.NormFloat64()
		if sc.sorting != 0 {
			s = sc.sorting*(ease[home]-meanEase)/sdEase + math.Sqrt(1-sc.sorting*sc.sorting)*s
		}
		c.skill[i] = .25 * s
		place[i] = make([]int, sc.months)
		moved, to := sc.months, home
		if r.Float64() < sc.movers {
			moved, to = 1+r.IntN(sc.months-1), r.IntN(sc.cells)
		}
		for t := range sc.months {
			place[i][t] = home
			if t >= moved {
				place[i][t] = to
			}
		}
	}
	shock := make([][]float64, sc.cells)
	for k := range shock {
		shock[k] = make([]float64, sc.months)
		for t := range shock[k] {
			shock[k][t] = .10 * r.NormFloat64()
		}
	}
	drift := make([]float64, sc.cells) // change of ease over the whole history
	if sc.drift > 0 {
		for k := range drift {
			drift[k] = sc.drift * float64(sc.months) / 12 * r.NormFloat64()
		}
	}
	c.game(sc, r, place)
	meanSize := math.Exp(.6 * .6 / 2)
	for i := range people {
		noise := .15 * r.NormFloat64()
		for t := range sc.months {
			k := place[i][t]
			season := .15 * math.Sin(2*math.Pi*float64(t)/12)
			market := ease[k] + shock[k][t] + season + drift[k]*(float64(t)/float64(sc.months)-.5)
			var sales float64
			deals := poisson(r, sc.deals*math.Exp(market+c.skill[i]))
			for range deals {
				sales += math.Exp(.6 * r.NormFloat64())
			}
			c.obs = append(c.obs, observation{i, k, t, sales, deals})
			c.sales[i] += sales
			c.expected[i] += sc.deals * meanSize * math.Exp(market)
			c.target[i] += math.Exp(sc.targetPriced*ease[k] + season + noise)
			c.ease[i] += ease[k] / float64(sc.months)
		}
	}
	return c
}

// game lets some people make their market look hard: each moves every driver
// of the cell he works in most, as measured, by half a standard deviation
// against himself.
func (c *company) game(sc scenario, r *rand.Rand, place [][]int) {
	if sc.gamer == 0 {
		return
	}
	c.gamer = make([]bool, people)
	sign := [5]float64{-1, 1, 1, -1, -1}
	for i := range people {
		if c.gamer[i] = r.Float64() < sc.gamer; !c.gamer[i] {
			continue
		}
		for j, s := range sign {
			c.cells[place[i][0]].seen[j] += .5 * s
		}
	}
}

// poisson draws by multiplication in pieces, exact for the means used here.
func poisson(r *rand.Rand, mean float64) int {
	n := 0
	for mean > 0 {
		m := math.Min(mean, 30)
		mean -= m
		limit, p := math.Exp(-m), r.Float64()
		for p > limit {
			n++
			p *= r.Float64()
		}
	}
	return n
}

func (c *company) attainment() []float64 {
	a := make([]float64, people)
	for i := range a {
		a[i] = c.sales[i] / c.target[i]
	}
	return a
}

// oracle judges with the true market.
func (c *company) oracle() []float64 {
	a := make([]float64, people)
	for i := range a {
		a[i] = c.sales[i] / c.expected[i]
	}
	return a
}

// impact is the bonus rate of the hardest third of markets over that of the
// easiest third, the bonus going to the top 30 % by score.
func (c *company) impact(score []float64) float64 {
	byEase, byScore := order(c.ease), order(score)
	bonus := make([]bool, people)
	for _, i := range byScore[people-people*3/10:] {
		bonus[i] = true
	}
	var hard, easy float64
	for k := range people / 3 {
		if bonus[byEase[k]] {
			hard++
		}
		if bonus[byEase[people-1-k]] {
			easy++
		}
	}
	return hard / easy
}

func order(x []float64) []int {
	o := make([]int, len(x))
	for i := range o {
		o[i] = i
	}
	sort.SliceStable(o, func(a, b int) bool { return x[o[a]] < x[o[b]] })
	return o
}

//go:embed load.sql
var loadSQL string

// load writes what a run would have made of the company before it evaluates:
// difficulty.observation, feature, feature_others and one period over all
// months.
func (c *company) load(ctx context.Context, conn *sql.Conn) error {
	for _, macro := range []string{"fold_of", "exact_sum"} {
		text, err := levelfieldsql.Files.ReadFile("macros/" + macro + ".sql")
		if err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, string(text)); err != nil {
			return err
		}
	}
	for _, text := range []string{
		"set threads = 1",
		"create schema difficulty",
		"create table difficulty.sold (rep integer, cell integer, month integer, sales double, n_deals integer)",
		"create table difficulty.seen (cell integer, x double[])",
	} {
		if _, err := conn.ExecContext(ctx, text); err != nil {
			return err
		}
	}
	err := appendRows(conn, "sold", func(row func(...driver.Value) error) error {
		for _, o := range c.obs {
			if err := row(int32(o.rep), int32(o.cell), int32(o.month), o.sales, int32(o.deals)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = appendRows(conn, "seen", func(row func(...driver.Value) error) error {
		for k, cl := range c.cells {
			if err := row(int32(k), cl.seen[:]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, text := range strings.Split(loadSQL, ";\n") {
		if strings.TrimSpace(text) == "" {
			continue
		}
		if _, err := conn.ExecContext(ctx, text); err != nil {
			return err
		}
	}
	return nil
}

func appendRows(conn *sql.Conn, name string, fill func(row func(...driver.Value) error) error) error {
	return conn.Raw(func(driverConn any) error {
		appender, err := duckdb.NewAppender(driverConn.(*duckdb.Conn), "", "difficulty", name)
		if err != nil {
			return err
		}
		return errors.Join(fill(appender.AppendRow), appender.Close())
	})
}
