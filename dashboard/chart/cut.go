package chart

import (
	"math"
	"slices"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// within returns the limits of an axis that shows all values, and the ends of
// their intervals as far as these lie no farther out than the values spread: an
// interval of somebody of whom nothing is known would press all others
// together.
func within(values, ends []float64) (lo, hi float64) {
	lo, hi = slices.Min(values), slices.Max(values)
	if len(ends) == 0 {
		return lo, hi
	}
	outside := make([]float64, 0, len(ends)) // how far each end lies beyond the values
	for _, e := range ends {
		outside = append(outside, math.Max(0, math.Max(lo-e, e-hi)))
	}
	slices.Sort(outside)
	room := math.Max(hi-lo, outside[len(outside)/2]) * 1.2
	if largest := outside[len(outside)-1]; largest <= 2*room { // not worth a cut
		room = largest
	}
	return math.Max(lo-room, math.Min(lo, slices.Min(ends))), math.Min(hi+room, math.Max(hi, slices.Max(ends)))
}

// cutMark marks where an interval is cut: side -1 for its low end, 1 for its
// high one; text is the number where it truly ends.
func cutMark(x float64, row any, side int, text string) Item {
	m := Item{Value: []any{Round(x, 6), row}, Symbol: "path://M0,0 L6,4 L0,8 Z"}
	position := "left"
	if side < 0 {
		m.Symbol, position = "path://M6,0 L0,4 L6,8 Z", "right"
	}
	if text != "" {
		m.Label = &opts.Label{Show: yes(), Position: position, Formatter: text, Color: "$c-label", FontSize: 12}
	}
	return m
}

func cutSeries(marks []any) Series {
	return Series{SingleSeries: charts.SingleSeries{Type: "scatter", SymbolSize: 9, Data: marks, ItemStyle: fill("$c-label")}, Silent: true, Z: 3}
}
