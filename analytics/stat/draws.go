package stat

import (
	"math"
	"math/rand/v2"
	"sort"
)

// RankDraws is what can be said of ranks whose scores are known up to an
// error; 1 is best.
type RankDraws struct {
	Median, Low, High []float64 // 2.5 %, 50 % and 97.5 % of the drawn ranks
	Top, TopThird     []float64 // probability to be in the best fifth and third
	LastThird         []float64
	Beats             []float64 // probability to beat the person next below by mean
}

// DrawRanks draws every score from its normal distribution and ranks each
// draw. The same seed gives the same draws. Goldstein & Spiegelhalter 1996,
// JRSS A 159.
func DrawRanks(mean, sd []float64, draws int, seed uint64) RankDraws {
	n := len(mean)
	r := rand.New(rand.NewPCG(seed, 14))
	seen := make([][]float64, n)
	d := RankDraws{Top: make([]float64, n), TopThird: make([]float64, n), LastThird: make([]float64, n), Beats: make([]float64, n)}
	order, value := make([]int, n), make([]float64, n)
	below := make([]int, n) // the person next below by mean, -1 for the last
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return mean[order[a]] > mean[order[b]] })
	for place, i := range order {
		below[i] = -1
		if place+1 < n {
			below[i] = order[place+1]
		}
	}
	fifth, third := math.Ceil(float64(n)/5), math.Ceil(float64(n)/3)
	for range draws {
		for i := range value {
			value[i] = mean[i] + sd[i]*r.NormFloat64()
			order[i] = i
		}
		sort.SliceStable(order, func(a, b int) bool { return value[order[a]] > value[order[b]] })
		for place, i := range order {
			rank := float64(place + 1)
			seen[i] = append(seen[i], rank)
			if rank <= fifth {
				d.Top[i] += 1 / float64(draws)
			}
			if rank <= third {
				d.TopThird[i] += 1 / float64(draws)
			}
			if rank > float64(n)-third {
				d.LastThird[i] += 1 / float64(draws)
			}
			if below[i] >= 0 && value[i] > value[below[i]] {
				d.Beats[i] += 1 / float64(draws)
			}
		}
	}
	for i := range seen {
		d.Median = append(d.Median, Quantile(seen[i], .5))
		d.Low = append(d.Low, Quantile(seen[i], .025))
		d.High = append(d.High, Quantile(seen[i], .975))
	}
	return d
}

// Bootstrap draws people with replacement and returns the 95 % interval of a
// figure and the two-sided p-value of its being 0, by the share of draws on
// the other side. pick gets the rows of one draw; a draw whose figure is not a
// number is passed over. Efron & Tibshirani 1993, chapter 13.
func Bootstrap(n, draws int, seed uint64, figure func(pick []int) float64) (limits Interval, p float64) {
	r := rand.New(rand.NewPCG(seed, 15))
	var seen []float64
	pick := make([]int, n)
	for range draws {
		for i := range pick {
			pick[i] = r.IntN(n)
		}
		if v := figure(pick); !math.IsNaN(v) && !math.IsInf(v, 0) {
			seen = append(seen, v)
		}
	}
	if len(seen) < draws/2 || len(seen) == 0 {
		return Interval{math.NaN(), math.NaN()}, math.NaN()
	}
	below, above := 0.0, 0.0
	for _, v := range seen {
		if v <= 0 {
			below++
		}
		if v >= 0 {
			above++
		}
	}
	k := float64(len(seen))
	return Interval{Quantile(seen, .025), Quantile(seen, .975)}, math.Min(1, 2*(math.Min(below, above)+1)/(k+1))
}
