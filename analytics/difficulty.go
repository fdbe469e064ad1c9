package analytics

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
	"unsafe"

	"github.com/zeebo/xxh3"

	"levelfield/analytics/stat"
)

// The Go steps of sql/difficulty.
func init() {
	steps["difficulty.coefficient"] = fitMarket
	steps["difficulty.rep_market"] = sumMarket
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
	var rows []fittedRow
	for _, p := range periods {
		e := in.evaluation(p)
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
			return fmt.Errorf("difficulty, step A, evaluation of %s: %w", dayOf(p.day).Format(time.DateOnly), err)
		}
		for f, fit := range fits {
			rows = append(rows, fittedRow{p.day, in.folds[f], fit.constant, fit.b[:in.p1], fit.b[in.p1:], ridge, inputs})
		}
	}
	leave(ctx, "market", in)
	return fillTable(ctx, conn, "difficulty.coefficient", slices.Values(rows))
}

// fittedRow is a row of difficulty.coefficient.
type fittedRow struct {
	Period   int32     `parquet:"period,date"`
	Fold     int32     `parquet:"fold"`
	Constant float64   `parquet:"constant"`
	B        []float64 `parquet:"b,list"`
	BOthers  []float64 `parquet:"b_others,list"`
	Ridge    float64   `parquet:"ridge"`
	Inputs   string    `parquet:"inputs"`
}

// fitVersion is part of what a fit is remembered by: raise it whenever the
// same sums and drivers would give other coefficients.
const fitVersion = "4"

// hash tells evaluations apart by everything that their fit depends on.
func (e *evaluation) hash() string {
	h := xxh3.New()
	fmt.Fprintln(h, fitVersion, ridges, e.folds, e.p1, e.p2, len(e.rows), e.period)
	for from := 0; from < len(e.rows); { // months of a cell that follow each other at once
		to := from + 1
		for to < len(e.rows) && e.rows[to] == e.rows[to-1]+1 && e.rows[to]%int(e.months) != 0 {
			to++
		}
		first, last := e.rows[from], e.rows[to-1]+1
		h.Write(bytesOf([]int32{e.market.month(first), int32(last - first)}))
		h.Write(bytesOf(e.weight[from:to]))
		h.Write(bytesOf(e.x[first*e.p1 : last*e.p1]))
		for f := range e.folds {
			h.Write(bytesOf(e.sums[f][first:last]))
			if e.p2 > 0 {
				h.Write(bytesOf(e.others[(f*len(e.all)+first)*e.p2 : (f*len(e.all)+last)*e.p2]))
			}
		}
		from = to
	}
	sum := h.Sum128().Bytes()
	return hex.EncodeToString(sum[:])
}

// bytesOf are the bytes of numbers as they lie in memory: for a hash that is
// compared with hashes of the same machine only.
func bytesOf[V int32 | float64 | foldSum](values []V) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(values))), len(values)*int(unsafe.Sizeof(values[0])))
}

// knownFits returns the rows of difficulty.coefficient that the run in use
// holds, by what they were fitted from; none where a build has no such run.
func knownFits(ctx context.Context, conn *sql.Conn) (map[string][]fittedRow, error) {
	var has bool
	if err := conn.QueryRowContext(ctx, "select count(*) > 0 from duckdb_columns() where database_name = 'previous' and schema_name = 'difficulty' and table_name = 'coefficient' and column_name = 'inputs'").Scan(&has); err != nil || !has {
		return nil, err
	}
	known := map[string][]fittedRow{}
	err := readRows(ctx, conn, "select "+daysOf("period")+", fold, constant, b, b_others, ridge, inputs from previous.difficulty.coefficient order by period, fold", func(v []driver.Value) error {
		inputs := v[6].(string)
		known[inputs] = append(known[inputs], fittedRow{int32(v[0].(int64)), v[1].(int32), v[2].(float64), asFloats(v[3]), asFloats(v[4]), v[5].(float64), inputs})
		return nil
	})
	return known, err
}

// market is what the fit reads: a row for each cell and month, cell after
// cell, with its drivers and the sums of each fold. Numbers of a kind lie in
// one slice, row after row.
type market struct {
	folds         []int32
	p1, p2        int       // drivers of the market, and from others
	from          int32     // the first day, since 1970
	monthOf       []int32   // of each day from it, 0 for the first
	first, months int32     // the first month, since 1970, and how many a cell has
	isKnown       []bool    // whether a row has drivers
	x             []float64 // p1 a row
	others        []float64 // p2 a fold and row, told by everybody but the fold; 0 where there are none

	people, places []string // of a person and cell that met
	at             []where  // where their sums are
	observed       []column // month as days, person and cell as their number, sales, exposure, sold, deals

	sums [][]foldSum // by fold and row
	all  []foldSum   // of all folds, one a row
}

// foldSum are a fold's sales and exposure in a cell and month.
type foldSum struct{ y, n float64 }

// where a person's sums of a cell are: the fold's place among folds, and the
// row of the cell's first month; -1 for a cell without drivers.
type where struct{ fold, row int32 }

// period is one evaluation.
type period struct {
	day    int32             // since 1970, of the month that it ends with
	weight map[int32]float64 // by month since 1970
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

// numberCells is the start of queries that name a cell by its place in the
// order of ids. Texts would cost more to hand over than the sums beside them.
const numberCells = "with cell as (select cell_id, row_number() over (order by cell_id) - 1 as number from (select distinct cell_id from difficulty.feature))\n"

// numberPairs makes a number of a person and cell that met.
const numberPairs = "create or replace temp table market_pair as\n" + numberCells + `,
pair as (
    select rep_id, cell_id, min(fold) as fold
    from difficulty.observation
    group by rep_id, cell_id
)
select
    cast(row_number() over (order by rep_id, cell_id) - 1 as integer) as pair,
    rep_id,
    cell_id,
    cast(coalesce(cell.number, -1) as integer) as cell,
    pair.fold as fold,
from pair
left join cell using (cell_id)`

// readMarket reads the observations and drivers, each once.
func readMarket(ctx context.Context, conn *sql.Conn) (*market, error) {
	in := &market{}
	// a list costs twice as much to hand over as its numbers do
	var shortest, longest int
	if err := conn.QueryRowContext(ctx, "select coalesce(min(len(x)), 0), coalesce(max(len(x)), 0) from difficulty.feature").Scan(&shortest, &longest); err != nil {
		return nil, err
	}
	if shortest != longest {
		return nil, fmt.Errorf("difficulty.feature has lists of %d to %d drivers: all cells must have the same ones", shortest, longest)
	}
	var list strings.Builder
	for j := range longest {
		fmt.Fprintf(&list, ", x[%d]", j+1)
	}
	feature, err := readColumns(ctx, conn, numberCells+"select month, cell.number::integer"+list.String()+" from difficulty.feature join cell using (cell_id)")
	if err != nil {
		return nil, err
	}
	days, cells, x := feature[0].whole, feature[1].whole, feature[2:]
	if len(days) == 0 {
		return in, nil
	}
	in.from = slices.Min(days)
	last := slices.Max(days)
	in.monthOf = make([]int32, last-in.from+1)
	for d := range in.monthOf {
		in.monthOf[d] = monthNumber(in.from+int32(d)) - monthNumber(in.from)
	}
	in.first, in.months = monthNumber(in.from), in.monthOf[last-in.from]+1
	n := int((slices.Max(cells) + 1) * in.months)
	in.isKnown, in.p1 = make([]bool, n), longest
	in.x = make([]float64, n*in.p1)
	for k, day := range days {
		i := in.row(day, cells[k])
		in.isKnown[i] = true
		for j := range x {
			in.x[i*in.p1+j] = x[j].floating[k]
		}
	}
	if err := in.observe(ctx, conn); err != nil {
		return nil, err
	}
	told, err := readColumns(ctx, conn, numberCells+"select month, cell.number::integer, fold, x from difficulty.feature_others join cell using (cell_id)")
	if err != nil || len(told[0].whole) == 0 {
		return in, err
	}
	others := told[3]
	in.p2 = others.width
	in.others = make([]float64, len(in.folds)*n*in.p2)
	for k, day := range told[0].whole {
		i, f := in.row(day, told[1].whole[k]), slices.Index(in.folds, told[2].whole[k])
		if i >= 0 && f >= 0 {
			copy(in.othersAt(f, i), others.floating[k*in.p2:(k+1)*in.p2])
		}
	}
	return in, nil
}

// observe reads the observations and sums them by fold.
func (in *market) observe(ctx context.Context, conn *sql.Conn) error {
	if err := execute(ctx, conn, numberPairs); err != nil {
		return err
	}
	pairs, err := readColumns(ctx, conn, "select rep_id::varchar, cell_id::varchar, cell, fold from market_pair order by pair")
	if err != nil {
		return err
	}
	in.people, in.places = pairs[0].text, pairs[1].text
	for _, f := range pairs[3].whole {
		if !slices.Contains(in.folds, f) {
			in.folds = append(in.folds, f)
		}
	}
	slices.Sort(in.folds)
	in.at = make([]where, len(in.people))
	for k, f := range pairs[3].whole {
		in.at[k] = where{int32(slices.Index(in.folds, f)), max(-1, pairs[2].whole[k]*in.months)}
	}
	in.observed, err = readColumns(ctx, conn, "select month, pair, sales, exposure, sold, n_deals from difficulty.observation join market_pair using (rep_id, cell_id)")
	if err != nil {
		return err
	}
	n := len(in.isKnown)
	in.sums, in.all = make([][]foldSum, len(in.folds)), make([]foldSum, n)
	days, pair, sales, exposure := in.observed[0].whole, in.observed[1].whole, in.observed[2], in.observed[3]
	err = shared(len(in.folds), func(isMine []bool) error {
		for f, mine := range isMine {
			if mine {
				in.sums[f] = make([]foldSum, n)
				clear(in.sums[f]) // memory that is read before it is written is given twice, at several times the cost
			}
		}
		for k, p := range pair {
			at := in.at[p]
			if !isMine[at.fold] {
				continue
			}
			day := days[k] - in.from
			if at.row < 0 || uint32(day) >= uint32(len(in.monthOf)) || !in.isKnown[at.row+in.monthOf[day]] {
				return fmt.Errorf("difficulty.feature lacks cell %s, where people worked, on %s", in.places[p], dayOf(days[k]).Format(time.DateOnly))
			}
			s := &in.sums[at.fold][at.row+in.monthOf[day]]
			s.y += sales.floating[k]
			s.n += exposure.floating[k]
		}
		return nil
	})
	if err != nil {
		return err
	}
	inParts(n, func(from, to int) {
		for _, sums := range in.sums {
			for i := from; i < to; i++ {
				s := &sums[i]
				s.y, s.n = s.y/sales.unit, s.n/exposure.unit
				in.all[i].y += s.y
				in.all[i].n += s.n
			}
		}
	})
	return execute(ctx, conn, "drop table market_pair")
}

// shared calls do once for each processor, at the same time, with which of n
// things are its own: whatever is added up for one thing is added up by one
// processor, in one order.
func shared(n int, do func(isMine []bool) error) error {
	workers := max(1, min(n, runtime.GOMAXPROCS(0)))
	errs := make([]error, workers)
	var wait sync.WaitGroup
	for w := range workers {
		isMine := make([]bool, n)
		for i := w; i < n; i += workers {
			isMine[i] = true
		}
		wait.Go(func() { errs[w] = do(isMine) })
	}
	wait.Wait()
	return errors.Join(errs...)
}

// inParts calls do for equal parts of n things, one for each processor.
func inParts(n int, do func(from, to int)) {
	var wait sync.WaitGroup
	parts := runtime.GOMAXPROCS(0)
	for p := range parts {
		wait.Go(func() { do(p*n/parts, (p+1)*n/parts) })
	}
	wait.Wait()
}

// row is where a cell and month are kept; -1 outside of all drivers.
func (in *market) row(day, cell int32) int {
	if day -= in.from; day < 0 || int(day) >= len(in.monthOf) {
		return -1
	}
	return int(cell*in.months + in.monthOf[day])
}

// month is the month of a row, since 1970.
func (in *market) month(row int) int32 { return in.first + int32(row)%in.months }

// daysOf is SQL for the days of a date since 1970.
func daysOf(date string) string { return "(" + date + " - date '1970-01-01')" }

// dayOf is the day that many days after 1970 began.
func dayOf(day int32) time.Time { return time.Unix(int64(day)*24*60*60, 0).UTC() }

// monthNumber counts months since 1970.
func monthNumber(day int32) int32 {
	t := dayOf(day)
	return int32(t.Year()-1970)*12 + int32(t.Month()) - 1
}

// othersAt are the drivers that everybody but a fold tells of a row.
func (in *market) othersAt(fold, row int) []float64 {
	at := (fold*len(in.isKnown) + row) * in.p2
	return in.others[at : at+in.p2]
}

// sumMarket adds up, for each evaluation, person and cell, what was sold and
// what an average person would be expected to sell by the market's drivers,
// and writes difficulty.rep_market: expected = sum of exposure x
// exp(constant + drivers x coefficients), with the coefficients of the fit that
// never saw the person's fold; scatter = sum of sales^2 / expected, from which
// the dispersion follows without a second look at the months. SQL could do it,
// but would carry the lists of drivers through a join to every observation, a
// third of an evaluation; here both are at hand from the fit. Sums are in whole
// multiples of a power of two, under 1e-11 of a usual month's sales: they are
// the same in any order of the rows.
func sumMarket(ctx context.Context, conn *sql.Conn) error {
	in, is := take[*market](ctx, "market")
	if !is {
		var err error
		if in, err = readMarket(ctx, conn); err != nil {
			return err
		}
	}
	periods, err := readPeriods(ctx, conn)
	if err != nil {
		return err
	}
	fits := map[int32][]*coefficients{} // by evaluation and fold
	err = readRows(ctx, conn, "select "+daysOf("period")+", fold, constant, b, b_others from difficulty.coefficient", func(v []driver.Value) error {
		period := int32(v[0].(int64))
		if fits[period] == nil {
			fits[period] = make([]*coefficients, len(in.folds))
		}
		if f := slices.Index(in.folds, v[1].(int32)); f >= 0 {
			fits[period][f] = &coefficients{v[2].(float64), asFloats(v[3]), asFloats(v[4])}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return fillTable(ctx, conn, "difficulty.rep_market", func(write func(marketRow) bool) {
		if len(in.people) == 0 {
			return
		}
		sold, sales, anchor := in.observed[4].unit, in.observed[2].unit, in.anchor()
		for _, p := range periods {
			if fits[p.day] == nil {
				continue
			}
			for pair, s := range in.sumPairs(p, fits[p.day], anchor) {
				if s.months > 0 && !write(marketRow{p.day, in.people[pair], in.places[pair], s.sold / sold, s.sales / sales, s.expected, s.scatter, s.deals, s.months}) {
					return
				}
			}
		}
	})
}

// marketRow is a row of difficulty.rep_market.
type marketRow struct {
	Period   int32   `parquet:"period,date"`
	RepID    string  `parquet:"rep_id"`
	CellID   string  `parquet:"cell_id"`
	Sold     float64 `parquet:"sold"`
	Sales    float64 `parquet:"sales"`
	Expected float64 `parquet:"expected"`
	Scatter  float64 `parquet:"scatter"`
	NDeals   int64   `parquet:"n_deals"`
	NMonths  int64   `parquet:"n_months"`
}

// sumPairs adds up the months that an evaluation sees, for each person and
// cell that met; money in its last digit. See sumMarket for the anchor.
func (in *market) sumPairs(p period, fits []*coefficients, anchor float64) []marketSum {
	days, pairs, sales, exposure, sold, deals := in.observed[0].whole, in.observed[1].whole, in.observed[2], in.observed[3], in.observed[4], in.observed[5].whole
	isSeen := make([]bool, len(in.monthOf)) // by day
	for day, m := range in.monthOf {
		isSeen[day] = p.weight[in.first+m] > 0
	}
	base, near := in.nearFits(fits)
	var mu sync.Mutex
	var all []marketSum
	inParts(len(pairs), func(from, to int) {
		sums := make([]marketSum, len(in.people))
		for k := from; k < to; {
			pair := pairs[k]
			at, sum := in.at[pair], marketSum{}
			c := near[at.fold]
			for ; k < to && pairs[k] == pair; k++ { // months of a person and cell mostly follow each other
				day := days[k] - in.from
				if c == nil || !isSeen[day] || exposure.floating[k] <= 0 {
					continue
				}
				i := int(at.row + in.monthOf[day])
				u := c.constant
				for j, x := range in.x[i*in.p1:][:len(c.b)] {
					u += c.b[j] * x
				}
				if in.p2 > 0 {
					for j, x := range in.othersAt(int(at.fold), i) {
						u += c.others[j] * x
					}
				}
				expected := float64(exposure.floating[k] / exposure.unit * base[i] * stat.Exp(u))
				y := sales.floating[k] / sales.unit
				sum.add(marketSum{sold.floating[k], sales.floating[k], expected + anchor - anchor, float64(y*y/expected) + anchor - anchor, int64(deals[k]), 1})
			}
			sums[pair].add(sum)
		}
		mu.Lock()
		defer mu.Unlock()
		if all == nil {
			all = sums
			return
		}
		for pair := range sums {
			all[pair].add(sums[pair])
		}
	})
	return all
}

// coefficients are those of one fit: of the drivers, and of those from others.
type coefficients struct {
	constant  float64
	b, others []float64
}

// nearFits returns what the drivers promise by the first fit, one a row, and
// how far each fit is from that one. Fits that leave out one fold each are so
// near to each other that the exponential of the rest is a short series.
func (in *market) nearFits(fits []*coefficients) (base []float64, near []*coefficients) {
	near = make([]*coefficients, len(fits))
	var first *coefficients
	for f, c := range fits {
		if c == nil {
			continue
		}
		if first == nil {
			first = c
		}
		near[f] = &coefficients{c.constant - first.constant, slices.Clone(c.b), c.others}
		for j, b := range first.b {
			near[f].b[j] -= b
		}
	}
	base = make([]float64, len(in.isKnown))
	inParts(len(base), func(from, to int) {
		for i := from; i < to; i++ {
			u := first.constant
			for j, x := range in.x[i*in.p1:][:len(first.b)] {
				u += first.b[j] * x
			}
			base[i] = math.Exp(u)
		}
	})
	return base, near
}

// marketSum is what is added up for a row of difficulty.rep_market.
type marketSum struct {
	sold, sales, expected, scatter float64
	deals, months                  int64
}

func (s *marketSum) add(o marketSum) {
	s.sold, s.sales, s.expected, s.scatter = s.sold+o.sold, s.sales+o.sales, s.expected+o.expected, s.scatter+o.scatter
	s.deals, s.months = s.deals+o.deals, s.months+o.months
}

// anchor is a number large enough that adding and taking it away again rounds
// a usual month's sales to about 1e-11 of them.
func (in *market) anchor() float64 {
	sales, exposure := in.observed[2], in.observed[3].floating
	var sum, n float64
	for k, y := range sales.floating {
		if exposure[k] > 0 {
			sum, n = sum+math.Abs(y), n+1
		}
	}
	return 1.5 * math.Pow(2, 14+math.Ceil(math.Log2(math.Max(sum/n/sales.unit, 1e-9))))
}

func readPeriods(ctx context.Context, conn *sql.Conn) ([]period, error) {
	var out []period
	err := readRows(ctx, conn, "select "+daysOf("period")+", list(date_diff('month', date '1970-01-01', month)), list(weight::double) from difficulty.period_month group by period order by period", func(v []driver.Value) error {
		p := period{day: int32(v[0].(int64)), weight: map[int32]float64{}}
		for i, month := range v[1].([]any) {
			p.weight[int32(month.(int64))] = v[2].([]any)[i].(float64)
		}
		out = append(out, p)
		return nil
	})
	return out, err
}

// evaluation is the market as one evaluation sees it.
type evaluation struct {
	*market
	period int32
	rows   []int     // of the market, where anybody worked
	weight []float64 // one a row of these
	same   *design   // drivers of every fold, where none are told by others
}

func (in *market) evaluation(p period) *evaluation {
	e := &evaluation{market: in, period: p.day, rows: make([]int, 0, len(in.all)), weight: make([]float64, 0, len(in.all))}
	weight := make([]float64, in.months) // of each month of a cell
	for m := range weight {
		weight[m] = p.weight[in.first+int32(m)]
	}
	for from := 0; from < len(in.all); from += len(weight) {
		for m, w := range weight {
			if i := from + m; w > 0 && in.all[i].n > 0 {
				e.rows = append(e.rows, i)
				e.weight = append(e.weight, w)
			}
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
		if slices.ContainsFunc(e.rows, func(i int) bool { return e.sums[f][i].n > 0 }) {
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
	room := make([]float64, 4*len(e.rows))
	tries[0], start, errs[0] = e.tryRidges(0, nil, room)
	folds := make(chan int, nf)
	for f := 1; f < nf; f++ {
		folds <- f
	}
	close(folds)
	var wait sync.WaitGroup
	for w := range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			room := room
			if w > 0 {
				room = make([]float64, len(room))
			}
			for f := range folds {
				tries[f], _, errs[f] = e.tryRidges(f, start, room)
			}
		})
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

// tryRidges fits without the fold, with each ridge. room is for four numbers a
// row.
func (e *evaluation) tryRidges(f int, start *stat.PoissonStart, room []float64) ([]try, *stat.PoissonStart, error) {
	x := e.same
	if x == nil {
		x = e.standardised(f)
	}
	part := func(k int) []float64 { return room[k*len(e.rows) : (k+1)*len(e.rows)] }
	train := stat.PoissonData{Y: part(0), N: part(1), X: x.x, P: len(x.used)}
	test := stat.PoissonData{Y: part(2), N: part(3), X: x.x, P: len(x.used)}
	for k, i := range e.rows {
		w, fold, all := e.weight[k], e.sums[f][i], e.all[i]
		train.Y[k], train.N[k] = w*max(all.y-fold.y, 0), w*(all.n-fold.n)
		test.Y[k], test.N[k] = w*max(fold.y, 0), w*fold.n
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
	p, n := e.p1+e.p2, len(e.rows)
	raw := make([]float64, n*p)
	inParts(n, func(from, to int) {
		for k := from; k < to; k++ {
			row := raw[k*p : (k+1)*p]
			copy(row, e.x[e.rows[k]*e.p1:(e.rows[k]+1)*e.p1])
			copy(row[e.p1:], e.othersAt(fold, e.rows[k]))
		}
	})
	means, deviations := stat.Moments(raw, p)
	d := &design{}
	for j, sd := range deviations {
		if sd > 1e-9*math.Max(1, math.Abs(means[j])) {
			d.used, d.centre, d.scale = append(d.used, j), append(d.centre, means[j]), append(d.scale, sd)
		}
	}
	d.x = make([]float64, n*len(d.used))
	inParts(n, func(from, to int) {
		at := from * len(d.used)
		for i := from * p; i < to*p; i += p {
			for k, j := range d.used {
				d.x[at] = (raw[i+j] - d.centre[k]) / d.scale[k]
				at++
			}
		}
	})
	return d
}

// deviations are the rows of difficulty.deviation of one evaluation.
type deviations struct {
	day    int32 // the evaluation, in days since 1970
	people []string
	cells  int
	rows   []stat.Estimate
}

// readDeviations reads difficulty.deviation, an evaluation at a time, people in
// the order of their ids.
func readDeviations(ctx context.Context, conn *sql.Conn) ([]*deviations, error) {
	read, err := readColumns(ctx, conn, "select period, rep_id::varchar, cell_id::varchar, z, v from difficulty.deviation order by period, rep_id, cell_id")
	if err != nil {
		return nil, err
	}
	var out []*deviations
	var d *deviations
	var places map[string]int
	day, people, cells, z, v := read[0].whole, read[1].text, read[2].text, read[3].floating, read[4].floating
	for k, rep := range people {
		if d == nil || d.day != day[k] {
			d, places = &deviations{day: day[k]}, map[string]int{}
			out = append(out, d)
		}
		if n := len(d.people); n == 0 || d.people[n-1] != rep {
			d.people = append(d.people, rep)
		}
		place, known := places[cells[k]]
		if !known {
			place = len(places)
			places[cells[k]] = place
		}
		d.cells = len(places)
		d.rows = append(d.rows, stat.Estimate{Person: len(d.people) - 1, Place: place, Z: z[k], V: v[k]})
	}
	return out, nil
}

// auditIndex runs the crossed model over difficulty.deviation and writes
// difficulty.audit: it ranks better than the paid index because people who
// moved tell skill from place, but it lets a person's own sales into his
// expectation, so it is shown and never paid.
func auditIndex(ctx context.Context, conn *sql.Conn) error {
	var err error
	all, is := take[[]*deviations](ctx, "deviations")
	if !is {
		if all, err = readDeviations(ctx, conn); err != nil {
			return err
		}
	}
	type components struct{ skill, cell float64 }
	variance := map[int32]components{}
	err = readRows(ctx, conn, "select "+daysOf("period")+", skill_variance, cell_variance from difficulty.variance", func(v []driver.Value) error {
		variance[int32(v[0].(int64))] = components{v[1].(float64), v[2].(float64)}
		return nil
	})
	if err != nil {
		return err
	}
	return fillTable(ctx, conn, "difficulty.audit", func(write func(auditRow) bool) {
		for _, d := range all {
			v := variance[d.day]
			_, person, _ := stat.Crossed(d.rows, len(d.people), d.cells, v.skill, v.cell, 15)
			for i, rep := range d.people {
				if !write(auditRow{rep, d.day, significant(person[i])}) {
					return
				}
			}
		}
	})
}

// auditRow is a row of difficulty.audit.
type auditRow struct {
	RepID  string  `parquet:"rep_id"`
	Month  int32   `parquet:"month,date"`
	Effect float64 `parquet:"effect"`
}

// connectMarkets finds, for each evaluation, the largest set of cells that
// people connect by working in several, and writes difficulty.component.
func connectMarkets(ctx context.Context, conn *sql.Conn) error {
	all, err := readDeviations(ctx, conn)
	if err != nil {
		return err
	}
	leave(ctx, "deviations", all)
	var rows []componentRow
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
		rows = append(rows, componentRow{d.day, float64(largest) / float64(len(d.people)), int32(len(people))})
	}
	return fillTable(ctx, conn, "difficulty.component", slices.Values(rows))
}

// componentRow is a row of difficulty.component.
type componentRow struct {
	Period       int32   `parquet:"period,date"`
	LargestShare float64 `parquet:"largest_share"`
	NComponents  int32   `parquet:"n_components"`
}

// kernel are the relations from the observations of an evaluation to the
// index, in their order: what a run makes between drivers and the judgement of
// a month.
var kernel = []string{"period_month", "coefficient", "rep_market", "dispersion", "deviation", "variance", "evidence",
	"cell_effect", "expected_sales", "component", "rep_index", "audit", "gate"}

// Evaluate makes the relations of difficulty from period_month to audit, with the
// SQL, the steps and the workers that a run uses, in a database that holds the
// macros fold_of and exact_sum, and difficulty.observation, feature,
// feature_others and period. It returns how long each relation took, in the
// order in which they were made; several are made at a time.
func Evaluate(ctx context.Context, db *sql.DB, models fs.FS) (times []ModelTime, err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	var tasks []*task
	of := map[string]*task{}
	for _, name := range kernel {
		write, reads, err := kernelModel(ctx, conn, models, name)
		if err != nil {
			return nil, err
		}
		t := &task{what: "difficulty." + name, after: waitsFor(reads, of, nil)}
		t.do = func(ctx context.Context, w *worker) (int64, error) {
			if err := write(ctx, w.conn); err != nil {
				return 0, fmt.Errorf("%s: %w", t.what, err)
			}
			return 0, nil
		}
		of[t.what] = t
		tasks = append(tasks, t)
	}
	b := &build{db: db}
	return times, b.work(ctx, tasks, func(what string, _ int64, took time.Duration) {
		times = append(times, ModelTime{Relation: what, Took: took})
	})
}

// kernelModel returns how a relation of the kernel is made, and what it reads.
func kernelModel(ctx context.Context, conn *sql.Conn, models fs.FS, name string) (write step, reads []string, err error) {
	relation := "difficulty." + name
	meaning, err := fs.ReadFile(models, "difficulty/"+name+".yaml")
	if err != nil {
		return nil, nil, err
	}
	twin, err := parseTwin("sql/difficulty/"+name+".yaml", "difficulty", meaning)
	if err != nil {
		return nil, nil, err
	}
	if step := steps[relation]; step != nil {
		return step, twin.Reads, nil
	}
	text, err := fs.ReadFile(models, "difficulty/"+name+".sql")
	if err != nil {
		return nil, nil, err
	}
	if reads, err = parseReads(ctx, conn, string(text)); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", relation, err)
	}
	kind := "table"
	if twin.isView() {
		kind = "view"
	}
	return func(ctx context.Context, conn *sql.Conn) error {
		return execute(ctx, conn, "create or replace "+kind+" "+relation+" as\n"+string(text))
	}, reads, nil
}
