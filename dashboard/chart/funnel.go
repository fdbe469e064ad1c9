package chart

import (
	"math"
	"sort"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// FunnelDot is one unit of a funnel with the limits at its place.
type FunnelDot struct {
	Dot
	InnerLow, InnerHigh float64 // 95 %
	OuterLow, OuterHigh float64 // 99.8 %
}

// Funnel draws ratios over how much stands behind each, with both limits:
// dashed 95 %, solid 99.8 %. Only who lies outside the outer limits is named.
func Funnel(dots []FunnelDot, f Frame) Option {
	sort.SliceStable(dots, func(a, b int) bool { return dots[a].X < dots[b].X })
	plain := make([]Dot, len(dots))
	hi := 0.0
	var lines [4][]any
	every := Every(len(dots)) // limits are smooth: a few hundred points draw them
	for i, d := range dots {
		plain[i] = d.Dot
		hi = math.Max(hi, d.Y)
		if i%every != 0 && i != len(dots)-1 {
			continue
		}
		for k, v := range []float64{d.InnerLow, d.InnerHigh, d.OuterLow, d.OuterHigh} {
			lines[k] = append(lines[k], []any{Round(d.X, places(len(dots), 0, dots[len(dots)-1].X)), Round(v, places(len(dots), 0, 4))})
		}
	}
	// the widest limits of a few small units would squeeze all others: the scale
	// follows the limits of the surest
	if n := len(dots); n > 0 {
		hi = math.Max(hi, 1.05*dots[n-1].OuterHigh)
	}
	_, b, step := niceBounds(0, math.Min(math.Max(hi, 1.5), 4), 4)
	f.Bounds[1] = &Bounds{0, b, step}
	x, y := scatterAxes(plain, f)
	plain = Uncovered(plain)
	o := Option{
		Grid:    []opts.Grid{{Left: "8", Right: "46", Top: "28", Bottom: "26", ContainLabel: yes()}},
		Tooltip: &Tooltip{opts.Tooltip{Trigger: "item"}},
		XAxis:   []Axis{x}, YAxis: []Axis{y},
	}
	for k, kind := range []string{"dashed", "dashed", "solid", "solid"} {
		if n := len(lines[k]); n > 0 {
			lines[k][n-1] = map[string]any{"value": lines[k][n-1], "symbol": "circle", "symbolSize": 1,
				"label": map[string]any{"show": true, "position": "right", "formatter": []string{"95%", "95%", "99.8%", "99.8%"}[k], "color": "$c-label", "fontSize": 11}}
		}
		s := plainLine(lines[k], "$c-ref", kind, 1.2)
		s.Symbol = "circle"
		s.SymbolSize, s.ShowSymbol = 1, yes()
		o.Series = append(o.Series, s)
	}
	o.Series = append(o.Series, dotSeries(plain, 8)...)
	o.Series = append(o.Series, level("yAxis", 1, ""))
	return o
}
