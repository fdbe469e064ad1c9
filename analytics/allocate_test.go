package analytics

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"levelfield/analytics/stat"
)

func areas(n int, seed uint64) (all []Area, total float64) {
	r := rand.New(rand.NewPCG(seed, 1))
	for i := range n {
		today := 10 + 90*r.Float64()
		total += today
		all = append(all, Area{
			ID: fmt.Sprint(i), Name: fmt.Sprint(i), Today: today, Sales: 100 + 900*r.Float64(), Margin: .2 + .2*r.Float64(),
			Elasticity: .15 + .4*r.Float64(), SE: .1, Shared: .04, LevelSE: .03, Low: .8 * today, High: 1.2 * today,
		})
	}
	return all, total
}

func propose(t *testing.T, all []Area, b Budget) *Proposal {
	t.Helper()
	p, err := Propose(all, b)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAProposalKeepsTheTotalTheBoundsAndItsWord(t *testing.T) {
	for seed := range uint64(40) {
		all, total := areas(2+int(seed%12), seed)
		p := propose(t, all, Budget{Total: total, UnitCost: 1, Probability: .9, Seed: 1})
		for _, s := range []Split{p.Best, p.Half} {
			if math.Abs(sum(s.X)-total) > 1e-9*total {
				t.Fatalf("seed %d: parts add up to %v, not %v", seed, sum(s.X), total)
			}
			for i, x := range s.X {
				if x < all[i].Low-1e-9 || x > all[i].High+1e-9 {
					t.Fatalf("seed %d: area %d gets %g outside %g to %g", seed, i, x, all[i].Low, all[i].High)
				}
			}
		}
		if p.Best.Expected < p.Half.Expected-1e-9 || p.Half.Expected < -1e-9 {
			t.Errorf("seed %d: best earns %g, half %g", seed, p.Best.Expected, p.Half.Expected)
		}
		for i, near := range p.Near {
			if near[0] > p.Best.X[i] || near[1] < p.Best.X[i] {
				t.Errorf("seed %d: the range %v that keeps the gain leaves out the best %g", seed, near, p.Best.X[i])
			}
		}
		again := propose(t, all, Budget{Total: total, UnitCost: 1, Probability: .9, Seed: 1})
		if !slices.Equal(again.X, p.X) || again.Best.Gain != p.Best.Gain {
			t.Errorf("seed %d: the same question gave another answer", seed)
		}
	}
}

func TestAreasAlikeAreNotMoved(t *testing.T) {
	var all []Area
	for i := range 4 {
		all = append(all, Area{Name: fmt.Sprint(i), Today: 100, Sales: 1000 + float64(i), Margin: .3, Elasticity: .34, SE: .15, LevelSE: .05, Low: 80, High: 120})
	}
	p := propose(t, all, Budget{Total: 400, UnitCost: 1, Probability: .9, Seed: 1})
	if p.Verdict != VerdictStay || !slices.Equal(p.X, p.Today) {
		t.Errorf("verdict %s, split %v", p.Verdict, p.X)
	}
}

func TestAGainBelowTheCostOfSwitchingIsNotRecommended(t *testing.T) {
	all, total := areas(6, 3)
	free := propose(t, all, Budget{Total: total, UnitCost: 1, Probability: .5, Seed: 1})
	if free.Verdict != VerdictMove {
		t.Fatalf("without a cost: %s", free.Verdict)
	}
	dear := propose(t, all, Budget{Total: total, UnitCost: 1, Probability: .5, SwitchingCost: 2 * free.Best.Gain.Mean, Seed: 1})
	if dear.Verdict != VerdictStay {
		t.Errorf("with a cost above the gain: %s", dear.Verdict)
	}
}

func TestPeopleAreSplitInWholeNumbers(t *testing.T) {
	var all []Area
	for i, b := range []float64{.2, .5, .35} {
		all = append(all, Area{Name: fmt.Sprint(i), Today: 20, Sales: 9000, Margin: .3, Elasticity: b, SE: .05, Low: 16, High: 24})
	}
	p := propose(t, all, Budget{Total: 60, Unit: 1, Probability: .9, Seed: 1})
	if !slices.Equal(p.Best.X, []float64{16, 24, 20}) {
		t.Errorf("people: %v", p.Best.X)
	}
}

func TestAnsweredResponsesMayBeSShaped(t *testing.T) {
	curve, err := stat.AskAdbudg(.47, 1.52, 1.26)
	if err != nil {
		t.Fatal(err)
	}
	all := []Area{
		{Name: "new", Today: 10, Sales: 500, Margin: .3, Answers: &curve, Low: 5, High: 15},
		{Name: "old", Today: 10, Sales: 500, Margin: .3, Elasticity: .2, SE: .05, Low: 5, High: 15},
	}
	p := propose(t, all, Budget{Total: 20, Probability: .9, Seed: 1})
	best := math.Inf(-1)
	for x := 5.0; x <= 15; x += .01 {
		best = math.Max(best, all[0].profit(x, 0)+all[1].profit(20-x, .2))
	}
	if got := all[0].profit(p.Best.X[0], 0) + all[1].profit(p.Best.X[1], .2); got < best*(1-1e-4) {
		t.Errorf("earns %g, %g is possible", got, best)
	}
}

func TestPairsKeepTheirProportion(t *testing.T) {
	all, total := areas(5, 9)
	all[1].Together, all[3].Together = "pair", "pair"
	p := propose(t, all, Budget{Total: total, UnitCost: 1, Probability: .9, Seed: 1})
	a, b := p.Best.X[1]/all[1].Today, p.Best.X[3]/all[3].Today
	if math.Abs(a-b) > 1e-9 {
		t.Errorf("the pair moves by %g and %g", a, b)
	}
	if math.Abs(sum(p.Best.X)-total) > 1e-9*total {
		t.Errorf("parts add up to %g, not %g", sum(p.Best.X), total)
	}
}

func TestAFreeTotalEndsWhereAUnitEarnsItsCost(t *testing.T) {
	all, total := areas(4, 5)
	for i := range all {
		all[i].Low, all[i].High = .01*all[i].Today, 100*all[i].Today
	}
	p := propose(t, all, Budget{Total: total, IsFree: true, UnitCost: 1, Probability: .9, Seed: 1})
	for i, m := range p.Marginal {
		if math.Abs(m[1]-1) > 1e-4 {
			t.Errorf("area %d: one more unit earns %g, not its cost", i, m[1])
		}
	}
}

func TestWhatCannotBeSplitIsSaid(t *testing.T) {
	all, total := areas(3, 5)
	_, err := Propose(all, Budget{Total: 2 * total, Probability: .9})
	if err == nil || !strings.Contains(err.Error(), "outside what the bounds allow") {
		t.Error(err)
	}
	all[0].Low, all[1].Today = 2*all[0].High, 0
	_, err = Propose(all, Budget{Total: total, Probability: .9})
	if err == nil || !strings.Contains(err.Error(), "not in order") || !strings.Contains(err.Error(), "must be above 0") {
		t.Error(err)
	}
}

// The page's whole answer for eight regions, for a hundred, and the split of a
// thousand.
func BenchmarkPropose(b *testing.B) {
	for _, n := range []int{8, 100} {
		b.Run(fmt.Sprintf("%d regions", n), func(b *testing.B) {
			all, total := areas(n, 1)
			for b.Loop() {
				p, err := Propose(all, Budget{Total: total, UnitCost: 1, Probability: .9, Seed: 1})
				if err != nil {
					b.Fatal(err)
				}
				p.Regret()
			}
		})
	}
	b.Run("split of 1000 regions", func(b *testing.B) {
		all, total := areas(1000, 1)
		for b.Loop() {
			if _, err := optimise(all, nil, Budget{Total: total}, 0); err != nil {
				b.Fatal(err)
			}
		}
	})
}
