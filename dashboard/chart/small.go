package chart

import (
	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// Bounds is the common scale of small multiples.
type Bounds struct{ Min, Max, Step float64 }

// CommonBounds returns one scale for several series around a reference.
func CommonBounds(reference float64, series ...[]*float64) Bounds {
	lo, hi := reference, reference
	for _, values := range series {
		for _, v := range values {
			if v != nil {
				lo, hi = min(lo, *v), max(hi, *v)
			}
		}
	}
	a, b, step := niceBounds(lo, hi, 3)
	return Bounds{a, b, step}
}

// Small draws one unit of a set of small multiples: its line over the others'
// reference line, the last month marked. tone is "above", "below" or "".
func Small(months []string, values, company []*float64, companyName, name string, reference float64, b Bounds, tone, axis, tip string) Option {
	data := make([]any, len(values))
	for i, v := range values {
		data[i] = Item{Value: Num(v), Symbol: "none"}
		if i == len(values)-1 {
			data[i] = Item{Value: Num(v), Symbol: "circle", Size: 7}
		}
	}
	color := "$" + toneColor(tone, "c-now")
	x := categoryAxis(months)
	x.BoundaryGap = ptr(false)
	x.AxisLabel.FontSize = 11
	x.AxisLabel.Interval = ptr(max(0, len(months)-2))
	x.AxisLabel.AlignMinLabel, x.AxisLabel.AlignMaxLabel = "left", "right"
	y := valueAxis(axis)
	y.AxisLabel.FontSize = 11
	y.Min, y.Max, y.Interval = b.Min, b.Max, b.Step
	x.AxisLine.OnZero = no()
	return Option{
		Grid:    []opts.Grid{{Left: "40", Right: "6", Top: "8", Bottom: "20"}},
		Tooltip: &Tooltip{opts.Tooltip{Trigger: "axis", ValueFormatter: types.FuncStr(tip)}},
		XAxis:   []Axis{x}, YAxis: []Axis{y},
		Series: []Series{
			{SingleSeries: charts.SingleSeries{
				Type: "line", Name: companyName, Symbol: "none", Data: nums(company),
				LineStyle: &opts.LineStyle{Width: 1.2, Color: "$c-ref"}, ItemStyle: fill("$c-ref"),
			}},
			{SingleSeries: charts.SingleSeries{
				Type: "line", Name: name, ShowSymbol: yes(), Data: data,
				LineStyle: &opts.LineStyle{Width: 2, Color: color}, ItemStyle: fill(color),
				MarkLines: &opts.MarkLines{
					Data: []any{map[string]any{"yAxis": reference}},
					MarkLineStyle: opts.MarkLineStyle{
						Symbol:    []string{"none", "none"},
						LineStyle: &opts.LineStyle{Color: "$c-axis", Width: 1, Type: "dashed"},
						Label:     &opts.Label{Show: no()},
					},
				},
			}, Z: 3},
		},
	}
}
