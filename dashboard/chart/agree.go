package chart

import (
	"math"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// Claim is one unit as said by two sources, the first with its interval.
type Claim struct {
	Name            string
	Data, Low, High float64
	LowText         string // Low as printed where it lies off the chart
	HighText        string
	Policy          float64
	IsOutside       bool // the second lies outside the interval of the first
}

// AgreeWords name the parts of the chart.
type AgreeWords struct{ Data, Policy, Inside, Outside string }

// Agree sets what one source says against another: data across, with the
// interval as a bar, policy up, and the line on which they agree. A bar that
// runs far beyond all values is cut, as in Levels.
func Agree(claims []Claim, words AgreeWords) Option {
	values, ends := []float64{1}, []float64(nil)
	for _, p := range claims {
		values, ends = append(values, p.Data, p.Policy), append(ends, p.Low, p.High)
	}
	lo, hi := within(values, ends)
	var bars, cut, inside, outside []any
	for _, p := range claims {
		bars = append(bars, []any{Round(math.Max(lo, p.Low), 6), Round(p.Policy, 6)}, []any{Round(math.Min(hi, p.High), 6), Round(p.Policy, 6)}, []any{"-", "-"})
		if p.Low < lo {
			cut = append(cut, cutMark(lo, Round(p.Policy, 6), -1, p.LowText))
		}
		if p.High > hi {
			cut = append(cut, cutMark(hi, Round(p.Policy, 6), 1, p.HighText))
		}
		item := Item{Value: []any{Round(p.Data, 6), Round(p.Policy, 6)}, Label: &opts.Label{Show: opts.Bool(len(claims) <= 12), Formatter: p.Name, Position: "top", Color: "$ink", FontSize: 12}}
		if p.IsOutside {
			outside = append(outside, item)
		} else {
			inside = append(inside, item)
		}
	}
	min, max, step := niceBounds(lo, hi, 5)
	axis := func(name string) Axis {
		a := valueAxis("@plain")
		a.Min, a.Max, a.Interval = min, max, step
		a.Name, a.NameLocation, a.NameGap = name, "middle", 34
		a.NameTextStyle = &opts.TextStyle{Color: "$c-label"}
		return a
	}
	o := Option{
		Grid:    []opts.Grid{{Left: "56", Right: "24", Top: "24", Bottom: "52"}},
		Tooltip: &Tooltip{opts.Tooltip{Trigger: "item", ValueFormatter: types.FuncStr("@n2")}},
		XAxis:   []Axis{axis(words.Data)}, YAxis: []Axis{axis(words.Policy)},
		Series: []Series{
			{SingleSeries: charts.SingleSeries{Type: "line", Symbol: "none", Data: []any{[]any{min, min}, []any{max, max}}, LineStyle: &opts.LineStyle{Width: 1, Color: "$c-label", Type: "dashed"}}, Silent: true, Z: 1},
			{SingleSeries: charts.SingleSeries{Type: "line", Symbol: "none", Data: bars, LineStyle: &opts.LineStyle{Width: 2, Color: "$c-ref"}}, Silent: true, Z: 2},
		},
	}
	if cut != nil {
		o.Series = append(o.Series, cutSeries(cut))
	}
	for _, s := range []struct {
		name, color string
		data        []any
	}{{words.Inside, "$c-now", inside}, {words.Outside, "$below", outside}} {
		if s.data != nil {
			o.Series = append(o.Series, Series{SingleSeries: charts.SingleSeries{Type: "scatter", Name: s.name, SymbolSize: 11, Data: s.data, ItemStyle: fill(s.color)}, Z: 5})
		}
	}
	return o
}
