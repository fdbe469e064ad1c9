package chart

import (
	"math"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// Estimate is one estimate and its interval.
type Estimate struct {
	Name             string
	Value, Low, High float64
	Tone             string // "look" or ""
}

// Caterpillar draws estimates with their intervals one a line around 0; within
// shades what is too small to matter (0 for none).
func Caterpillar(rows []Estimate, within float64, withinText, axisName, format string) Option {
	names := make([]string, len(rows))
	bands, dots := map[string][]any{}, map[string][]any{}
	reach := within
	for i, r := range rows {
		names[i] = r.Name
		reach = math.Max(reach, math.Max(math.Abs(r.Low), math.Abs(r.High)))
		bands[r.Tone] = append(bands[r.Tone], []any{Round(r.Low, 6), i}, []any{Round(r.High, 6), i}, []any{"-", "-"})
		dots[r.Tone] = append(dots[r.Tone], map[string]any{"name": r.Name, "value": []any{Round(r.Value, 6), i}})
	}
	_, hi, step := niceBounds(0, reach, 2)
	x := valueAxis(format)
	x.Min, x.Max, x.Interval = -hi, hi, step
	x.Name, x.NameLocation, x.NameGap, x.NameTextStyle = axisName, "middle", 26, &opts.TextStyle{Color: "$c-label"}
	y := categoryAxis(names)
	y.Inverse = yes()
	y.AxisLine.OnZero = no()
	y.AxisLine.Show = no()
	y.AxisLabel.Color = "$ink"
	y.AxisLabel.Interval = ptr(0)
	o := Option{
		Grid:    []opts.Grid{{Left: "8", Right: "16", Top: "22", Bottom: "26", ContainLabel: yes()}},
		Tooltip: &Tooltip{opts.Tooltip{Trigger: "item"}},
		XAxis:   []Axis{x}, YAxis: []Axis{y},
	}
	if within > 0 {
		o.Series = append(o.Series, Series{SingleSeries: charts.SingleSeries{Type: "scatter", Data: []any{}, SymbolSize: 0, MarkAreas: &opts.MarkAreas{
			Data:          []any{[]any{map[string]any{"xAxis": Round(-within, 6), "name": withinText}, map[string]any{"xAxis": Round(within, 6)}}},
			MarkAreaStyle: opts.MarkAreaStyle{ItemStyle: fill("$c-band"), Label: &opts.Label{Show: yes(), Position: "top", Color: "$c-label", FontSize: 12}},
		}}, Silent: true, Z: 0})
	}
	for _, tone := range []string{"", "look"} {
		if bands[tone] == nil {
			continue
		}
		band := plainLine(bands[tone], "$"+toneColor(tone, "c-ref"), "solid", 6)
		band.LineStyle.Opacity = opts.Float(.38)
		o.Series = append(o.Series, band, Series{SingleSeries: charts.SingleSeries{Type: "scatter", SymbolSize: 9, Data: dots[tone], ItemStyle: fill("$" + toneColor(tone, "c-now"))}, Z: 4})
	}
	o.Series = append(o.Series, level("xAxis", 0, ""))
	return o
}

// RankBand is one unit's rank with its interval and band A, B or C.
type RankBand struct {
	Name              string
	Median, Low, High float64
	Band              string
}

// RankBands draws rank intervals side by side, best at the left: blue for band
// A, orange for C, grey for B. Of many it draws one in Every.
func RankBands(rows []RankBand, axisName string) Option {
	tones := map[string]string{"A": "above", "C": "below", "B": ""}
	bands, dots := map[string][]any{}, map[string][]any{}
	n := float64(len(rows))
	for i := 0; i < len(rows); i += Every(len(rows)) {
		r := rows[i]
		tone := tones[r.Band]
		bands[tone] = append(bands[tone], []any{i, r.Low}, []any{i, r.High}, []any{"-", "-"})
		dots[tone] = append(dots[tone], map[string]any{"name": r.Name, "value": []any{i, r.Median}})
	}
	x, y := valueAxis("@n0"), valueAxis("@n0")
	x.Min, x.Max, x.Interval = -1, n, n+1
	x.AxisLabel.Show, x.SplitLine.Show = no(), no()
	x.AxisLine = &opts.AxisLine{Show: yes(), OnZero: no(), LineStyle: &opts.LineStyle{Color: "$c-axis"}}
	x.Name, x.NameLocation, x.NameGap, x.NameTextStyle = axisName, "middle", 12, &opts.TextStyle{Color: "$c-label"}
	y.Inverse = yes()
	y.Min, y.Max, y.Interval = 1, n, math.Max(1, math.Round((n-1)/3))
	o := Option{
		Grid:    []opts.Grid{{Left: "36", Right: "12", Top: "10", Bottom: "30"}},
		Tooltip: &Tooltip{opts.Tooltip{Trigger: "item"}},
		XAxis:   []Axis{x}, YAxis: []Axis{y},
	}
	width := float32(math.Max(1.5, math.Min(6, 420/math.Max(1, n/float64(Every(len(rows)))))))
	for _, tone := range []string{"above", "", "below"} {
		if bands[tone] == nil {
			continue
		}
		band := plainLine(bands[tone], "$"+toneColor(tone, "c-ref"), "solid", width)
		band.LineStyle.Opacity = opts.Float(.38)
		o.Series = append(o.Series, band, Series{SingleSeries: charts.SingleSeries{Type: "scatter", SymbolSize: max(3, int(width)+1), Data: dots[tone], ItemStyle: fill("$" + toneColor(tone, "c-now"))}, Z: 4})
	}
	return o
}
