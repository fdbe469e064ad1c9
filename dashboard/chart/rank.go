package chart

import (
	"math"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// RankRow is one unit in a ranking.
type RankRow struct {
	Name      string
	Value     float64
	Text      string   // Value as printed
	Low, High *float64 // the unit's own usual range; nil where unknown
	Tone      string   // "above", "below" or "": outside that range or not
	Place     string   // place before and now, printed at the right: "3 → 1"
}

// Rank draws units best first as dots over their usual range, with a line at
// a reference. Shares are 0..1. PlaceTitle heads the places.
func Rank(rows []RankRow, reference float64, referenceText, placeTitle, valueName string) Option {
	lo, hi := reference, reference
	names, places := make([]string, len(rows)), make([]string, len(rows))
	bands := map[string][]any{}
	dots := map[string][]any{}
	for i, r := range rows {
		names[i], places[i] = r.Name, r.Place
		lo, hi = math.Min(lo, r.Value), math.Max(hi, r.Value)
		if r.Low != nil && r.High != nil {
			lo, hi = math.Min(lo, *r.Low), math.Max(hi, *r.High)
			bands[r.Tone] = append(bands[r.Tone], []any{Round(*r.Low, 6), i}, []any{Round(*r.High, 6), i}, []any{"-", "-"})
		}
		label := overLines(valueLabel(r.Text, "top", true))
		dots[r.Tone] = append(dots[r.Tone], Item{Value: []any{Round(r.Value, 6), i}, Label: label})
	}
	min, max, step := niceBounds(lo, hi, 6)
	x := valueAxis("@pct0")
	x.Min, x.Max, x.Interval = min, max, step
	y := categoryAxis(names)
	y.Inverse = yes()
	y.AxisLabel.Color, y.AxisLabel.FontSize = "$ink", 13
	right := categoryAxis(places)
	right.Inverse = yes()
	right.Position = "right"
	right.AxisLine = &opts.AxisLine{Show: no()}
	right.Name, right.NameLocation = placeTitle, "start"
	right.NameGap = 10
	right.NameTextStyle = &opts.TextStyle{Color: "$c-label", Align: "center"}
	right.AxisLabel.Margin = 14

	o := Option{
		Grid:    []opts.Grid{{Left: "8", Right: "16", Top: "30", Bottom: "4", ContainLabel: yes()}},
		Tooltip: &Tooltip{opts.Tooltip{Trigger: "item", ValueFormatter: "@pct2"}},
		XAxis:   []Axis{x}, YAxis: []Axis{y, right},
	}
	for _, tone := range []string{"above", "below", ""} {
		if bands[tone] == nil {
			continue
		}
		o.Series = append(o.Series, Series{
			SingleSeries: charts.SingleSeries{
				Type: "line", Data: bands[tone], Symbol: "none",
				LineStyle: &opts.LineStyle{Width: 9, Color: "$" + toneColor(tone, "c-ref"), Opacity: opts.Float(.26), Type: "solid"},
			},
			Silent: true, Z: 2,
		})
	}
	for _, tone := range []string{"above", "below", ""} {
		if dots[tone] == nil {
			continue
		}
		s := Series{
			SingleSeries: charts.SingleSeries{
				Type: "scatter", Name: valueName, SymbolSize: 12, Data: dots[tone],
				ItemStyle: fill("$" + toneColor(tone, "c-now")),
			},
			Z: 5,
		}
		o.Series = append(o.Series, s)
	}
	// the line at the reference is a series of its own, so that it is there whatever the tones
	o.Series = append(o.Series, Series{
		SingleSeries: charts.SingleSeries{
			Type: "scatter", Data: []any{}, SymbolSize: 0,
			MarkLines: &opts.MarkLines{
				Data: []any{map[string]any{"xAxis": Round(reference, 6)}},
				MarkLineStyle: opts.MarkLineStyle{
					Symbol:    []string{"none", "none"},
					LineStyle: &opts.LineStyle{Color: "$c-label", Width: 1, Type: "dashed"},
					Label:     &opts.Label{Show: yes(), Formatter: referenceText, Color: "$c-label", FontSize: 12, Position: "start"},
				},
			},
		},
		Silent: true,
	})
	return o
}

func toneColor(tone, plain string) string {
	if tone == "" {
		return plain
	}
	return tone
}
