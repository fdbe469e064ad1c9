package stat

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Effort is what one region spent in one month and what it sold.
type Effort struct {
	Region, Month int
	X, Y          float64   // ln of the resource, ln of sales
	Covariates    []float64 // of the month in the region, the same length everywhere
}

// ResponseFit is the regression of ln sales on ln resource with region and
// month effects: an elasticity of its own for every region.
type ResponseFit struct {
	Slope, Variance []float64 // NaN, +Inf where a region has no variation
	SD              []float64 // of ln resource in a region
	N               []int     // months of a region
	Leverage        []float64 // largest share of one month in a region's slope, 0..1
	Residual        float64   // standard deviation of what is left
	Carry, CarrySE  float64   // slope of a month's residual on the month before's
	Chase, ChaseP   float64   // slope of ln resource on last month's ln sales, given last month's resource; its two-sided p
}

// FitResponse fits ln S = region + month + covariates + slope(region) x ln x
// by ordinary least squares. Regions are partialled out one by one
// (Frisch-Waugh-Lovell), so that only the month effects and covariates remain
// to solve for: thousands of regions are fitted in one pass. Directions in
// which the months and covariates do not vary are left out. Regions and months
// count from 0.
func FitResponse(data []Effort, regions, months int) (*ResponseFit, error) {
	if len(data) == 0 {
		return nil, errors.New("response: no months with both sales and resource")
	}
	byRegion := make([][]Effort, regions)
	for _, d := range data {
		byRegion[d.Region] = append(byRegion[d.Region], d)
	}
	p := months - 1 + len(data[0].Covariates)
	f := &ResponseFit{
		Slope: make([]float64, regions), Variance: make([]float64, regions), SD: make([]float64, regions),
		N: make([]int, regions), Leverage: make([]float64, regions),
	}
	columns := make([][][]float64, regions) // of each region: month effects but the first, covariates; nil where all zero
	for r, list := range byRegion {
		columns[r] = make([][]float64, p)
		set := func(i, j int, v float64) {
			if columns[r][j] == nil {
				columns[r][j] = make([]float64, len(list))
			}
			columns[r][j][i] = v
		}
		for i, d := range list {
			if d.Month > 0 {
				set(i, d.Month-1, 1)
			}
			for j, v := range d.Covariates {
				set(i, months-1+j, v)
			}
		}
	}
	normal, right := mat.NewSymDense(max(p, 1), nil), make([]float64, p)
	df := len(data)
	for r, list := range byRegion {
		own := newLine(list)
		f.N[r], f.SD[r], f.Leverage[r] = len(list), own.sd(), own.leverage()
		df -= own.columns()
		y := make([]float64, len(list))
		for i, d := range list {
			y[i] = d.Y
		}
		y = own.residual(y)
		var parts [][]float64
		var at []int
		for j, column := range columns[r] {
			if column != nil {
				parts, at = append(parts, own.residual(column)), append(at, j)
			}
		}
		for a, j := range at {
			right[j] += dot(parts[a], y)
			for b, k := range at[:a+1] {
				normal.SetSym(j, k, normal.At(j, k)+dot(parts[a], parts[b]))
			}
		}
	}
	g, inverse, rank := solveSymmetric(normal, right)
	if df -= rank; df < 1 {
		return nil, errors.New("response: too few months for the effects of regions and months")
	}
	residual := make([][]float64, regions)
	var rss float64
	for r, list := range byRegion {
		own := newLine(list)
		y := make([]float64, len(list))
		for i, d := range list {
			y[i] = d.Y
			for j, column := range columns[r] {
				if column != nil {
					y[i] -= g[j] * column[i]
				}
			}
		}
		f.Slope[r] = own.slope(y)
		residual[r] = own.residual(y)
		rss += dot(residual[r], residual[r])
	}
	s2 := rss / float64(df)
	f.Residual = math.Sqrt(s2)
	for r, list := range byRegion {
		own := newLine(list)
		if own.columns() < 2 {
			f.Slope[r], f.Variance[r] = math.NaN(), math.Inf(1)
			continue
		}
		a := make([]float64, p) // slope of each column on ln x
		for j, column := range columns[r] {
			if column != nil {
				a[j] = own.slope(column)
			}
		}
		var spread float64
		for j := range p {
			for k := range p {
				spread += a[j] * a[k] * inverse.At(j, k)
			}
		}
		f.Variance[r] = s2 * (1/own.sxx + spread)
	}
	f.Carry, f.CarrySE = carry(byRegion, residual)
	f.Chase, f.ChaseP = chase(byRegion)
	return f, nil
}

// line is the simple regression on a region's ln resource.
type line struct {
	x    []float64 // less its mean
	sxx  float64
	flat bool // no variation: a mean only
}

func newLine(list []Effort) line {
	l := line{x: make([]float64, len(list))}
	var m float64
	for _, d := range list {
		m += d.X / float64(len(list))
	}
	for i, d := range list {
		l.x[i] = d.X - m
		l.sxx += l.x[i] * l.x[i]
	}
	l.flat = len(list) < 3 || l.sxx < 1e-12
	return l
}

func (l line) columns() int {
	switch {
	case len(l.x) == 0:
		return 0
	case l.flat:
		return 1
	}
	return 2
}

func (l line) sd() float64 {
	if len(l.x) < 2 {
		return 0
	}
	return math.Sqrt(l.sxx / float64(len(l.x)-1))
}

// leverage is the largest share of a month in sxx: how much one month decides.
func (l line) leverage() (most float64) {
	if l.flat {
		return 0
	}
	for _, x := range l.x {
		most = math.Max(most, x*x/l.sxx)
	}
	return most
}

func (l line) slope(y []float64) float64 {
	if l.flat {
		return 0
	}
	return dot(l.x, y) / l.sxx
}

func (l line) residual(y []float64) []float64 {
	if len(y) == 0 {
		return nil
	}
	m, b := mean(y), l.slope(y)
	out := make([]float64, len(y))
	for i := range y {
		out[i] = y[i] - m - b*l.x[i]
	}
	return out
}

func dot(a, b []float64) (s float64) {
	for i := range a {
		s += a[i] * b[i]
	}
	return s
}

// solveSymmetric solves A x = b by eigenvalues, leaving out directions in which
// A has nothing to say.
func solveSymmetric(a *mat.SymDense, b []float64) (x []float64, inverse *mat.Dense, rank int) {
	n, _ := a.Dims()
	inverse = mat.NewDense(n, n, nil)
	x = make([]float64, len(b))
	if len(b) == 0 {
		return x, inverse, 0
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(a, true) {
		return x, inverse, 0
	}
	values := eigen.Values(nil)
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	for k, v := range values {
		if v < 1e-10*math.Max(values[n-1], 1e-300) {
			continue
		}
		rank++
		for i := range n {
			for j := range n {
				inverse.Set(i, j, inverse.At(i, j)+vectors.At(i, k)*vectors.At(j, k)/v)
			}
		}
	}
	for i := range n {
		for j := range n {
			x[i] += inverse.At(i, j) * b[j]
		}
	}
	return x, inverse, rank
}

// carry is the slope of residuals on those of the month before.
func carry(byRegion [][]Effort, residual [][]float64) (slope, se float64) {
	var x, y []float64
	for r, list := range byRegion {
		for i := range list {
			for j := range list {
				if list[j].Month == list[i].Month-1 {
					x, y = append(x, residual[r][j]), append(y, residual[r][i])
				}
			}
		}
	}
	fit, err := FitSlope(x, y)
	if err != nil {
		return 0, math.Inf(1)
	}
	return fit.Slope, fit.SE
}

// chase tests whether last month's sales lead to this month's resource beyond
// last month's resource, inside regions. It sees only effort that follows the
// month before; what follows the same month it cannot see.
func chase(byRegion [][]Effort) (slope, p float64) {
	var y []float64
	var rows [][]float64
	regions := 0
	for _, list := range byRegion {
		var a, b, c []float64
		for i := range list {
			for j := range list {
				if list[j].Month == list[i].Month-1 {
					a, b, c = append(a, list[i].X), append(b, list[j].Y), append(c, list[j].X)
				}
			}
		}
		if len(a) < 3 {
			continue
		}
		regions++
		ma, mb, mc := mean(a), mean(b), mean(c)
		for i := range a {
			y, rows = append(y, a[i]-ma), append(rows, []float64{b[i] - mb, c[i] - mc})
		}
	}
	if len(y) <= regions+2 {
		return 0, 1
	}
	fit, err := OLS(rows, y)
	if err != nil {
		return 0, 1
	}
	df := float64(len(y) - regions - 2)
	se := fit.SE[0] * math.Sqrt(float64(fit.DF)/df)
	return fit.Coef[0], 2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Survival(math.Abs(fit.Coef[0]/se))
}
