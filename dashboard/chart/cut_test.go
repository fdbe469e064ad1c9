package chart

import (
	"strings"
	"testing"
)

func TestAnAxisShowsAllValuesAndUsualIntervals(t *testing.T) {
	for _, c := range []struct {
		what         string
		values, ends []float64
		lo, hi       float64
	}{
		{"no intervals", []float64{1, 2}, nil, 1, 2},
		{"intervals of a usual width", []float64{.8, 1.2}, []float64{.6, 1, 1, 1.5}, .6, 1.5},
		{"one that ends at 21", []float64{.8, 1.2, 1.4}, []float64{.7, .9, 1.1, 1.3, .2, 21}, .2, 1.4 + 1.2*.6},
		{"all equally wide", []float64{1, 1}, []float64{.2, 5, .2, 5}, .2, 5},
	} {
		lo, hi := within(c.values, c.ends)
		if diff := (lo-c.lo)*(lo-c.lo) + (hi-c.hi)*(hi-c.hi); diff > 1e-18 {
			t.Errorf("%s: %v to %v, want %v to %v", c.what, lo, hi, c.lo, c.hi)
		}
	}
}

func TestACutIntervalSaysWhereItEnds(t *testing.T) {
	f := func(v float64) *float64 { return &v }
	o := Levels([]LevelRow{
		{Name: "E", Value: 1.1, Low: f(1), High: f(1.2), LowText: "1.00", HighText: "1.20"},
		{Name: "W", Value: .9, Low: f(.8), High: f(1), LowText: "0.80", HighText: "1.00"},
		{Name: "N", Value: 1, Low: f(.7), High: f(21.3), LowText: "0.70", HighText: "21.30"},
	}, 1, "@plain", "@n2", LevelWords{}).JSON()
	if !strings.Contains(o, "21.30") {
		t.Error("the end of the interval that is cut is not printed")
	}
	for _, text := range []string{"1.20", "0.70"} {
		if strings.Contains(o, text) {
			t.Errorf("%s is printed, though its interval is not cut", text)
		}
	}
	if strings.Contains(o, `"max":2`) && strings.Contains(o, `"max":25`) {
		t.Error("the axis still runs to the end of the widest interval")
	}
}
