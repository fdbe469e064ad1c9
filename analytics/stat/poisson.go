package stat

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// PoissonData holds aggregates of a Poisson pseudo-likelihood fit: the sums of
// y and of exposure over observations that share their drivers.
type PoissonData struct {
	Y, N []float64 // one a row
	X    []float64 // P drivers a row without a constant, already standardised, row after row
	P    int
}

// PoissonStart is where a fit begins: what was found on nearly the same data.
type PoissonStart struct {
	path        [][]float64 // b for each penalty, constant first
	information []float64   // of the data near the first b, without a penalty: upper triangle
	means
}

// means are exp(b0 + x'b) at one b. Near it the means elsewhere follow from
// them by a short series, which costs a fraction of exponentials.
type means struct {
	x    []float64 // the drivers they were taken for
	at   []float64 // b, constant first
	base []float64 // one a row; nil until taken
}

// near is how far from 0 a series stands for an exponential.
const near = 1. / 64

// growth is exp(u) for |u| <= near: the next term of the series is under 6e-17.
func growth(u float64) float64 {
	v := u * u
	return 1 + u + v*(1./2+u*(1./6)+v*(1./24+u*(1./120)+v*(1./720)))
}

// Exp returns exp(u), in a fraction of the time where u is near 0.
func Exp(u float64) float64 {
	if u > near || u < -near {
		return math.Exp(u)
	}
	return growth(u)
}

// grow replaces every u by exp(u).
func grow(u []float64) {
	for i, v := range u {
		u[i] = Exp(v)
	}
}

// take takes the means of d at b.
func (m *means) take(d PoissonData, b []float64) {
	m.x, m.at = d.X, slices.Clone(b)
	m.base = make([]float64, len(d.N))
	inBlocks(len(d.N), true, func(_, from, to int) {
		predict(m.base[from:to], d.X[from*d.P:to*d.P], b)
		for i, eta := range m.base[from:to] {
			m.base[from+i] = math.Exp(eta)
		}
	})
}

// blockRows is how many rows are added up before sums are put together: with
// the same blocks, in one order, sums are the same on any number of processors.
const blockRows = 1 << 14

// inBlocks calls do for each block of n rows, side by side where asked for.
func inBlocks(n int, sideBySide bool, do func(block, from, to int)) {
	blocks := (n + blockRows - 1) / blockRows
	one := func(b int) { do(b, b*blockRows, min(n, (b+1)*blockRows)) }
	workers := min(blocks, runtime.GOMAXPROCS(0))
	if !sideBySide || workers < 2 {
		for b := range blocks {
			one(b)
		}
		return
	}
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for b := w; b < blocks; b += workers {
				one(b)
			}
		})
	}
	wait.Wait()
}

// Moments returns mean and standard deviation (over all rows, not a sample) of
// each of p columns of numbers that lie row after row.
func Moments(x []float64, p int) (means, deviations []float64) {
	n := len(x) / p
	perBlock := make([][]float64, (n+blockRows-1)/blockRows)
	total := func(add func(sums, row []float64)) []float64 {
		inBlocks(n, true, func(block, from, to int) {
			sums := make([]float64, p)
			for ; from < to; from++ {
				add(sums, x[from*p:(from+1)*p])
			}
			perBlock[block] = sums
		})
		all := make([]float64, p)
		for _, sums := range perBlock {
			floats.Add(all, sums)
		}
		floats.Scale(1/float64(n), all)
		return all
	}
	means = total(floats.Add)
	deviations = total(func(sums, row []float64) {
		for j, v := range row {
			sums[j] += (v - means[j]) * (v - means[j])
		}
	})
	for j, variance := range deviations {
		deviations[j] = math.Sqrt(variance)
	}
	return means, deviations
}

// away returns how far b is from where the means were taken.
func (m *means) away(b []float64) []float64 {
	d := make([]float64, len(b))
	for j := range d {
		d[j] = b[j] - m.at[j]
	}
	return d
}

// PoissonRidge fits E[y] = n exp(b0 + x'b) by ridge-penalised iteratively
// reweighted least squares, once for each penalty, each from the one before.
// The constant b0 is not penalised, so the fitted sum equals the observed sum.
// Rows with n = 0 are passed over. start may be nil, or what a fit to other
// data returned: the nearer those data, the fewer steps; where it begins
// changes no coefficient by more than 1e-10. It returns the coefficients for
// each penalty, constant first, and a start for data like these, or an error
// where a fit does not settle in 50 steps.
// Silva & Tenreyro 2006, Review of Economics and Statistics 88 (PPML);
// Hoerl & Kennard 1970 (ridge).
func PoissonRidge(d PoissonData, ridges []float64, start *PoissonStart) ([][]float64, *PoissonStart, error) {
	var y, n float64
	for i := range d.N {
		if d.N[i] > 0 {
			y, n = y+d.Y[i], n+d.N[i]
		}
	}
	if y <= 0 || n <= 0 {
		return nil, nil, ErrNothingObserved
	}
	q := d.P + 1
	fit := &poissonFit{data: d, b: make([]float64, q), score: make([]float64, q), sideBySide: start == nil}
	var path [][]float64 // of the start
	if start != nil && len(start.path) == len(ridges) && len(start.path[0]) == q {
		path = start.path
		copy(fit.b, path[0])
		fit.information = slices.Clone(start.information)
		if q > 1 && &start.x[0] == &d.X[0] {
			fit.means = start.means
		}
	} else {
		fit.b[0] = math.Log(y / n)
	}
	var fits [][]float64
	var information []float64
	for i, ridge := range ridges {
		if i > 0 && path != nil { // the next penalty moves these data about as far as it moved those
			fit.point = nil
			for j := range fit.b {
				fit.b[j] += path[i][j] - path[i-1][j]
			}
		}
		// the penalty is put on the scale of the mean so that a change of currency
		// changes no coefficient but the constant
		if err := fit.settle(ridge * y / float64(len(d.N))); err != nil {
			return nil, nil, err
		}
		fits = append(fits, slices.Clone(fit.b))
		if i == 0 {
			if path == nil { // near here is where all that follows will look
				fit.derive(true)
			}
			information = slices.Clone(fit.information)
		}
	}
	return fits, &PoissonStart{path: fits, information: information, means: fit.means}, nil
}

// poissonFit is a fit under way.
type poissonFit struct {
	data        PoissonData
	b           []float64
	score       []float64 // derivative of the likelihood where it was last taken
	point       []float64 // where that was; nil for nowhere
	information []float64 // minus the second derivative, there or near: upper triangle; nil until known
	seen, then  []float64 // the last point that was looked at, and its score
	shrinks     float64   // how much the last step with it was shorter than the one before; 0 until known
	sideBySide  bool      // on all processors: nothing else can begin before it
	means
}

// settle finds the coefficients for one penalty. The information changes
// little near the solution, and costs p times as much as the score: it is
// taken again only while a step does not shrink to a fifth of the one before;
// else every score corrects it (secant). The score does not know the penalty: where no start says how far
// another penalty moves the coefficients, the first step for it needs no look
// at the data.
func (f *poissonFit) settle(penalty float64) error {
	q := len(f.b)
	before := math.Inf(1)
	for i := range 50 {
		fresh := f.information == nil
		if i > 0 || fresh || f.point == nil {
			f.derive(fresh)
		}
		sums := slices.Clone(f.information)
		for j := 1; j < q; j++ {
			sums[j*q+j] += penalty
		}
		score := slices.Clone(f.score)
		for j := 1; j < q; j++ {
			score[j] -= penalty * f.point[j]
		}
		step, err := solver(mat.NewSymDense(q, sums))(score)
		if err != nil {
			return fmt.Errorf("poisson fit: %w", err)
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
		for j := range f.b {
			f.b[j] = f.point[j] + damp*step[j]
		}
		// what is left is at most the sum of a geometric series (of which the ratio can still
		// double), for a fresh step its square
		shrunk := largest / before
		if fresh {
			f.shrinks = 0
		} else if shrunk > 0 {
			f.shrinks = shrunk
		}
		left := largest * f.shrinks
		if i == 0 { // the ratio is that of another penalty
			left *= 20
		}
		if largest < 1e-10 || fresh && largest < 1e-6 || f.shrinks > 0 && f.shrinks < .5 && left < 1e-11 {
			return nil
		}
		if shrunk > .2 || damp < 1 {
			f.information = nil
		}
		before = largest
	}
	return errors.New("poisson fit: no convergence in 50 steps")
}

// derive takes the derivatives of the likelihood at b: the score, and the
// information too where that is asked for.
func (f *poissonFit) derive(information bool) {
	d, q := f.data, len(f.b)
	f.point = append(f.point[:0], f.b...)
	if information || f.base == nil {
		f.take(d, f.b)
	}
	away := f.away(f.b)
	scores := make([][]float64, (len(d.N)+blockRows-1)/blockRows)
	sums := make([][]float64, len(scores))
	inBlocks(len(d.N), f.sideBySide, func(block, from, to int) {
		scores[block] = make([]float64, q)
		if information {
			sums[block] = make([]float64, q*q)
		}
		f.deriveRows(from, to, away, scores[block], sums[block])
	})
	clear(f.score)
	for _, s := range scores {
		floats.Add(f.score, s)
	}
	if information {
		f.information = make([]float64, q*q)
		for _, s := range sums {
			floats.Add(f.information, s)
		}
	} else if f.seen != nil {
		f.correct()
	}
	f.seen, f.then = slices.Clone(f.point), slices.Clone(f.score)
}

// correct gives the information the slope that the score was seen to have
// between the last two points: Broyden 1970, Fletcher 1970, Goldfarb 1970,
// Shanno 1970.
func (f *poissonFit) correct() {
	q := len(f.b)
	moved, fell := make([]float64, q), make([]float64, q)
	floats.SubTo(moved, f.point, f.seen)
	floats.SubTo(fell, f.then, f.score)
	if floats.Norm(moved, math.Inf(1)) < 1e-8 { // rounding would say more than the slope
		return
	}
	var expected mat.VecDense
	expected.MulVec(mat.NewSymDense(q, f.information), mat.NewVecDense(q, moved))
	e := expected.RawVector().Data
	was, is := floats.Dot(moved, e), floats.Dot(moved, fell)
	if was <= 0 || is <= 0 {
		return
	}
	for j := range q {
		for k := j; k < q; k++ {
			f.information[j*q+k] += fell[j]*fell[k]/is - e[j]*e[k]/was
		}
	}
}

// deriveRows adds the derivatives of some rows to the score all, and to sums,
// the information, unless that is nil.
func (f *poissonFit) deriveRows(from, to int, away, all, sums []float64) {
	d, q := f.data, len(all)
	room := make([]float64, stripRows)
	strips(from, to, func(from, to int) {
		x, y, n, base := d.X[from*d.P:to*d.P], d.Y[from:to], d.N[from:to], f.base[from:to]
		left := room[:to-from]
		predict(left, x, away)
		grow(left)
		for i, mu := range left {
			if mu *= n[i] * base[i]; n[i] > 0 {
				left[i] = y[i] - mu
			} else {
				left[i] = 0
			}
		}
		addWeighted(all, x, left)
		if sums == nil {
			return
		}
		w := make([]float64, d.P)
		for i, e := range left {
			if n[i] <= 0 {
				continue
			}
			mu := y[i] - e
			sums[0] += mu
			x := x[i*d.P : (i+1)*d.P]
			for j, v := range x {
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
	})
}

// blasKernel multiplies rows of drivers with coefficients, several numbers an
// instruction.
var blasKernel gonum.Implementation

// stripRows is how many rows are multiplied at once: what is worked out for
// them stays in the processor's first cache.
const stripRows = 512

// strips calls do for the rows, some at a time.
func strips(from, to int, do func(from, to int)) {
	for ; from < to; from += stripRows {
		do(from, min(to, from+stripRows))
	}
}

// predict fills u with b0 + x'b of each row.
func predict(u, x, b []float64) {
	for i := range u {
		u[i] = b[0]
	}
	if p := len(b) - 1; p > 0 {
		blasKernel.Dgemv(blas.NoTrans, len(u), p, 1, x, p, b[1:], 1, 1, u, 1)
	}
}

// addWeighted adds the weights to the first of sums, and the weighted drivers of
// each row to the rest.
func addWeighted(sums, x, weight []float64) {
	sums[0] += floats.Sum(weight)
	if p := len(sums) - 1; p > 0 {
		blasKernel.Dgemv(blas.Trans, len(weight), p, 1, x, p, weight, 1, 1, sums[1:], 1)
	}
}

// ErrNothingObserved says that a fit has no positive sum or no exposure.
var ErrNothingObserved = errors.New("poisson fit: nothing was observed")

// solver returns what finds x with a x = b for a symmetric positive definite
// a: Cholesky, or singular values where a is nearly singular.
func solver(a *mat.SymDense) func(b []float64) ([]float64, error) {
	n := a.SymmetricDim()
	var chol mat.Cholesky
	if chol.Factorize(a) && chol.Cond() < 1e10 {
		return func(b []float64) ([]float64, error) {
			var x mat.VecDense
			err := chol.SolveVecTo(&x, mat.NewVecDense(n, b))
			return x.RawVector().Data, err
		}
	}
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDThin) {
		return func([]float64) ([]float64, error) { return nil, errors.New("singular values did not converge") }
	}
	values := svd.Values(nil)
	rank := 0
	for _, v := range values {
		if v > 1e-12*values[0] {
			rank++
		}
	}
	return func(b []float64) ([]float64, error) {
		if rank == 0 {
			return nil, errors.New("all drivers are zero")
		}
		var x mat.VecDense
		svd.SolveVecTo(&x, mat.NewVecDense(n, b), rank)
		return x.RawVector().Data, nil
	}
}

// Losses are minus the log-likelihoods of the fits mu = n exp(b0 + x'b) to data
// with the drivers of the fit that returned s, but for what all fits have in
// common: of two the smaller predicts better.
func (s *PoissonStart) Losses(d PoissonData, fits [][]float64) []float64 {
	losses := make([]float64, len(fits))
	away := make([][]float64, len(fits))
	for k, b := range fits {
		away[k] = s.away(b)
	}
	seen := make([]float64, d.P+1) // sums of y, and of y times each driver
	room := make([]float64, 3*stripRows)
	strips(0, len(d.N), func(from, to int) {
		x, n, base := d.X[from*d.P:to*d.P], d.N[from:to], s.base[from:to]
		y, scale, mu := room[:to-from], room[stripRows:][:to-from], room[2*stripRows:][:to-from]
		copy(y, d.Y[from:to])
		for i, n := range n {
			if scale[i] = n * base[i]; n <= 0 {
				scale[i], y[i] = 0, 0
			}
		}
		addWeighted(seen, x, y)
		for k, a := range away {
			predict(mu, x, a)
			grow(mu)
			losses[k] += floats.Dot(scale, mu)
		}
	})
	for k, a := range away {
		losses[k] -= floats.Dot(seen, a)
	}
	return losses
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
	weights := make([]float64, len(data))
	for i, d := range data {
		w := 1 / d.V
		weights[i] = w
		weight += w
		weightPerson[d.Person] += w
		weightPlace[d.Place] += w
	}
	sumPerson, sumPlace := make([]float64, people), make([]float64, places)
	for range sweeps {
		var s float64
		for i, d := range data {
			s += (d.Z - person[d.Person] - place[d.Place]) * weights[i]
		}
		mean = s / weight
		clear(sumPlace)
		for i, d := range data {
			sumPlace[d.Place] += (d.Z - mean - person[d.Person]) * weights[i]
		}
		for i := range place {
			if place[i] = 0; placeVariance > 0 {
				place[i] = sumPlace[i] / (weightPlace[i] + 1/placeVariance)
			}
		}
		clear(sumPerson)
		for i, d := range data {
			sumPerson[d.Person] += (d.Z - mean - place[d.Place]) * weights[i]
		}
		for i := range person {
			if person[i] = 0; personVariance > 0 {
				person[i] = sumPerson[i] / (weightPerson[i] + 1/personVariance)
			}
		}
	}
	return mean, person, place
}
