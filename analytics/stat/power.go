package stat

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// unseen is z(.975) + z(.80): a gap of that many standard errors is found four
// times in five by a test at 5 %.
var unseen = z(.95) + distuv.UnitNormal.Quantile(.8)

// UnseenMeanGap is the smallest gap between the means of two groups that would
// be seen four times in five; a smaller one may exist and stay unseen. Cohen
// 1988, chapter 2.
func UnseenMeanGap(sd, n1, n2 float64) float64 { return unseen * sd * math.Sqrt(1/n1+1/n2) }

// UnseenRateGap is the same for two rates around a common rate.
func UnseenRateGap(rate, n1, n2 float64) float64 {
	return math.Min(1, unseen*math.Sqrt(rate*(1-rate)*(1/n1+1/n2)))
}
