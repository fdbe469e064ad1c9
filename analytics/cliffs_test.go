package analytics

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"levelfield/analytics/plan"
)

// smooth is a plan in which every further step is worth as much as the last.
const smooth = `name: smooth
pay:
  tier: [{from_amount: 0, to_amount: 300000, rate: 0.02}, {from_amount: 300000, rate: 0.03}]
  expense_ceiling_rate: 1
  pool_rate: 0
rule: []
scorecard:
  - id: pay
    title: Pay
    of: [{indicator: new_customers, weight: 1, curve: {0: 0, 3: 60, 5: 100}}]
`

func cliffsOf(t *testing.T, text string) []plan.Cliff {
	t.Helper()
	known, err := Indicators(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	f, err := plan.Parse("plan.yaml", []byte(text), known)
	if err != nil {
		t.Fatal(err)
	}
	cliffs, err := Cliffs(t.Context(), f, known, nil)
	if err != nil {
		t.Fatal(err)
	}
	return cliffs
}

func has(cliffs []plan.Cliff, axis, kind string, at float64) bool {
	for _, c := range cliffs {
		if c.Axis.ID == axis && c.Kind == kind && math.Abs(c.At()-at) <= 2*c.Axis.Step+1e-9 {
			return true
		}
	}
	return false
}

func list(cliffs []plan.Cliff) string {
	var b strings.Builder
	for _, c := range cliffs {
		fmt.Fprintf(&b, "\n%s %s %g..%g %g -> %g: %s", c.Axis.ID, c.Kind, c.From, c.To, c.Before, c.After, c.Text("en"))
	}
	return b.String()
}

func TestSmoothPlanHasNoCliff(t *testing.T) {
	if got := cliffsOf(t, smooth); len(got) > 0 {
		t.Errorf("found%s", list(got))
	}
}

func TestDefaultPlanHasItsExpenseCliff(t *testing.T) {
	got := cliffsOf(t, "name: default\n")
	for _, want := range []struct {
		axis, kind string
		at         float64
	}{
		{"expense_ratio", "jump", 0.12},
		{"target_attainment", "jump", 1.2}, // bonus
		{"target_attainment", "jump", 0.6}, // reduced rate
		{"team_attainment", "jump", 1.2},   // pool
	} {
		if !has(got, want.axis, want.kind, want.at) {
			t.Errorf("no %s of pay over %s at %g in%s", want.kind, want.axis, want.at, list(got))
		}
	}
	if len(got) != 4 {
		t.Errorf("%d cliffs, want 4:%s", len(got), list(got))
	}
}

func TestPlantedCliffsAreFound(t *testing.T) {
	for _, c := range []struct {
		name, change, axis, kind string
		at                       float64
	}{
		{"a whole tier jumps", "{from_amount: 0, to_amount: 300000, rate: 0.02}, {from_amount: 300000, rate: 0.03}]\n  tier_method: whole", "sales_amount", "jump", 300000},
		{"a whole tier with a lower rate", "{from_amount: 0, to_amount: 412345, rate: 0.03}, {from_amount: 412345, rate: 0.02}]\n  tier_method: whole", "sales_amount", "fall", 412345},
		{"a marginal tier with a lower rate", "{from_amount: 0, to_amount: 300000, rate: 0.03}, {from_amount: 300000, rate: 0.02}]", "sales_amount", "slower", 300000},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(smooth, "{from_amount: 0, to_amount: 300000, rate: 0.02}, {from_amount: 300000, rate: 0.03}]", c.change, 1)
			got := cliffsOf(t, text)
			if len(got) != 1 || !has(got, c.axis, c.kind, c.at) {
				t.Errorf("want one %s over %s at %g, found%s", c.kind, c.axis, c.at, list(got))
			}
		})
	}
	t.Run("a scoring standard that turns round", func(t *testing.T) {
		head, _, _ := strings.Cut(smooth, "    of: [")
		got := cliffsOf(t, head+`    of:
      - {indicator: new_customers, weight: 0.5, curve: {0: 0, 3: 100, 5: 20}}
      - {indicator: win_rate, weight: 0.5, curve: {0: 0, 0.3: 60, 0.30001: 90, 1: 100}}
`)
		if !has(got, "win_rate", "jump", 0.3) {
			t.Errorf("no jump at a win rate of 0.3 in%s", list(got))
		}
		if len(got) != 2 || got[0].Kind == got[1].Kind {
			t.Errorf("want a jump and a fall, found%s", list(got))
		}
	})
}

// The engine finds what any function of pay does, to its smallest step.
func TestScanFindsJumpsOfAnyRule(t *testing.T) {
	f := plan.Default()
	axis := plan.Axis{ID: "sales_amount", Unit: "money", Better: 1, Low: 0, High: 1e6, Step: 1}
	pay := func(rule func(float64) float64) func(context.Context, []imagined) ([]float64, error) {
		return func(_ context.Context, people []imagined) ([]float64, error) {
			var out []float64
			for _, p := range people {
				out = append(out, rule(p.sales))
			}
			return out, nil
		}
	}
	for _, c := range []struct {
		name string
		rule func(float64) float64
		want string
	}{
		{"straight", func(x float64) float64 { return 0.03 * x }, ""},
		{"bent upwards", func(x float64) float64 { return 0.03*x + 0.02*math.Max(0, x-123456.78) }, ""},
		{"flat", func(float64) float64 { return 0 }, ""},
		{"two jumps", func(x float64) float64 { return 1000*math.Floor(x/400000) + 0.03*x }, "jump 400000, jump 800000"},
		{"a fall over a range", func(x float64) float64 { return 0.03 * math.Abs(x-500000) }, "fall 0"},
	} {
		got, err := scanAll(t.Context(), f, []plan.Axis{axis}, pay(c.rule))
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, x := range got {
			found = append(found, fmt.Sprintf("%s %.0f", x.Kind, math.Round(x.At()/10)*10))
		}
		if s := strings.Join(found, ", "); s != c.want {
			t.Errorf("%s: found %q, want %q", c.name, s, c.want)
		}
	}
}
