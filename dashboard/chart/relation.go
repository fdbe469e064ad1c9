package chart

import (
	"math"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// Dot is one unit of a scatter.
type Dot struct {
	Name string
	X, Y float64
	Tone string // "above", "below", "look" or ""
	Mark bool   // named and ringed
	// Shift moves the name down by pixels, away from another name.
	Shift float64
}

// FitPoint is one point of a fitted line and its 95 % band.
type FitPoint struct{ X, Y, Low, High float64 }

// Frame names and formats the two axes of a scatter.
type Frame struct {
	XName, YName     string
	XFormat, YFormat string
	Bounds           [2]*Bounds // of x and y; nil: around the dots
	Reference        *float64   // level drawn across; nil for none
	Diagonal         bool       // the line y = x
}

// Relation draws dots with a fitted line, its dashed 95 % band and the means of
// fifths as squares. tone colours the line where its slope is told from level.
func Relation(dots []Dot, line []FitPoint, bins []Dot, tone string, f Frame) Option {
	x, y := scatterAxes(dots, f)
	loX, hiX, _, _ := extent(dots)
	dots = Uncovered(dots)
	o := Option{
		Grid:    []opts.Grid{{Left: "8", Right: "20", Top: "28", Bottom: "26", ContainLabel: yes()}},
		Tooltip: &Tooltip{opts.Tooltip{Trigger: "item"}},
		XAxis:   []Axis{x}, YAxis: []Axis{y},
	}
	o.Series = append(o.Series, dotSeries(dots, 7)...)
	if len(bins) > 0 {
		data := make([]any, len(bins))
		for i, b := range bins {
			data[i] = Item{Value: []any{Round(b.X, 6), Round(b.Y, 6)}, Symbol: "rect", Size: 8}
		}
		o.Series = append(o.Series, Series{SingleSeries: charts.SingleSeries{Type: "scatter", Data: data, ItemStyle: fill("$c-label")}, Silent: true, Z: 4})
	}
	if f.Diagonal {
		if loX < hiX {
			o.Series = append(o.Series, plainLine([]any{[]any{Round(loX, 6), Round(loX, 6)}, []any{Round(hiX, 6), Round(hiX, 6)}}, "$c-axis", "dotted", 1.2))
		}
	}
	if len(line) > 0 {
		var mid, low, high []any
		for _, p := range line {
			mid = append(mid, []any{Round(p.X, 6), Round(p.Y, 6)})
			low = append(low, []any{Round(p.X, 6), Round(p.Low, 6)})
			high = append(high, []any{Round(p.X, 6), Round(p.High, 6)})
		}
		color := "$" + toneColor(tone, "c-now")
		o.Series = append(o.Series, plainLine(mid, color, "solid", 2), plainLine(low, color, "dashed", 1), plainLine(high, color, "dashed", 1))
	}
	if f.Reference != nil {
		o.Series = append(o.Series, level("yAxis", *f.Reference, ""))
	}
	return o
}

func scatterAxes(dots []Dot, f Frame) (x, y Axis) {
	loX, hiX, loY, hiY := extent(dots)
	x, y = valueAxis(f.XFormat), valueAxis(f.YFormat)
	x.SplitLine.Show = no()
	x.AxisLine = &opts.AxisLine{Show: yes(), OnZero: no(), LineStyle: &opts.LineStyle{Color: "$c-axis"}}
	x.Name, x.NameLocation, x.NameGap, x.NameTextStyle = f.XName, "middle", 26, &opts.TextStyle{Color: "$c-label"}
	y.Name, y.NameLocation, y.NameGap, y.NameTextStyle = f.YName, "end", 10, &opts.TextStyle{Color: "$c-label", Align: "left"}
	if len(dots) > 0 {
		a, b, step := niceBounds(loX, hiX, 4)
		x.Min, x.Max, x.Interval = a, b, step
		a, b, step = niceBounds(loY, hiY, 4)
		y.Min, y.Max, y.Interval = a, b, step
	}
	if f.Bounds[0] != nil {
		x.Min, x.Max, x.Interval = f.Bounds[0].Min, f.Bounds[0].Max, f.Bounds[0].Step
	}
	if f.Bounds[1] != nil {
		y.Min, y.Max, y.Interval = f.Bounds[1].Min, f.Bounds[1].Max, f.Bounds[1].Step
	}
	return x, y
}

// DotBounds is one scale for the y of several scatters.
func DotBounds(sets ...[]Dot) Bounds {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, dots := range sets {
		for _, d := range dots {
			lo, hi = math.Min(lo, d.Y), math.Max(hi, d.Y)
		}
	}
	if lo > hi {
		return Bounds{0, 1, .5}
	}
	a, b, step := niceBounds(lo, hi, 4)
	return Bounds{a, b, step}
}

// manyDots is from how many dots on a chart draws fewer of them, and with fewer
// digits: nobody tells two thousand people apart on a few hundred pixels, and
// they would weigh more than the rest of a page.
const manyDots = 300

// A large chart shows dots this many steps apart in x and in y: less than a dot.
const stepsX, stepsY = 100, 50

// Uncovered leaves of many dots those that can be seen: of plain ones that would
// cover each other the first. Toned and marked ones all stay.
func Uncovered(dots []Dot) []Dot {
	if len(dots) <= manyDots {
		return dots
	}
	loX, hiX, loY, hiY := extent(dots)
	step := func(v, lo, hi float64, steps int) int { return int(float64(steps) * (v - lo) / math.Max(hi-lo, 1e-12)) }
	taken := map[[2]int]bool{}
	var seen []Dot
	for _, d := range dots {
		at := [2]int{step(d.X, loX, hiX, stepsX), step(d.Y, loY, hiY, stepsY)}
		if d.Tone == "" && !d.Mark {
			if taken[at] {
				continue
			}
			taken[at] = true
		}
		seen = append(seen, d)
	}
	return seen
}

// Every is how many of n lines side by side one is drawn for: fewer than
// manyDots are drawn.
func Every(n int) int { return 1 + n/manyDots }

// extent is the smallest and the largest x and y; with no dots lo > hi.
func extent(dots []Dot) (loX, hiX, loY, hiY float64) {
	loX, hiX, loY, hiY = math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, d := range dots {
		loX, hiX = math.Min(loX, d.X), math.Max(hiX, d.X)
		loY, hiY = math.Min(loY, d.Y), math.Max(hiY, d.Y)
	}
	return
}

// places is how many decimals n values from lo to hi are drawn with: of many
// those that a thousandth of the way needs.
func places(n int, lo, hi float64) int {
	if n <= manyDots || hi <= lo {
		return 6
	}
	return min(6, max(0, 3-int(math.Floor(math.Log10(hi-lo)))))
}

// dotSeries draws dots by tone; marked ones are named and ringed.
func dotSeries(dots []Dot, size int) (out []Series) {
	loX, hiX, loY, hiY := extent(dots)
	digitsX, digitsY := places(len(dots), loX, hiX), places(len(dots), loY, hiY)
	for _, tone := range []string{"", "above", "below", "look"} {
		var data []any
		for _, d := range dots {
			if d.Tone != tone {
				continue
			}
			item := map[string]any{"name": d.Name, "value": []any{Round(d.X, digitsX), Round(d.Y, digitsY)}}
			if d.Mark {
				item["label"] = map[string]any{"show": true, "position": "right", "formatter": d.Name, "offset": []any{0, d.Shift}, "color": "$ink", "fontSize": 12}
				item["itemStyle"] = map[string]any{"color": "$" + toneColor(tone, "c-now"), "borderColor": "$ink", "borderWidth": 1.5}
				item["symbolSize"] = size + 4
			}
			data = append(data, item)
		}
		if data == nil {
			continue
		}
		style := fill("$" + toneColor(tone, "c-ref"))
		if tone == "" {
			style.Opacity = opts.Float(.75)
		}
		out = append(out, Series{SingleSeries: charts.SingleSeries{Type: "scatter", SymbolSize: size, Data: data, ItemStyle: style}, Z: 3})
	}
	return out
}

// plainLine is a silent line without symbols.
func plainLine(data []any, color, kind string, width float32) Series {
	return Series{SingleSeries: charts.SingleSeries{Type: "line", Symbol: "none", Data: data,
		LineStyle: &opts.LineStyle{Color: color, Type: kind, Width: width}, ItemStyle: fill(color)}, Silent: true, Z: 2, Tooltip: &Tooltip{opts.Tooltip{Show: no()}}}
}

// level is a line across the chart at one value of an axis.
func level(axis string, at float64, text string) Series {
	position := "end"
	if axis == "xAxis" { // category axes run downwards, so the start is above
		position = "start"
	}
	return Series{SingleSeries: charts.SingleSeries{Type: "scatter", Data: []any{}, SymbolSize: 0, MarkLines: &opts.MarkLines{
		Data: []any{map[string]any{axis: Round(at, 6)}},
		MarkLineStyle: opts.MarkLineStyle{Symbol: []string{"none", "none"}, LineStyle: &opts.LineStyle{Color: "$ink", Width: 1, Type: "solid"},
			Label: &opts.Label{Show: types.Bool(opts.Bool(text != "")), Formatter: text, Color: "$c-label", FontSize: 12, Position: position}},
	}}, Silent: true}
}
