package analytics

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func ptrTo[T any](v T) *T { return &v }

func TestTheSourcesExample(t *testing.T) {
	parts := make([]TargetPart, 5)
	for i := range parts {
		parts[i] = TargetPart{Name: fmt.Sprint(i + 1), Weight: 1}
	}
	got, err := ShareTarget(100_000_000, 1, parts)
	if err != nil || !slices.Equal(got, []int64{20_000_000, 20_000_000, 20_000_000, 20_000_000, 20_000_000}) {
		t.Errorf("1,000,000 over five people: %v (%v)", got, err)
	}
}

func TestTheLargestRemaindersAreRoundedUp(t *testing.T) {
	parts := []TargetPart{{Name: "a", Weight: 1}, {Name: "b", Weight: 1}, {Name: "c", Weight: 1}}
	for _, c := range []struct {
		total, unit int64
		want        []int64
	}{
		{100, 1, []int64{34, 33, 33}},
		{1000_00, 100_00, []int64{400_00, 300_00, 300_00}},
		{1050_50, 100_00, []int64{450_50, 300_00, 300_00}}, // what is left below a unit goes to the largest
	} {
		got, err := ShareTarget(c.total, c.unit, parts)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%d in steps of %d: %v (%v), want %v", c.total, c.unit, got, err, c.want)
		}
	}
}

func TestPartsAlwaysAddUpInsideTheirBounds(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 5))
	for trial := range 3000 {
		total := r.Int64N(1_000_000_00)
		unit := []int64{1, 100, 1000_00, 12345}[r.IntN(4)]
		parts := make([]TargetPart, 1+r.IntN(12))
		for i := range parts {
			p := TargetPart{Name: fmt.Sprint(i), Weight: r.Float64() * float64(r.IntN(3))}
			even := total / int64(len(parts))
			if r.IntN(3) == 0 {
				p.Low = ptrTo(r.Int64N(even + 1))
			}
			if r.IntN(3) == 0 {
				p.High = ptrTo(even + r.Int64N(even+1))
			}
			if r.IntN(6) == 0 {
				p.Locked = ptrTo(even)
			}
			parts[i] = p
		}
		got, err := ShareTarget(total, unit, parts)
		if err != nil {
			if strings.Contains(err.Error(), "come to") || strings.Contains(err.Error(), "weight is 0") {
				continue
			}
			t.Fatalf("trial %d: %v", trial, err)
		}
		var sum int64
		for i, x := range got {
			sum += x
			p := parts[i]
			low, high := limits(p, total)
			if p.Locked != nil && x != *p.Locked || p.Locked == nil && (x < low || x > high) {
				t.Fatalf("trial %d: part %d of %+v is %d", trial, i, p, x)
			}
		}
		if sum != total {
			t.Fatalf("trial %d: parts add up to %d, not %d", trial, sum, total)
		}
	}
}

func people(n int, seed uint64) (all []TargetPerson) {
	r := rand.New(rand.NewPCG(seed, 6))
	for i := range n {
		team := i % 7
		e := 1000 + 9000*r.Float64()
		all = append(all, TargetPerson{
			RepID: fmt.Sprint("S", i), Name: fmt.Sprint("S", i), TeamID: fmt.Sprint("T", team), TeamName: fmt.Sprint("T", team),
			RegionID: fmt.Sprint("R", team%3), Region: fmt.Sprint("R", team%3), Sales: 5000 * r.Float64(), NMonths: 12, Potential: float64(1 + team%3), NHere: 3, Expected: &e,
		})
	}
	return all
}

func TestEveryLevelAddsUpToTheOneAbove(t *testing.T) {
	for _, way := range TargetWays {
		for seed := range uint64(15) {
			all := people(40, seed)
			q := TargetQuestion{Total: 1234567_89, Way: way, Unit: 1000_00, Locked: map[string]int64{"S3": 7777_77}, Low: map[string]int64{"T1": 100000_00}, High: map[string]int64{"S5": 9000_01}}
			p, err := PlanTargets(all, q)
			if err != nil {
				t.Fatal(way, err)
			}
			var walk func(n *TargetNode)
			walk = func(n *TargetNode) {
				var sum int64
				for _, c := range n.Parts {
					sum += c.Amount
					walk(c)
				}
				if n.Parts != nil && sum != n.Amount {
					t.Errorf("%s: parts of %s %s add up to %d, not %d", way, n.Kind, n.ID, sum, n.Amount)
				}
				if v, ok := q.Locked[n.ID]; ok && n.Amount != v {
					t.Errorf("%s: the locked %s got %d", way, n.ID, n.Amount)
				}
			}
			walk(p.Root)
			free, err := PlanTargets(all, TargetQuestion{Total: 1234567_89, Way: way, Unit: 1})
			if err != nil || free.Slope == nil {
				t.Fatal(way, err)
			}
			if way == ByExpected && math.Abs(free.Slope.Slope-1) > .01 || way == ByEqual && math.Abs(free.Slope.Slope) > .01 {
				t.Errorf("%s: targets follow expected sales with the slope %g", way, free.Slope.Slope)
			}
		}
	}
}

func TestTargetsThatCannotBeSharedSayWhatToDo(t *testing.T) {
	low, high := int64(60_00), int64(40_00)
	for name, c := range map[string]struct {
		parts []TargetPart
		want  string
	}{
		"too much below": {[]TargetPart{{Name: "a", Weight: 1, Low: &low}, {Name: "b", Weight: 1, Locked: &low}}, "targets: lower bounds and locked parts come to 120.00, 20.00 more than the total 100.00; lower a bound, unlock a part or raise the total"},
		"too little":     {[]TargetPart{{Name: "a", Weight: 1, High: &high}, {Name: "b", Weight: 1, High: &high}}, "targets: upper bounds and locked parts come to 80.00, 20.00 less than the total 100.00; raise a bound, unlock a part or lower the total"},
		"no order":       {[]TargetPart{{Name: "a", Weight: 1, Low: &low, High: &high}}, "targets: the bounds of a, 60.00 to 40.00, are not in order"},
		"no weight":      {[]TargetPart{{Name: "a"}, {Name: "b"}}, "targets: every weight is 0; give at least one a weight, or share equally"},
		"nobody":         {nil, "targets: there is nobody to share with"},
	} {
		if _, err := ShareTarget(100_00, 1, c.parts); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v\nwant %s", name, err, c.want)
		}
	}
	_, err := PlanTargets(people(5, 1), TargetQuestion{Total: 100, Way: ByEqual, Unit: 1, Locked: map[string]int64{"S99": 1}})
	if err == nil || !strings.Contains(err.Error(), "names S99") {
		t.Error(err)
	}
}
