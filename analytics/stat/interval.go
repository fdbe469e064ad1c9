// Package stat holds the statistics that SQL cannot express in closed form.
// Every function names its source and works on plain slices; nothing here
// reads data, time or random state that it is not given.
package stat

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// Interval is a two-sided confidence interval.
type Interval struct{ Low, High float64 }

// z returns the standard normal quantile of a two-sided level such as 0.95.
func z(level float64) float64 { return distuv.UnitNormal.Quantile(1 - (1-level)/2) }

// Byar gives the approximate Poisson limits of a count o >= 0 at a two-sided
// level in (0, 1). Breslow & Day 1987, Statistical Methods in Cancer Research
// II, p. 69.
func Byar(o, level float64) Interval {
	q := z(level)
	low := 0.0
	if o > 0 {
		low = o * math.Pow(1-1/(9*o)-q/(3*math.Sqrt(o)), 3)
	}
	return Interval{low, (o + 1) * math.Pow(1-1/(9*(o+1))+q/(3*math.Sqrt(o+1)), 3)}
}

// ExactPoisson gives the exact limits of a count o >= 0 by the chi-squared
// link. Garwood 1936, Biometrika 28.
func ExactPoisson(o, level float64) Interval {
	half := (1 - level) / 2
	low := 0.0
	if o > 0 {
		low = mathext.GammaIncRegInv(o, half)
	}
	return Interval{low, mathext.GammaIncRegInv(o+1, 1-half)}
}

// Wilson gives the score limits of the proportion o/n, 0 <= o <= n, n > 0.
// Wilson 1927, JASA 22.
func Wilson(o, n, level float64) Interval {
	q := z(level)
	p := o / n
	mid := p + q*q/(2*n)
	half := q * math.Sqrt(p*(1-p)/n+q*q/(4*n*n))
	return Interval{(mid - half) / (1 + q*q/n), (mid + half) / (1 + q*q/n)}
}

// StandardRatio gives O/E of an indirectly standardised count with its limits:
// exact Poisson below 10 events, Byar from 10 on, as PHEindicatormethods does.
// e is the expected count, e > 0.
func StandardRatio(o, e, level float64) (ratio float64, limits Interval) {
	in := Byar(o, level)
	if o < 10 {
		in = ExactPoisson(o, level)
	}
	return o / e, Interval{in.Low / e, in.High / e}
}
