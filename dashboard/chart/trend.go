package chart

import (
	"math"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// TrendWords names the series of a trend.
type TrendWords struct{ Value, Goal, Year, Gap string }

// Trend draws months as bars, the last one darker, with the goal as a stepped
// line and the year before as a thin one. Goals and years may be nil.
func Trend(months []string, values, goals, years []*float64, words TrendWords) Option {
	bars := make([]any, len(values))
	for i, v := range values {
		bars[i] = Item{Value: Num(v)}
		if i == len(values)-1 {
			bars[i] = Item{Value: Num(v), ItemStyle: fill("$c-ref")}
		}
	}
	x := categoryAxis(months)
	x.AxisLabel.Interval = ptr(0)
	y := valueAxis("@money")
	y.SplitNumber = 4
	o := Option{
		Grid:    []opts.Grid{{Left: "4", Right: "12", Top: "12", Bottom: "4", ContainLabel: yes()}},
		Tooltip: &Tooltip{opts.Tooltip{Trigger: "axis", ValueFormatter: "@n2"}},
		XAxis:   []Axis{x}, YAxis: []Axis{y},
		Series: []Series{{SingleSeries: charts.SingleSeries{
			Type: "bar", Name: words.Value, BarWidth: "62%", ItemStyle: fill("$c-band-2"), Data: bars,
		}}},
		Media: []MediaOption{{MediaQuery{420}, map[string]any{"xAxis": []any{map[string]any{"axisLabel": map[string]any{"interval": 1}}}}}},
	}
	if goals != nil {
		o.Series = append(o.Series, Series{SingleSeries: charts.SingleSeries{
			Type: "line", Name: words.Goal, Step: "middle", Symbol: "none", Data: nums(goals),
			LineStyle: &opts.LineStyle{Color: "$c-now", Width: 1.6}, ItemStyle: fill("$c-now"),
		}, Z: 5})
	}
	if years != nil {
		o.Series = append(o.Series, Series{SingleSeries: charts.SingleSeries{
			Type: "line", Name: words.Year, Symbol: "none", Data: nums(years),
			LineStyle: &opts.LineStyle{Color: "$c-label", Width: 1.2, Type: "dashed"}, ItemStyle: fill("$c-label"),
		}, Z: 4})
	}
	return o
}

// TrendGap draws the difference of each month to its goal, on its own scale
// below a Trend; labels are the printed differences.
func TrendGap(months []string, gaps []*float64, labels []string, words TrendWords) Option {
	bars := make([]any, len(gaps))
	lo, hi := 0.0, 0.0
	for i, g := range gaps {
		if g == nil {
			bars[i] = Item{}
			continue
		}
		lo, hi = math.Min(lo, *g), math.Max(hi, *g)
		tone, position := "$above", "top"
		if *g < 0 {
			tone, position = "$below", "bottom"
		}
		bars[i] = Item{
			Value: Num(g), ItemStyle: fill(tone),
			Label: &opts.Label{Show: yes(), Position: position, Formatter: labels[i], Color: "$c-label", FontSize: 11},
		}
	}
	x := categoryAxis(months)
	x.AxisLabel.Show = no()
	x.AxisLine.OnZero = yes()
	y := valueAxis("")
	y.AxisLabel.Show = no()
	y.SplitLine = &opts.SplitLine{Show: no()}
	pad := math.Max((hi-lo)*.3, 1) // room for the labels
	y.Min, y.Max = Round(lo-pad, 0), Round(hi+pad, 0)
	return Option{
		Grid:    []opts.Grid{{Left: "12", Right: "12", Top: "4", Bottom: "4"}},
		Tooltip: &Tooltip{opts.Tooltip{Trigger: "axis", ValueFormatter: "@n2"}},
		XAxis:   []Axis{x}, YAxis: []Axis{y},
		Series: []Series{{SingleSeries: charts.SingleSeries{Type: "bar", Name: words.Gap, BarWidth: "62%", Data: bars}}},
		Media:  []MediaOption{{MediaQuery{420}, map[string]any{"series": []any{map[string]any{"label": map[string]any{"fontSize": 10}}}}}},
	}
}

func nums(values []*float64) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = Num(v)
	}
	return out
}
