package stat

import (
	"math"
	"sort"
)

// Gini is the Gini coefficient of non-negative values with a positive sum;
// corrected multiplies by n/(n-1). Cowell 2000; R package ineq.
func Gini(x []float64, corrected bool) float64 {
	s := append([]float64(nil), x...)
	sort.Float64s(s)
	var sum, weighted float64
	for i, v := range s {
		sum += v
		weighted += float64(i+1) * v
	}
	n := float64(len(s))
	g := 2*weighted/sum - (n + 1)
	if corrected {
		return g / (n - 1)
	}
	return g / n
}

// Atkinson is the Atkinson index of non-negative values with a positive mean
// at an aversion to inequality greater than 0; 1 takes the geometric mean.
// Atkinson 1970.
func Atkinson(x []float64, aversion float64) float64 {
	var sum float64
	for _, v := range x {
		if aversion == 1 {
			sum += math.Log(v)
		} else {
			sum += math.Pow(v, 1-aversion)
		}
	}
	sum /= float64(len(x))
	if aversion == 1 {
		return 1 - math.Exp(sum)/mean(x)
	}
	return 1 - math.Pow(sum, 1/(1-aversion))/mean(x)
}

// Theil is Theil's T of non-negative values with a positive mean, 0 ln 0
// being 0. Theil 1967.
func Theil(x []float64) float64 {
	m := mean(x)
	var t float64
	for _, v := range x {
		if v > 0 {
			t += v / m * math.Log(v/m)
		}
	}
	return t / float64(len(x))
}

// GeneralizedEntropy is GE(alpha) of values with a positive mean: 0 is the mean
// log deviation (positive values only), 1 is Theil's T, 2 half the squared
// coefficient of variation. Cowell 2000.
func GeneralizedEntropy(x []float64, alpha float64) float64 {
	if alpha == 1 {
		return Theil(x)
	}
	m := mean(x)
	var s float64
	for _, v := range x {
		if alpha == 0 {
			s -= math.Log(v / m)
		} else {
			s += math.Pow(v/m, alpha) - 1
		}
	}
	s /= float64(len(x))
	if alpha == 0 {
		return s
	}
	return s / (alpha * (alpha - 1))
}

// TheilSplit divides Theil's T into the part between the groups and the part
// within them; the two add up to Theil of all values. A group whose sum is 0
// adds nothing within.
func TheilSplit(groups [][]float64) (between, within float64) {
	var all []float64
	for _, g := range groups {
		all = append(all, g...)
	}
	m, total := mean(all), mean(all)*float64(len(all))
	for _, g := range groups {
		gm := mean(g)
		if gm == 0 {
			continue
		}
		share := gm * float64(len(g)) / total
		between += share * math.Log(gm/m)
		within += share * Theil(g)
	}
	return between, within
}

// Herfindahl is the sum of squared shares; Hirschman 1964.
func Herfindahl(x []float64) float64 {
	var sum, sq float64
	for _, v := range x {
		sum, sq = sum+v, sq+v*v
	}
	return sq / (sum * sum)
}

// Rosenbluth is the Rosenbluth concentration, which weighs shares by rank from
// the largest. Hall & Tideman 1967.
func Rosenbluth(x []float64) float64 { return 1 / (float64(len(x)) * (1 - Gini(x, false))) }
