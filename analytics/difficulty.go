package analytics

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/zeebo/xxh3"

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
// difficulty.coefficient. An evaluation without sales, or with one fold only,
// gets no row.
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
const fitVersion = "3"

// hash tells evaluations apart by everything that their fit depends on.
func (e *evaluation) hash() string {
	h := xxh3.New()
	fmt.Fprintln(h, fitVersion, ridges, e.folds, e.p1, e.p2, len(e.rows), e.month)
	var words []byte
	put := func(values ...float64) {
		for _, v := range values {
			words = binary.LittleEndian.AppendUint64(words, math.Float64bits(v))
		}
		if len(words) > 1<<16 {
			h.Write(words)
			words = words[:0]
		}
	}
	for k, i := range e.rows {
		put(e.weight[k], float64(e.months[i]))
		put(e.x[i*e.p1 : (i+1)*e.p1]...)
	}
	for f := range e.folds {
		for _, i := range e.rows {
			put(e.y[f][i], e.n[f][i])
			put(e.othersAt(f, i)...)
		}
	}
	h.Write(words)
	sum := h.Sum128().Bytes()
	return hex.EncodeToString(sum[:])
}

// knownFits returns the rows of difficulty.coefficient that the run in use
// holds, by what they were fitted from; none where a build has no such run.
func knownFits(ctx context.Context, conn *sql.Conn) (map[string][][]driver.Value, error) {
	var has bool
	if err := conn.QueryRowContext(ctx, "select count(*) > 0 from duckdb_columns() where database_name = 'previous' and schema_name = 'difficulty' and table_name = 'coefficient' and column_name = 'inputs'").Scan(&has); err != nil || !has {
		return nil, err
	}
	known := map[string][][]driver.Value{}
	err := readRows(ctx, conn, "select period, fold, constant, b, b_others, ridge, inputs from previous.difficulty.coefficient order by period, fold", func(v []driver.Value) error {
		inputs := v[6].(string)
		known[inputs] = append(known[inputs], []driver.Value{v[0], v[1], v[2], asFloats(v[3]), asFloats(v[4]), v[5], inputs})
		return nil
	})
	return known, err
}

// market is what the fit reads: a row for each cell and month, in the order
// of months and then cells, with its drivers and the sums of each fold. Numbers
// of a kind lie in one slice, row after row.
type market struct {
	folds  []int32
	p1, p2 int       // drivers of the market, and from others
	months []int64   // since 1970, one a row
	x      []float64 // p1 a row
	others []float64 // p2 a fold and row, told by everybody but the fold; 0 where there are none

	y, n       [][]float64 // sales and exposure, by fold and row
	sumY, sumN []float64   // of all folds, one a row
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

// readRows calls do with the values of every row of a query. They come straight
// from the driver: by millions, what database/sql does with each would cost
// more than the fit. do must not keep v.
func readRows(ctx context.Context, conn *sql.Conn, query string, do func(v []driver.Value) error) error {
	return conn.Raw(func(driverConn any) error {
		rows, err := driverConn.(driver.QueryerContext).QueryContext(ctx, query, nil)
		if err != nil {
			return err
		}
		defer rows.Close()
		values := make([]driver.Value, len(rows.Columns()))
		for {
			if err := rows.Next(values); err == io.EOF {
				return nil
			} else if err != nil {
				return err
			}
			if err := do(values); err != nil {
				return err
			}
		}
	})
}

const monthNumber = "date_diff('month', date '1970-01-01', month)"

// placed is the start of queries that name a cell, month and fold by one whole
// number: the month's number, the cell's place in the order of ids, the fold.
// Texts would cost more to hand over than the sums beside them.
const placed = `with cell as (select cell_id, row_number() over (order by cell_id) - 1 as number from (select distinct cell_id from difficulty.feature))
select (` + monthNumber + ` << 40) + (coalesce(cell.number, 4294967295) << 8)`

// unplaced takes the number apart.
func unplaced(place int64) (month int64, cell, fold int) {
	return place >> 40, int(place >> 8 & math.MaxUint32), int(place & 255)
}

// readMarket reads the sums and drivers.
func readMarket(ctx context.Context, conn *sql.Conn) (*market, error) {
	in := &market{}
	feature, err := readNumbers(ctx, conn, placed+" as place, x from difficulty.feature join cell using (cell_id) order by 1")
	if err != nil {
		return nil, err
	}
	in.x, in.p1 = feature[1].floating, feature[1].width
	first := int64(0)
	var rows [][]int32 // by month from the first and cell, -1 for none
	for i, place := range feature[0].whole {
		month, cell, _ := unplaced(place)
		if i == 0 {
			first = month
		}
		for int64(len(rows)) <= month-first {
			rows = append(rows, nil)
		}
		cells := &rows[month-first]
		for len(*cells) < cell {
			*cells = append(*cells, -1)
		}
		*cells = append(*cells, int32(i))
		in.months = append(in.months, month)
	}
	row := func(month int64, cell int) int {
		if month -= first; month >= 0 && month < int64(len(rows)) && cell < len(rows[month]) {
			return int(rows[month][cell])
		}
		return -1
	}
	observed, err := readNumbers(ctx, conn, placed+" + fold as place, sales, exposure from difficulty.observation left join cell using (cell_id)")
	if err != nil {
		return nil, err
	}
	var fold [256]int // place of a fold
	for f := range fold {
		fold[f] = -1
	}
	var sales, exposure [256][]float64
	for k, place := range observed[0].whole {
		month, cell, f := unplaced(place)
		i := row(month, cell)
		if i < 0 {
			return nil, fmt.Errorf("difficulty.feature lacks a cell with people in %04d-%02d", 1970+month/12, 1+month%12)
		}
		if sales[f] == nil {
			sales[f], exposure[f] = make([]float64, len(in.months)), make([]float64, len(in.months))
		}
		sales[f][i] += observed[1].floating[k]
		exposure[f][i] += observed[2].floating[k]
	}
	in.sumY, in.sumN = make([]float64, len(in.months)), make([]float64, len(in.months))
	for f := range fold {
		if sales[f] == nil {
			continue
		}
		fold[f] = len(in.folds)
		in.folds = append(in.folds, int32(f))
		y, n := sales[f], exposure[f]
		for i := range y {
			y[i], n[i] = y[i]/observed[1].unit, n[i]/observed[2].unit
			in.sumY[i] += y[i]
			in.sumN[i] += n[i]
		}
		in.y, in.n = append(in.y, y), append(in.n, n)
	}
	told, err := readNumbers(ctx, conn, placed+" + fold as place, x from difficulty.feature_others join cell using (cell_id)")
	if err != nil || len(told[0].whole) == 0 {
		return in, err
	}
	in.p2 = told[1].width
	in.others = make([]float64, len(in.folds)*len(in.months)*in.p2)
	for k, place := range told[0].whole {
		month, cell, f := unplaced(place)
		if i, f := row(month, cell), fold[f]; i >= 0 && f >= 0 {
			copy(in.othersAt(f, i), told[1].floating[k*in.p2:(k+1)*in.p2])
		}
	}
	return in, nil
}

// othersAt are the drivers that everybody but a fold tells of a row.
func (in *market) othersAt(fold, row int) []float64 {
	at := (fold*len(in.months) + row) * in.p2
	return in.others[at : at+in.p2]
}

func readPeriods(ctx context.Context, conn *sql.Conn) ([]period, error) {
	var out []period
	err := readRows(ctx, conn, "select period, list("+monthNumber+"), list(weight::double) from difficulty.period_month group by period order by period", func(v []driver.Value) error {
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
	rows   []int     // of the market, where anybody worked
	weight []float64 // one a row of these
	same   *design   // drivers of every fold, where none are told by others
}

func (in *market) at(p period) *evaluation {
	e := &evaluation{market: in, month: p.month}
	for i, month := range in.months {
		if w := p.weight[month]; w > 0 && in.sumN[i] > 0 {
			e.rows = append(e.rows, i)
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

// crossFit chooses the ridge by how well people left out are predicted, then
// returns for every fold the coefficients fitted without it; a fold that
// nobody was in yet leaves nobody out. Folds differ by a twentieth of people,
// so all others begin where the first one ended.
func (e *evaluation) crossFit() ([]foldFit, float64, error) {
	nf := len(e.folds)
	present := 0
	for f := range e.folds {
		if slices.ContainsFunc(e.rows, func(i int) bool { return e.n[f][i] > 0 }) {
			present++
		}
	}
	if present < 2 { // leaving one out would leave nobody
		return nil, 0, stat.ErrNothingObserved
	}
	if e.p2 == 0 {
		e.same = e.standardised(0)
	}
	tries, errs := make([][]try, nf), make([]error, nf)
	var start *stat.PoissonStart
	tries[0], start, errs[0] = e.tryRidges(0, nil)
	var wait sync.WaitGroup
	gate := make(chan struct{}, runtime.GOMAXPROCS(0))
	for f := 1; f < nf; f++ {
		wait.Add(1)
		gate <- struct{}{}
		go func() {
			defer func() { <-gate; wait.Done() }()
			tries[f], _, errs[f] = e.tryRidges(f, start)
		}()
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, 0, err
	}
	best := 0
	loss := make([]float64, len(ridges))
	for i := range ridges {
		for f := range e.folds {
			loss[i] += tries[f][i].loss
		}
		if loss[i] < loss[best] {
			best = i
		}
	}
	fits := make([]foldFit, nf)
	for f := range fits {
		fits[f] = tries[f][best].fit
	}
	return fits, ridges[best], nil
}

// try is a fold's fit with one ridge and how badly it predicts the fold.
type try struct {
	fit  foldFit
	loss float64
}

// tryRidges fits without the fold, with each ridge.
func (e *evaluation) tryRidges(f int, start *stat.PoissonStart) ([]try, *stat.PoissonStart, error) {
	x := e.same
	if x == nil {
		x = e.standardised(f)
	}
	numbers := make([]float64, 4*len(e.rows))
	part := func(k int) []float64 { return numbers[k*len(e.rows) : (k+1)*len(e.rows)] }
	train := stat.PoissonData{Y: part(0), N: part(1), X: x.x, P: len(x.used)}
	test := stat.PoissonData{Y: part(2), N: part(3), X: x.x, P: len(x.used)}
	for k, i := range e.rows {
		w, y, n := e.weight[k], e.y[f][i], e.n[f][i]
		train.Y[k], train.N[k] = w*math.Max(e.sumY[i]-y, 0), w*(e.sumN[i]-n)
		test.Y[k], test.N[k] = w*math.Max(y, 0), w*n
	}
	fits, end, err := stat.PoissonRidge(train, ridges, start)
	if err != nil {
		return nil, nil, err
	}
	var out []try
	losses := end.Losses(test, fits)
	for i, b := range fits {
		t := try{loss: losses[i], fit: foldFit{constant: b[0], b: make([]float64, e.p1+e.p2)}}
		for k, j := range x.used {
			t.fit.b[j] = significant(b[k+1] / x.scale[k])
			t.fit.constant -= t.fit.b[j] * x.centre[k]
		}
		t.fit.constant = significant(t.fit.constant)
		out = append(out, t)
	}
	return out, end, nil
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

// design is drivers scaled to mean 0 and standard deviation 1.
type design struct {
	x             []float64 // a row after another, the drivers in use
	used          []int     // which of all drivers those are: the others never vary
	centre, scale []float64 // of the drivers in use
}

// standardised scales the drivers of all rows, with what the others of a fold
// tell.
func (e *evaluation) standardised(fold int) *design {
	p := e.p1 + e.p2
	raw := make([]float64, 0, len(e.rows)*p)
	for _, i := range e.rows {
		raw = append(raw, e.x[i*e.p1:(i+1)*e.p1]...)
		raw = append(raw, e.othersAt(fold, i)...)
	}
	d := &design{}
	n := float64(len(e.rows))
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
			d.used, d.centre, d.scale = append(d.used, j), append(d.centre, mean), append(d.scale, sd)
		}
	}
	d.x = make([]float64, 0, len(e.rows)*len(d.used))
	for i := 0; i < len(raw); i += p {
		for k, j := range d.used {
			d.x = append(d.x, (raw[i+j]-d.centre[k])/d.scale[k])
		}
	}
	return d
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
	err := readRows(ctx, conn, "select period, rep_id::varchar, cell_id::varchar, z, v from difficulty.deviation order by period, rep_id, cell_id", func(v []driver.Value) error {
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
	err = readRows(ctx, conn, "select period, skill_variance, cell_variance from difficulty.variance", func(v []driver.Value) error {
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
	err = readRows(ctx, conn, "select month, rep_id::varchar, reliability * r from difficulty.rep_index", func(v []driver.Value) error {
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

// kernel are the relations from the observations of an evaluation to the
// index, in their order: what a run makes between drivers and the judgement of
// a month.
var kernel = []string{"period_month", "coefficient", "rep_market", "dispersion", "deviation", "variance", "evidence",
	"cell_effect", "expected_sales", "component", "rep_index", "gate", "audit"}

// Evaluate makes the relations of difficulty from period_month to audit, with the
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
