package analytics

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"levelfield/analytics/plan"
)

// TestSimulationComparesEachPerson doubles a rate: who earned by it gains as
// much again, and what somebody was given by hand stays.
func TestSimulationComparesEachPerson(t *testing.T) {
	l := newTinyLake(t)
	opt := payOptions(l)
	opt.State = &State{Rows: map[string][][]any{
		"state.override": {{"o-1", "pay", "2026-08-01", "rep", "R3", "hand", 5.5, "why", "Ann", "2026-10-01T08:00:00.000Z", nil, nil}},
		"state.closed":   {{"2026-08-01", "r-1", "abc", "2026-10-02T08:00:00.000Z", "Li", "month end"}},
	}}
	mustBuild(t, opt)
	other, err := plan.Parse("other.yaml", []byte("name: Double\nstarts: 2027-01\nsetting: {reply_hours: 24}\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Simulate(t.Context(), opt, current(t, l.dir), Alternative{Plan: other}, []time.Time{monthOf("2026-08"), monthOf("2026-09")})
	if err != nil {
		t.Fatal(err)
	}
	want := []SimulatedPay{
		{RepID: "R3", Now: 550, Then: 550},
		{RepID: "R2", Name: "Bo", Now: 5050, Then: 10100},
		{RepID: "R1", Name: "Ann", Now: 11001, Then: 22002},
	}
	if d := cmp.Diff(want, s.People); d != "" {
		t.Error(d)
	}
	if s.Gain != 2 || s.Lose != 0 || s.Same != 1 || s.Total.Difference() != 16051 || s.Cost["2026-09"] != (Cost{1001, 2002}) {
		t.Errorf("%+v", s)
	}
	if _, err := Simulate(t.Context(), opt, current(t, l.dir), Alternative{Plan: other}, nil); err == nil {
		t.Error("no month was simulated without a word")
	}
}
