package chart

import (
	"math"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// HeatRow is one line of a heat chart: a value in each column, nil for none.
type HeatRow struct {
	Name   string
	Values []*float64
	Texts  []string // Values as printed
}

// heatSteps shade the cells of a heat chart from nothing to its most.
var heatSteps = []string{"$surface-2", "$c-band", "$c-band-2", "$look-weak"}

// Heat shades cells by their value, darkest at most and above; each column is a
// question of its own.
func Heat(rows []HeatRow, columns []string, most float64) Option {
	names := make([]string, len(rows))
	for i, r := range rows {
		names[i] = r.Name
	}
	y := categoryAxis(names)
	y.Inverse, y.AxisLine = yes(), &opts.AxisLine{Show: no()}
	y.AxisLabel.Color, y.AxisLabel.FontSize = "$ink", 13
	x := valueAxis("@plain")
	x.Max = len(columns)
	x.Show = no()
	// the columns' names stand above their middles, on an axis of their own
	top := categoryAxis(columns)
	every := 0
	top.AxisLabel.Interval = &every // ECharts leaves out what it thinks too wide
	top.Position, top.AxisLine = "top", &opts.AxisLine{Show: no()}
	o := Option{
		Grid:    []opts.Grid{{Left: "4", Right: "4", Top: "28", Bottom: "4", ContainLabel: yes()}},
		Tooltip: &Tooltip{opts.Tooltip{Trigger: "item", ValueFormatter: types.FuncStr("@none")}},
		XAxis:   []Axis{x, top}, YAxis: []Axis{y},
	}
	for c, column := range columns {
		var cells []any
		for _, r := range rows {
			cell := Item{Value: 1, ItemStyle: &opts.ItemStyle{Color: "$surface", BorderColor: "$surface", BorderWidth: 2}}
			if v := r.Values[c]; v != nil {
				step := int(math.Ceil(*v/most*float64(len(heatSteps)))) - 1
				cell.ItemStyle.Color = heatSteps[max(0, min(len(heatSteps)-1, step))]
				cell.Label = valueLabel(r.Texts[c], "inside", step >= len(heatSteps)-1)
			}
			cells = append(cells, cell)
		}
		o.Series = append(o.Series, Series{SingleSeries: charts.SingleSeries{
			Type: "bar", Name: column, Stack: "cells", BarWidth: "96%", Data: cells,
		}, Silent: true})
	}
	return o
}
