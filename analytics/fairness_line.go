package analytics

import (
	"context"
	"database/sql"
	"math"
	"sort"

	"levelfield/analytics/stat"
)

// linePoints is how many points a line and its band have.
const linePoints = 21

// fairnessLine fits the lines that the review's scatters show, with the 95 %
// band of the mean, and the means of fifths of people, which show a bend that
// a line hides: results and score on the coefficient (F3), sales on
// expectation inside people (F4), targets on expectation (F15).
func fairnessLine(ctx context.Context, conn *sql.Conn) error {
	people, err := reviewedPeople(ctx, conn)
	if err != nil {
		return err
	}
	var rows [][]any
	for _, m := range []struct {
		measure string
		of      func(reviewed) float64
	}{{"raw", func(p reviewed) float64 { return p.raw }}, {"adjusted", func(p reviewed) float64 { return p.adjusted }}, {"score", func(p reviewed) float64 { return p.score }}} {
		_, x := numbersOf(people, func(p reviewed) float64 { return p.d }, m.of)
		rows = append(rows, lineRows("F3", m.measure, x[0], x[1])...)
	}
	for _, q := range []struct{ item, measure, query string }{
		{"F4", "sales", "select ln_expected - avg(ln_expected) over (partition by rep_id), ln_sold - avg(ln_sold) over (partition by rep_id) from fairness.mover_cell order by rep_id, cell_id"},
		{"F15", "target", "select ln_expected, ln_target from fairness.target_gap order by rep_id"},
	} {
		var x, y []float64
		_, err := collectRows(ctx, conn, q.query, func(rows *sql.Rows) (none struct{}, err error) {
			var a, b float64
			err = rows.Scan(&a, &b)
			x, y = append(x, a), append(y, b)
			return none, err
		})
		if err != nil {
			return err
		}
		rows = append(rows, lineRows(q.item, q.measure, x, y)...)
	}
	return writeRows(ctx, conn, "fairness.line", "item varchar, measure varchar, kind varchar, x double, y double, low double, high double", rows)
}

// lineRows are the points of one line and of the means of fifths; none where
// the points are too few or x does not vary.
func lineRows(item, measure string, x, y []float64) (rows [][]any) {
	n := float64(len(x))
	fit, err := stat.FitSlope(x, y)
	if err != nil || len(x) < 10 {
		return nil
	}
	order := make([]int, len(x))
	m, sxx, rss := meanOf(x), 0.0, 0.0
	for i := range x {
		order[i] = i
		sxx += (x[i] - m) * (x[i] - m)
		e := y[i] - fit.Intercept - fit.Slope*x[i]
		rss += e * e
	}
	sort.SliceStable(order, func(a, b int) bool { return x[order[a]] < x[order[b]] })
	low, high := x[order[0]], x[order[len(order)-1]]
	t, s := stat.StudentQuantile(.95, n-2), math.Sqrt(rss/(n-2))
	for k := range linePoints {
		at := low + (high-low)*float64(k)/(linePoints-1)
		mid := fit.Intercept + fit.Slope*at
		half := t * s * math.Sqrt(1/n+(at-m)*(at-m)/sxx)
		rows = append(rows, []any{item, measure, "line", at, mid, mid - half, mid + half})
	}
	for k := range 5 {
		from, to := k*len(order)/5, (k+1)*len(order)/5
		var sx, sy float64
		for _, i := range order[from:to] {
			sx, sy = sx+x[i]/float64(to-from), sy+y[i]/float64(to-from)
		}
		rows = append(rows, []any{item, measure, "bin", sx, sy, math.NaN(), math.NaN()})
	}
	return rows
}
