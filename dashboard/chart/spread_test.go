package chart_test

import (
	"math"
	"slices"
	"testing"

	"levelfield/dashboard/chart"
)

func TestNamesThatLieCloseAreSpread(t *testing.T) {
	for name, c := range map[string]struct{ at, want []float64 }{
		"far apart stay":                       {[]float64{10, 50, 90}, []float64{10, 50, 90}},
		"two on one spot part evenly":          {[]float64{50, 50}, []float64{45, 55}},
		"order stays that of the positions":    {[]float64{52, 50}, []float64{56, 46}},
		"a third is pushed only if it is near": {[]float64{50, 50, 54, 90}, []float64{41.333, 51.333, 61.333, 90}},
		"none leaves the chart at its top":     {[]float64{0, 0, 0}, []float64{0, 10, 20}},
		"none leaves the chart at its foot":    {[]float64{100, 100}, []float64{90, 100}},
		"none":                                 {nil, []float64{}},
	} {
		got := chart.Spread(c.at, 10, 0, 100)
		if !slices.EqualFunc(got, c.want, func(a, b float64) bool { return math.Abs(a-b) < .01 }) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
