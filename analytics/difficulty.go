package analytics

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"levelfield/analytics/stat"
)

// The Go steps of sql/difficulty.
func init() {
	steps["difficulty.coefficient"] = fitMarket
	steps["difficulty.component"] = connectMarkets
	steps["difficulty.audit"] = auditIndex
}

// ridges are the penalties tried by cross-validation over folds of people.
var ridges = []float64{.1, 1, 10, 100}

// fitMarket fits expected sales to the market's drivers (step A): Poisson
// pseudo-likelihood with a ridge, one fit an evaluation and fold of people,
// which sees neither their sales nor what they say of the market. It writes
// difficulty.coefficient. SQL has made the sums; only the small solves happen
// here. An evaluation without sales, or with one fold only, gets no row.
func fitMarket(ctx context.Context, conn *sql.Conn) error {
	in, err := readMarket(ctx, conn)
	if err != nil {
		return err
	}
	periods, err := readPeriods(ctx, conn)
	if err != nil {
		return err
	}
	known, err := knownFits(ctx, conn)
	if err != nil {
		return err
	}
	var rows [][]driver.Value
	for _, p := range periods {
		e := in.at(p)
		inputs := e.hash()
		if fitted := known[inputs]; fitted != nil {
			rows = append(rows, fitted...)
			continue
		}
		fits, ridge, err := e.crossFit()
		if errors.Is(err, stat.ErrNothingObserved) {
			continue
		}
		if err != nil {
			return fmt.Errorf("difficulty, step A, evaluation of %s: %w", p.month, err)
		}
		for f, fit := range fits {
			rows = append(rows, []driver.Value{p.month, in.folds[f], fit.constant, fit.b[:in.p1], fit.b[in.p1:], ridge, inputs})
		}
	}
	return appendTable(ctx, conn, "coefficient", "period date, fold integer, constant double, b double[], b_others double[], ridge double, inputs varchar", rows)
}

// fitVersion is part of what a fit is remembered by: raise it whenever the
// same sums and drivers would give other coefficients.
const fitVersion = "1"

// hash tells evaluations apart by everything that their fit depends on.
func (e *evaluation) hash() string {
	h := sha256.New()
	fmt.Fprintln(h, fitVersion, ridges, e.folds, e.p1, e.p2, len(e.cells), e.month)
	var word [8]byte
	put := func(values ...float64) {
		for _, v := range values {
			binary.LittleEndian.PutUint64(word[:], math.Float64bits(v))
			h.Write(word[:])
		}
	}
	for i, c := range e.cells {
		put(e.weight[i], float64(c.month))
		put(c.x...)
		put(c.y...)
		put(c.n...)
		for _, x := range c.other {
			put(float64(len(x)))
			put(x...)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// knownFits returns the rows of difficulty.coefficient that the run in use
// holds, by what they were fitted from; none where a build has no such run.
func knownFits(ctx context.Context, conn *sql.Conn) (map[string][][]driver.Value, error) {
	var has bool
	if err := conn.QueryRowContext(ctx, "select count(*) > 0 from duckdb_columns() where database_name = 'previous' and schema_name = 'difficulty' and table_name = 'coefficient' and column_name = 'inputs'").Scan(&has); err != nil || !has {
		return nil, err
	}
	known := map[string][][]driver.Value{}
	err := readRows(ctx, conn, "select period, fold, constant, b, b_others, ridge, inputs from previous.difficulty.coefficient order by period, fold", func(v []any) error {
		inputs := v[6].(string)
		known[inputs] = append(known[inputs], []driver.Value{v[0], v[1], v[2], asFloats(v[3]), asFloats(v[4]), v[5], inputs})
		return nil
	})
	return known, err
}

// market is what the fit reads: the months of every cell, their drivers and
// the sums of each fold.
type market struct {
	cells  []cellMonth
	folds  []int32
	p1, p2 int // drivers of the market, and from others
}

// cellMonth is one cell and month.
type cellMonth struct {
	month int64       // since 1970
	x     []float64   // drivers of the market
	other [][]float64 // drivers told by everybody but a fold, one a fold; nil where there are none
	y, n  []float64   // one a fold
}

// period is one evaluation.
type period struct {
	month  any // as written to the table
	weight map[int64]float64
}

// asFloats turns a list read from the database into numbers.
func asFloats(list any) []float64 {
	values := list.([]any)
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = v.(float64)
	}
	return out
}

// readRows calls do with the values of every row of a query.
func readRows(ctx context.Context, conn *sql.Conn, query string, do func(v []any) error) error {
	rows, err := conn.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values, at := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		at[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(at...); err != nil {
			return err
		}
		if err := do(values); err != nil {
			return err
		}
	}
	return rows.Err()
}

const monthNumber = "date_diff('month', date '1970-01-01', month)"

// readMarket reads the sums and drivers. They come as one list a cell: a row
// a number would cost more than the fit.
func readMarket(ctx context.Context, conn *sql.Conn) (*market, error) {
	in := &market{}
	err := readRows(ctx, conn, "select distinct fold::integer from difficulty.cell_fold order by 1", func(v []any) error {
		in.folds = append(in.folds, v[0].(int32))
		return nil
	})
	if err != nil {
		return nil, err
	}
	type key struct {
		cell  string
		month int64
	}
	place := map[key]int{}
	err = readRows(ctx, conn, "select cell_id::varchar, list("+monthNumber+"), list(x) from difficulty.feature group by cell_id order by 1", func(v []any) error {
		for i, month := range v[1].([]any) {
			x := asFloats(v[2].([]any)[i])
			place[key{v[0].(string), month.(int64)}] = len(in.cells)
			in.cells = append(in.cells, cellMonth{month: month.(int64), x: x, y: make([]float64, len(in.folds)), n: make([]float64, len(in.folds))})
			in.p1 = len(x)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = readRows(ctx, conn, "select cell_id::varchar, list("+monthNumber+"), list(fold::integer), list(sales::double), list(exposure::double) from difficulty.cell_fold group by cell_id order by 1", func(v []any) error {
		months, folds, y, n := v[1].([]any), v[2].([]any), v[3].([]any), v[4].([]any)
		for i := range months {
			at, known := place[key{v[0].(string), months[i].(int64)}]
			if !known {
				return fmt.Errorf("difficulty.feature has no row for cell %v in a month with people", v[0])
			}
			f, _ := slices.BinarySearch(in.folds, folds[i].(int32))
			in.cells[at].y[f], in.cells[at].n[f] = y[i].(float64), n[i].(float64)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = readRows(ctx, conn, "select cell_id::varchar, list("+monthNumber+"), list(fold::integer), list(x) from difficulty.feature_others group by cell_id order by 1", func(v []any) error {
		months, folds := v[1].([]any), v[2].([]any)
		for i := range months {
			at, known := place[key{v[0].(string), months[i].(int64)}]
			f, here := slices.BinarySearch(in.folds, folds[i].(int32))
			if !known || !here {
				continue
			}
			c := &in.cells[at]
			if c.other == nil {
				c.other = make([][]float64, len(in.folds))
			}
			c.other[f] = asFloats(v[3].([]any)[i])
			in.p2 = len(c.other[f])
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	// one order whatever order the lists came in
	slices.SortStableFunc(in.cells, func(a, b cellMonth) int { return int(a.month - b.month) })
	return in, nil
}

func readPeriods(ctx context.Context, conn *sql.Conn) ([]period, error) {
	var out []period
	err := readRows(ctx, conn, "select period, list("+monthNumber+"), list(weight::double) from difficulty.period_month group by period order by period", func(v []any) error {
		p := period{month: v[0], weight: map[int64]float64{}}
		for i, month := range v[1].([]any) {
			p.weight[month.(int64)] = v[2].([]any)[i].(float64)
		}
		out = append(out, p)
		return nil
	})
	return out, err
}

// evaluation is the market as one evaluation sees it.
type evaluation struct {
	*market
	month  any
	cells  []cellMonth
	weight []float64
}

func (in *market) at(p period) *evaluation {
	e := &evaluation{market: in, month: p.month}
	for _, c := range in.cells {
		worked := slices.ContainsFunc(c.n, func(n float64) bool { return n > 0 })
		if w := p.weight[c.month]; w > 0 && worked {
			e.cells = append(e.cells, c)
			e.weight = append(e.weight, w)
		}
	}
	return e
}

// foldFit is a fold's solution in the drivers' own units.
type foldFit struct {
	constant float64
	b        []float64
}

// crossFit chooses the ridge by the deviance on the people left out, then
// returns for every fold the coefficients fitted without it; a fold that
// nobody was in yet leaves nobody out.
func (e *evaluation) crossFit() ([]foldFit, float64, error) {
	present := 0
	for f := range e.folds {
		if slices.ContainsFunc(e.cells, func(c cellMonth) bool { return c.n[f] > 0 }) {
			present++
		}
	}
	if present < 2 { // leaving one out would leave nobody
		return nil, 0, stat.ErrNothingObserved
	}
	tries, errs := make([][]try, len(e.folds)), make([]error, len(e.folds))
	var wait sync.WaitGroup
	gate := make(chan struct{}, runtime.GOMAXPROCS(0))
	for f := range e.folds {
		wait.Add(1)
		gate <- struct{}{}
		go func() {
			defer func() { <-gate; wait.Done() }()
			tries[f], errs[f] = e.tryRidges(f)
		}()
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, 0, err
	}
	best := 0
	deviance := make([]float64, len(ridges))
	for i := range ridges {
		for f := range e.folds {
			deviance[i] += tries[f][i].deviance
		}
		if deviance[i] < deviance[best] {
			best = i
		}
	}
	fits := make([]foldFit, len(e.folds))
	for f := range fits {
		fits[f] = tries[f][best].fit
	}
	return fits, ridges[best], nil
}

// try is a fold's fit with one ridge and how well it predicts the fold.
type try struct {
	fit      foldFit
	deviance float64
}

// tryRidges fits without the fold, with each ridge, each from the one before.
func (e *evaluation) tryRidges(f int) ([]try, error) {
	p := e.p1 + e.p2
	raw := make([]float64, 0, len(e.cells)*p)
	train, test := stat.PoissonData{}, stat.PoissonData{}
	for i, c := range e.cells {
		var y, n float64
		for g := range c.n {
			if g != f {
				y, n = y+c.y[g], n+c.n[g]
			}
		}
		w := e.weight[i]
		train.Y, train.N = append(train.Y, w*math.Max(y, 0)), append(train.N, w*n)
		test.Y, test.N = append(test.Y, w*math.Max(c.y[f], 0)), append(test.N, w*c.n[f])
		raw = append(raw, c.x...)
		if e.p2 > 0 {
			raw = append(raw, c.other[f]...)
		}
	}
	x, used, centre, scale := standardise(raw, p)
	train.X, test.X, train.P, test.P = x, x, len(used), len(used)
	var out []try
	var start []float64
	for _, lambda := range ridges {
		b, err := stat.PoissonRidge(train, lambda, start)
		if err != nil {
			return nil, err
		}
		start = b
		t := try{deviance: stat.PoissonDeviance(test, b), fit: foldFit{constant: b[0], b: make([]float64, p)}}
		for k, j := range used {
			t.fit.b[j] = significant(b[k+1] / scale[k])
			t.fit.constant -= t.fit.b[j] * centre[k]
		}
		t.fit.constant = significant(t.fit.constant)
		out = append(out, t)
	}
	return out, nil
}

// significant keeps 12 digits, so that the last bits of a sum made in parallel
// do not show in what is published.
func significant(x float64) float64 {
	if x == 0 || math.IsInf(x, 0) || math.IsNaN(x) {
		return x
	}
	unit := math.Pow(10, math.Floor(math.Log10(math.Abs(x)))-11)
	return math.Round(x/unit) * unit
}

// standardise scales p drivers a row to mean 0 and standard deviation 1 and
// leaves out those that never vary; used names the columns kept.
func standardise(raw []float64, p int) (x []float64, used []int, centre, scale []float64) {
	n := float64(len(raw)) / float64(max(p, 1))
	for j := range p {
		var s, ss float64
		for i := j; i < len(raw); i += p {
			s += raw[i]
		}
		mean := s / n
		for i := j; i < len(raw); i += p {
			ss += (raw[i] - mean) * (raw[i] - mean)
		}
		if sd := math.Sqrt(ss / n); sd > 1e-9*math.Max(1, math.Abs(mean)) {
			used, centre, scale = append(used, j), append(centre, mean), append(scale, sd)
		}
	}
	for i := 0; i < len(raw); i += p {
		for k, j := range used {
			x = append(x, (raw[i+j]-centre[k])/scale[k])
		}
	}
	return x, used, centre, scale
}

// deviations are the rows of difficulty.deviation of one evaluation.
type deviations struct {
	period any
	people []string
	cells  int
	rows   []stat.Estimate
}

// readDeviations reads difficulty.deviation, an evaluation at a time.
func readDeviations(ctx context.Context, conn *sql.Conn) ([]*deviations, error) {
	var out []*deviations
	var people, places map[string]int
	err := readRows(ctx, conn, "select period, rep_id::varchar, cell_id::varchar, z, v from difficulty.deviation order by period, rep_id, cell_id", func(v []any) error {
		if len(out) == 0 || out[len(out)-1].period != v[0] {
			out = append(out, &deviations{period: v[0]})
			people, places = map[string]int{}, map[string]int{}
		}
		d := out[len(out)-1]
		rep, cell := v[1].(string), v[2].(string)
		if _, known := people[rep]; !known {
			people[rep] = len(people)
			d.people = append(d.people, rep)
		}
		if _, known := places[cell]; !known {
			places[cell] = len(places)
		}
		d.cells = len(places)
		d.rows = append(d.rows, stat.Estimate{Person: people[rep], Place: places[cell], Z: v[3].(float64), V: v[4].(float64)})
		return nil
	})
	return out, err
}

// auditIndex runs the crossed model over difficulty.deviation and writes
// difficulty.audit: it ranks better than the paid index because people who
// moved tell skill from place, but it lets a person's own sales into his
// expectation, so it is shown and never paid.
func auditIndex(ctx context.Context, conn *sql.Conn) error {
	all, err := readDeviations(ctx, conn)
	if err != nil {
		return err
	}
	type components struct{ skill, cell float64 }
	variance := map[any]components{}
	err = readRows(ctx, conn, "select period, skill_variance, cell_variance from difficulty.variance", func(v []any) error {
		variance[v[0]] = components{v[1].(float64), v[2].(float64)}
		return nil
	})
	if err != nil {
		return err
	}
	type who struct {
		month any
		rep   string
	}
	index := map[who]float64{}
	err = readRows(ctx, conn, "select month, rep_id::varchar, reliability * r from difficulty.rep_index", func(v []any) error {
		index[who{v[0], v[1].(string)}] = v[2].(float64)
		return nil
	})
	if err != nil {
		return err
	}
	var rows [][]driver.Value
	for _, d := range all {
		v := variance[d.period]
		_, person, _ := stat.Crossed(d.rows, len(d.people), d.cells, v.skill, v.cell, 15)
		paid := make([]float64, len(d.people))
		for i, rep := range d.people {
			paid[i] = index[who{d.period, rep}]
		}
		before, after := stat.Ranks(paid), stat.Ranks(person)
		for i, rep := range d.people {
			rows = append(rows, []driver.Value{rep, d.period, significant(person[i]), (after[i] - before[i]) / float64(len(d.people))})
		}
	}
	return appendTable(ctx, conn, "audit", "rep_id varchar, month date, effect double, rank_shift double", rows)
}

// connectMarkets finds, for each evaluation, the largest set of cells that
// people connect by working in several, and writes difficulty.component.
func connectMarkets(ctx context.Context, conn *sql.Conn) error {
	all, err := readDeviations(ctx, conn)
	if err != nil {
		return err
	}
	var rows [][]driver.Value
	for _, d := range all {
		parent := make([]int, d.cells)
		for i := range parent {
			parent[i] = i
		}
		root := func(i int) int {
			for parent[i] != i {
				parent[i] = parent[parent[i]]
				i = parent[i]
			}
			return i
		}
		home := make([]int, len(d.people))
		for i := range home {
			home[i] = -1
		}
		for _, r := range d.rows {
			if home[r.Person] < 0 {
				home[r.Person] = r.Place
			}
			parent[root(r.Place)] = root(home[r.Person])
		}
		people := map[int]int{}
		largest := 0
		for _, h := range home {
			people[root(h)]++
			largest = max(largest, people[root(h)])
		}
		rows = append(rows, []driver.Value{d.period, float64(largest) / float64(len(d.people)), int32(len(people))})
	}
	return appendTable(ctx, conn, "component", "period date, largest_share double, n_components integer", rows)
}

// appendTable creates difficulty.<name> with the rows in their order.
func appendTable(ctx context.Context, conn *sql.Conn, name, columns string, rows [][]driver.Value) error {
	if err := execute(ctx, conn, "create or replace table difficulty."+name+" ("+columns+")"); err != nil {
		return err
	}
	return conn.Raw(func(driverConn any) error {
		appender, err := duckdb.NewAppender(driverConn.(*duckdb.Conn), "", "difficulty", name)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := appender.AppendRow(r...); err != nil {
				return errors.Join(err, appender.Close())
			}
		}
		return appender.Close()
	})
}

// kernel are the relations from the sums of an evaluation to the index, in
// their order: what a run makes between observation and feature, and the
// judgement of a month.
var kernel = []string{"cell_fold", "period_month", "coefficient", "rep_market", "dispersion", "deviation", "variance", "evidence",
	"cell_effect", "expected_sales", "component", "rep_index", "gate", "audit"}

// Evaluate makes the relations of difficulty from cell_fold to audit, with the
// SQL and the steps that a run uses, on a connection that holds the macros
// fold_of and exact_sum, and difficulty.observation, feature, feature_others
// and period. It returns how long each relation took.
func Evaluate(ctx context.Context, conn *sql.Conn, models fs.FS) ([]ModelTime, error) {
	var times []ModelTime
	for _, name := range kernel {
		started := time.Now()
		relation := "difficulty." + name
		if step := steps[relation]; step != nil {
			if err := step(ctx, conn); err != nil {
				return nil, err
			}
		} else {
			text, err := fs.ReadFile(models, "difficulty/"+name+".sql")
			if err != nil {
				return nil, err
			}
			if err := execute(ctx, conn, "create or replace table "+relation+" as\n"+string(text)); err != nil {
				return nil, fmt.Errorf("%s: %w", relation, err)
			}
		}
		times = append(times, ModelTime{Relation: relation, Took: time.Since(started)})
	}
	return times, nil
}
