package chart

import (
	"math"
	"slices"
)

// nameGap is how far names of 12 px stand apart, from line to line.
const nameGap = 15

// Spread moves positions along a line as little as it takes (least squares) for
// each to keep a gap to the next and all to stay within lo..hi where they fit;
// their order stays.
func Spread(at []float64, gap, lo, hi float64) []float64 {
	order := make([]int, len(at))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case at[a] < at[b]:
			return -1
		case at[a] > at[b]:
			return 1
		}
		return 0
	})
	// Less its gaps to those before it no position may be below the one before:
	// neighbours that are get their mean, as in a monotone regression.
	type block struct {
		sum float64
		n   int
	}
	mean := func(b block) float64 { return b.sum / float64(b.n) }
	var blocks []block
	for i, k := range order {
		blocks = append(blocks, block{at[k] - gap*float64(i), 1})
		for n := len(blocks); n > 1 && mean(blocks[n-2]) > mean(blocks[n-1]); n-- {
			blocks[n-2] = block{blocks[n-2].sum + blocks[n-1].sum, blocks[n-2].n + blocks[n-1].n}
			blocks = blocks[:n-1]
		}
	}
	last := math.Max(lo, hi-gap*float64(len(at)-1))
	out := make([]float64, len(at))
	i := 0
	for _, b := range blocks {
		for range b.n {
			out[order[i]] = math.Min(math.Max(mean(b), lo), last) + gap*float64(i)
			i++
		}
	}
	return out
}
