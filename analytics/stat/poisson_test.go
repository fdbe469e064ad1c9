package stat_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"levelfield/analytics/stat"
)

// poissonData are sums of 400 cells with 3 drivers and a coefficient each.
func poissonData(seed uint64) stat.PoissonData {
	r := rand.New(rand.NewPCG(seed, 1))
	common := rand.New(rand.NewPCG(1, 2)) // the drivers are those of all data
	d := stat.PoissonData{P: 3}
	for range 400 {
		eta := 2.0
		for _, b := range []float64{.6, -.3, .1} {
			x := common.NormFloat64()
			d.X = append(d.X, x)
			eta += b * x
		}
		n := float64(r.IntN(5))
		d.N = append(d.N, n)
		d.Y = append(d.Y, n*math.Exp(eta+.4*r.NormFloat64()))
	}
	return d
}

// score is the derivative of the penalised likelihood, over the sum of y.
func score(d stat.PoissonData, b []float64, ridge float64) (largest float64) {
	sums, all := make([]float64, d.P+1), 0.0
	for i, n := range d.N {
		eta := b[0]
		for j := range d.P {
			eta += b[j+1] * d.X[i*d.P+j]
		}
		e := d.Y[i] - n*math.Exp(eta)
		sums[0] += e
		for j := range d.P {
			sums[j+1] += e * d.X[i*d.P+j]
		}
		all += d.Y[i]
	}
	for j := range d.P {
		sums[j+1] -= ridge * all / float64(len(d.N)) * b[j+1]
	}
	for _, s := range sums {
		largest = math.Max(largest, math.Abs(s)/all)
	}
	return largest
}

func TestPoissonFitsSolveTheirEquationsFromAnywhere(t *testing.T) {
	ridges := []float64{.1, 1, 10, 100}
	other := poissonData(5)
	_, start, err := stat.PoissonRidge(other, ridges, nil)
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(4) {
		d := poissonData(seed)
		d.X = other.X // as folds share the drivers of a market
		cold, end, err := stat.PoissonRidge(d, ridges, nil)
		if err != nil {
			t.Fatal(err)
		}
		warm, _, err := stat.PoissonRidge(d, ridges, start)
		if err != nil {
			t.Fatal(err)
		}
		losses := end.Losses(other, cold)
		for i, ridge := range ridges {
			near(t, "score of a cold fit", score(d, cold[i], ridge), 0, 2e-10)
			near(t, "score of a warm fit", score(d, warm[i], ridge), 0, 2e-10)
			for j := range cold[i] {
				near(t, "a coefficient from another start", warm[i][j], cold[i][j], 1e-10)
			}
			likelihood := func(b []float64) (sum float64) {
				for k, n := range other.N {
					eta := b[0]
					for j := range other.P {
						eta += b[j+1] * other.X[k*other.P+j]
					}
					sum += n*math.Exp(eta) - other.Y[k]*eta
				}
				return sum
			}
			want := likelihood(cold[i]) - likelihood(cold[0])
			near(t, "loss beside that of the first penalty", losses[i]-losses[0], want, 1e-8*(1+math.Abs(want)))
		}
	}
}
