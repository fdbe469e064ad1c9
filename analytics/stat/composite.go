package stat

import (
	"math"
	"math/rand/v2"
	"sort"
)

// WeightedMean is the mean of x by weights that need not sum to 1; a missing x
// (not a number) is left out with its weight.
func WeightedMean(x, weight []float64) float64 {
	var s, w float64
	for i, v := range x {
		if !math.IsNaN(v) {
			s, w = s+weight[i]*v, w+weight[i]
		}
	}
	return s / w
}

// Composite is a score made of parts, to be tried with other weights, scales,
// ways of adding up and coefficients.
type Composite struct {
	Points [][]float64 // person x part, not a number where missing
	Weight []float64   // one a part, any sum
	Market int         // the part that the coefficient multiplies; -1 for none
	// Factor holds the coefficients to try, each relative to the one in use,
	// one a person; the first is the one in use (all 1).
	Factor [][]float64
	Best   int // how many people the decision chooses
}

// Sensitivity is what happened to the ranks over the draws.
type Sensitivity struct {
	Rank, Median, Low, High []float64 // a person; 1 is best; Low and High are P5 and P95
	Chosen                  []float64 // share of draws in which the person is among the best
	Shift                   float64   // mean absolute shift of ranks from the nominal
	Flip                    float64   // mean share of the decisions that changed
	Without                 []float64 // share of decisions that change when a part is left out
	Source                  []float64 // first-order share of variance: weights, scale, sum, coefficient
}

// sources of uncertainty of one draw, in the order of Sensitivity.Source.
type trial struct {
	weight uint64 // seeds the weights
	scale  int    // 0 as it is, 1 min-max, 2 z, 3 rank
	sum    int    // 0 arithmetic, 1 geometric
	factor int    // of Composite.Factor
}

// Vary draws weights times U(.75, 1.25), the scale of the parts, arithmetic or
// geometric sums and the coefficient, and compares the ranks with the nominal
// ones. First-order shares of variance by Saltelli's estimator over base draws
// of their own. Nardo et al. 2008, OECD/JRC Handbook on composite indicators;
// Saltelli et al. 2010, Computer Physics Communications 181.
func (c Composite) Vary(draws int, seed uint64) Sensitivity {
	n := len(c.Points)
	nominal := c.ranks(trial{})
	s := Sensitivity{Rank: nominal, Chosen: make([]float64, n)}
	seen := make([][]float64, n)
	r := rand.New(rand.NewPCG(seed, 11))
	for range draws {
		ranks := c.ranks(c.trial(r))
		for i, v := range ranks {
			seen[i] = append(seen[i], v)
			s.Shift += math.Abs(v-nominal[i]) / float64(n*draws)
			if v <= float64(c.Best) {
				s.Chosen[i] += 1 / float64(draws)
			}
		}
		s.Flip += c.flips(nominal, ranks) / float64(draws)
	}
	for i := range seen {
		s.Median = append(s.Median, Quantile(seen[i], .5))
		s.Low = append(s.Low, Quantile(seen[i], .05))
		s.High = append(s.High, Quantile(seen[i], .95))
	}
	for part := range c.Weight {
		less := c
		less.Weight = append([]float64(nil), c.Weight...)
		less.Weight[part] = 0
		s.Without = append(s.Without, c.flips(nominal, less.ranks(trial{})))
	}
	s.Source = c.sources(nominal, max(64, draws/4), seed)
	return s
}

func (c Composite) trial(r *rand.Rand) trial {
	return trial{weight: r.Uint64() | 1, scale: r.IntN(4), sum: r.IntN(2), factor: r.IntN(len(c.Factor))}
}

// sources is the share of the variance of the mean rank shift that each source
// explains alone.
func (c Composite) sources(nominal []float64, draws int, seed uint64) []float64 {
	r := rand.New(rand.NewPCG(seed, 12))
	shift := func(t trial) float64 {
		var s float64
		for i, v := range c.ranks(t) {
			s += math.Abs(v-nominal[i]) / float64(len(nominal))
		}
		return s
	}
	var all []float64
	var sums [4]float64
	for range draws {
		a, b := c.trial(r), c.trial(r)
		fa, fb := shift(a), shift(b)
		all = append(all, fa, fb)
		for source := range 4 {
			mixed := a
			switch source {
			case 0:
				mixed.weight = b.weight
			case 1:
				mixed.scale = b.scale
			case 2:
				mixed.sum = b.sum
			case 3:
				mixed.factor = b.factor
			}
			sums[source] += fb * (shift(mixed) - fa) / float64(draws)
		}
	}
	m, variance := mean(all), 0.0
	for _, v := range all {
		variance += (v - m) * (v - m) / float64(len(all))
	}
	out := make([]float64, 4)
	for i := range out {
		if variance > 0 {
			out[i] = math.Min(1, math.Max(0, sums[i]/variance))
		}
	}
	return out
}

// flips is the share of the decisions (who is among the best) that differ.
func (c Composite) flips(a, b []float64) float64 {
	n := 0.0
	for i := range a {
		if a[i] <= float64(c.Best) && b[i] > float64(c.Best) {
			n++
		}
	}
	return n / math.Max(1, float64(c.Best))
}

// ranks gives 1 to the best; equal scores keep the order of the rows, so that
// exactly Best people are chosen.
func (c Composite) ranks(t trial) []float64 {
	weight := append([]float64(nil), c.Weight...)
	if t.weight != 0 {
		r := rand.New(rand.NewPCG(t.weight, 13))
		for i := range weight {
			weight[i] *= .75 + .5*r.Float64()
		}
	}
	n := len(c.Points)
	score := make([]float64, n)
	scaled := make([][]float64, n)
	for i, row := range c.Points {
		scaled[i] = append([]float64(nil), row...)
		if c.Market >= 0 {
			scaled[i][c.Market] *= c.Factor[t.factor][i]
		}
	}
	for part := range weight {
		rescale(scaled, part, t.scale)
	}
	for i, row := range scaled {
		if t.sum == 0 {
			score[i] = WeightedMean(row, weight)
			continue
		}
		logs := make([]float64, len(row))
		for k, v := range row {
			logs[k] = math.Log(math.Max(v, 1))
		}
		score[i] = WeightedMean(logs, weight)
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return score[order[a]] > score[order[b]] })
	ranks := make([]float64, n)
	for place, i := range order {
		ranks[i] = float64(place + 1)
	}
	return ranks
}

// rescale puts a part on another scale of about 0 to 100.
func rescale(rows [][]float64, part, scale int) {
	var x []float64
	var at []int
	for i, row := range rows {
		if !math.IsNaN(row[part]) {
			x, at = append(x, row[part]), append(at, i)
		}
	}
	if scale == 0 || len(x) < 2 {
		return
	}
	lo, hi, m, ss := math.Inf(1), math.Inf(-1), mean(x), 0.0
	for _, v := range x {
		lo, hi, ss = math.Min(lo, v), math.Max(hi, v), ss+(v-m)*(v-m)
	}
	sd := math.Sqrt(ss / float64(len(x)-1))
	if sd == 0 {
		return // all alike: no scale tells them apart
	}
	ranks := Ranks(x)
	for k, i := range at {
		switch scale {
		case 1:
			rows[i][part] = 1 + 99*(x[k]-lo)/(hi-lo)
		case 2:
			rows[i][part] = 50 + 15*(x[k]-m)/sd
		case 3:
			rows[i][part] = 100 * ranks[k] / float64(len(x))
		}
	}
}
