package stat

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
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
	Shift                   []float64 // mean absolute shift of the person's rank from the nominal
}

// Sources says which choice behind a score moves the ranks.
type Sources struct {
	Without []float64 // share of decisions that change when a part is left out
	Share   []float64 // first-order share of variance: weights, scale, sum, coefficient
}

// trial is one draw of the choices, in the order of Sources.Share.
type trial struct {
	weight uint64 // seeds the weights
	scale  int    // 0 as it is, 1 min-max, 2 z, 3 rank
	sum    int    // 0 arithmetic, 1 geometric
	factor int    // of Composite.Factor
}

// scales is how many scales a part is tried on: as it is, min-max, z, rank.
const scales = 4

// columns are the parts of a composite on every scale, for arithmetic and for
// geometric sums: a draw then only weighs and adds them.
type columns struct {
	Composite
	part   [scales][2][][]float64 // by scale, sum and part: a figure a person
	market [scales][2][][]float64 // by scale, sum and factor: the part that the coefficient multiplies
}

func (c Composite) columns() *columns {
	n := len(c.Points)
	out := &columns{Composite: c}
	for part := range c.Weight {
		x := make([]float64, n)
		for i, row := range c.Points {
			x[i] = row[part]
		}
		for scale := range scales {
			arithmetic, geometric := rescale(x, scale)
			out.part[scale][0], out.part[scale][1] = append(out.part[scale][0], arithmetic), append(out.part[scale][1], geometric)
		}
		if part != c.Market {
			continue
		}
		for _, factor := range c.Factor {
			y := make([]float64, n)
			for i := range y {
				y[i] = x[i] * factor[i]
			}
			for scale := range scales {
				arithmetic, geometric := rescale(y, scale)
				out.market[scale][0], out.market[scale][1] = append(out.market[scale][0], arithmetic), append(out.market[scale][1], geometric)
			}
		}
	}
	return out
}

// Vary draws weights times U(.75, 1.25), the scale of the parts, arithmetic or
// geometric sums and the coefficient, and compares the ranks with the nominal
// ones. Nardo et al. 2008, OECD/JRC Handbook on composite indicators.
func (c Composite) Vary(draws int, seed uint64) Sensitivity {
	n := len(c.Points)
	all := c.columns()
	nominal := all.ranks(trial{}, nil)
	r := rand.New(rand.NewPCG(seed, 11))
	trials := make([]trial, draws)
	for i := range trials {
		trials[i] = c.trial(r)
	}
	seen := make([]float64, n*draws) // the draws of one person after those of another
	all.each(trials, func(draw int, ranks []float64) {
		for i, v := range ranks {
			seen[i*draws+draw] = v
		}
	})
	s := Sensitivity{Rank: nominal}
	for i := range n {
		own := seen[i*draws : (i+1)*draws]
		slices.Sort(own)
		chosen, shift := 0.0, 0.0
		for _, v := range own {
			shift += math.Abs(v - nominal[i])
			if v <= float64(c.Best) {
				chosen++
			}
		}
		s.Chosen, s.Shift = append(s.Chosen, chosen/float64(draws)), append(s.Shift, shift/float64(draws))
		s.Median = append(s.Median, sortedQuantile(own, .5))
		s.Low = append(s.Low, sortedQuantile(own, .05))
		s.High = append(s.High, sortedQuantile(own, .95))
	}
	return s
}

func (c Composite) trial(r *rand.Rand) trial {
	return trial{weight: r.Uint64() | 1, scale: r.IntN(scales), sum: r.IntN(2), factor: r.IntN(len(c.Factor))}
}

// each ranks people in every trial, several at the same time, and calls do
// with the number of the trial; do must not keep the ranks.
func (c *columns) each(trials []trial, do func(i int, ranks []float64)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(trials) {
					return
				}
				do(i, c.ranks(trials[i], nil))
			}
		})
	}
	wait.Wait()
}

// Sources leaves out one part after another, and splits the variance of the
// mean shift of ranks into the first-order shares of weights, scale, sum and
// coefficient, by Saltelli's estimator over the given number of base draws.
// Saltelli et al. 2010, Computer Physics Communications 181.
func (c Composite) Sources(draws int, seed uint64) Sources {
	all := c.columns()
	nominal := all.ranks(trial{}, nil)
	var out Sources
	for part := range c.Weight {
		less := slices.Clone(c.Weight)
		less[part] = 0
		out.Without = append(out.Without, c.flips(nominal, all.ranks(trial{}, less)))
	}
	const apart = 6 // two base draws, and the first with each source of the second
	r := rand.New(rand.NewPCG(seed, 12))
	var trials []trial
	for range draws {
		a, b := c.trial(r), c.trial(r)
		trials = append(trials, a, b,
			trial{b.weight, a.scale, a.sum, a.factor}, trial{a.weight, b.scale, a.sum, a.factor},
			trial{a.weight, a.scale, b.sum, a.factor}, trial{a.weight, a.scale, a.sum, b.factor})
	}
	shift := make([]float64, len(trials))
	all.each(trials, func(i int, ranks []float64) {
		for k, v := range ranks {
			shift[i] += math.Abs(v-nominal[k]) / float64(len(nominal))
		}
	})
	var base []float64
	out.Share = make([]float64, apart-2)
	for i := 0; i < len(shift); i += apart {
		a, b := shift[i], shift[i+1]
		base = append(base, a, b)
		for source := range out.Share {
			out.Share[source] += b * (shift[i+2+source] - a) / float64(draws)
		}
	}
	m, variance := mean(base), 0.0
	for _, v := range base {
		variance += (v - m) * (v - m) / float64(len(base))
	}
	for i, share := range out.Share {
		if out.Share[i] = 0; variance > 0 {
			out.Share[i] = math.Min(1, math.Max(0, share/variance))
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
// exactly Best people are chosen. weight nil is that of the composite.
func (c *columns) ranks(t trial, weight []float64) []float64 {
	if weight == nil {
		weight = c.Weight
	}
	if t.weight != 0 {
		weight = slices.Clone(weight)
		r := rand.New(rand.NewPCG(t.weight, 13))
		for i := range weight {
			weight[i] *= .75 + .5*r.Float64()
		}
	}
	n := len(c.Points)
	score, used := make([]float64, n), make([]float64, n)
	for part, w := range weight {
		x := c.part[t.scale][t.sum][part]
		if part == c.Market {
			x = c.market[t.scale][t.sum][t.factor]
		}
		for i, v := range x {
			if !math.IsNaN(v) {
				score[i], used[i] = score[i]+w*v, used[i]+w
			}
		}
	}
	for i, w := range used {
		if score[i] /= w; math.IsNaN(score[i]) {
			score[i] = math.Inf(-1) // without a part, or without weight: last
		}
	}
	return descendingRanks(score)
}

// descendingRanks gives 1 to the greatest; equal ones keep their order.
func descendingRanks(x []float64) []float64 {
	type placed struct {
		x  float64
		at int
	}
	order := make([]placed, len(x))
	for i, v := range x {
		order[i] = placed{v, i}
	}
	slices.SortFunc(order, func(a, b placed) int {
		switch {
		case a.x > b.x:
			return -1
		case a.x < b.x:
			return 1
		}
		return a.at - b.at
	})
	ranks := make([]float64, len(x))
	for place, p := range order {
		ranks[p.at] = float64(place + 1)
	}
	return ranks
}

// rescale puts a part on another scale of about 0 to 100; the second result
// are the logarithms that a geometric sum adds.
func rescale(x []float64, scale int) (y, logs []float64) {
	y = slices.Clone(x)
	var known []float64
	var at []int
	for i, v := range x {
		if !math.IsNaN(v) {
			known, at = append(known, v), append(at, i)
		}
	}
	lo, hi, m, ss := math.Inf(1), math.Inf(-1), mean(known), 0.0
	for _, v := range known {
		lo, hi, ss = math.Min(lo, v), math.Max(hi, v), ss+(v-m)*(v-m)
	}
	sd := math.Sqrt(ss / float64(len(known)-1))
	if scale != 0 && len(known) > 1 && sd > 0 { // all alike: no scale tells them apart
		var ranks []float64
		if scale == 3 {
			ranks = Ranks(known)
		}
		for k, i := range at {
			switch scale {
			case 1:
				y[i] = 1 + 99*(known[k]-lo)/(hi-lo)
			case 2:
				y[i] = 50 + 15*(known[k]-m)/sd
			case 3:
				y[i] = 100 * ranks[k] / float64(len(known))
			}
		}
	}
	logs = make([]float64, len(y))
	for i, v := range y {
		logs[i] = math.Log(math.Max(v, 1))
	}
	return y, logs
}
