package analytics

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"levelfield/ingest"
	"levelfield/ingest/sample"
)

// TestOneMoreMonthOfTheSampleCompany holds the shipped models to the promise of
// the cache: after one more month's exports only that month is calculated, and
// every table is the same as after a full run.
func TestOneMoreMonthOfTheSampleCompany(t *testing.T) {
	dir := t.TempDir()
	if err := sample.Generate(dir, sample.Config{Reps: 24, Regions: 3, Teams: 6, Months: 6, OrderLines: 3_000, Visits: 3_000}); err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, 11, 4, 9, 0, 0, 0, time.UTC) }
	report, err := ingest.Load(t.Context(), ingest.Workspace{Dir: dir}, []string{filepath.Join(dir, "exports")}, ingest.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Files {
		if f.Err != nil {
			t.Fatal(f.Err)
		}
	}
	file := filepath.Join(dir, "lake", "manifest.json")
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var l lake
	if err := json.Unmarshal(whole, &l); err != nil {
		t.Fatal(err)
	}
	last := ""
	for _, f := range l.Files {
		if f.Entity == "order_line" && f.Month != "all" {
			last = max(last, f.Month)
		}
	}
	l.Files = slices.DeleteFunc(l.Files, func(f lakeFile) bool { return f.Month == last && !f.Schema })
	text, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
	opt := Options{Workspace: dir, Company: "sample", Currency: "CNY", Lang: "en", CodeVersion: "test", Now: now}
	mustBuild(t, opt)
	if err := os.WriteFile(file, whole, 0o644); err != nil {
		t.Fatal(err)
	}
	next := mustBuild(t, opt)
	if len(next.Months) == 0 {
		t.Fatal("no model is cached by month")
	}
	for relation, months := range next.Months {
		if relation == "core.returned_order_line" { // returns also name orders of earlier months: those and no more
			if len(months) == 0 || len(months) > 3 || !slices.Contains(months, last) {
				t.Errorf("%s: months calculated again: %s", relation, months)
			}
			continue
		}
		if d := cmp.Diff([]string{last}, months); d != "" {
			t.Errorf("%s: months calculated again: %s", relation, d)
		}
	}
	again := opt
	again.NoCache, again.CodeVersion = true, "again"
	full := mustBuild(t, again)
	a, errA := readSeal(next.Dir)
	b, errB := readSeal(full.Dir)
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	compareContents(b.Tables, a.Tables, func(relation, what string) { t.Errorf("%s: %s", relation, what) })
}
