package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	levelfieldsql "levelfield/sql"
)

// The generated company: 160 people in 16 teams of 8 regions, 40 market cells,
// 24 months; a quarter of people is rated by a second manager.
const (
	people   = 160
	regions  = 8
	teams    = 16
	cells    = 40
	months   = 24
	raters   = teams
	standard = 80
)

// bias is what is planted; the zero value is a fair company.
type bias struct {
	name    string
	group   float64 // points taken from everybody of one region
	lenient float64 // points one manager adds
	priced  float64 // share of the market in targets
}

var biases = []bias{
	{name: "none", priced: 1},
	{name: "group scored 8 points lower", group: 8, priced: 1},
	{name: "lenient manager", lenient: 8, priced: 1},
	{name: "targets ignore difficulty"},
}

// company is one generated company and where its bias lies.
type company struct {
	bias
	r      *rand.Rand
	region int // whose people are scored lower
	rater  int // who is lenient
	skill  []float64
	home   []int // cell of the first month
	away   []int // cell from moved on
	moved  []int
	ease   []float64
	seen   [][5]float64 // drivers as measured
}

func generate(b bias, seed uint64) *company {
	c := &company{bias: b, r: rand.New(rand.NewPCG(seed, 21))}
	weights := [5]float64{.60, -.25, -.15, .20, .15}
	for range cells {
		var ease float64
		var seen [5]float64
		for j, w := range weights {
			x := c.r.NormFloat64()
			ease += w * x
			seen[j] = x + .3*c.r.NormFloat64()
		}
		c.ease, c.seen = append(c.ease, ease+.2*c.r.NormFloat64()), append(c.seen, seen)
	}
	for i := range people {
		c.skill = append(c.skill, .25*c.r.NormFloat64())
		home := c.regionOf(i)*(cells/regions) + c.r.IntN(cells/regions)
		moved, to := months, home
		if c.r.Float64() < .3 {
			moved, to = 1+c.r.IntN(months-1), c.r.IntN(cells)
		}
		c.home, c.away, c.moved = append(c.home, home), append(c.away, to), append(c.moved, moved)
	}
	c.region, c.rater = c.r.IntN(regions), c.r.IntN(raters)
	return c
}

func (c *company) teamOf(i int) int   { return i % teams }
func (c *company) regionOf(i int) int { return c.teamOf(i) % regions }

func (c *company) cellOf(i, t int) int {
	if t >= c.moved[i] {
		return c.away[i]
	}
	return c.home[i]
}

func month(t int) time.Time { return time.Date(2024, 11, 1, 0, 0, 0, 0, time.UTC).AddDate(0, t, 0) }

// schema holds the relations that the review reads and that a build would
// have made from exports and the plan.
const schema = `
set threads = 1;
create schema core; create schema plan; create schema difficulty; create schema scorecard; create schema pay; create schema state;
create table core.rep (rep_id varchar, rep_name varchar, team_id varchar, region_id varchar, manager_id varchar, channel varchar, hired_on date, group_gender varchar, group_age varchar, is_unmatched boolean);
create table core.team (team_id varchar, team_name varchar, region_id varchar, manager_id varchar);
create table core.month (month date);
create table core.rep_duty (rep_id varchar, team_id varchar, region_id varchar, month date, n_duty_days integer, n_workdays integer, exposure_rate double);
create table core.sales_month (rep_id varchar, product_id varchar, month date, sales_amount double);
create table core.product (product_id varchar, line varchar);
create table core.rating (rater_id varchar, rater_kind varchar, rep_id varchar, month date, criterion varchar, score double);
create table plan.setting as select true as review_gender, false as review_age;
create table plan.version (version_id varchar, starts_on date, ends_on date);
create table plan.node (version_id varchar, scorecard varchar, node varchar, parent varchar, kind varchar, weight double);
create table core.target_unit (unit_kind varchar, unit_id varchar, month date, target_amount double);
create table difficulty.observation (rep_id varchar, cell_id varchar, month date, fold integer, exposure double, sold double, sales double, n_deals integer, largest_amount double);
create table difficulty.feature (cell_id varchar, month date, x double[]);
create table difficulty.feature_others (cell_id varchar, month date, fold integer, x double[]);
create table difficulty.period (period date, from_month date, n_months integer, half_life_months integer);
create table difficulty.rep_coefficient (rep_id varchar, month date, d double, d_policy double);
create table scorecard.score (scorecard varchar, unit_kind varchar, unit_id varchar, month date, score double, standard_score double);
create table scorecard.node_score (version_id varchar, scorecard varchar, node varchar, indicator varchar, unit_kind varchar, unit_id varchar, month date, points double);
create table state.appeal (unit_kind varchar, unit_id varchar, month date, status varchar, sent_at timestamp);
create table state.override (unit_kind varchar, unit_id varchar, month date);
create table pay.statement (rep_id varchar, month date, total_amount double);
insert into plan.version values ('v1', date '2024-01-01', null);
insert into difficulty.period values (date '2026-10-01', date '2024-11-01', 24, 12);
`

// load writes people, sales, targets and ratings.
func (c *company) load(ctx context.Context, conn *sql.Conn) error {
	if _, err := conn.ExecContext(ctx, schema); err != nil {
		return err
	}
	macros, err := fs.Glob(levelfieldsql.Files, "macros/*.sql")
	if err != nil {
		return err
	}
	for _, name := range macros {
		text, err := levelfieldsql.Files.ReadFile(name)
		if err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, string(text)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return errors.Join(c.loadPeople(conn), c.loadSales(conn), c.loadRatings(conn))
}

func repID(i int) string { return fmt.Sprintf("P%03d", i) }

func (c *company) loadPeople(conn *sql.Conn) error {
	reps := rows(conn, "core", "rep")
	teamRows := rows(conn, "core", "team")
	monthRows := rows(conn, "core", "month")
	duty := rows(conn, "core", "rep_duty")
	sales := rows(conn, "core", "sales_month")
	for i := range people {
		team, region := "T"+strconv.Itoa(c.teamOf(i)), "R"+strconv.Itoa(c.regionOf(i))
		hired := month(months-1).AddDate(0, -24-c.r.IntN(72), 0)
		gender := []string{"f", "m"}[c.r.IntN(2)]
		reps.add(repID(i), "", team, region, "M"+strconv.Itoa(c.teamOf(i)), []string{"retail", "key accounts", "distributors"}[c.r.IntN(3)], hired, gender, "", false)
		line := "L" + strconv.Itoa(c.r.IntN(2))
		for t := range months {
			duty.add(repID(i), team, region, month(t), int32(21), int32(21), 1.0)
		}
		sales.add(repID(i), line, month(months-1), 1.0)
	}
	for k := range teams {
		teamRows.add("T"+strconv.Itoa(k), "", "R"+strconv.Itoa(k%regions), "M"+strconv.Itoa(k))
	}
	for t := range months {
		monthRows.add(month(t))
	}
	products := rows(conn, "core", "product")
	products.add("L0", "dry")
	products.add("L1", "frozen")
	return errors.Join(reps.close(), teamRows.close(), monthRows.close(), duty.close(), sales.close(), products.close())
}

func (c *company) loadSales(conn *sql.Conn) error {
	observations, features, targets := rows(conn, "difficulty", "observation"), rows(conn, "difficulty", "feature"), rows(conn, "core", "target_unit")
	shock := make([][]float64, cells)
	for k := range shock {
		for range months {
			shock[k] = append(shock[k], .10*c.r.NormFloat64())
		}
	}
	for i := range people {
		noise := .10 * c.r.NormFloat64()
		for t := range months {
			k := c.cellOf(i, t)
			season := .15 * math.Sin(2*math.Pi*float64(t)/12)
			sales := 0.0
			deals := poisson(c.r, 8*math.Exp(c.ease[k]+shock[k][t]+season+c.skill[i]))
			for range deals {
				sales += math.Exp(.6 * c.r.NormFloat64())
			}
			observations.add(repID(i), strconv.Itoa(k), month(t), int32(i%20), 1.0, sales, sales, int32(deals), 0.0)
			targets.add("rep", repID(i), month(t), 9.5*math.Exp(c.priced*c.ease[k]+season+noise))
		}
	}
	for k, seen := range c.seen {
		for t := range months {
			angle := 2 * math.Pi * float64(t) / 12
			features.add(strconv.Itoa(k), month(t), append(append([]float64{}, seen[:]...), math.Sin(angle), math.Cos(angle)))
		}
	}
	return errors.Join(observations.close(), features.close(), targets.close())
}

// loadRatings gives everybody three criteria a month by his manager, and a
// quarter of people by a second manager too.
func (c *company) loadRatings(conn *sql.Conn) error {
	ratings := rows(conn, "core", "rating")
	severity := make([]float64, raters)
	severity[c.rater] = c.lenient
	for i := range people {
		by := []int{c.teamOf(i)}
		if i/teams%4 == 0 {
			by = append(by, (c.teamOf(i)+1+c.r.IntN(raters-1))%raters)
		}
		for _, j := range by {
			own := 2 * c.r.NormFloat64() // how this rater sees this person
			for t := months - 12; t < months; t++ {
				for _, criterion := range []string{"ability", "attitude", "discipline"} {
					score := 80 + 22*c.skill[i] + severity[j] + own + 3*c.r.NormFloat64()
					ratings.add("M"+strconv.Itoa(j), "manager", repID(i), month(t), criterion, math.Min(100, math.Max(0, math.Round(score))))
				}
			}
		}
	}
	return ratings.close()
}

// score writes what a scorecard would give for the results the method found:
// adjusted attainment, process points and, where it is planted, the deduction.
func (c *company) score(ctx context.Context, conn *sql.Conn) error {
	found, err := conn.QueryContext(ctx, "select rep_id, r from difficulty.rep_index order by rep_id")
	if err != nil {
		return err
	}
	defer found.Close()
	scores, nodes, statements := rows(conn, "scorecard", "score"), rows(conn, "scorecard", "node_score"), rows(conn, "pay", "statement")
	last := month(months - 1)
	for i := 0; found.Next(); i++ {
		var rep string
		var r float64
		if err := found.Scan(&rep, &r); err != nil {
			return err
		}
		result, process := 80+35*r, 80+10*c.r.NormFloat64()
		score := .7*result + .3*process + 4*c.r.NormFloat64()
		if n, _ := strconv.Atoi(rep[1:]); c.regionOf(n) == c.region {
			score -= c.group
		}
		scores.add("evaluation", "rep", rep, last, score, float64(standard))
		nodes.add("v1", "evaluation", "results", "adjusted_attainment", "rep", rep, last, result)
		nodes.add("v1", "evaluation", "process", "visits_per_workday", "rep", rep, last, process)
		statements.add(rep, last, 100*score)
	}
	if _, err := conn.ExecContext(ctx, "insert into plan.node values ('v1', 'evaluation', '', null, 'branch', 1), ('v1', 'evaluation', 'results', '', 'leaf', .7), ('v1', 'evaluation', 'process', '', 'leaf', .3)"); err != nil {
		return err
	}
	return errors.Join(found.Err(), scores.close(), nodes.close(), statements.close())
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

// table collects rows of one relation.
type table struct {
	conn         *sql.Conn
	schema, name string
	rows         [][]driver.Value
}

func rows(conn *sql.Conn, schema, name string) *table {
	return &table{conn: conn, schema: schema, name: name}
}

func (t *table) add(values ...driver.Value) { t.rows = append(t.rows, values) }

func (t *table) close() error {
	return t.conn.Raw(func(driverConn any) error {
		appender, err := duckdb.NewAppender(driverConn.(*duckdb.Conn), "", t.schema, t.name)
		if err != nil {
			return err
		}
		for _, row := range t.rows {
			if err := appender.AppendRow(row...); err != nil {
				return errors.Join(fmt.Errorf("%s.%s: %w", t.schema, t.name, err), appender.Close())
			}
		}
		return appender.Close()
	})
}
