package chart

import (
	"math"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// XY is a point of a line over numbers.
type XY struct{ X, Y float64 }

// CliffWords names the parts of a cliff's chart.
type CliffWords struct{ Pay, Before, After string }

// Cliff draws pay along one figure, with the two sides of a jump marked. Axis
// and tip are number formats of the figure.
func Cliff(line []XY, before, after XY, axis string, words CliffWords) Option {
	x, y := valueAxis(axis), valueAxis("@money")
	x.Scale, y.SplitNumber = yes(), 4
	x.SplitNumber = 5
	if n := len(line); n > 0 {
		x.Min, x.Max = line[0].X, line[n-1].X
	}
	points := make([]any, len(line))
	for i, p := range line {
		points[i] = []float64{Round(p.X, 6), Round(p.Y, 2)}
	}
	mark := func(name string, p XY, color string) Series {
		return Series{SingleSeries: charts.SingleSeries{
			Type: "line", Name: name, Symbol: "circle", SymbolSize: 9, Data: []any{[]float64{Round(p.X, 6), Round(p.Y, 2)}},
			ItemStyle: fill(color),
		}, Z: 6}
	}
	end := "$below"
	if after.Y > before.Y {
		end = "$above"
	}
	if math.IsNaN(before.Y) || math.IsNaN(after.Y) {
		end = "$c-ref"
	}
	return Option{
		Grid:    []opts.Grid{{Left: "4", Right: "20", Top: "16", Bottom: "4", ContainLabel: yes()}},
		Tooltip: &Tooltip{opts.Tooltip{Trigger: "item", ValueFormatter: types.FuncStr("@n2")}},
		XAxis:   []Axis{x}, YAxis: []Axis{y},
		Series: []Series{
			{SingleSeries: charts.SingleSeries{
				Type: "line", Name: words.Pay, Symbol: "none", Data: points,
				LineStyle: &opts.LineStyle{Color: "$c-now", Width: 1.6}, ItemStyle: fill("$c-now"),
			}, Z: 4},
			mark(words.Before, before, "$c-ref"), mark(words.After, after, end),
		},
	}
}
