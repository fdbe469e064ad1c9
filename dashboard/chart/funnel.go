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

// funnelEdges is what axes and their names take of a funnel's height.
const funnelEdges = 74

// funnelWidth is the room that dots have side by side on a narrow desktop card;
// names nearer than nameWidth in it may cover one another.
const funnelWidth, nameWidth = 420, 60

// Funnel draws ratios over how much stands behind each, with both limits:
// dashed 95 %, solid 99.8 %. Only who lies outside the outer limits is named.
// height is that of the chart in pixels, for names that lie close.
func Funnel(dots []FunnelDot, f Frame, height int) Option {
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
	drawn := float64(height) - funnelEdges
	pixels := func(ratio float64) float64 { return drawn * (1 - ratio/b) }
	shiftNames(plain, pixels, drawn)
	x, y := scatterAxes(plain, f)
	plain = Uncovered(plain)
	o := Option{
		Grid:    []opts.Grid{{Left: "8", Right: "46", Top: "28", Bottom: "26", ContainLabel: yes()}},
		Tooltip: &Tooltip{opts.Tooltip{Trigger: "item"}},
		XAxis:   []Axis{x}, YAxis: []Axis{y},
	}
	for k, kind := range []string{"dashed", "dashed", "solid", "solid"} {
		if n := len(lines[k]); n > 0 {
			d := dots[len(dots)-1]
			ends := []float64{pixels(d.InnerLow), pixels(d.InnerHigh), pixels(d.OuterLow), pixels(d.OuterHigh)}
			shift := Round(Spread(ends, nameGap, 0, drawn)[k]-ends[k], 0)
			lines[k][n-1] = map[string]any{"value": lines[k][n-1], "symbol": "circle", "symbolSize": 1,
				"label": map[string]any{"show": true, "position": "right", "formatter": []string{"95%", "95%", "99.8%", "99.8%"}[k], "offset": []any{0, shift}, "color": "$c-label", "fontSize": 11}}
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

// shiftNames moves names of marked dots that lie close apart.
func shiftNames(dots []Dot, pixels func(float64) float64, height float64) {
	loX, hiX, _, _ := extent(dots)
	column := func(d Dot) float64 { return funnelWidth * (d.X - loX) / math.Max(hiX-loX, 1e-12) }
	var group []int // marked dots side by side, by x
	for i, d := range dots {
		if !d.Mark {
			continue
		}
		if len(group) > 0 && column(d)-column(dots[group[len(group)-1]]) > nameWidth {
			spreadNames(dots, group, pixels, height)
			group = nil
		}
		group = append(group, i)
	}
	spreadNames(dots, group, pixels, height)
}

func spreadNames(dots []Dot, group []int, pixels func(float64) float64, height float64) {
	at := make([]float64, len(group))
	for k, i := range group {
		at[k] = pixels(dots[i].Y)
	}
	for k, y := range Spread(at, nameGap, 0, height) {
		dots[group[k]].Shift = Round(y-at[k], 0)
	}
}
