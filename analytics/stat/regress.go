package stat

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Regression is a least-squares fit.
type Regression struct {
	Coef, SE   []float64  // one a column of x
	Covariance *mat.Dense // of Coef, classical
	RSS        float64    // residual sum of squares
	DF         int        // rows less columns
	Residual   []float64
}

// OLS fits y on the columns of x (rows x columns, constant included by the
// caller) by QR on columns scaled to unit length; where they are nearly
// collinear the solution is refined until the residuals are orthogonal to them
// (Bjorck 1967, BIT 7), which keeps every digit that NIST gives for Longley. It
// refuses fewer rows than columns and collinear columns.
func OLS(x [][]float64, y []float64) (*Regression, error) {
	n, p := len(x), len(x[0])
	if n <= p {
		return nil, fmt.Errorf("regression: %d rows are too few for %d columns", n, p)
	}
	scale := make([]float64, p)
	for _, row := range x {
		for j, v := range row {
			scale[j] += v * v
		}
	}
	design := mat.NewDense(n, p, nil)
	for j := range scale {
		if scale[j] = math.Sqrt(scale[j]); scale[j] == 0 {
			return nil, fmt.Errorf("regression: column %d is all zero", j+1)
		}
		for i := range x {
			design.Set(i, j, x[i][j]/scale[j])
		}
	}
	var qr mat.QR
	qr.Factorize(design)
	if qr.Cond() > 1e12 {
		return nil, errors.New("regression: columns are collinear")
	}
	var coef mat.VecDense
	if err := qr.SolveVecTo(&coef, false, mat.NewVecDense(n, append([]float64(nil), y...))); err != nil {
		return nil, fmt.Errorf("regression: %w", err)
	}
	fit := &Regression{DF: n - p, Coef: make([]float64, p), SE: make([]float64, p), Residual: make([]float64, n)}
	for j := range p {
		fit.Coef[j] = coef.AtVec(j) / scale[j]
	}
	if qr.Cond() > 1e3 {
		if err := refine(fit.Coef, x, y, &qr, scale); err != nil {
			return nil, fmt.Errorf("regression: %w", err)
		}
	}
	for i := range x {
		r := y[i]
		for j, v := range x[i] {
			r -= v * fit.Coef[j]
		}
		fit.Residual[i] = r
		fit.RSS += r * r
	}
	var r, inverse mat.Dense
	qr.RTo(&r)
	if err := inverse.Inverse(r.Slice(0, p, 0, p)); err != nil {
		return nil, errors.New("regression: columns are collinear")
	}
	fit.Covariance = mat.NewDense(p, p, nil)
	fit.Covariance.Mul(&inverse, inverse.T())
	s2 := fit.RSS / float64(fit.DF)
	for i := range p {
		for j := range p {
			fit.Covariance.Set(i, j, fit.Covariance.At(i, j)*s2/(scale[i]*scale[j]))
		}
		fit.SE[i] = math.Sqrt(fit.Covariance.At(i, i))
	}
	return fit, nil
}

// refine corrects coefficients by what is left of the normal equations, in
// twice the usual precision: R'R d = X'(y - Xb).
func refine(coef []float64, x [][]float64, y []float64, qr *mat.QR, scale []float64) error {
	var r mat.Dense
	qr.RTo(&r)
	p := len(coef)
	triangle := mat.NewTriDense(p, mat.Upper, nil)
	for i := range p {
		for j := i; j < p; j++ {
			triangle.SetTri(i, j, r.At(i, j))
		}
	}
	for range 3 {
		left := make([]twofold, p)
		for i, row := range x {
			e := twofold{high: y[i]}
			for j, v := range row {
				e.add(-v, coef[j])
			}
			for j, v := range row {
				left[j].add(v, e.high)
				left[j].add(v, e.low)
			}
		}
		d := mat.NewVecDense(p, nil)
		for j := range left {
			d.SetVec(j, (left[j].high+left[j].low)/scale[j])
		}
		if err := d.SolveVec(triangle.T(), d); err != nil {
			return err
		}
		if err := d.SolveVec(triangle, d); err != nil {
			return err
		}
		for j := range coef {
			coef[j] += d.AtVec(j) / scale[j]
		}
	}
	return nil
}

// twofold is a sum kept in two numbers, the second what the first rounds away.
// Ogita, Rump & Oishi 2005, SIAM Journal on Scientific Computing 26.
type twofold struct{ high, low float64 }

// add adds a product.
func (s *twofold) add(a, b float64) {
	product := a * b
	sum := s.high + product
	part := sum - s.high
	s.low += (s.high - (sum - part)) + (product - part) + math.FMA(a, b, -product)
	s.high = sum
}

// Slope is a simple regression of y on x with a heteroscedasticity-robust
// standard error.
type Slope struct {
	Intercept, Slope, SE float64
	DF                   float64 // degrees of freedom of SE
}

// FitSlope fits y = a + b x with the HC1 standard error of b. White 1980;
// MacKinnon & White 1985. It needs 3 points and two distinct x.
func FitSlope(x, y []float64) (Slope, error) {
	n := float64(len(x))
	if len(x) < 3 {
		return Slope{}, fmt.Errorf("slope: %d points are too few; 3 are needed", len(x))
	}
	mx, my := mean(x), mean(y)
	var sxx, sxy float64
	for i := range x {
		sxx += (x[i] - mx) * (x[i] - mx)
		sxy += (x[i] - mx) * (y[i] - my)
	}
	if sxx == 0 {
		return Slope{}, errors.New("slope: all x are equal")
	}
	s := Slope{Slope: sxy / sxx, DF: n - 2}
	s.Intercept = my - s.Slope*mx
	var meat float64
	for i := range x {
		e := y[i] - s.Intercept - s.Slope*x[i]
		meat += (x[i] - mx) * (x[i] - mx) * e * e
	}
	s.SE = math.Sqrt(n/(n-2)*meat) / sxx
	return s, nil
}

// StudentP is the two-sided p-value of t with df degrees of freedom.
func StudentP(t, df float64) float64 {
	return 2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Survival(math.Abs(t))
}

// StudentQuantile is the upper quantile of t for a two-sided level.
func StudentQuantile(level, df float64) float64 {
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile(1 - (1-level)/2)
}

// NormalP is the two-sided p-value of a standard normal z.
func NormalP(z float64) float64 { return 2 * distuv.UnitNormal.Survival(math.Abs(z)) }

// WithinSlope is the slope of y on x inside people: every person's own mean is
// taken off both, so that nothing about the person himself remains. who and
// place number people and places from 0; those with one row tell nothing. The
// standard error is clustered both by person and by place, since what is wrong
// about a place is wrong for everybody there (Cameron, Gelbach & Miller 2011,
// Journal of Business & Economic Statistics 29), each by the jackknife (Bell &
// McCaffrey 2002, CR3). It needs 3 people with two different x.
func WithinSlope(who, place []int, x, y []float64) (Slope, error) {
	n, mx, my := map[int]float64{}, map[int]float64{}, map[int]float64{}
	for k, i := range who {
		n[i], mx[i], my[i] = n[i]+1, mx[i]+x[k], my[i]+y[k]
	}
	var sxx, sxy float64
	dx, dy := make([]float64, len(x)), make([]float64, len(x))
	moved, at := map[int]bool{}, map[int]bool{}
	for k, i := range who {
		dx[k], dy[k] = x[k]-mx[i]/n[i], y[k]-my[i]/n[i]
		sxx, sxy = sxx+dx[k]*dx[k], sxy+dx[k]*dy[k]
		if dx[k] != 0 {
			moved[i], at[place[k]] = true, true
		}
	}
	if len(moved) < 3 {
		return Slope{}, fmt.Errorf("slope within people: %d people with two different values are too few; 3 are needed", len(moved))
	}
	s := Slope{Slope: sxy / sxx, DF: float64(min(len(moved), max(2, len(at))) - 1)}
	// the jackknife: how the slope moves when one cluster is left out
	clustered := func(group func(int) int) float64 {
		own, order := map[int][2]float64{}, []int{}
		for k := range dx {
			g := group(k)
			v, ok := own[g]
			if !ok {
				order = append(order, g)
			}
			own[g] = [2]float64{v[0] + dx[k]*dx[k], v[1] + dx[k]*dy[k]}
		}
		var sum float64
		for _, g := range order { // a fixed order keeps the last digits
			if rest := sxx - own[g][0]; rest > 1e-12*sxx {
				move := (sxy-own[g][1])/rest - s.Slope
				sum += move * move
			}
		}
		return sum * float64(len(order)-1) / float64(len(order))
	}
	byWho := clustered(func(k int) int { return who[k] })
	byPlace := clustered(func(k int) int { return place[k] })
	byRow := clustered(func(k int) int { return k })
	// where the two overlap wholly the sum can fall below either
	s.SE = math.Sqrt(math.Max(byWho+byPlace-byRow, math.Max(byWho, byPlace)))
	return s, nil
}

// Limits is the interval of the slope by Student's t.
func (s Slope) Limits(level float64) Interval {
	half := StudentQuantile(level, s.DF) * s.SE
	return Interval{s.Slope - half, s.Slope + half}
}

// P is the two-sided p-value of the slope being value.
func (s Slope) P(value float64) float64 { return StudentP((s.Slope-value)/s.SE, s.DF) }
