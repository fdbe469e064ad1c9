package chart

import (
	"math"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// LevelRow is one unit with a value, its interval and the value before it was
// adjusted.
type LevelRow struct {
	Name      string
	Value     float64
	Text      string   // Value as printed
	Low, High *float64 // interval; nil for none
	LowText   string   // Low as printed where it lies off the chart
	HighText  string
	Before    *float64 // drawn hollow; nil for none
	Tone      string   // "above", "below" or ""
	Place     string   // printed at the right
}

// LevelWords name the parts of the chart.
type LevelWords struct{ Value, Before, Reference, Place string }

// Levels draws values as solid dots over their intervals, what they were before
// as hollow ones, with a line at a reference. An interval that runs far beyond
// all values is cut, with an arrow and the number where it ends. axis and tip
// are number formats.
func Levels(rows []LevelRow, reference float64, axis, tip string, words LevelWords) Option {
	values, ends := []float64{reference}, []float64(nil)
	for _, r := range rows {
		values = append(values, r.Value)
		if r.Before != nil {
			values = append(values, *r.Before)
		}
		if r.Low != nil && r.High != nil {
			ends = append(ends, *r.Low, *r.High)
		}
	}
	lo, hi := within(values, ends)
	names, places := make([]string, len(rows)), make([]string, len(rows))
	hasPlaces := false
	var bands, before, cut []any
	dots := map[string][]any{}
	dense := len(rows) > 12 // rows stand too close for numbers between them
	for i, r := range rows {
		names[i], places[i] = r.Name, r.Place
		hasPlaces = hasPlaces || r.Place != ""
		if r.Low != nil && r.High != nil {
			bands = append(bands, []any{Round(math.Max(lo, *r.Low), 6), i}, []any{Round(math.Min(hi, *r.High), 6), i}, []any{"-", "-"})
			if *r.Low < lo {
				cut = append(cut, cutMark(lo, i, -1, r.LowText))
			}
			if *r.High > hi {
				cut = append(cut, cutMark(hi, i, 1, r.HighText))
			}
		}
		if r.Before != nil {
			before = append(before, []any{Round(*r.Before, 6), i})
		}
		item := Item{Value: []any{Round(r.Value, 6), i}}
		if r.Text != "" {
			item.Label = overLines(valueLabel(r.Text, "top", true))
			if dense { // the number stands on the interval
				side := "right"
				if r.Before != nil && *r.Before > r.Value { // the hollow dot stands there
					side = "left"
				}
				item.Label = valueLabel(r.Text, side, true)
			}
		}
		dots[r.Tone] = append(dots[r.Tone], item)
	}
	x := valueAxis(axis)
	x.Min, x.Max, x.Interval = niceBounds(lo, hi, 6)
	y := categoryAxis(names)
	y.Inverse = yes()
	y.AxisLabel.Color, y.AxisLabel.FontSize = "$ink", 13
	o := Option{
		Grid:    []opts.Grid{{Left: "8", Right: "16", Top: "30", Bottom: "4", ContainLabel: yes()}},
		Tooltip: &Tooltip{opts.Tooltip{Trigger: "item", ValueFormatter: types.FuncStr(tip)}},
		XAxis:   []Axis{x}, YAxis: []Axis{y},
	}
	if hasPlaces {
		right := categoryAxis(places)
		right.Inverse, right.Position = yes(), "right"
		right.AxisLine = &opts.AxisLine{Show: no()}
		right.Name, right.NameLocation, right.NameGap = words.Place, "start", 10
		right.NameTextStyle = &opts.TextStyle{Color: "$c-label", Align: "center"}
		right.AxisLabel.Margin = 14
		o.YAxis = append(o.YAxis, right)
	}
	if bands != nil {
		o.Series = append(o.Series, Series{SingleSeries: charts.SingleSeries{
			Type: "line", Data: bands, Symbol: "none",
			LineStyle: &opts.LineStyle{Width: 9, Color: "$c-ref", Opacity: opts.Float(.26), Type: "solid"},
		}, Silent: true, Z: 2})
	}
	if cut != nil {
		o.Series = append(o.Series, cutSeries(cut))
	}
	if before != nil {
		o.Series = append(o.Series, Series{SingleSeries: charts.SingleSeries{
			Type: "scatter", Name: words.Before, SymbolSize: 11, Data: before,
			ItemStyle: &opts.ItemStyle{Color: "$surface", BorderColor: "$c-now", BorderWidth: 1.6},
		}, Z: 4})
	}
	for _, tone := range []string{"above", "below", ""} {
		if dots[tone] != nil {
			o.Series = append(o.Series, Series{SingleSeries: charts.SingleSeries{
				Type: "scatter", Name: words.Value, SymbolSize: 12, Data: dots[tone], ItemStyle: fill("$" + toneColor(tone, "c-now")),
			}, Z: 5})
		}
	}
	o.Series = append(o.Series, Series{SingleSeries: charts.SingleSeries{
		Type: "scatter", Data: []any{}, SymbolSize: 0,
		MarkLines: &opts.MarkLines{
			Data: []any{map[string]any{"xAxis": Round(reference, 6)}},
			MarkLineStyle: opts.MarkLineStyle{
				Symbol:    []string{"none", "none"},
				LineStyle: &opts.LineStyle{Color: "$c-label", Width: 1, Type: "dashed"},
				Label:     &opts.Label{Show: yes(), Formatter: words.Reference, Color: "$c-label", FontSize: 12, Position: "start"},
			},
		},
	}, Silent: true})
	return o
}
