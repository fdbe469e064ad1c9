package stat_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"levelfield/analytics/stat"
)

// soldByMonth are people of equal skill whose months deviate by .3 in the
// logarithm; kept is the correlation of a month with the one before.
func soldByMonth(people, months int, kept float64, seed uint64) []stat.MonthlySales {
	r := rand.New(rand.NewPCG(seed, 3))
	all := make([]stat.MonthlySales, people)
	for i := range all {
		all[i].Weight = 1
		shock := r.NormFloat64()
		for range months {
			shock = kept*shock + math.Sqrt(1-kept*kept)*r.NormFloat64()
			all[i].Sold = append(all[i].Sold, 1000*math.Exp(.3*shock-.045))
			all[i].Expected = append(all[i].Expected, 1000)
		}
	}
	return all
}

// rankWidth is the mean width of the intervals of ranks.
func rankWidth(people []stat.MonthlySales, block int, seed uint64) (mean float64) {
	low, high := stat.BlockRanks(people, 0, block, 200, rand.New(rand.NewPCG(seed, 4)))
	for i := range low {
		mean += (high[i] - low[i]) / float64(len(low))
	}
	return mean
}

func TestBlocksOfMonthsWidenRanksOnlyWhereMonthsHangTogether(t *testing.T) {
	for _, c := range []struct{ kept, low, high float64 }{{0, .8, 1.15}, {.8, 1.15, 2}} {
		mean := 0.0
		for seed := range uint64(10) {
			people := soldByMonth(60, 24, c.kept, seed)
			mean += rankWidth(people, 3, seed) / rankWidth(people, 1, seed) / 10
		}
		if mean < c.low || mean > c.high {
			t.Errorf("months that keep %v of the one before: blocks make ranks %.2f times as wide, want %v to %v", c.kept, mean, c.low, c.high)
		}
	}
}

func TestBlockRanksRepeatAndLeaveCertainRanksAlone(t *testing.T) {
	people := soldByMonth(30, 24, .5, 1)
	low, high := stat.BlockRanks(people, 1, 3, 100, rand.New(rand.NewPCG(9, 9)))
	again, _ := stat.BlockRanks(people, 1, 3, 100, rand.New(rand.NewPCG(9, 9)))
	if !slices.Equal(low, again) {
		t.Error("the same source of chance gave other intervals")
	}
	if slices.Equal(low, high) {
		t.Error("no rank varies")
	}
	var steady []stat.MonthlySales
	for i := range 5 {
		steady = append(steady, stat.MonthlySales{Sold: slices.Repeat([]float64{float64(100 - i)}, 12), Expected: slices.Repeat([]float64{80}, 12), Weight: .9})
	}
	steady = append(steady, stat.MonthlySales{Sold: make([]float64, 12), Expected: make([]float64, 12), Weight: 1}) // was never there: the average
	low, high = stat.BlockRanks(steady, 1, 3, 50, rand.New(rand.NewPCG(9, 9)))
	for i := range low {
		if low[i] != float64(i+1) || high[i] != float64(i+1) {
			t.Errorf("equal months leave person %d at rank %v to %v", i+1, low[i], high[i])
		}
	}
}
