// Package chart turns panel rows into ECharts options. It is pure: no
// database, no request, no clock; one chart a file. The numbers arrive
// computed, a chart only places them.
//
// Two kinds of string in an option are resolved in the browser when the chart
// is drawn (dashboard/web/shared/charts.js) or on paper:
//
//	"$below"  a colour token of theme.css
//	"@pct1"   a named number format
//
// so that one option serves light, dark and print.
package chart

import (
	"encoding/json"
	"math"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// Option is an ECharts option for a chart with two axes.
type Option struct {
	Grid    []opts.Grid   `json:"grid,omitempty"`
	Tooltip *Tooltip      `json:"tooltip,omitempty"`
	XAxis   []Axis        `json:"xAxis,omitempty"`
	YAxis   []Axis        `json:"yAxis,omitempty"`
	Series  []Series      `json:"series"`
	Media   []MediaOption `json:"media,omitempty"` // changes for narrow charts
}

// Tooltip adds what go-echarts' tooltip lacks.
type Tooltip struct {
	opts.Tooltip
}

// Axis is a value or category axis with the few fields go-echarts lacks.
type Axis struct {
	opts.XAxis
	AxisLabel     *AxisLabel      `json:"axisLabel,omitempty"`
	BoundaryGap   *bool           `json:"boundaryGap,omitempty"`
	Interval      float64         `json:"interval,omitempty"`
	NameTextStyle *opts.TextStyle `json:"nameTextStyle,omitempty"`
}

// AxisLabel is go-echarts' with a numeric interval.
type AxisLabel struct {
	opts.AxisLabel
	ShowMinLabel *bool `json:"showMinLabel,omitempty"`
	ShowMaxLabel *bool `json:"showMaxLabel,omitempty"`
	Interval     *int  `json:"interval,omitempty"` // every label: 0
}

// Series is one series; go-echarts' struct names its fields.
type Series struct {
	charts.SingleSeries
	Silent  bool     `json:"silent,omitempty"`
	Z       int      `json:"z,omitempty"`
	Tooltip *Tooltip `json:"tooltip,omitempty"`
}

// MediaOption changes the option while the chart is at most MaxWidth wide.
type MediaOption struct {
	Query  MediaQuery `json:"query"`
	Option any        `json:"option"`
}

// MediaQuery is ECharts' condition on the size of the chart.
type MediaQuery struct {
	MaxWidth int `json:"maxWidth"`
}

// Item is one data item with its own style.
type Item struct {
	Value     any             `json:"value"` // number, [x, y] or null
	ItemStyle *opts.ItemStyle `json:"itemStyle,omitempty"`
	Label     *opts.Label     `json:"label,omitempty"`
	Symbol    string          `json:"symbol,omitempty"`
	Size      int             `json:"symbolSize,omitempty"`
}

// JSON writes the option for a <script type="application/json">. encoding/json
// escapes <, > and &, so the text cannot end the script element.
func (o Option) JSON() string {
	data, err := json.Marshal(o)
	if err != nil { // only NaN and Inf can fail: charts must use Num
		panic("chart: " + err.Error())
	}
	return string(data)
}

// Num is v for a data array: nil where there is no value.
func Num(v *float64) any {
	if v == nil || math.IsNaN(*v) || math.IsInf(*v, 0) {
		return nil
	}
	return Round(*v, 6)
}

// Round cuts float noise so that goldens and tooltips stay short.
func Round(v float64, digits int) float64 {
	p := math.Pow(10, float64(digits))
	return math.Round(v*p) / p
}

func yes() types.Bool { return opts.Bool(true) }
func no() types.Bool  { return opts.Bool(false) }

func ptr[T any](v T) *T { return &v }

// categoryAxis is an axis of names.
func categoryAxis(names []string) Axis {
	return Axis{
		XAxis: opts.XAxis{
			Type:      "category",
			Data:      names,
			AxisLine:  &opts.AxisLine{LineStyle: &opts.LineStyle{Color: "$c-axis"}},
			AxisTick:  &opts.AxisTick{Show: no()},
			SplitLine: &opts.SplitLine{Show: no()},
		},
		AxisLabel: label12("$c-label"),
	}
}

// valueAxis is an axis of numbers with grid lines.
func valueAxis(format string) Axis {
	a := Axis{
		XAxis: opts.XAxis{
			Type:      "value",
			AxisLine:  &opts.AxisLine{Show: no()},
			AxisTick:  &opts.AxisTick{Show: no()},
			SplitLine: &opts.SplitLine{LineStyle: &opts.LineStyle{Color: "$c-grid"}},
		},
		AxisLabel: label12("$c-label"),
	}
	a.AxisLabel.Formatter = types.FuncStr(format)
	a.AxisLabel.HideOverlap = yes() // on a phone
	return a
}

func label12(color string) *AxisLabel {
	return &AxisLabel{AxisLabel: opts.AxisLabel{Color: color, FontSize: 12}}
}

// valueLabel is the number printed beside a bar or dot.
func valueLabel(text, position string, strong bool) *opts.Label {
	l := &opts.Label{Show: yes(), Position: position, Formatter: text, Color: "$ink", FontSize: 12}
	if strong {
		l.FontWeight = "600"
	}
	return l
}

// overLines puts the surface behind a label, so that no line of the chart runs
// through its letters.
func overLines(l *opts.Label) *opts.Label {
	l.BackgroundColor = "$surface"
	return l
}

func fill(color string) *opts.ItemStyle { return &opts.ItemStyle{Color: color} }

// niceBounds returns round axis limits around lo..hi and the step between
// grid lines, about n of them; 0 stays inside if it was.
func niceBounds(lo, hi float64, n int) (min, max, step float64) {
	if hi <= lo {
		hi = lo + 1
	}
	raw := (hi - lo) / float64(n)
	mag := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		if step = m * mag; step >= raw {
			break
		}
	}
	return Round(math.Floor(lo/step)*step, 6), Round(math.Ceil(hi/step)*step, 6), Round(step, 6)
}
