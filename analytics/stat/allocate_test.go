package stat_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"levelfield/analytics/stat"
)

func allocate(t *testing.T, responses []stat.Response, budget float64) *stat.Allocation {
	t.Helper()
	a, err := stat.Allocate(responses, budget)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// mathworks.com/help/phased/ref/waterfill.html
func TestWaterFillingGivesEqualMarginalReturns(t *testing.T) {
	for _, c := range []struct {
		budget      float64
		noise, want []float64
	}{
		{10, []float64{1, 4, 6, 3}, []float64{5, 2, 0, 3}},
		{10, []float64{5, 4, 3, 6}, []float64{2, 3, 4, 1}},
		{5, []float64{5, 4, 3, 6}, []float64{2. / 3, 5. / 3, 8. / 3, 0}},
	} {
		var rs []stat.Response
		for _, n := range c.noise {
			rs = append(rs, stat.Log(n, 0, c.budget))
		}
		a := allocate(t, rs, c.budget)
		for i, want := range c.want {
			near(t, "share", a.X[i], want, 1e-9)
		}
	}
}

// wwojciech/stratallo, README.md
func TestBoxConstrainedNeymanAllocation(t *testing.T) {
	as := []float64{144000, 316000, 380000, 32000}
	for _, c := range []struct {
		name            string
		low, high, want []float64
	}{
		{"free", []float64{1e-9, 1e-9, 1e-9, 1e-9}, []float64{190, 190, 190, 190}, []float64{31.376147, 68.853211, 82.798165, 6.972477}},
		{"upper bounds", []float64{1e-9, 1e-9, 1e-9, 1e-9}, []float64{100, 90, 70, 80}, []float64{35.121951, 77.073171, 70, 7.804878}},
		{"lower bounds", []float64{50, 120, 1, 2}, []float64{190, 190, 190, 190}, []float64{50, 120, 18, 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var rs []stat.Response
			for i, a := range as {
				rs = append(rs, stat.Hyperbola(a, c.low[i], c.high[i]))
			}
			a := allocate(t, rs, 190)
			for i, want := range c.want {
				near(t, "n", a.X[i], want, 5e-7)
			}
		})
	}
}

func TestSquareRootResponseHasAClosedForm(t *testing.T) {
	var rs []stat.Response
	for _, a := range []float64{3, 4, 12} {
		rs = append(rs, stat.Power(a, 1, 1, .5, 0, 169))
	}
	a := allocate(t, rs, 169)
	for i, want := range []float64{9, 16, 144} {
		near(t, "x", a.X[i], want, 1e-9)
	}
	near(t, "value", a.Value, 169, 1e-9)
}

// World Health Council, Hillier & Lieberman: five teams over three countries.
func TestExactFindsWhatGreedyMissesOnAConvexStretch(t *testing.T) {
	values := [][]float64{{0, 45, 70, 90, 105, 120}, {0, 20, 45, 75, 110, 150}, {0, 50, 70, 80, 100, 130}}
	units, value, err := stat.Exact(values, 5)
	if err != nil || value != 170 || !slices.Equal(units, []int{1, 3, 1}) {
		t.Errorf("exact: %v earns %v (%v), want [1 3 1] earning 170", units, value, err)
	}
	units, value, err = stat.Greedy(values, 5)
	if err != nil || value != 160 || !slices.Equal(units, []int{3, 1, 1}) {
		t.Errorf("greedy: %v earns %v (%v), want [3 1 1] earning 160", units, value, err)
	}
	if stat.IsConcave(values) {
		t.Error("the case is said to be concave")
	}
}

// Little 1970; the digits follow from his form.
func TestAdbudgPassesThroughTheAnswers(t *testing.T) {
	a, err := stat.AskAdbudg(.47, 1.52, 1.26)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "g", a.Half, .981132, 5e-7)
	near(t, "c", a.Shape, 2.693951, 5e-7)
	near(t, "f(.5)", a.At(.5), .612882, 5e-7)
	near(t, "f(1)", a.At(1), 1, 1e-12)
	if _, err := stat.AskAdbudg(1.2, 1.5, 1.1); err == nil {
		t.Error("answers out of order were accepted")
	}
}

func TestRandomConcaveAllocationsMeetTheConditions(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for trial := range 500 {
		n := 2 + r.IntN(30)
		var rs []stat.Response
		var budget float64
		for range n {
			today := 10 + 90*r.Float64()
			budget += today
			rs = append(rs, stat.Power(.2+.3*r.Float64(), 100+900*r.Float64(), today, .05+.8*r.Float64(), .6*today, 1.6*today))
		}
		a := allocate(t, rs, budget)
		var sum float64
		for i, x := range a.X {
			sum += x
			if x < rs[i].Low || x > rs[i].High {
				t.Fatalf("trial %d: region %d got %g outside %g to %g", trial, i, x, rs[i].Low, rs[i].High)
			}
		}
		near(t, "sum", sum, budget, 1e-9*budget)
		if a.Residual > 1e-9 {
			t.Fatalf("trial %d: residual %g", trial, a.Residual)
		}
	}
}

func TestGreedyEqualsExactOnConcaveCases(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for trial := range 300 {
		values := make([][]float64, 2+r.IntN(6))
		for i := range values {
			values[i] = []float64{0}
			g := 100 * r.Float64()
			for range 12 {
				values[i] = append(values[i], values[i][len(values[i])-1]+g)
				g *= r.Float64()
			}
		}
		n := r.IntN(12)
		_, greedy, err1 := stat.Greedy(values, n)
		_, exact, err2 := stat.Exact(values, n)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if math.Abs(greedy-exact) > 1e-9*math.Max(1, exact) {
			t.Fatalf("trial %d: greedy %g, exact %g", trial, greedy, exact)
		}
	}
}

func TestBudgetOutsideTheBoundsIsRefused(t *testing.T) {
	_, err := stat.Allocate([]stat.Response{stat.Log(1, 2, 3)}, 9)
	if err == nil || err.Error() != "allocation: budget 9 is outside what the bounds allow, 2 to 3" {
		t.Error(err)
	}
}

func BenchmarkAllocateThousandRegions(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 6))
	var rs []stat.Response
	var budget float64
	for range 1000 {
		today := 10 + 90*r.Float64()
		budget += today
		rs = append(rs, stat.Power(.3, 100+900*r.Float64(), today, .05+.8*r.Float64(), .6*today, 1.6*today))
	}
	for b.Loop() {
		if _, err := stat.Allocate(rs, budget); err != nil {
			b.Fatal(err)
		}
	}
}

func TestWhereToLookFirstDoesNotMatter(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for range 200 {
		var all []stat.Response
		total := 0.
		for range 1 + r.IntN(30) {
			today := 10 + 90*r.Float64()
			total += today * (.9 + .2*r.Float64())
			all = append(all, stat.Power(.3, 100+900*r.Float64(), today, .1+.5*r.Float64(), .7*today, 1.3*today))
		}
		want, err := stat.Allocate(all, total)
		if err != nil {
			t.Fatal(err)
		}
		for _, near := range []float64{1e-9, want.Shadow / 3, want.Shadow, want.Shadow * 1.1, 1e9, math.Inf(1)} {
			got, err := stat.AllocateNear(all, total, near)
			if err != nil || math.Abs(got.Value-want.Value) > 1e-9*want.Value || got.Residual > 1e-9 {
				t.Fatalf("near %g: earns %g with residual %g, not %g (%v)", near, got.Value, got.Residual, want.Value, err)
			}
		}
	}
}
