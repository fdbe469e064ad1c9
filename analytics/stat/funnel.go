package stat

import (
	"math"
	"sort"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// FunnelExpected inverts the exact Poisson test: the expected counts between
// which an observed count o >= 0 lies inside the funnel at a two-sided level.
// Low is where o would sit on the upper funnel limit, High where it would sit
// on the lower one. PHEindicatormethods' ratio funnel prints these as
// "expected events", and its flags follow from them: a unit is high where its
// expected count lies below Low, low where it lies above High.
func FunnelExpected(o, level float64) Interval {
	// P(X >= o | e) = half and P(X <= o | e) = half: the limits of the count
	return ExactPoisson(o, level)
}

// FunnelLimits gives the limits of the ratio O/E at expected count e > 0
// between which the exact Poisson test does not reject: at a limit e is one of
// the FunnelExpected of the count. Low is 0 where none at all may well be
// observed. Spiegelhalter 2005, Statistics in Medicine 24, section 3;
// PHEindicatormethods' ratio funnel.
func FunnelLimits(e, level float64) Interval {
	half := (1 - level) / 2
	atLeast := func(o float64) bool { return mathext.GammaIncReg(o, e) < half }      // P(X >= o) is small
	atMost := func(o float64) bool { return mathext.GammaIncRegComp(o+1, e) > half } // P(X <= o) is not
	in := Interval{High: crossing(e, 2*e+40, atLeast) / e}                           // the tail past it is under 1e-9
	if !atMost(0) {
		in.Low = crossing(0, e, atMost) / e
	}
	return in
}

// crossing is where a condition that fails at low and holds at high turns.
func crossing(low, high float64, holds func(float64) bool) float64 {
	for range 100 {
		mid := low + (high-low)/2
		if mid == low || mid == high {
			break
		}
		if holds(mid) {
			high = mid
		} else {
			low = mid
		}
	}
	return high
}

// Dispersion is the over-dispersion of a funnel: Phi is the mean squared z of
// the trimmed or winsorised units, Tau2 the between-unit variance on the
// transformed scale, N the number of units used.
// IsRoot says that the scale is the square root, else the logarithm.
type Dispersion struct {
	Phi, Tau2 float64
	N         int
	IsRoot    bool
}

// SqrtDispersion fits over-dispersion on the square-root scale, winsorising z
// at the share trim and 1-trim (R type-7 quantiles; 0.1 usually).
// Spiegelhalter 2005; CQC form as in FunnelPlotR. o and e have equal length,
// every e > 0.
func SqrtDispersion(o, e []float64, trim float64) Dispersion {
	zs, ws := make([]float64, len(o)), make([]float64, len(o))
	for i := range o {
		zs[i] = 2 * math.Sqrt(e[i]) * (math.Sqrt(o[i]/e[i]) - 1)
		ws[i] = 4 * e[i]
	}
	winsorise(zs, trim)
	d := dispersion(zs, ws)
	d.IsRoot = true
	return d
}

// ConsistentDispersion fits over-dispersion on the log scale, winsorised at the
// share trim and 1-trim and scaled back: winsorising takes a share of the
// variance of a normal distribution (a third at trim 0.1), so that the
// published limits call several times as many units outside as their level
// says. Huber & Ronchetti 2009, chapter 6. Ratios o/e > 0, e > 0, trim in
// [0, 0.5).
func ConsistentDispersion(o, e []float64, trim float64) Dispersion {
	zs, ws := make([]float64, len(o)), make([]float64, len(o))
	for i := range o {
		zs[i], ws[i] = math.Sqrt(e[i])*math.Log(o[i]/e[i]), e[i]
	}
	winsorise(zs, trim)
	for i := range zs {
		zs[i] /= math.Sqrt(keptVariance(trim))
	}
	return dispersion(zs, ws)
}

// keptVariance is the variance of a standard normal winsorised at trim.
func keptVariance(trim float64) float64 {
	if trim == 0 {
		return 1
	}
	q := distuv.UnitNormal.Quantile(1 - trim)
	return 1 - 2*trim - 2*q*distuv.UnitNormal.Prob(q) + 2*trim*q*q
}

// Widening is how many times as wide as their standard errors say a set of
// standardised figures scatters, at least 1: the square root of the winsorised
// mean square, scaled back. A single outlier does not widen the others.
func Widening(z []float64, trim float64) float64 {
	if len(z) < 3 {
		return 1
	}
	held := append([]float64(nil), z...)
	winsorise(held, trim)
	var sum float64
	for _, v := range held {
		sum += v * v / float64(len(z))
	}
	return math.Sqrt(math.Max(1, sum/keptVariance(trim)))
}

// winsorise holds x inside its quantiles at trim and 1-trim.
func winsorise(x []float64, trim float64) {
	low, high := Quantile(x, trim), Quantile(x, 1-trim)
	for i := range x {
		x[i] = math.Min(math.Max(x[i], low), high)
	}
}

// LogDispersion fits over-dispersion on the log scale, dropping the lowest and
// highest tenth of z by rank. NHS Digital SHMI methodology, as in FunnelPlotR.
// Every o and e > 0.
func LogDispersion(o, e []float64) Dispersion {
	type unit struct{ z, w float64 }
	units := make([]unit, len(o))
	for i := range o {
		units[i] = unit{math.Sqrt(e[i]) * math.Log(o[i]/e[i]), e[i]}
	}
	sort.SliceStable(units, func(i, j int) bool { return units[i].z < units[j].z })
	var zs, ws []float64
	for i, u := range units {
		if group := (i + 1) * 10 / (len(units) + 1); group >= 1 && group <= 8 {
			zs, ws = append(zs, u.z), append(ws, u.w)
		}
	}
	return dispersion(zs, ws)
}

func dispersion(zs, ws []float64) Dispersion {
	n := float64(len(zs))
	var sum, w, w2 float64
	for i := range zs {
		sum += zs[i] * zs[i]
		w += ws[i]
		w2 += ws[i] * ws[i]
	}
	d := Dispersion{Phi: sum / n, N: len(zs)}
	if n*d.Phi > n-1 {
		d.Tau2 = (n*d.Phi - (n - 1)) / (w - w2/w)
	}
	return d
}

// Limits gives the over-dispersed limits of the ratio O/E at expected count e
// on the scale of the fit: exp(-+ z sqrt(1/e + tau2)) for the logarithm,
// (1 -+ z sqrt(1/(4e) + tau2))^2 for the square root, not below 0.
func (d Dispersion) Limits(e, level float64) Interval {
	if d.IsRoot {
		half := z(level) * math.Sqrt(1/(4*e)+d.Tau2)
		low := math.Max(0, 1-half)
		return Interval{low * low, (1 + half) * (1 + half)}
	}
	half := z(level) * math.Sqrt(1/e+d.Tau2)
	return Interval{math.Exp(-half), math.Exp(half)}
}

// Z is how many standard deviations the ratio o/e lies from 1 on the scale of
// the fit, over-dispersion included. o may be 0 on the root scale only.
func (d Dispersion) Z(o, e float64) float64 {
	if d.IsRoot {
		return (math.Sqrt(o/e) - 1) / math.Sqrt(1/(4*e)+d.Tau2)
	}
	return math.Log(o/e) / math.Sqrt(1/e+d.Tau2)
}

// ExactPoissonP is the two-sided p-value of a count o >= 0 (whole or not) at
// expected count e > 0: twice the smaller tail, at most 1; it agrees with
// FunnelLimits on which counts are outside.
func ExactPoissonP(o, e float64) float64 {
	upper := 1.0 // P(X >= o)
	if o > 0 {
		upper = mathext.GammaIncReg(o, e)
	}
	lower := mathext.GammaIncRegComp(o+1, e) // P(X <= o)
	return math.Min(1, 2*math.Min(upper, lower))
}

// Quantile is R's type-7 quantile of x, which need not be sorted, at p in
// [0, 1]. Hyndman & Fan 1996.
func Quantile(x []float64, p float64) float64 {
	s := append([]float64(nil), x...)
	sort.Float64s(s)
	return sortedQuantile(s, p)
}

// sortedQuantile is Quantile of numbers in ascending order.
func sortedQuantile(s []float64, p float64) float64 {
	h := p * float64(len(s)-1)
	i := int(math.Floor(h))
	if i+1 >= len(s) {
		return s[len(s)-1]
	}
	return s[i] + (h-float64(i))*(s[i+1]-s[i])
}
