package chart

import (
	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// Pair is one line of paired bars; a nil value has no bar.
type Pair struct {
	Name         string
	Pale, Strong *float64
	Text         string // Strong as printed
	Tone         string // "look" or "" of the strong bar
	Head         bool   // a heading without bars
}

// Paired draws two bars a line, pale over strong, with a line at a reference
// (nil for none): before and after, or a group and the rest.
func Paired(pairs []Pair, reference *float64, referenceText, paleName, strongName, format string) Option {
	names := make([]string, len(pairs))
	pale, strong := make([]any, len(pairs)), make([]any, len(pairs))
	for i, p := range pairs {
		names[i] = p.Name
		pale[i] = Item{Value: Num(p.Pale)}
		item := Item{Value: Num(p.Strong), Label: valueLabel(p.Text, "right", true)}
		if p.Tone != "" {
			item.ItemStyle = fill("$" + p.Tone)
		}
		strong[i] = item
		if p.Head || p.Strong == nil {
			strong[i] = Item{Value: nil}
		}
	}
	x := valueAxis(format)
	x.Min, x.SplitNumber = 0, 5
	y := categoryAxis(names)
	y.Inverse = yes()
	y.AxisLabel.Color = "$ink"
	y.AxisLabel.Interval = ptr(0)
	o := Option{
		Grid:    []opts.Grid{{Left: "4", Right: "48", Top: "22", Bottom: "4", ContainLabel: yes()}},
		Tooltip: &Tooltip{opts.Tooltip{Trigger: "axis", ValueFormatter: types.FuncStr(format)}},
		XAxis:   []Axis{x}, YAxis: []Axis{y},
		Series: []Series{
			{SingleSeries: charts.SingleSeries{Type: "bar", Name: paleName, BarMaxWidth: "8", BarGap: "10%", Data: pale, ItemStyle: fill("$c-band-2")}},
			{SingleSeries: charts.SingleSeries{Type: "bar", Name: strongName, BarMaxWidth: "12", Data: strong, ItemStyle: fill("$c-now")}},
		},
	}
	if reference != nil {
		o.Series = append(o.Series, level("xAxis", *reference, referenceText))
	}
	return o
}

// Layer is one line of stacked bars.
type Layer struct {
	Name        string
	First, Last float64
	Text        string // printed behind the bar
}

// Stacked draws two parts of a sum a line.
func Stacked(layers []Layer, firstName, lastName, format string) Option {
	names := make([]string, len(layers))
	first, last := make([]any, len(layers)), make([]any, len(layers))
	for i, l := range layers {
		names[i] = l.Name
		first[i] = Round(l.First, 6)
		last[i] = Item{Value: Round(l.Last, 6), Label: valueLabel(l.Text, "right", false)}
	}
	x := valueAxis(format)
	x.SplitNumber = 4
	y := categoryAxis(names)
	y.Inverse = yes()
	y.AxisLabel.Color, y.AxisLabel.FontSize = "$ink", 13
	return Option{
		Grid:    []opts.Grid{{Left: "4", Right: "150", Top: "4", Bottom: "4", ContainLabel: yes()}},
		Tooltip: &Tooltip{opts.Tooltip{Trigger: "axis", ValueFormatter: types.FuncStr(format)}},
		XAxis:   []Axis{x}, YAxis: []Axis{y},
		Series: []Series{
			{SingleSeries: charts.SingleSeries{Type: "bar", Name: firstName, Stack: "sum", BarMaxWidth: "20", Data: first, ItemStyle: fill("$c-now")}},
			{SingleSeries: charts.SingleSeries{Type: "bar", Name: lastName, Stack: "sum", BarMaxWidth: "20", Data: last, ItemStyle: fill("$c-band-2")}},
		},
		Media: []MediaOption{{MediaQuery{420}, map[string]any{"grid": map[string]any{"right": 100}}}},
	}
}
