package chart

import (
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// Move is one unit's rank before and after; 1 is best.
type Move struct {
	Name     string
	From, To float64
	Tone     string // "above" or "below" for the few marked, else ""
}

// The room above the lines, for the heads, and below.
const slopeTop, slopeBottom = 26, 8

// Slope draws ranks before and after as lines, grey but for the few marked. Of
// many grey ones it draws one in Every. height is that of the chart in pixels,
// for names that lie close.
func Slope(moves []Move, left, right string, height int) Option {
	var grey []any
	most := 1.0
	for i, m := range moves {
		most = max(most, m.From, m.To)
		if m.Tone == "" && i%Every(len(moves)) == 0 {
			grey = append(grey, []any{0, m.From}, []any{1, m.To}, []any{"-", "-"})
		}
	}
	x, y := valueAxis("@plain"), valueAxis("@n0")
	longest := 6
	for _, m := range moves {
		if m.Tone != "" {
			longest = max(longest, utf8.RuneCountInString(m.Name))
		}
	}
	room := math.Min(.6, .06*float64(longest)) // beside the lines, for names
	x.Min, x.Max, x.Interval = -math.Max(.28, room), 1+math.Max(.28, room), 10
	x.AxisLabel.Show, x.SplitLine.Show = no(), no()
	y.Min, y.Max, y.Interval = -most*.04, most*1.02, most*2
	y.Inverse, y.Show = yes(), no()
	o := Option{
		Grid:  []opts.Grid{{Left: "4", Right: "4", Top: strconv.Itoa(slopeTop), Bottom: strconv.Itoa(slopeBottom)}},
		XAxis: []Axis{x}, YAxis: []Axis{y},
	}
	base := plainLine(grey, "$c-band-2", "solid", 1)
	base.Z = 1
	o.Series = append(o.Series, base)
	drawn := float64(height) - slopeTop - slopeBottom
	from := shifts(moves, func(m Move) float64 { return drawn * (m.From/most + .04) / 1.06 }, drawn)
	to := shifts(moves, func(m Move) float64 { return drawn * (m.To/most + .04) / 1.06 }, drawn)
	for i, m := range moves {
		if m.Tone == "" {
			continue
		}
		color := "$" + m.Tone
		ends := []any{
			map[string]any{"value": []any{0, m.From}, "label": map[string]any{"show": true, "position": "left", "formatter": m.Name + " " + strconv.Itoa(int(m.From)), "offset": []any{0, from[i]}, "color": "$ink", "fontSize": 12}},
			map[string]any{"value": []any{1, m.To}, "label": map[string]any{"show": true, "position": "right", "formatter": strconv.Itoa(int(m.To)) + " " + m.Name, "offset": []any{0, to[i]}, "color": "$ink", "fontSize": 12}},
		}
		o.Series = append(o.Series, Series{SingleSeries: charts.SingleSeries{Type: "line", Data: ends, Symbol: "circle", SymbolSize: 7,
			LineStyle: &opts.LineStyle{Color: color, Width: 2}, ItemStyle: fill(color)}, Silent: true, Z: 4})
	}
	head := func(at float64, text string) any {
		return map[string]any{"value": []any{at, -most * .02}, "label": map[string]any{"show": true, "position": "top", "formatter": text, "color": "$ink", "fontWeight": "600", "fontSize": 13}}
	}
	o.Series = append(o.Series, Series{SingleSeries: charts.SingleSeries{Type: "scatter", SymbolSize: 0, Data: []any{head(0, left), head(1, right)}}, Silent: true})
	return o
}

// shifts returns by how many pixels the name of each marked move is moved down
// from its end, so that names do not cover one another.
func shifts(moves []Move, at func(Move) float64, height float64) map[int]float64 {
	var marked []int
	var ends []float64
	for i, m := range moves {
		if m.Tone != "" {
			marked, ends = append(marked, i), append(ends, at(m))
		}
	}
	out := map[int]float64{}
	for k, y := range Spread(ends, nameGap, nameGap/2, height) {
		out[marked[k]] = Round(y-ends[k], 0)
	}
	return out
}
