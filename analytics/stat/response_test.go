package stat_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"levelfield/analytics/stat"
)

func TestResponsesAreThoseOfARegressionWithDummies(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	const regions, months = 5, 14
	var data []stat.Effort
	var x [][]float64
	var y []float64
	for k := range regions {
		for m := range months {
			if r.Float64() < .1 {
				continue // a month without data
			}
			d := stat.Effort{Region: k, Month: m, X: r.NormFloat64(), Covariates: []float64{r.NormFloat64()}}
			d.Y = float64(k) + .1*float64(m) + .3*d.X + .2*d.Covariates[0] + .1*r.NormFloat64()
			row := make([]float64, 2*regions+months)
			row[k], row[regions+k] = 1, d.X
			if m > 0 {
				row[2*regions+m-1] = 1
			}
			row[2*regions+months-1] = d.Covariates[0]
			data, x, y = append(data, d), append(x, row), append(y, d.Y)
		}
	}
	want, err := stat.OLS(x, y)
	if err != nil {
		t.Fatal(err)
	}
	got, err := stat.FitResponse(data, regions, months)
	if err != nil {
		t.Fatal(err)
	}
	for k := range regions {
		near(t, "slope", got.Slope[k], want.Coef[regions+k], 1e-9)
		near(t, "se", math.Sqrt(got.Variance[k]), want.SE[regions+k], 1e-9)
	}
	near(t, "residual", got.Residual, math.Sqrt(want.RSS/float64(want.DF)), 1e-9)
}

func TestARegionWithoutVariationTakesThePooledElasticity(t *testing.T) {
	e := stat.PoolElasticities([]float64{.3, .4, math.NaN()}, []float64{.01, .01, math.Inf(1)}, .34, .10)
	near(t, "elasticity", e.Each[2], e.Mean, 1e-12)
	if !(e.SE[2] > e.SE[0]) {
		t.Errorf("a region without variation is as sure (%g) as one with (%g)", e.SE[2], e.SE[0])
	}
	none := stat.PoolElasticities([]float64{math.NaN()}, []float64{math.Inf(1)}, .34, .10)
	near(t, "prior", none.Each[0], .34, 0)
}

func TestEffortThatChasesLastMonthIsSeen(t *testing.T) {
	for _, follows := range []float64{0, .8} {
		r := rand.New(rand.NewPCG(9, 10))
		var data []stat.Effort
		for k := range 8 {
			last := 0.0
			for m := range 24 {
				x := follows*last + .1*r.NormFloat64()
				last = .15 * r.NormFloat64()
				data = append(data, stat.Effort{Region: k, Month: m, X: x, Y: .3*x + last})
			}
		}
		fit, err := stat.FitResponse(data, 8, 24)
		if err != nil {
			t.Fatal(err)
		}
		if seen := fit.ChaseP < .05; seen != (follows > 0) {
			t.Errorf("effort that follows last month's sales by %g: p = %g", follows, fit.ChaseP)
		}
	}
}

func TestTooFewMonthsAreRefused(t *testing.T) {
	if _, err := stat.FitResponse([]stat.Effort{{X: 1, Y: 1}, {Month: 1, X: 2, Y: 2}}, 1, 2); err == nil {
		t.Error("a fit without freedom was accepted")
	}
}
