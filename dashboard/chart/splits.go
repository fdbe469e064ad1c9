package chart

import (
	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// SplitRow is one way to split a resource: its gain against today's split with
// an interval.
type SplitRow struct {
	Name            string
	Mean, Low, High float64
	Text, Tone      string // Mean as printed; "above", "below" or "" where the interval holds 0
}

// Splits draws the gain of each split as a dot over its interval, with a line
// at 0, today's split.
func Splits(rows []SplitRow, today string) Option {
	names := make([]string, len(rows))
	lo, hi := 0.0, 0.0
	o := Option{Grid: []opts.Grid{{Left: "8", Right: "24", Top: "34", Bottom: "4", ContainLabel: yes()}}}
	for i, r := range rows {
		names[i] = r.Name
		lo, hi = min(lo, r.Low), max(hi, r.High)
		color, band := "$c-now", "$c-band-2"
		if r.Tone != "" {
			color = "$" + toneColor(r.Tone, "c-now")
			band = color
		}
		opacity := float32(.35)
		if r.Tone == "" {
			opacity = 1
		}
		o.Series = append(o.Series,
			Series{SingleSeries: charts.SingleSeries{
				Type: "line", Symbol: "none", Data: []any{[]any{Round(r.Low, 2), i}, []any{Round(r.High, 2), i}},
				LineStyle: &opts.LineStyle{Width: 9, Color: band, Opacity: opts.Float(opacity)},
			}, Silent: true, Z: 2},
			Series{SingleSeries: charts.SingleSeries{
				Type: "scatter", Name: r.Name, SymbolSize: 11, Data: []any{Item{Value: []any{Round(r.Mean, 2), i}, Label: valueLabel(r.Text, "top", true)}},
				ItemStyle: fill(color),
			}, Z: 3})
	}
	x := valueAxis("@money")
	x.Min, x.Max, x.Interval = niceBounds(lo, hi, 6)
	y := categoryAxis(names)
	y.Inverse = yes()
	y.AxisLine = &opts.AxisLine{Show: no()}
	y.AxisLabel.Color, y.AxisLabel.FontSize = "$ink", 13
	o.XAxis, o.YAxis = []Axis{x}, []Axis{y}
	if len(o.Series) > 1 {
		o.Series[1].MarkLines = &opts.MarkLines{Data: []any{map[string]any{"xAxis": 0}}, MarkLineStyle: opts.MarkLineStyle{
			Symbol: []string{"none", "none"}, LineStyle: &opts.LineStyle{Color: "$c-now", Width: 1.5, Type: "solid"},
			Label: &opts.Label{Show: yes(), Position: "start", Formatter: today, Color: "$c-label"},
		}}
	}
	return o
}

// ResponsePoint is one point of a response curve, both axes with today as 100.
type ResponsePoint struct{ X, Y, Low, High float64 }

// ResponseCurve draws how sales answer a resource: the curve in its band, today
// hollow and the proposal solid, shaded where no month has been.
func ResponseCurve(points []ResponsePoint, proposed ResponsePoint, seenLow, seenHigh float64, tone string, b Bounds) Option {
	var low, band, line []any
	for _, p := range points {
		low = append(low, []any{Round(p.X, 2), Round(p.Low, 3)})
		band = append(band, []any{Round(p.X, 2), Round(p.High-p.Low, 3)})
		line = append(line, []any{Round(p.X, 2), Round(p.Y, 3)})
	}
	from, to := points[0].X, points[len(points)-1].X
	x := valueAxis("@n0")
	x.Min, x.Max, x.Interval = from, to, (to-from)/2
	x.SplitLine = &opts.SplitLine{Show: no()}
	x.AxisLine = &opts.AxisLine{Show: yes(), OnZero: no(), LineStyle: &opts.LineStyle{Color: "$c-axis"}}
	x.AxisLabel.FontSize = 11
	y := valueAxis("@n0")
	y.Min, y.Max, y.Interval = b.Min, b.Max, b.Step
	y.AxisLabel.FontSize = 11
	color := "$" + toneColor(tone, "c-now")
	var unseen []any
	for _, span := range [][2]float64{{from, min(seenLow, to)}, {max(seenHigh, from), to}} {
		if span[1] > span[0] {
			unseen = append(unseen, []any{map[string]any{"xAxis": Round(span[0], 2)}, map[string]any{"xAxis": Round(span[1], 2)}})
		}
	}
	flat := func(s charts.SingleSeries) charts.SingleSeries {
		s.Type, s.Symbol, s.Stack = "line", "none", "band"
		s.LineStyle = &opts.LineStyle{Width: 0, Opacity: opts.Float(0)}
		return s
	}
	return Option{
		Grid:  []opts.Grid{{Left: "34", Right: "10", Top: "8", Bottom: "20"}},
		XAxis: []Axis{x}, YAxis: []Axis{y},
		Series: []Series{
			{SingleSeries: flat(charts.SingleSeries{Data: low}), Silent: true},
			{SingleSeries: flat(charts.SingleSeries{Data: band, AreaStyle: &opts.AreaStyle{Color: "$c-band-2", Opacity: opts.Float(.8)}}), Silent: true},
			{SingleSeries: charts.SingleSeries{Type: "line", Symbol: "none", Data: line, LineStyle: &opts.LineStyle{Width: 1.8, Color: "$c-now"}, ItemStyle: fill("$c-now"),
				MarkAreas: &opts.MarkAreas{Data: unseen, MarkAreaStyle: opts.MarkAreaStyle{ItemStyle: &opts.ItemStyle{Color: "$c-band", Opacity: opts.Float(.7)}}}}, Silent: true, Z: 3},
			{SingleSeries: charts.SingleSeries{Type: "scatter", SymbolSize: 9, Data: []any{Item{Value: []any{100, 100}, ItemStyle: &opts.ItemStyle{Color: "$surface", BorderColor: "$c-now", BorderWidth: 1.6}}}}, Silent: true, Z: 4},
			{SingleSeries: charts.SingleSeries{Type: "scatter", SymbolSize: 9, Data: []any{[]any{Round(proposed.X, 2), Round(proposed.Y, 3)}}, ItemStyle: fill(color)}, Silent: true, Z: 5},
		},
	}
}
