package stat_test

import (
	"math"
	"testing"

	"levelfield/analytics/stat"
)

// The direction of the Berkeley gap turns when both groups get the same mix of
// departments.
func TestStandardisedRatesTurnTheBerkeleyGap(t *testing.T) {
	men, women, compared := stat.StandardisedRates(admissions)
	near(t, "men", men, .387319, 5e-7)
	near(t, "women", women, .429955, 5e-7)
	near(t, "ratio", women/men, 1.110082, 5e-7)
	near(t, "compared", compared, 1, 1e-12)
	crude, _ := stat.RateRatio(557, 1835, 1198, 2691)
	near(t, "crude ratio", crude, .681830, 5e-7)
}

// DasGuptR, README.md: the rates adjusted for one factor at a time.
func TestDasGuptaAdjustedRates(t *testing.T) {
	a, b := []float64{16591, .825974}, []float64{10930, .717892}
	low, high := stat.DasGuptaRates(b, a)
	printed(t, "first population, first factor", low[0], "8437.228")
	printed(t, "second population, first factor", high[0], "12807.14")
	printed(t, "first population, second factor", low[1], "9878.553")
	printed(t, "second population, second factor", high[1], "11365.82")
	crude := a[0]*a[1] - b[0]*b[1]
	near(t, "share of the first factor", (high[0]-low[0])/crude, .7461, 5e-5)
}

// R help page of mantelhaen.test: penicillin in rabbits (Agresti 1990), where
// two strata hold an empty margin.
func TestMantelHaenszelOnRabbits(t *testing.T) {
	s := stat.MantelHaenszel([][4]float64{{0, 6, 0, 5}, {3, 3, 0, 6}, {6, 0, 2, 4}, {5, 1, 6, 0}, {2, 0, 5, 0}})
	near(t, "odds ratio", s.OddsRatio, 7, 1e-9)
	near(t, "low", s.Odds.Low, 1.026713, 5e-6)
	near(t, "high", s.Odds.High, 47.725133, 5e-6)
	near(t, "X2", s.X2, 3.9286, 5e-5)
	near(t, "p", s.P, .04747, 5e-6)
}

// R package ineq: the general forms agree with each other.
func TestInequalityFamiliesMeetAtTheirLimits(t *testing.T) {
	x := []float64{541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261}
	near(t, "GE near 1 is Theil's T", stat.GeneralizedEntropy(x, 1+1e-7), stat.Theil(x), 1e-6)
	near(t, "GE near 0 is the mean log deviation", stat.GeneralizedEntropy(x, 1e-7), stat.GeneralizedEntropy(x, 0), 1e-6)
	near(t, "Atkinson near 1 takes the geometric mean", stat.Atkinson(x, 1-1e-7), stat.Atkinson(x, 1), 1e-6)
	// Atkinson(1) = 1 - exp(-GE(0)); Cowell 2000
	near(t, "Atkinson 1", stat.Atkinson(x, 1), 1-math.Exp(-stat.GeneralizedEntropy(x, 0)), 1e-12)
}

// bluefoxr/COINr, docs/articles/results.html: pillars of the ASEM index of
// Switzerland are plain means of their sub-pillars.
func TestCompositeOfPillars(t *testing.T) {
	one := func(x ...float64) []float64 {
		w := make([]float64, len(x))
		for i := range w {
			w[i] = 1
		}
		return w
	}
	conn, sust := []float64{63.41, 32.87, 74.78, 85.94, 56.93}, []float64{77.21, 87.85, 56.88}
	a, b := stat.WeightedMean(conn, one(conn...)), stat.WeightedMean(sust, one(sust...))
	printed(t, "connectivity", a, "62.79")
	printed(t, "sustainability", b, "73.98")
	index := stat.WeightedMean([]float64{a, b}, []float64{1, 1})
	printed(t, "index", index, "68.38")
	if ranks := stat.Ranks([]float64{-63.00, -index, -64.82}); ranks[1] != 1 { // Sweden, Switzerland, the Netherlands
		t.Errorf("Switzerland has rank %v, want 1", ranks[1])
	}
}

func TestRootLimitsAndPValuesAgree(t *testing.T) {
	d := stat.SqrtDispersion([]float64{100, 150, 180, 80, 120, 225}, []float64{108, 112, 165, 95, 100, 220}, .1)
	in := d.Limits(100, .95)
	near(t, "z at the upper limit", d.Z(100*in.High, 100), 1.959963985, 1e-8)
	near(t, "z at the lower limit", d.Z(100*in.Low, 100), -1.959963985, 1e-8)
	for _, e := range []float64{3.7, 40, 900} {
		flagged(t, 12, e)
	}
}

// Kendall & Gibbons: r = .6 on 20 pairs; the interval is that of Bonett &
// Wright 2000, Psychometrika 65.
func TestSpearmanIntervalIsThatOfBonettAndWright(t *testing.T) {
	in := stat.SpearmanLimits(.6, 20, .95)
	half := 1.959963985 * math.Sqrt((1+.36/2)/17)
	near(t, "low", in.Low, math.Tanh(math.Atanh(.6)-half), 1e-9)
	near(t, "high", in.High, math.Tanh(math.Atanh(.6)+half), 1e-9)
}

func TestTheWithinSlopeIsFreeOfLevels(t *testing.T) {
	var who, place []int
	var x, y []float64
	for i := range 40 { // each person has a level that goes with x
		for j := range 3 {
			who, place = append(who, i), append(place, j)
			v := float64(i) + float64(j*j) + .1*math.Sin(float64(7*i+j))
			x, y = append(x, v), append(y, 5*float64(i)+.7*v+.01*math.Cos(float64(3*i+5*j)))
		}
	}
	s, err := stat.WithinSlope(who, place, x, y)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "slope", s.Slope, .7, .01)
	if _, err := stat.WithinSlope([]int{0, 1, 2, 3}, []int{0, 0, 1, 1}, []float64{1, 2, 3, 4}, []float64{1, 2, 3, 4}); err == nil {
		t.Error("people with one row each were accepted")
	}
}
