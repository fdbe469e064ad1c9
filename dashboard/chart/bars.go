package chart

import (
	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// Bar is one line of a ranking of amounts.
type Bar struct {
	Name  string
	Value *float64
	Text  string // Value as printed
	Mark  bool   // drawn in ink
}

// Bars ranks amounts as horizontal bars from 0.
func Bars(bars []Bar, axis, tip, valueName string) Option {
	names, data := make([]string, len(bars)), make([]any, len(bars))
	for i, b := range bars {
		names[i] = b.Name
		item := Item{Value: Num(b.Value), Label: valueLabel(b.Text, "right", false)}
		if b.Mark {
			item.ItemStyle = fill("$c-now")
		}
		data[i] = item
	}
	x := valueAxis(axis)
	x.SplitNumber = 4
	y := categoryAxis(names)
	y.Inverse = yes()
	y.AxisLabel.Color, y.AxisLabel.FontSize = "$ink", 13
	return Option{
		Grid:    []opts.Grid{{Left: "4", Right: "64", Top: "4", Bottom: "4", ContainLabel: yes()}},
		Tooltip: &Tooltip{opts.Tooltip{Trigger: "item", ValueFormatter: types.FuncStr(tip)}},
		XAxis:   []Axis{x}, YAxis: []Axis{y},
		Series: []Series{{SingleSeries: charts.SingleSeries{
			Type: "bar", Name: valueName, BarWidth: "58%", BarMaxWidth: "18", ItemStyle: fill("$c-ref"), Data: data,
		}}},
	}
}
