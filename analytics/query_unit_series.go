package analytics

import (
	"context"
	"math"
	"time"
)

// Point is one month of an indicator of a unit. Changes of amounts and counts
// are shares of the value before, all others differences. Usual variations are
// standard deviations over the 12 months before, nil with fewer than 6 of them.
type Point struct {
	UnitKind    string    `db:"unit_kind"`
	UnitID      string    `db:"unit_id"`
	Indicator   string    `db:"indicator"`
	Month       time.Time `db:"month"`
	Numerator   *float64  `db:"numerator"`
	Denominator *float64  `db:"denominator"`
	Value       *float64  `db:"value"`
	Prev        *float64  `db:"prev_value"` // the month before
	PrevChange  *float64  `db:"prev_change"`
	PrevUsual   *float64  `db:"prev_usual"`
	Year        *float64  `db:"year_value"` // the same month a year before
	YearChange  *float64  `db:"year_change"`
	YearUsual   *float64  `db:"year_usual"`
	ValueUsual  *float64  `db:"value_usual"`
}

// News returns how many times its usual variation a change is, with its sign;
// 0 where either is missing. Beyond 2 a change is worth a colour.
func News(change, usual *float64) float64 {
	if change == nil || usual == nil || *usual <= 0 {
		return 0
	}
	return *change / *usual
}

// IsNews reports whether a change lies outside its own 12-month variation.
func IsNews(change, usual *float64) bool { return math.Abs(News(change, usual)) > 2 }

// Series is the 13 months of one indicator of one unit, oldest first; a month
// without a row is a Point with nothing but its month.
type Series []Point

// Last returns the month asked for.
func (s Series) Last() Point {
	if len(s) == 0 {
		return Point{}
	}
	return s[len(s)-1]
}

// Values returns the values of the last n months, nil where there is none.
func (s Series) Values(n int) []*float64 {
	var values []*float64
	for _, p := range s[max(0, len(s)-n):] {
		values = append(values, p.Value)
	}
	return values
}

// SeriesSet holds series by unit id and indicator.
type SeriesSet map[string]map[string]Series

// Of returns the series of a unit's indicator; nil where the run has no row.
func (s SeriesSet) Of(unit, indicator string) Series { return s[unit][indicator] }

// UnitSeries returns indicators of the units of a kind for the 13 months up to
// month; unit and region limit the units unless they are "", and indicators,
// if any are named, what is returned of each.
func (r *Run) UnitSeries(ctx context.Context, scope Scope, kind, unit, region string, month time.Time, indicators ...string) (SeriesSet, error) {
	units := []string{}
	if unit != "" {
		units = []string{unit}
	}
	points, err := r.points(ctx, scope, kind, units, region, month, 13, indicators...)
	return seriesOf(points, month, 13), err
}

// SeriesOf is UnitSeries of the units named.
func (r *Run) SeriesOf(ctx context.Context, scope Scope, kind string, units []string, month time.Time, indicators ...string) (SeriesSet, error) {
	points, err := r.points(ctx, scope, kind, units, "", month, 13, indicators...)
	return seriesOf(points, month, 13), err
}

func monthsBetween(from, to time.Time) int {
	return (to.Year()-from.Year())*12 + int(to.Month()) - int(from.Month())
}

// UnitMonth returns indicators of the units of a kind in one month, as series
// of that month alone; region limits the units unless it is "".
func (r *Run) UnitMonth(ctx context.Context, scope Scope, kind, region string, month time.Time, indicators ...string) (SeriesSet, error) {
	points, err := r.points(ctx, scope, kind, []string{}, region, month, 1, indicators...)
	return lastOf(points), err
}

// PersonMonth is UnitMonth of people with values alone: changes and usual
// variations of its Points are nil. Indicators must be named.
func (r *Run) PersonMonth(ctx context.Context, scope Scope, region string, month time.Time, indicators ...string) (SeriesSet, error) {
	type row struct {
		RepID       string   `db:"unit_id"`
		Indicator   string   `db:"indicator"`
		Numerator   *float64 `db:"numerator"`
		Denominator *float64 `db:"denominator"`
		Value       *float64 `db:"value"`
		Prev        *float64 `db:"prev_value"`
		Year        *float64 `db:"year_value"`
	}
	rows, err := collect[row](ctx, r, "person_month", scope, map[string]any{"region_id": region, "month": month, "indicators": indicators})
	points := make([]Point, len(rows))
	for i, v := range rows {
		points[i] = Point{UnitKind: "rep", UnitID: v.RepID, Indicator: v.Indicator, Month: month, Numerator: v.Numerator, Denominator: v.Denominator, Value: v.Value, Prev: v.Prev, Year: v.Year}
	}
	return lastOf(points), err
}

// PersonSeries returns the last n months up to month of people with nothing but
// values. Indicators must be named.
func (r *Run) PersonSeries(ctx context.Context, scope Scope, region string, month time.Time, n int, indicators ...string) (SeriesSet, error) {
	type row struct {
		RepID     string    `db:"unit_id"`
		Indicator string    `db:"indicator"`
		Month     time.Time `db:"month"`
		Value     *float64  `db:"value"`
	}
	rows, err := collect[row](ctx, r, "person_values", scope, map[string]any{"region_id": region, "month": month, "n_months": n, "indicators": indicators})
	points := make([]Point, len(rows))
	for i, v := range rows {
		points[i] = Point{UnitKind: "rep", UnitID: v.RepID, Indicator: v.Indicator, Month: v.Month, Value: v.Value}
	}
	return seriesOf(points, month, n), err
}

// lastOf makes series of one month.
func lastOf(points []Point) SeriesSet {
	set := SeriesSet{}
	for _, p := range points {
		if set[p.UnitID] == nil {
			set[p.UnitID] = map[string]Series{}
		}
		set[p.UnitID][p.Indicator] = Series{p}
	}
	return set
}

// seriesOf makes series of the n months up to month.
func seriesOf(points []Point, month time.Time, n int) SeriesSet {
	set := SeriesSet{}
	for _, p := range points {
		if set[p.UnitID] == nil {
			set[p.UnitID] = map[string]Series{}
		}
		s := set[p.UnitID][p.Indicator]
		if s == nil {
			s = make(Series, n)
			for i := range s {
				s[i] = Point{UnitKind: p.UnitKind, UnitID: p.UnitID, Indicator: p.Indicator, Month: month.AddDate(0, i+1-n, 0)}
			}
			set[p.UnitID][p.Indicator] = s
		}
		s[n-1-monthsBetween(p.Month, month)] = p
	}
	return set
}

// points returns the last months of indicators up to month: of units from what
// the run keeps, of people worked out.
func (r *Run) points(ctx context.Context, scope Scope, kind string, units []string, region string, month time.Time, months int, indicators ...string) ([]Point, error) {
	if indicators == nil {
		indicators = []string{}
	}
	panel := "unit_series"
	if kind == "rep" {
		panel = "person_series"
	}
	return collect[Point](ctx, r, panel, scope, map[string]any{
		"unit_kind": kind, "unit_ids": units, "region_id": region, "month": month, "n_months": months, "indicators": indicators,
	})
}
