package stat

import (
	"math"
	"math/rand/v2"
	"slices"
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
	seen := make([]float64, n*draws) // the draws of one person after those of another
	d := RankDraws{Top: make([]float64, n), TopThird: make([]float64, n), LastThird: make([]float64, n), Beats: make([]float64, n)}
	value := make([]float64, n)
	below := make([]int, n) // the person next below by mean, -1 for the last
	at := make([]int, n+1)  // who has which rank by mean
	byMean := descendingRanks(mean)
	for i, rank := range byMean {
		at[int(rank)-1] = i
	}
	at[n] = -1
	for i, rank := range byMean {
		below[i] = at[int(rank)]
	}
	fifth, third := math.Ceil(float64(n)/5), math.Ceil(float64(n)/3)
	for draw := range draws {
		for i := range value {
			value[i] = mean[i] + sd[i]*r.NormFloat64()
		}
		for i, rank := range descendingRanks(value) {
			seen[i*draws+draw] = rank
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
	for i := range n {
		own := seen[i*draws : (i+1)*draws]
		slices.Sort(own)
		d.Median = append(d.Median, sortedQuantile(own, .5))
		d.Low = append(d.Low, sortedQuantile(own, .025))
		d.High = append(d.High, sortedQuantile(own, .975))
	}
	return d
}

// MonthlySales is what one person sold and was expected to sell, month by
// month, 0 and 0 where he was not there; Weight shrinks the log of the ratio.
type MonthlySales struct {
	Sold, Expected []float64 // in the same months for everybody
	Weight         float64
}

// BlockRanks returns the 2.5 % and 97.5 % points of everybody's rank, 1 the
// best, when the months are drawn anew in blocks of so many that follow each
// other, the last month followed by the first, the same for everybody. Ranked
// is weight x ln((sold + phi/2) / (expected + phi/2)). What months have in
// common with their neighbours stays in it, which draws of single events lose.
// Künsch 1989, Annals of Statistics 17; Politis & Romano 1992 (circular).
func BlockRanks(people []MonthlySales, phi float64, block, draws int, r *rand.Rand) (low, high []float64) {
	n := len(people)
	months := len(people[0].Sold)
	seen := make([]float64, n*draws) // the draws of one person after those of another
	value, times := make([]float64, n), make([]float64, months)
	for draw := range draws {
		clear(times)
		for drawn := 0; drawn < months; {
			from := r.IntN(months)
			for k := 0; k < block && drawn < months; k++ {
				times[(from+k)%months]++
				drawn++
			}
		}
		for i, p := range people {
			var sold, expected float64
			for m, t := range times {
				sold += t * p.Sold[m]
				expected += t * p.Expected[m]
			}
			value[i] = 0
			if expected > 0 { // else nothing is known of him
				value[i] = p.Weight * math.Log((math.Max(sold, 0)+phi/2+1e-9*expected)/(expected+phi/2))
			}
		}
		for i, rank := range descendingRanks(value) {
			seen[i*draws+draw] = rank
		}
	}
	for i := range n {
		own := seen[i*draws : (i+1)*draws]
		slices.Sort(own)
		low, high = append(low, sortedQuantile(own, .025)), append(high, sortedQuantile(own, .975))
	}
	return low, high
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
