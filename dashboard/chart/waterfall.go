package chart

import (
	"math"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// Step is one bar of a waterfall.
type Step struct {
	Name  string
	Value float64 // change; of a total, the level
	Text  string  // Value as printed
	Total bool    // drawn from 0 in ink
	Plain bool    // neither favourable nor unfavourable: grey
}

// Waterfall draws steps from left to right, one a line, each starting where
// the one above ended. Totals stand on 0.
func Waterfall(steps []Step, format string) Option {
	n := len(steps)
	names := make([]string, n)
	base := make([]any, n)
	series := map[string][]any{}
	kinds := []string{"$above", "$below", "$c-ref", "$c-now"}
	for _, k := range kinds {
		series[k] = make([]any, n)
		for i := range n {
			series[k][i] = "-"
		}
	}
	// ECharts stacks negative parts apart from positive ones, so a bar that
	// crosses 0 is drawn as two.
	below := make([]any, n)
	crossing := map[string][]any{}
	at, lo, hi := 0.0, 0.0, 0.0
	for i, s := range steps {
		names[i] = s.Name
		from, to := at, at+s.Value
		if s.Total {
			from, to = 0, s.Value
		}
		at = to
		lo, hi = math.Min(lo, math.Min(from, to)), math.Max(hi, math.Max(from, to))
		kind := "$above"
		switch {
		case s.Total:
			kind = "$c-now"
		case s.Plain:
			kind = "$c-ref"
		case s.Value < 0:
			kind = "$below"
		}
		left, right := math.Min(from, to), math.Max(from, to)
		label := valueLabel(s.Text, "right", s.Total)
		base[i], below[i] = 0.0, 0.0
		switch {
		case left >= 0:
			base[i] = Round(left, 2)
			series[kind][i] = Item{Value: Round(right-left, 2), Label: label}
		case right <= 0:
			below[i] = Round(right, 2)
			series[kind][i] = Item{Value: Round(left-right, 2), Label: label}
		default:
			series[kind][i] = Item{Value: Round(right, 2), Label: label}
			if crossing[kind] == nil {
				crossing[kind] = make([]any, n)
				for j := range n {
					crossing[kind][j] = "-"
				}
			}
			crossing[kind][i] = Round(left, 2)
		}
	}
	x := valueAxis(format)
	span := hi - lo
	room := span * .18 // labels stand beyond the bars
	min, max, step := niceBounds(lo, hi+room, 5)
	x.Min, x.Max, x.Interval = min, max, step
	y := categoryAxis(names)
	y.Inverse = yes()
	y.AxisLabel.Color, y.AxisLabel.FontSize = "$ink", 13
	y.AxisLine.OnZero = no()
	o := Option{
		Grid:  []opts.Grid{{Left: "4", Right: "24", Top: "4", Bottom: "4", ContainLabel: yes()}},
		XAxis: []Axis{x}, YAxis: []Axis{y},
		Series: []Series{
			{SingleSeries: charts.SingleSeries{Type: "bar", Stack: "steps", BarWidth: "18", ItemStyle: fill("transparent"), Data: base}, Silent: true},
			{SingleSeries: charts.SingleSeries{Type: "bar", Stack: "steps", ItemStyle: fill("transparent"), Data: below}, Silent: true},
		},
		Media: []MediaOption{{MediaQuery{440}, map[string]any{"xAxis": []any{map[string]any{"interval": step * 2}}}}},
	}
	for _, kind := range kinds {
		o.Series = append(o.Series, Series{SingleSeries: charts.SingleSeries{Type: "bar", Stack: "steps", ItemStyle: fill(kind), Data: series[kind]}})
		if crossing[kind] != nil {
			o.Series = append(o.Series, Series{SingleSeries: charts.SingleSeries{Type: "bar", Stack: "steps", ItemStyle: fill(kind), Data: crossing[kind]}})
		}
	}
	return o
}
