package chart

import (
	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// Line draws a rate or an average by month: a line that need not start at 0,
// the year before dashed, the goal as a thin level. Years and goal may be nil.
// Axis and tip are number formats.
func Line(months []string, values, years []*float64, goal *float64, axis, tip string, words TrendWords) Option {
	x := categoryAxis(months)
	x.AxisLabel.Interval = ptr(0)
	y := valueAxis(axis)
	y.SplitNumber = 4
	y.Scale = yes()
	points := make([]any, len(values))
	for i, v := range values {
		points[i] = Item{Value: Num(v), Symbol: "circle", Size: 4}
		if i == len(values)-1 {
			points[i] = Item{Value: Num(v), Symbol: "circle", Size: 9}
		}
	}
	o := Option{
		Grid:    []opts.Grid{{Left: "4", Right: "16", Top: "16", Bottom: "4", ContainLabel: yes()}},
		Tooltip: &Tooltip{opts.Tooltip{Trigger: "axis", ValueFormatter: types.FuncStr(tip)}},
		XAxis:   []Axis{x}, YAxis: []Axis{y},
		Series: []Series{{SingleSeries: charts.SingleSeries{
			Type: "line", Name: words.Value, Data: points,
			LineStyle: &opts.LineStyle{Color: "$c-now", Width: 2}, ItemStyle: fill("$c-now"),
		}, Z: 5}},
		Media: []MediaOption{{MediaQuery{420}, map[string]any{"xAxis": []any{map[string]any{"axisLabel": map[string]any{"interval": 1}}}}}},
	}
	flat := func(name string, data []any, kind string) {
		o.Series = append(o.Series, Series{SingleSeries: charts.SingleSeries{
			Type: "line", Name: name, Symbol: "none", Data: data,
			LineStyle: &opts.LineStyle{Color: "$c-ref", Width: 1.2, Type: kind}, ItemStyle: fill("$c-ref"),
		}, Z: 3})
	}
	if years != nil {
		flat(words.Year, nums(years), "dashed")
	}
	if goal != nil {
		level := make([]any, len(values))
		for i := range level {
			level[i] = Num(goal)
		}
		flat(words.Goal, level, "solid")
	}
	return o
}
