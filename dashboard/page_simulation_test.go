package dashboard_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"levelfield/analytics"
	"levelfield/dashboard"
	"levelfield/dashboard/dashtest"
)

// simulated is what sharing the targets of October by last year would have
// paid two people: one less, one more.
func simulated() *analytics.Simulation {
	v := func(f float64) *float64 { return &f }
	return &analytics.Simulation{
		Months:  []string{"2026-10"},
		People:  []analytics.SimulatedPay{{RepID: dashtest.OwnRep, Name: "<b>One", Region: "华东", Now: 1_000_000, Then: 850_050}, {RepID: "R1T1P2", Name: "=Two", Region: "华东", Now: 0, Then: 300_000}},
		Regions: []analytics.SimulatedPay{{RepID: "R1", Name: "华东", Now: 1_000_000, Then: 1_150_050}},
		Total:   analytics.SimulatedPay{Now: 1_000_000, Then: 1_150_050},
		Gain:    1, Lose: 1,
		Cost:   map[string]analytics.Cost{"2026-10": {Now: 1_000_000, Then: 1_150_050}},
		Before: analytics.Evenness{ScoreEase: v(.4), HardEasy: v(.7), PeopleJudge: 2},
		After:  analytics.Evenness{ScoreEase: v(.1), HardEasy: v(.5), PeopleJudge: 2},
	}
}

// simulating serves to an admin; what is asked for first fails with err.
func simulating(t *testing.T, err error) (*dashboard.Server, http.Handler) {
	t.Helper()
	s, wrong := dashboard.New(dashboard.Config{
		Runs: dashtest.Runs(t), Store: dashtest.Store(t),
		Options: func(context.Context) (analytics.Options, error) { return analytics.Options{}, err },
	})
	if wrong != nil {
		t.Fatal(wrong)
	}
	t.Cleanup(s.Close)
	return s, dashtest.As(t, s, "admin")
}

func TestAFinishedSimulationSaysWhoGainsAndWhoLoses(t *testing.T) {
	s, admin := simulating(t, nil)
	dashboard.KeepSimulation(s, analytics.TargetWays[0], 1, simulated())
	address := "/simulation?lang=en&months=1&targets=" + analytics.TargetWays[0]
	page := get(t, admin, address)
	if page.Code != http.StatusOK {
		t.Fatalf("status %d", page.Code)
	}
	for _, want := range []string{
		"It would cost ¥1.5K more; 1 person would gain, 1 would lose",
		"More level in 1 of 2 measures, less in 1", "1 person loses, 1 gains",
		"more level", "less level", // of the scores, of the pay
		"−1,499.50", "−15.0", // the loss, in money and as a share
		"&#43;3,000.00", "/people/" + dashtest.OwnRep, "&lt;b&gt;One",
	} {
		if !strings.Contains(page.Body.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	export := get(t, admin, address+"&card=people&as=csv")
	if name := export.Header().Get("Content-Disposition"); !strings.Contains(name, "people") {
		t.Errorf("the export is called %q", name)
	}
	table := export.Body.String()
	for _, want := range []string{"-1499.5", "'=Two"} {
		if !strings.Contains(table, want) {
			t.Errorf("the export lacks %q:\n%s", want, table)
		}
	}
	if bad := get(t, admin, "/simulation?months=99"); bad.Code != http.StatusBadRequest {
		t.Errorf("99 months: status %d", bad.Code)
	}
}

func TestASimulationThatFailsSaysWhy(t *testing.T) {
	_, admin := simulating(t, nil)
	address := "/simulation?lang=en&months=1&targets=" + analytics.TargetWays[0]
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		page := get(t, admin, address).Body.String()
		if strings.Contains(page, "role=\"alert\"") {
			return
		}
		if time.Now().After(end) {
			t.Fatal("the page still waits")
		}
		if !strings.Contains(page, "data-waiting") {
			t.Fatal("a page whose simulation runs does not wait for it")
		}
	}
}

func TestASimulationWithoutASetUpIsNotStarted(t *testing.T) {
	_, admin := simulating(t, errors.New("the plan cannot be read"))
	page := get(t, admin, "/simulation?lang=en&months=1&targets="+analytics.TargetWays[0])
	if page.Code != http.StatusInternalServerError {
		t.Errorf("status %d", page.Code)
	}
}
