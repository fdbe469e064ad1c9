package chart

import (
	"math"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// Claim is one unit as said by two sources, the first with its interval.
type Claim struct {
	Name            string
	Data, Low, High float64
	Policy          float64
	IsOutside       bool // the second lies outside the interval of the first
}

// AgreeWords name the parts of the chart.
type AgreeWords struct{ Data, Policy, Inside, Outside string }

// Agree sets what one source says against another: data across, with the
// interval as a bar, policy up, and the line on which they agree.
func Agree(claims []Claim, words AgreeWords) Option {
	lo, hi := 1.0, 1.0
	var bars, inside, outside []any
	for _, p := range claims {
		lo, hi = math.Min(lo, math.Min(p.Low, p.Policy)), math.Max(hi, math.Max(p.High, p.Policy))
		bars = append(bars, []any{Round(p.Low, 6), Round(p.Policy, 6)}, []any{Round(p.High, 6), Round(p.Policy, 6)}, []any{"-", "-"})
		item := Item{Value: []any{Round(p.Data, 6), Round(p.Policy, 6)}, Label: &opts.Label{Show: opts.Bool(len(claims) <= 12), Formatter: p.Name, Position: "top", Color: "$ink", FontSize: 12}}
		if p.IsOutside {
			outside = append(outside, item)
		} else {
			inside = append(inside, item)
		}
	}
	min, max, step := niceBounds(lo, hi, 5)
	axis := func(name string) Axis {
		a := valueAxis("@plain")
		a.Min, a.Max, a.Interval = min, max, step
		a.Name, a.NameLocation, a.NameGap = name, "middle", 34
		a.NameTextStyle = &opts.TextStyle{Color: "$c-label"}
		return a
	}
	o := Option{
		Grid:    []opts.Grid{{Left: "56", Right: "24", Top: "24", Bottom: "52"}},
		Tooltip: &Tooltip{opts.Tooltip{Trigger: "item", ValueFormatter: types.FuncStr("@n2")}},
		XAxis:   []Axis{axis(words.Data)}, YAxis: []Axis{axis(words.Policy)},
		Series: []Series{
			{SingleSeries: charts.SingleSeries{Type: "line", Symbol: "none", Data: []any{[]any{min, min}, []any{max, max}}, LineStyle: &opts.LineStyle{Width: 1, Color: "$c-label", Type: "dashed"}}, Silent: true, Z: 1},
			{SingleSeries: charts.SingleSeries{Type: "line", Symbol: "none", Data: bars, LineStyle: &opts.LineStyle{Width: 2, Color: "$c-ref"}}, Silent: true, Z: 2},
		},
	}
	for _, s := range []struct {
		name, color string
		data        []any
	}{{words.Inside, "$c-now", inside}, {words.Outside, "$below", outside}} {
		if s.data != nil {
			o.Series = append(o.Series, Series{SingleSeries: charts.SingleSeries{Type: "scatter", Name: s.name, SymbolSize: 11, Data: s.data, ItemStyle: fill(s.color)}, Z: 5})
		}
	}
	return o
}
