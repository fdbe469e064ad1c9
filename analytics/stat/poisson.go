package stat

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// PoissonData holds aggregates of a Poisson pseudo-likelihood fit: the sums of
// y and of exposure over observations that share their drivers.
type PoissonData struct {
	Y, N []float64 // one a row
	X    []float64 // P drivers a row without a constant, already standardised, row after row
	P    int
}

// PoissonRidge fits E[y] = n exp(b0 + x'b) by ridge-penalised iteratively
// reweighted least squares; the constant b0 is not penalised, so the fitted
// sum equals the observed sum. Rows with n = 0 are passed over. start may be
// nil or a previous solution of length 1+P. It returns the coefficients,
// constant first, or an error where it does not settle in 50 steps.
// Silva & Tenreyro 2006, Review of Economics and Statistics 88 (PPML);
// Hoerl & Kennard 1970 (ridge).
func PoissonRidge(d PoissonData, lambda float64, start []float64) ([]float64, error) {
	var y, n float64
	for i := range d.N {
		if d.N[i] > 0 {
			y, n = y+d.Y[i], n+d.N[i]
		}
	}
	if y <= 0 || n <= 0 {
		return nil, ErrNothingObserved
	}
	q := d.P + 1
	b := make([]float64, q)
	if start != nil {
		copy(b, start)
	} else {
		b[0] = math.Log(y / n)
	}
	// the penalty is put on the scale of the mean so that a change of currency
	// changes no coefficient but the constant
	penalty := lambda * y / float64(len(d.N))
	sums, score, w := make([]float64, q*q), make([]float64, q), make([]float64, d.P) // sums: upper triangle of the information
	for range 50 {
		clear(sums)
		clear(score)
		for i, n := range d.N {
			if n <= 0 {
				continue
			}
			x := d.X[i*d.P : (i+1)*d.P]
			eta := b[0]
			for j, v := range x {
				eta += b[j+1] * v
			}
			mu := n * math.Exp(eta)
			e := d.Y[i] - mu
			score[0] += e
			sums[0] += mu
			for j, v := range x {
				score[j+1] += e * v
				w[j] = mu * v
				sums[j+1] += w[j]
			}
			for j, v := range w {
				row := sums[(j+1)*q+1+j : (j+2)*q]
				for k, u := range x[j:] {
					row[k] += v * u
				}
			}
		}
		for j := 1; j < q; j++ {
			score[j] -= penalty * b[j]
			sums[j*q+j] += penalty
		}
		step, err := solve(mat.NewSymDense(q, sums), score)
		if err != nil {
			return nil, fmt.Errorf("poisson fit: %w", err)
		}
		var largest float64
		for _, s := range step {
			largest = math.Max(largest, math.Abs(s))
		}
		// a long first step can overshoot where exposure is uneven
		damp := 1.0
		if largest > 5 {
			damp = 5 / largest
		}
		for j := range b {
			b[j] += damp * step[j]
		}
		if largest < 1e-9 {
			return b, nil
		}
	}
	return nil, errors.New("poisson fit: no convergence in 50 steps")
}

// ErrNothingObserved says that a fit has no positive sum or no exposure.
var ErrNothingObserved = errors.New("poisson fit: nothing was observed")

// solve finds x with a x = b for a symmetric positive definite a, by Cholesky,
// and by singular values where a is nearly singular.
func solve(a *mat.SymDense, b []float64) ([]float64, error) {
	n := len(b)
	var x mat.VecDense
	var chol mat.Cholesky
	if chol.Factorize(a) && chol.Cond() < 1e10 {
		if err := chol.SolveVecTo(&x, mat.NewVecDense(n, b)); err == nil {
			return x.RawVector().Data, nil
		}
	}
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDThin) {
		return nil, errors.New("singular values did not converge")
	}
	values := svd.Values(nil)
	rank := 0
	for _, v := range values {
		if v > 1e-12*values[0] {
			rank++
		}
	}
	if rank == 0 {
		return nil, errors.New("all drivers are zero")
	}
	svd.SolveVecTo(&x, mat.NewVecDense(n, b), rank)
	return x.RawVector().Data, nil
}

// PoissonDeviance is twice the log-likelihood distance between y and the fit
// mu = n exp(b0 + x'b): smaller predicts better.
func PoissonDeviance(d PoissonData, b []float64) float64 {
	var sum float64
	for i, n := range d.N {
		if n <= 0 {
			continue
		}
		eta := b[0]
		for j, v := range d.X[i*d.P : (i+1)*d.P] {
			eta += b[j+1] * v
		}
		mu := n * math.Exp(eta)
		if y := d.Y[i]; y > 0 {
			sum += 2 * (y*math.Log(y/mu) - y + mu)
		} else {
			sum += 2 * mu
		}
	}
	return sum
}

// Estimate is one noisy observation of a person in a place.
type Estimate struct {
	Person, Place int     // 0-based
	Z, V          float64 // value and its sampling variance > 0
}

// Crossed predicts person and place effects of z = mean + person + place +
// error with both effects random, by Gauss-Seidel on Henderson's equations.
// The variances may be 0. Henderson 1975, Biometrics 31.
func Crossed(data []Estimate, people, places int, personVariance, placeVariance float64, sweeps int) (mean float64, person, place []float64) {
	person, place = make([]float64, people), make([]float64, places)
	weightPerson, weightPlace := make([]float64, people), make([]float64, places)
	var weight float64
	for _, d := range data {
		w := 1 / d.V
		weight += w
		weightPerson[d.Person] += w
		weightPlace[d.Place] += w
	}
	sumPerson, sumPlace := make([]float64, people), make([]float64, places)
	for range sweeps {
		var s float64
		for _, d := range data {
			s += (d.Z - person[d.Person] - place[d.Place]) / d.V
		}
		mean = s / weight
		clear(sumPlace)
		for _, d := range data {
			sumPlace[d.Place] += (d.Z - mean - person[d.Person]) / d.V
		}
		for i := range place {
			if place[i] = 0; placeVariance > 0 {
				place[i] = sumPlace[i] / (weightPlace[i] + 1/placeVariance)
			}
		}
		clear(sumPerson)
		for _, d := range data {
			sumPerson[d.Person] += (d.Z - mean - place[d.Place]) / d.V
		}
		for i := range person {
			if person[i] = 0; personVariance > 0 {
				person[i] = sumPerson[i] / (weightPerson[i] + 1/personVariance)
			}
		}
	}
	return mean, person, place
}
