package analytics

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/duckdb/duckdb-go/v2"

	"levelfield/analytics/stat"
)

// ridges are the penalties tried by cross-validation over folds of people.
var ridges = []float64{.1, 1, 10, 100}

// marketFit is step A's solution: for each fold of people the coefficients
// fitted without it, in the drivers' own units.
type marketFit struct {
	Lambda   float64
	Constant map[int32]float64
	Coef     map[int32][]float64
}

// fitMarket fits expected sales to the market's drivers (methods, step A):
// Poisson pseudo-likelihood with a ridge, cross-fitted over the folds of
// difficulty.cell_fold with the drivers of difficulty.feature, and writes
// difficulty.coefficient(fold, constant, b, ridge). SQL has made the sums;
// only the small solves happen here.
func fitMarket(ctx context.Context, conn *sql.Conn) error {
	cells, folds, err := readCells(ctx, conn)
	if err != nil {
		return err
	}
	if len(cells) == 0 {
		return errors.New("difficulty: no sales to fit")
	}
	fit, err := crossFit(cells, folds)
	if err != nil {
		return fmt.Errorf("difficulty, step A: %w", err)
	}
	return writeCoefficients(ctx, conn, fit, folds)
}

// cellMonth is one cell and month: its drivers and the sums of each fold.
type cellMonth struct {
	x    []float64
	y, n []float64 // one a fold
}

func readCells(ctx context.Context, conn *sql.Conn) ([]cellMonth, []int32, error) {
	var folds []int32
	rows, err := conn.QueryContext(ctx, "select distinct fold::integer as fold from difficulty.cell_fold order by fold")
	if err != nil {
		return nil, nil, err
	}
	for rows.Next() {
		var f int32
		if err := rows.Scan(&f); err != nil {
			return nil, nil, err
		}
		folds = append(folds, f)
	}
	if err := rows.Err(); err != nil {
		return nil, nil, err
	}
	rows, err = conn.QueryContext(ctx, `from difficulty.cell_fold join difficulty.feature using (cell_id, month)
select cell_id, month, fold::integer as fold, sales::double as sales, exposure::double as exposure, x order by cell_id, month, fold`)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	var cells []cellMonth
	var lastCell, lastMonth any
	for rows.Next() {
		var cell, month any
		var fold int32
		var y, n float64
		var x duckdb.Composite[[]float64]
		if err := rows.Scan(&cell, &month, &fold, &y, &n, &x); err != nil {
			return nil, nil, err
		}
		if len(cells) == 0 || cell != lastCell || month != lastMonth {
			cells = append(cells, cellMonth{x: x.Get(), y: make([]float64, len(folds)), n: make([]float64, len(folds))})
			lastCell, lastMonth = cell, month
		}
		c := &cells[len(cells)-1]
		f, _ := slices.BinarySearch(folds, fold)
		c.y[f], c.n[f] = y, n
	}
	return cells, folds, rows.Err()
}

// crossFit chooses the ridge by the deviance on folds left out, then returns
// for every fold the coefficients fitted without it.
func crossFit(cells []cellMonth, folds []int32) (*marketFit, error) {
	centre, scale := standardise(cells)
	train := make([][]stat.PoissonRow, len(folds))
	test := make([][]stat.PoissonRow, len(folds))
	for f := range folds {
		for _, c := range cells {
			var y, n float64
			for g := range folds {
				if g != f || len(folds) == 1 {
					y, n = y+c.y[g], n+c.n[g]
				}
			}
			train[f] = append(train[f], stat.PoissonRow{Y: math.Max(y, 0), N: n, X: c.x})
			test[f] = append(test[f], stat.PoissonRow{Y: math.Max(c.y[f], 0), N: c.n[f], X: c.x})
		}
	}
	best := math.Inf(1)
	var fit *marketFit
	var starts = make([][]float64, len(folds))
	for _, lambda := range ridges {
		var deviance float64
		candidate := &marketFit{Lambda: lambda, Constant: map[int32]float64{}, Coef: map[int32][]float64{}}
		for f, fold := range folds {
			b, err := stat.PoissonRidge(train[f], lambda, starts[f])
			if err != nil {
				return nil, err
			}
			starts[f] = b
			deviance += stat.PoissonDeviance(test[f], b)
			constant, coef := b[0], make([]float64, len(centre))
			for j := range centre {
				if scale[j] > 0 {
					coef[j] = b[j+1] / scale[j]
				}
				constant -= coef[j] * centre[j]
			}
			candidate.Constant[fold], candidate.Coef[fold] = constant, coef
		}
		if deviance < best {
			best, fit = deviance, candidate
		}
	}
	return fit, nil
}

// standardise scales the drivers to mean 0 and standard deviation 1 in place;
// a driver that never varies becomes 0 and gets scale 0.
func standardise(cells []cellMonth) (centre, scale []float64) {
	p := len(cells[0].x)
	centre, scale = make([]float64, p), make([]float64, p)
	for j := range p {
		var s, ss float64
		for _, c := range cells {
			s += c.x[j]
		}
		centre[j] = s / float64(len(cells))
		for _, c := range cells {
			ss += (c.x[j] - centre[j]) * (c.x[j] - centre[j])
		}
		scale[j] = math.Sqrt(ss / float64(len(cells)))
		if scale[j] < 1e-12*math.Max(1, math.Abs(centre[j])) {
			scale[j] = 0
		}
	}
	for i := range cells {
		x := make([]float64, p)
		for j := range p {
			if scale[j] > 0 {
				x[j] = (cells[i].x[j] - centre[j]) / scale[j]
			}
		}
		cells[i].x = x
	}
	return centre, scale
}

func writeCoefficients(ctx context.Context, conn *sql.Conn, fit *marketFit, folds []int32) error {
	if _, err := conn.ExecContext(ctx, "create or replace table difficulty.coefficient (fold integer, constant double, b double[], ridge double)"); err != nil {
		return err
	}
	return conn.Raw(func(driverConn any) error {
		appender, err := duckdb.NewAppender(driverConn.(*duckdb.Conn), "", "difficulty", "coefficient")
		if err != nil {
			return err
		}
		for _, f := range folds {
			if err := appender.AppendRow(f, fit.Constant[f], fit.Coef[f], fit.Lambda); err != nil {
				return errors.Join(err, appender.Close())
			}
		}
		return appender.Close()
	})
}

// audit runs the crossed model (methods 1.4) over difficulty.deviation and
// writes difficulty.audit(rep_id, effect): it ranks better than the paid index
// because people who moved tell skill from place, but it lets a person's own
// sales into his expectation, so it is shown and never paid.
func audit(ctx context.Context, conn *sql.Conn) error {
	rows, err := conn.QueryContext(ctx, "select rep_id::varchar, cell_id::varchar, z, v from difficulty.deviation order by rep_id, cell_id")
	if err != nil {
		return err
	}
	defer rows.Close()
	people, places := map[string]int{}, map[string]int{}
	var names []string
	var data []stat.Estimate
	for rows.Next() {
		var rep, cell string
		var e stat.Estimate
		if err := rows.Scan(&rep, &cell, &e.Z, &e.V); err != nil {
			return err
		}
		if _, ok := people[rep]; !ok {
			people[rep] = len(people)
			names = append(names, rep)
		}
		if _, ok := places[cell]; !ok {
			places[cell] = len(places)
		}
		e.Person, e.Place = people[rep], places[cell]
		data = append(data, e)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	var skill, cell float64
	if err := conn.QueryRowContext(ctx, "select skill_variance, cell_variance from difficulty.variance").Scan(&skill, &cell); err != nil {
		return err
	}
	_, person, _ := stat.Crossed(data, len(people), len(places), skill, cell, 15)
	if _, err := conn.ExecContext(ctx, "create or replace table difficulty.audit (rep_id varchar, effect double)"); err != nil {
		return err
	}
	return conn.Raw(func(driverConn any) error {
		appender, err := duckdb.NewAppender(driverConn.(*duckdb.Conn), "", "difficulty", "audit")
		if err != nil {
			return err
		}
		for i, name := range names {
			if err := appender.AppendRow(name, person[i]); err != nil {
				return errors.Join(err, appender.Close())
			}
		}
		return appender.Close()
	})
}

// afterFit are the models of sql/difficulty that follow step A's fit, in
// reading order.
var afterFit = []string{"expected_market", "rep_market", "dispersion", "deviation", "variance", "cell_effect", "expected_sales", "rep_index"}

// Difficulty runs sql/difficulty and the fits between its models on a
// connection that already holds difficulty.observation (rep_id, cell_id,
// month, fold, sales, exposure) and difficulty.feature (cell_id, month, x: a
// list of drivers, the same length everywhere). It leaves one table a model.
func Difficulty(ctx context.Context, conn *sql.Conn, model func(name string) (string, error)) error {
	run := func(name string) error {
		text, err := model(name)
		if err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, "create or replace table difficulty."+name+" as\n"+text); err != nil {
			return fmt.Errorf("difficulty.%s: %w", name, err)
		}
		return nil
	}
	if err := run("cell_fold"); err != nil {
		return err
	}
	if err := fitMarket(ctx, conn); err != nil {
		return err
	}
	for _, name := range afterFit {
		if err := run(name); err != nil {
			return err
		}
	}
	return audit(ctx, conn)
}
