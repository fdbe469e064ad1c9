package stat_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"levelfield/analytics/stat"
)

// Where every rater rates everybody the model's effects are the plain
// differences of means: Shrout & Fleiss 1979, table 2.
func TestSeverityOfFourJudgesIsTheDifferenceOfTheirMeans(t *testing.T) {
	var data []stat.Rated
	for i, row := range [][]float64{{9, 2, 5, 8}, {6, 1, 3, 2}, {8, 4, 6, 8}, {7, 1, 2, 6}, {10, 5, 6, 9}, {6, 2, 4, 7}} {
		for j, x := range row {
			data = append(data, stat.Rated{Rater: j, Person: i, Score: x})
		}
	}
	s, err := stat.FitSeverity(data, 4, 6, nil)
	if err != nil {
		t.Fatal(err)
	}
	for j, want := range []float64{2.375, -2.7917, -.9583, 1.375} {
		near(t, "effect", s.Effect[j], want, 5e-5)
	}
	if s.SharedRate != 1 {
		t.Errorf("shared %v, want 1", s.SharedRate)
	}
}

// Twelve managers rate their own teams; one in five people is rated by a
// second manager. Each effect is found within its standard error.
func TestALenientManagerIsFoundThroughSharedPeople(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	var data []stat.Rated
	truth := make([]float64, 12)
	truth[3] = 8
	person := 0
	for j := range truth {
		for range 10 {
			level := 5 * r.NormFloat64()
			data = append(data, stat.Rated{Rater: j, Person: person, Score: level + truth[j] + 4*r.NormFloat64()})
			if person%5 == 0 {
				k := (j + 1 + r.IntN(11)) % 12
				data = append(data, stat.Rated{Rater: k, Person: person, Score: level + truth[k] + 4*r.NormFloat64()})
			}
			person++
		}
	}
	s, err := stat.FitSeverity(data, 12, person, nil)
	if err != nil {
		t.Fatal(err)
	}
	outside := 0
	for j := range truth {
		if math.Abs(s.Effect[j]-(truth[j]-8./12)) > 2.5*s.SE[j] {
			outside++
		}
	}
	if s.Effect[3]/s.SE[3] < 3 || outside > 1 {
		t.Errorf("effects %.2f with standard errors %.2f", s.Effect, s.SE)
	}
}

func TestRankDrawsRepeatAndOrder(t *testing.T) {
	mean, sd := []float64{3, 0, 1, 2}, []float64{.1, .1, .1, .1}
	a, b := stat.DrawRanks(mean, sd, 200, 1), stat.DrawRanks(mean, sd, 200, 1)
	for i, want := range []float64{1, 4, 3, 2} {
		if a.Median[i] != want || a.Low[i] != b.Low[i] || a.High[i] != b.High[i] {
			t.Errorf("rank %d: %v, again %v, want %v", i, a.Median[i], b.Median[i], want)
		}
	}
	near(t, "the best beats the next", a.Beats[0], 1, 1e-9)
	wide := stat.DrawRanks(mean, []float64{9, 9, 9, 9}, 2000, 1)
	if wide.High[0]-wide.Low[0] < 3 {
		t.Error("hopeless scores got a narrow interval")
	}
}

func TestACompositeOfOnePartNeverFlips(t *testing.T) {
	var c stat.Composite
	for i := range 40 {
		c.Points = append(c.Points, []float64{float64(100 - i)})
	}
	c.Weight, c.Market, c.Best = []float64{1}, -1, 10
	one := make([]float64, 40)
	for i := range one {
		one[i] = 1
	}
	c.Factor = [][]float64{one}
	s := c.Vary(100, 1)
	for i := range s.Shift {
		if s.Shift[i] != 0 || s.Chosen[i] != 0 && s.Chosen[i] != 1 {
			t.Errorf("person %d: shift %v, chosen %v; one part has one order", i, s.Shift[i], s.Chosen[i])
		}
	}
}

// Where only the coefficient changes anything it explains all of the variance.
func TestTheSourceOfVarianceIsNamed(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	var c stat.Composite
	one, other := make([]float64, 60), make([]float64, 60)
	for i := range one {
		c.Points = append(c.Points, []float64{50 + 10*r.NormFloat64()})
		one[i], other[i] = 1, math.Exp(.3*r.NormFloat64())
	}
	c.Weight, c.Market, c.Best, c.Factor = []float64{1}, 0, 18, [][]float64{one, other}
	if s := c.Sources(64, 1); s.Share[3] < .85 || s.Share[0] > .1 {
		t.Errorf("shares %.2f; the coefficient alone moves these ranks", s.Share)
	}
	s := c.Vary(200, 1)
	if !slices.ContainsFunc(s.Chosen, func(share float64) bool { return share > 0 && share < 1 }) {
		t.Error("the coefficient decides about nobody")
	}
}

func TestBootstrapOfAMeanIsNearItsStandardError(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	x := make([]float64, 200)
	for i := range x {
		x[i] = 1 + r.NormFloat64()
	}
	in, p := stat.Bootstrap(len(x), 500, 1, func(pick []int) float64 {
		s := 0.0
		for _, i := range pick {
			s += x[i] / float64(len(pick))
		}
		return s
	})
	near(t, "half width", (in.High-in.Low)/2, 1.96/math.Sqrt(200), .03)
	if p > .01 {
		t.Errorf("p %v for a mean seven standard errors from 0", p)
	}
}

// With 8 people against 152 a gap of under 1.02 standard deviations is unseen.
func TestWhatAGapCouldBeWhileUnseen(t *testing.T) {
	near(t, "mean gap", stat.UnseenMeanGap(1, 8, 152), 2.80158*math.Sqrt(1./8+1./152), 1e-5)
	if stat.UnseenRateGap(.5, 2, 2) != 1 {
		t.Error("a gap of rates cannot exceed 1")
	}
}
