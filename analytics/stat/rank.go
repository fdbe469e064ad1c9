package stat

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// Ranks gives mid-ranks from 1 (the smallest), ties sharing their mean rank.
func Ranks(x []float64) []float64 {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(x[i], x[j]) })
	r := make([]float64, len(x))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && x[order[j]] == x[order[i]] {
			j++
		}
		for k := i; k < j; k++ {
			r[order[k]] = float64(i+j+1) / 2
		}
		i = j
	}
	return r
}

// Pearson is the product-moment correlation of x and y; NaN where one of them
// does not vary.
func Pearson(x, y []float64) float64 {
	mx, my := mean(x), mean(y)
	var sxx, syy, sxy float64
	for i := range x {
		dx, dy := x[i]-mx, y[i]-my
		sxx, syy, sxy = sxx+dx*dx, syy+dy*dy, sxy+dx*dy
	}
	return sxy / math.Sqrt(sxx*syy)
}

// Spearman is the rank correlation of x and y. Spearman 1904.
func Spearman(x, y []float64) float64 { return Pearson(Ranks(x), Ranks(y)) }

// KendallTauB is Kendall's tau-b, which allows for ties, in O(n log n).
// Kendall 1945; Knight 1966.
func KendallTauB(x, y []float64) float64 {
	n := len(x)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	sort.Slice(order, func(i, j int) bool {
		a, b := order[i], order[j]
		if x[a] != x[b] {
			return x[a] < x[b]
		}
		return y[a] < y[b]
	})
	ys := make([]float64, n)
	var tiesX, tiesXY float64
	for i := range order {
		ys[i] = y[order[i]]
	}
	for i := 0; i < n; {
		j := i
		for j < n && x[order[j]] == x[order[i]] {
			j++
		}
		tiesX += pairs(j - i)
		for k := i; k < j; {
			m := k
			for m < j && ys[m] == ys[k] {
				m++
			}
			tiesXY += pairs(m - k)
			k = m
		}
		i = j
	}
	swaps := sortCountingSwaps(ys, make([]float64, n))
	var tiesY float64
	for i := 0; i < n; {
		j := i
		for j < n && ys[j] == ys[i] {
			j++
		}
		tiesY += pairs(j - i)
		i = j
	}
	all := pairs(n)
	return (all - tiesX - tiesY + tiesXY - 2*swaps) / math.Sqrt((all-tiesX)*(all-tiesY))
}

func pairs(n int) float64 { return float64(n) * float64(n-1) / 2 }

// sortCountingSwaps merge-sorts s in place and counts the inversions.
func sortCountingSwaps(s, buffer []float64) float64 {
	if len(s) < 2 {
		return 0
	}
	h := len(s) / 2
	swaps := sortCountingSwaps(s[:h], buffer[:h]) + sortCountingSwaps(s[h:], buffer[h:])
	i, j := 0, h
	for k := range buffer {
		if j == len(s) || i < h && s[i] <= s[j] {
			buffer[k] = s[i]
			i++
		} else {
			buffer[k] = s[j]
			swaps += float64(h - i)
			j++
		}
	}
	copy(s, buffer)
	return swaps
}

// SpearmanLimits is the interval of a rank correlation of n pairs (at least 4)
// at a two-sided level: Fisher's transformation with variance
// (1 + rho^2 / 2) / (n - 3). Bonett & Wright 2000, Psychometrika 65.
func SpearmanLimits(rho float64, n int, level float64) Interval {
	half := z(level) * math.Sqrt((1+rho*rho/2)/float64(n-3))
	centre := math.Atanh(math.Min(math.Max(rho, -1+1e-12), 1-1e-12))
	return Interval{math.Tanh(centre - half), math.Tanh(centre + half)}
}

// SpearmanP is the two-sided p-value of a rank correlation of n pairs, by
// Student's t with n - 2 degrees of freedom.
func SpearmanP(rho float64, n int) float64 {
	df := float64(n - 2)
	return StudentP(rho*math.Sqrt(df/math.Max(1e-300, 1-rho*rho)), df)
}
