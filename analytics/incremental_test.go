package analytics

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
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
	dir := smallSample(t)
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
	opt := sampleOptions(dir)
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
	isAsAFullRun(t, opt, next)
}

// TestCorrectionsReachEverythingThatReadsThem: what was wrong about a person, a
// customer or a past month is corrected in the exports; tables and closed files
// that other months keep must not keep the mistake.
func TestCorrectionsReachEverythingThatReadsThem(t *testing.T) {
	type correction struct{ file, query string }
	for name, corrected := range map[string][]correction{
		"the team of a past stay, the region of one customer and the owner of another": {{"assignment.csv",
			"select rep_id, (select min(team_id) from core.team where team_id <> stay.team_id) as team_id, null as region_id, (select min(month) + interval '1' month from core.month)::date as from_on, (select min(month) + interval '3' month - interval '1' day from core.month)::date as to_on from core.assignment as stay order by rep_id limit 1"}, {"customer.csv",
			"select * exclude (region_id, rep_id, source_file, source_sheet, source_row, batch), rep_id, (select max(region_id) from core.region where region_id <> known.region_id) as region_id from lake.customer join (select customer_id, region_id from core.customer) as known using (customer_id) where customer_id = (select max(customer_id) from core.order_month) union all by name select * exclude (rep_id, source_file, source_sheet, source_row, batch), (select min(rep_id) from core.rep where not is_unmatched) as rep_id from lake.customer where customer_id = (select min(customer_id) from core.order_month where customer_id <> '') order by customer_id"}},
		"an order of a past month": {{"order_line.csv",
			"select * exclude (source_file, source_sheet, source_row, batch) replace (amount + 100 as amount) from lake.order_line where ordered_on < (select min(month) + interval '2' month from core.month) order by order_id, line_id limit 1"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := smallSample(t)
			opt := sampleOptions(dir)
			mustBuild(t, opt)
			before := current(t, dir)
			var files []string
			for _, c := range corrected {
				rows, err := before.DB.QueryContext(t.Context(), c.query)
				if err != nil {
					t.Fatal(err)
				}
				var export strings.Builder
				if err := writeCSV(rows, &export); err != nil {
					t.Fatal(err)
				}
				if strings.Count(export.String(), "\n") < 2 {
					t.Fatalf("%s: nothing to correct", c.file)
				}
				files = append(files, filepath.Join(t.TempDir(), c.file))
				if err := os.WriteFile(files[len(files)-1], []byte(export.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			report, err := ingest.Load(t.Context(), ingest.Workspace{Dir: dir}, files, ingest.Options{Now: opt.Now})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range report.Files {
				if f.Err != nil {
					t.Fatal(f.Err)
				}
			}
			next := mustBuild(t, opt)
			if next.Unchanged {
				t.Fatal("nothing was corrected")
			}
			isAsAFullRun(t, opt, next)
		})
	}
}

// smallSample is a small sample company whose exports are loaded.
func smallSample(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := sample.Generate(dir, sample.Config{Reps: 24, Regions: 3, Teams: 6, Months: 6, OrderLines: 3_000, Visits: 3_000}); err != nil {
		t.Fatal(err)
	}
	report, err := ingest.Load(t.Context(), ingest.Workspace{Dir: dir}, []string{filepath.Join(dir, "exports")}, ingest.Options{Now: sampleOptions(dir).Now})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Files {
		if f.Err != nil {
			t.Fatal(f.Err)
		}
	}
	return dir
}

func sampleOptions(dir string) Options {
	return Options{Workspace: dir, Company: "sample", Currency: "CNY", Lang: "en", CodeVersion: "test",
		Now: func() time.Time { return time.Date(2026, 11, 4, 9, 0, 0, 0, time.UTC) }}
}

// isAsAFullRun compares a run, table by table, with one that takes nothing from
// earlier runs.
func isAsAFullRun(t *testing.T, opt Options, next *Result) {
	t.Helper()
	opt.NoCache, opt.CodeVersion = true, "again"
	full := mustBuild(t, opt)
	a, errA := readSeal(next.Dir)
	b, errB := readSeal(full.Dir)
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	compareContents(b.Tables, a.Tables, func(relation, what string) { t.Errorf("%s: %s", relation, what) })
}
