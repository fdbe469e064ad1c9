package analytics

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	tinyTwin = "title: {en: T, zh-CN: 题}\ndescription: {en: D, zh-CN: 述}\n"
	tinyInd  = tinyTwin + "formula: {en: F, zh-CN: 式}\nunit: money\ndirection: up\nclass: result\n"
)

// tinyModels is a small project with every kind of model: two lake entities,
// a view, a relation cached by month, an indicator with rows and checks.
func tinyModels() fstest.MapFS {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	return fstest.MapFS{
		"macros/month_of.sql":        file("create macro month_of(day) as cast(date_trunc('month', day) as date)"),
		"staging/order_line.sql":     file("-- one row per order line\nselect *, month_of(ordered_on) as month from lake.order_line"),
		"staging/order_line.yaml":    file(tinyTwin + "materialize: view\n"),
		"core/rep.sql":               file("select rep_id, name from lake.rep"),
		"core/rep.yaml":              file(tinyTwin),
		"core/month.sql":             file("select distinct month, last_day(month) as as_of_on from staging.order_line"),
		"core/month.yaml":            file(tinyTwin),
		"core/unit.sql":              file("select 'rep' as unit_kind, rep_id as unit_id, name as unit_name, 'team' as parent_kind, 'T1' as parent_id, 'N' as region_id, 'T1' as team_id, null::varchar as manager_id from core.rep union all select 'company', 'company', 'All', null, null, null, null, null"),
		"core/unit.yaml":             file(tinyTwin),
		"core/sales_line.sql":        file("select rep_id, 'T1' as team_id, 'N' as region_id, month, amount as sales_amount, source_file, source_sheet, source_row from staging.order_line"),
		"core/sales_line.yaml":       file(tinyTwin + "materialize: view\n"),
		"core/sales_month.sql":       file("select rep_id, month, sum(sales_amount) as sales_amount, count(*) as n_lines from core.sales_line group by rep_id, month"),
		"core/sales_month.yaml":      file(tinyTwin + "materialize: month\nmonths: [order_line]\n"),
		"indicators/sales.sql":       file("select 'rep' as unit_kind, rep_id as unit_id, month, sales_amount::decimal(28, 6) as numerator, 1::decimal(28, 6) as denominator from core.sales_month union all select 'company', 'company', month, sum(sales_amount), 1 from core.sales_month group by month"),
		"indicators/sales.yaml":      file(tinyInd + "rows: {relation: core.sales_line, numerator: sales_amount}\nchecks:\n  - {name: not_null, severity: stop, sql: 'select * from indicators.sales where numerator is null', title: {en: Sales are known, zh-CN: 有数}}\n"),
		"checks/negative_sales.sql":  file("select unit_id, value from indicators.value where value < 0"),
		"checks/negative_sales.yaml": file(tinyTwin + "severity: warn\n"),
	}
}

// tinyLake writes a lake of order lines and reps. A load is a month with its
// lines; a later load adds months or replaces one.
type tinyLake struct {
	t     *testing.T
	dir   string
	batch int64
	files map[string]lakeFile // by entity and month
}

func newTinyLake(t *testing.T) *tinyLake {
	l := &tinyLake{t: t, dir: t.TempDir(), files: map[string]lakeFile{}}
	l.put("order_line", "schema", "null::varchar, null::varchar, null::date, null::decimal(18,4) limit 0")
	l.put("rep", "all", "'R1', 'Ann'", "'R2', 'Bo'")
	l.month("2026-08", "('1', 'R1', date '2026-08-03', 100.00)", "('2', 'R2', date '2026-08-09', 50.50)")
	l.month("2026-09", "('3', 'R1', date '2026-09-01', 10.00)", "('4', 'R1', date '2026-09-30', 0.01)")
	l.write()
	return l
}

func (l *tinyLake) month(month string, rows ...string) { l.put("order_line", month, rows...) }

func (l *tinyLake) put(entity, month string, rows ...string) {
	l.t.Helper()
	conn := memory(l.t)
	l.batch++
	path := fmt.Sprintf("%s/%s/%d-0.parquet", entity, month, l.batch)
	if month == "schema" {
		path = entity + "/schema.parquet"
	}
	file := filepath.Join(l.dir, "lake", path)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		l.t.Fatal(err)
	}
	columns := map[string]string{"order_line": "order_id, rep_id, ordered_on, amount", "rep": "rep_id, name"}[entity]
	var parts []string
	for i, r := range rows {
		if strings.HasPrefix(r, "(") {
			r = r[1 : len(r)-1]
		}
		r, limit, _ := strings.Cut(r, " limit ")
		part := fmt.Sprintf("select %s, '%s.csv', '', %d, %d", r, month, i+2, l.batch)
		if limit != "" {
			part += " limit " + limit
		}
		parts = append(parts, part)
	}
	run(l.t, conn, fmt.Sprintf("copy (with t(%s, source_file, source_sheet, source_row, batch) as (%s) select * replace (%s) from t) to '%s' (format parquet)",
		columns, strings.Join(parts, " union all "), map[string]string{"order_line": "amount::decimal(18,4) as amount", "rep": "name as name"}[entity], file))
	text, err := os.ReadFile(file)
	if err != nil {
		l.t.Fatal(err)
	}
	sum := sha256.Sum256(text)
	l.files[entity+month] = lakeFile{Entity: entity, Month: map[bool]string{true: "all", false: month}[month == "schema"], Path: path, Rows: int64(len(rows)),
		Sha256: hex.EncodeToString(sum[:]), Batch: l.batch, Schema: month == "schema"}
}

func (l *tinyLake) write() {
	text, err := json.Marshal(lake{Version: lakeVersion, Files: slices.Collect(maps.Values(l.files)),
		Loads: []lakeLoad{{Batch: 1, File: "exports/orders.csv", At: "2026-11-04T09:00:00Z", Tables: []loadTable{{Entity: "order_line", Read: 4, Loaded: 4, LeftOut: map[string]int64{"total": 1}}}}}})
	if err != nil {
		l.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(l.dir, "lake", "manifest.json"), text, 0o644); err != nil {
		l.t.Fatal(err)
	}
}

func (l *tinyLake) options() Options {
	return Options{Workspace: l.dir, Company: "Acme", Currency: "CNY", Lang: "en", CodeVersion: "test", shipped: tinyModels(),
		Now: func() time.Time { return time.Date(2026, 11, 4, 9, 0, 0, 0, time.UTC) }, MemoryLimit: "500MB"}
}

func mustBuild(t *testing.T, opt Options) *Result {
	t.Helper()
	r, err := Build(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func current(t *testing.T, workspace string) *Run {
	t.Helper()
	r, err := OpenCurrent(workspace)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// values returns the rows of a query on a published run, a line each.
func values(t *testing.T, r *Run, text string) []string {
	t.Helper()
	conn, err := r.DB.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	return texts(t, conn, text)
}

func TestBuildPublishesARunThatAnswers(t *testing.T) {
	l := newTinyLake(t)
	var steps []string
	opt := l.options()
	opt.Progress = func(s Step) { steps = append(steps, fmt.Sprintf("%d/%d %s", s.Done, s.Total, s.What)) }
	res := mustBuild(t, opt)
	r := current(t, l.dir)
	if r.ID != res.RunID || !strings.HasPrefix(r.ID, "r-20261104-") {
		t.Errorf("run %s, result %s", r.ID, res.RunID)
	}
	want := []string{
		"sales | company | company | 2026-08-01 | 150.5", "sales | company | company | 2026-09-01 | 10.01",
		"sales | rep | R1 | 2026-08-01 | 100", "sales | rep | R1 | 2026-09-01 | 10.01", "sales | rep | R2 | 2026-08-01 | 50.5",
	}
	if d := cmp.Diff(want, values(t, r, "select indicator, unit_kind, unit_id, month::varchar, value from indicators.value")); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"150.5100"}, values(t, r, "select (sum(sales_amount) - 10)::varchar from core.sales_line")); d != "" {
		t.Errorf("row-level views must work in a published run: %s", d)
	}
	if d := cmp.Diff([]string{"sales | result | money | sql/indicators/sales.sql | true | core.sales_line"}, values(t, r, "select indicator, class, unit, path, has_rows, rows_relation from indicators.definition")); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"checks.negative_sales | warn | pass", "indicators.sales.not_null | stop | pass"}, values(t, r, "select check_id, severity, status from checks.result order by 1")); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"exports/orders.csv | 4 | 1"}, values(t, r, "select file, n_read, n_left_out from meta.load_table")); d != "" {
		t.Error(d)
	}
	m := r.Meta
	if m.Company != "Acme" || m.Currency != "CNY" || m.FirstMonth.Format(time.DateOnly) != "2026-08-01" || m.LastMonth.Format(time.DateOnly) != "2026-09-01" || m.AsOf.Format(time.DateOnly) != "2026-09-30" {
		t.Errorf("meta: %+v", m)
	}
	if last := steps[len(steps)-1]; last != fmt.Sprintf("%d/%d checkpoint", len(steps), len(steps)) {
		t.Errorf("steps: %s", steps)
	}
}

func TestBuildOfTheSameInputsIsTheSameRun(t *testing.T) {
	l := newTinyLake(t)
	first := mustBuild(t, l.options())
	second := mustBuild(t, l.options())
	if second.RunID != first.RunID || !second.Unchanged {
		t.Errorf("%s then %s, unchanged %v", first.RunID, second.RunID, second.Unchanged)
	}
	opt := l.options()
	opt.Company = "Other"
	if third := mustBuild(t, opt); third.RunID == first.RunID {
		t.Error("other inputs gave the same run")
	}
}

func TestOnlyTheChangedMonthIsCalculatedAgain(t *testing.T) {
	l := newTinyLake(t)
	first := mustBuild(t, l.options())
	if d := cmp.Diff([]string{"2026-08", "2026-09"}, first.Months["core.sales_month"]); d != "" {
		t.Error(d)
	}
	l.month("2026-10", "('5', 'R2', date '2026-10-05', 7.00)")
	l.write()
	second := mustBuild(t, l.options())
	if d := cmp.Diff([]string{"2026-10"}, second.Months["core.sales_month"]); d != "" {
		t.Errorf("after a new month: %s", d)
	}
	l.month("2026-08", "('1', 'R1', date '2026-08-03', 101.00)")
	l.write()
	third := mustBuild(t, l.options())
	if d := cmp.Diff([]string{"2026-08"}, third.Months["core.sales_month"]); d != "" {
		t.Errorf("after a corrected month: %s", d)
	}
	cached := values(t, current(t, l.dir), "select * from core.sales_month")
	opt := l.options()
	opt.NoCache = true
	opt.CodeVersion = "again" // a run of its own
	full := mustBuild(t, opt)
	if d := cmp.Diff([]string{"2026-08", "2026-09", "2026-10"}, full.Months["core.sales_month"]); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(cached, values(t, current(t, l.dir), "select * from core.sales_month")); d != "" {
		t.Errorf("cached and full runs differ in rows or order: %s", d)
	}
	a, errA := readSeal(third.Dir)
	b, errB := readSeal(full.Dir)
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	if d := cmp.Diff(a.Tables, b.Tables); d != "" {
		t.Error(d)
	}
}

func TestAMonthModelCannotLookIntoMonthsItDidNotDeclare(t *testing.T) {
	l := newTinyLake(t)
	opt := l.options()
	models := tinyModels()
	models["core/sales_month.sql"].Data = []byte("select rep_id, month, (select count(*) from core.sales_line) as n_lines, sum(sales_amount) as sales_amount from core.sales_line group by rep_id, month")
	opt.shipped = models
	mustBuild(t, opt)
	l.month("2026-10", "('5', 'R2', date '2026-10-05', 7.00)")
	l.write()
	mustBuild(t, opt)
	got := values(t, current(t, l.dir), "select distinct n_lines from core.sales_month where month = date '2026-10-01'")
	if d := cmp.Diff([]string{"1"}, got); d != "" {
		t.Error(d)
	}
}

// runningModels adds a table of sums so far: each month needs its own lines and
// those before.
func runningModels() fstest.MapFS {
	models := tinyModels()
	models["core/running.sql"] = &fstest.MapFile{Data: []byte(`
with total as (select rep_id, month, sum(amount) as amount from staging.order_line group by rep_id, month)
select now.rep_id, now.month, sum(total.amount) as so_far
from core.sales_month as now
inner join total on total.rep_id = now.rep_id and total.month <= now.month
group by now.rep_id, now.month`)}
	models["core/running.yaml"] = &fstest.MapFile{Data: []byte(tinyTwin + "months: [core.sales_month]\npast: [order_line]\n")}
	return models
}

func TestATableTakesUnchangedMonthsFromTheCurrentRun(t *testing.T) {
	l := newTinyLake(t)
	opt := l.options()
	opt.shipped = runningModels()
	build := func(want ...string) {
		t.Helper()
		if d := cmp.Diff(want, mustBuild(t, opt).Months["core.running"]); d != "" {
			t.Error(d)
		}
		cached := values(t, current(t, l.dir), "select rep_id, month::varchar, so_far::varchar from core.running order by all")
		seal, err := readSeal(current(t, l.dir).Dir)
		if err != nil {
			t.Fatal(err)
		}
		full := opt
		full.NoCache, full.CodeVersion = true, "again"
		again, err := readSeal(mustBuild(t, full).Dir)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(values(t, current(t, l.dir), "select rep_id, month::varchar, so_far::varchar from core.running order by all"), cached); d != "" {
			t.Errorf("taken over and calculated rows differ: %s", d)
		}
		if d := cmp.Diff(again.Tables, seal.Tables); d != "" {
			t.Errorf("seals differ: %s", d)
		}
	}
	build("2026-08", "2026-09")
	l.month("2026-10", "('5', 'R2', date '2026-10-05', 7.00)")
	l.write()
	build("2026-10")
	l.month("2026-09", "('3', 'R1', date '2026-09-01', 11.00)")
	l.write()
	build("2026-09", "2026-10")
	l.month("2026-08", "('1', 'R1', date '2026-08-03', 101.00)")
	l.write()
	build("2026-08", "2026-09", "2026-10")
	l.put("rep", "all", "'R1', 'Ann'", "'R2', 'Bob'") // not among what the table reads
	l.write()
	build()
}

// TestRecentMonthsAreKeptAndOlderOnesWorkedOut makes a relation over fifteen
// months, of which thirteen are kept, and one more month.
func TestRecentMonthsAreKeptAndOlderOnesWorkedOut(t *testing.T) {
	l := newTinyLake(t)
	opt := l.options()
	opt.shipped = tinyModels()
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	models := opt.shipped.(fstest.MapFS)
	models["core/calendar.sql"], models["core/calendar.yaml"] = file("select month from core.month"), file(tinyTwin)
	models["diagnosis/sold.sql"] = file("select rep_id, month, sum(sales_amount) over (partition by month) as sold from core.sales_month")
	models["diagnosis/sold.yaml"] = file(tinyTwin + "materialize: recent\nmonths: [core.sales_month]\nkey: [month, rep_id]\n")
	every := "select rep_id, month::varchar, sold::varchar from diagnosis.sold order by all"
	kept := `select min(month)::varchar, max(month)::varchar, count(*) from panels."diagnosis.sold"`
	var want []string
	for m := time.Date(2025, 8, 1, 0, 0, 0, 0, time.UTC); m.Before(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)); m = m.AddDate(0, 1, 0) {
		day := m.Format(time.DateOnly)
		l.month(m.Format("2006-01"), fmt.Sprintf("('%s', 'R1', date '%s', %d)", day, day, m.Month()), fmt.Sprintf("('%s b', 'R2', date '%s', 100)", day, day))
		for _, rep := range []string{"R1", "R2"} {
			want = append(want, fmt.Sprintf("%s | %s | %d.0000", rep, day, 100+m.Month()))
		}
	}
	slices.Sort(want)
	l.write()
	mustBuild(t, opt)
	if d := cmp.Diff(want, values(t, current(t, l.dir), every)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"2025-10-01 | 2026-10-01 | 26"}, values(t, current(t, l.dir), kept)); d != "" {
		t.Error(d)
	}
	l.month("2026-11", "('x', 'R1', date '2026-11-01', 3)")
	l.write()
	id := mustBuild(t, opt).RunID
	if d := cmp.Diff(append(want[:15:15], append([]string{"R1 | 2026-11-01 | 3.0000"}, want[15:]...)...), values(t, current(t, l.dir), every)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"2025-11-01 | 2026-11-01 | 25"}, values(t, current(t, l.dir), kept)); d != "" {
		t.Error(d)
	}
	v, err := Verify(t.Context(), opt, id)
	if err != nil || len(v.Problems) > 0 {
		t.Errorf("%v, %v", err, v)
	}
	sealed, err := monthContentsOf(t, current(t, l.dir), time.Date(2025, 11, 1, 0, 0, 0, 0, time.UTC))
	if _, is := sealed["panels.diagnosis.sold"]; is || err != nil {
		t.Errorf("rows that are not kept next month are sealed with it: %v", err)
	}
}

// monthContentsOf hashes what a run holds of a month.
func monthContentsOf(t *testing.T, r *Run, month time.Time) (map[string]Content, error) {
	conn, err := r.DB.Conn(t.Context())
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return monthContents(t.Context(), conn, month)
}

// TestARunThatCannotBeReadIsCalculatedWhole damages the run in use in the ways
// a disk, a person or an older program might.
func TestARunThatCannotBeReadIsCalculatedWhole(t *testing.T) {
	for name, damage := range map[string]func(t *testing.T, file string){
		"cut off": func(t *testing.T, file string) {
			if err := os.Truncate(file, 20_000); err != nil {
				t.Fatal(err)
			}
		},
		"another file": func(t *testing.T, file string) {
			if err := os.WriteFile(file, []byte("not a database"), 0o644); err != nil {
				t.Fatal(err)
			}
		},
		"gone": func(t *testing.T, file string) {
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
		},
		"of an older program": func(t *testing.T, file string) {
			db, err := sql.Open("duckdb", file)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.Exec("drop table meta.month_state; checkpoint"); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newTinyLake(t)
			opt := l.options()
			opt.shipped = runningModels()
			first := mustBuild(t, opt)
			damage(t, filepath.Join(first.Dir, "run.duckdb"))
			l.month("2026-10", "('5', 'R2', date '2026-10-05', 7.00)")
			l.write()
			next := mustBuild(t, opt)
			if d := cmp.Diff([]string{"2026-08", "2026-09", "2026-10"}, next.Months["core.running"]); d != "" {
				t.Errorf("months calculated: %s", d)
			}
			again := opt
			again.NoCache, again.CodeVersion = true, "again"
			full := mustBuild(t, again)
			a, errA := readSeal(next.Dir)
			b, errB := readSeal(full.Dir)
			if errA != nil || errB != nil {
				t.Fatal(errA, errB)
			}
			if d := cmp.Diff(b.Tables, a.Tables); d != "" {
				t.Errorf("differs from a full run: %s", d)
			}
		})
	}
}

// TestRowsWithoutADateAreOfNoMonth: an open deal, say, must not make every
// month be calculated again.
func TestRowsWithoutADateAreOfNoMonth(t *testing.T) {
	l := newTinyLake(t)
	opt := l.options()
	mustBuild(t, opt)
	l.put("order_line", undated, "('6', 'R1', null::date, 5.00)")
	l.month("2026-10", "('5', 'R2', date '2026-10-05', 7.00)")
	l.write()
	next := mustBuild(t, opt)
	if d := cmp.Diff([]string{"2026-10"}, next.Months["core.sales_month"]); d != "" {
		t.Errorf("months calculated: %s", d)
	}
	got := values(t, current(t, l.dir), "select month::varchar, sum(sales_amount)::varchar from core.sales_month group by month order by month")
	if d := cmp.Diff([]string{"2026-08-01 | 150.5000", "2026-09-01 | 10.0100", "2026-10-01 | 7.0000"}, got); d != "" {
		t.Error(d)
	}
}

func TestARelationSplitByMonthKeepsEveryRow(t *testing.T) {
	l := newTinyLake(t)
	opt := l.options()
	models := runningModels()
	models["core/running.sql"].Data = []byte("select rep_id, month, sum(amount) as so_far from staging.order_line group by rep_id, month union all select 'R9', null, sum(sales_amount) from core.sales_month")
	opt.shipped = models
	_, err := Build(t.Context(), opt)
	want := "sql/core/running.sql: 1 rows are of no month of what it is split by (core.sales_month); a relation split by month needs the month of every row there"
	if err == nil || err.Error() != want {
		t.Error(err)
	}
}

func TestStopCheckKeepsARunUnpublished(t *testing.T) {
	l := newTinyLake(t)
	before := mustBuild(t, l.options())
	opt := l.options()
	models := tinyModels()
	models["checks/small_sales.sql"] = &fstest.MapFile{Data: []byte("select unit_id, value from indicators.value where value < 20")}
	models["checks/small_sales.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(tinyTwin, "en: T", "en: Sales are large", 1) + "severity: stop\n")}
	opt.shipped = models
	_, err := Build(t.Context(), opt)
	var failed *CheckError
	if !errors.As(err, &failed) {
		t.Fatalf("got %v, want a CheckError", err)
	}
	want := `not published: a check failed
  checks.small_sales: Sales are large: 2 rows, such as [{"unit_id":"R1","value":10.01},{"unit_id":"company","value":10.01}]
The run before stays in use. Correct the exports or the models and calculate again.`
	if d := cmp.Diff(want, err.Error()); d != "" {
		t.Error(d)
	}
	if id, _ := CurrentID(l.dir); id != before.RunID {
		t.Errorf("current is %s, want %s", id, before.RunID)
	}
	if left, _ := filepath.Glob(filepath.Join(l.dir, "runs", ".build-*")); left != nil {
		t.Errorf("left behind: %v", left)
	}
}

func TestWarnCheckIsPublishedWithItsFailures(t *testing.T) {
	l := newTinyLake(t)
	l.month("2026-10", "('5', 'R2', date '2026-10-05', -7.00)")
	l.write()
	mustBuild(t, l.options())
	got := values(t, current(t, l.dir), "select status, n_failures, sample_json from checks.result where check_id = 'checks.negative_sales'")
	if d := cmp.Diff([]string{`fail | 2 | [{"unit_id":"R2","value":-7.0},{"unit_id":"company","value":-7.0}]`}, got); d != "" {
		t.Error(d)
	}
}

func TestOwnIndicatorAppearsBesideTheShippedOnes(t *testing.T) {
	l := newTinyLake(t)
	dir := filepath.Join(l.dir, "models", "indicators")
	os.MkdirAll(dir, 0o755)
	os.WriteFile(filepath.Join(dir, "lines.sql"), []byte("select 'rep' as unit_kind, rep_id as unit_id, month, n_lines::decimal(28, 6) as numerator, 1::decimal(28, 6) as denominator from core.sales_month"), 0o644)
	os.WriteFile(filepath.Join(dir, "lines.yaml"), []byte(tinyInd), 0o644)
	mustBuild(t, l.options())
	got := values(t, current(t, l.dir), "select unit_id, value, is_own from indicators.value join indicators.definition using (indicator) where indicator = 'lines' and month = date '2026-09-01'")
	if d := cmp.Diff([]string{"R1 | 2 | true"}, got); d != "" {
		t.Error(d)
	}
}

func TestMistakesInModelsAreReportedTogether(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	for _, c := range []struct {
		name   string
		change func(fstest.MapFS)
		want   string
	}{
		{"a model without its twin", func(m fstest.MapFS) { delete(m, "core/rep.yaml") },
			"sql/core/rep.sql: needs rep.yaml beside it, with title, description and columns"},
		{"a twin with an unknown key", func(m fstest.MapFS) { m["core/rep.yaml"] = file(tinyTwin + "colour: red\n") },
			"sql/core/rep.yaml: line 3: field colour not found in type analytics.Twin"},
		{"an indicator without its words", func(m fstest.MapFS) { m["indicators/sales.yaml"] = file(tinyTwin) },
			"sql/indicators/sales.yaml: formula needs both en and zh-CN\n" +
				"sql/indicators/sales.yaml: unit is \"\"; it must be one of rate, money, count, points, per_day, ratio, days, pieces\n" +
				"sql/indicators/sales.yaml: direction is \"\"; it must be one of up, down, none\n" +
				"sql/indicators/sales.yaml: class is \"\"; it must be one of result, customer, activity, process, quality, team, bonus"},
		{"a layer that reads to its right", func(m fstest.MapFS) { m["core/rep.sql"] = file("select * from indicators.sales") },
			"sql/core/rep.sql: reads indicators.sales, but core comes before indicators: a layer reads itself and those to its left"},
		{"an indicator that reads the lake", func(m fstest.MapFS) { m["indicators/sales.sql"] = file("select * from lake.order_line") },
			"sql/indicators/sales.sql: reads lake.order_line, but only staging and core read the lake"},
		{"models that read each other", func(m fstest.MapFS) {
			m["core/rep.sql"] = file("select * from core.month")
			m["core/month.sql"] = file("select * from core.rep join staging.order_line using (rep_id)")
		}, "sql/core/month.sql: reads itself in a circle: core.month -> core.rep -> core.month"},
		{"a relation that does not exist", func(m fstest.MapFS) { m["core/rep.sql"] = file("select * from core.person") },
			"sql/core/rep.sql: reads core.person, but there is no sql/core/person.sql"},
		{"a relation without its folder", func(m fstest.MapFS) { m["core/rep.sql"] = file("with a as (select 1) select * from a, month") },
			"sql/core/rep.sql: reads \"month\" without its folder; write core.month or the like"},
		{"a file read past the lake", func(m fstest.MapFS) { m["core/rep.sql"] = file("select * from read_csv('x.csv')") },
			"sql/core/rep.sql: calls read_csv(); a model reads relations only"},
		{"two statements", func(m fstest.MapFS) { m["core/rep.sql"] = file("select 1; select 2") },
			"sql/core/rep.sql: holds a semicolon; a model is one SELECT without one"},
		{"a twin that describes nothing", func(m fstest.MapFS) { m["core/drawn.yaml"] = file(tinyTwin) },
			"sql/core/drawn.yaml: describes no model: there is neither drawn.sql nor made_by: go"},
		{"a step that nobody wrote", func(m fstest.MapFS) { m["core/drawn.yaml"] = file(tinyTwin + "made_by: go\n") },
			"sql/core/drawn.yaml: says made_by: go, but analytics/steps.go has no step core.drawn"},
		{"a SELECT that claims to be made by go", func(m fstest.MapFS) { m["core/rep.yaml"] = file(tinyTwin + "made_by: go\n") },
			"sql/core/rep.sql: its twin says made_by: go"},
		{"a decision that does not exist", func(m fstest.MapFS) { m["core/rep.sql"] = file("select * from state.wish") },
			"sql/core/rep.sql: reads state.wish, but there is no such relation of decisions; they are " + strings.Join(sortedKeys(stateRelations), ", ")},
		{"a past without months", func(m fstest.MapFS) { m["core/rep.yaml"] = file(tinyTwin + "past: [rep]\n") },
			"sql/core/rep.yaml: past and grows go with months"},
		{"months without the list", func(m fstest.MapFS) { m["core/sales_month.yaml"] = file(tinyTwin + "materialize: month\n") },
			"sql/core/sales_month.yaml: months names what materialize: month or recent, or a table, is split by"},
	} {
		t.Run(c.name, func(t *testing.T) {
			models := tinyModels()
			c.change(models)
			_, err := loadProject(t.Context(), memory(t), models, nil)
			if err == nil {
				t.Fatal("accepted")
			}
			if d := cmp.Diff(c.want, err.Error()); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestBuildSaysWhatIsMissing(t *testing.T) {
	if _, err := Build(t.Context(), Options{Workspace: t.TempDir()}); !errors.Is(err, ErrNoLake) {
		t.Errorf("empty workspace: %v", err)
	}
	if _, err := OpenCurrent(t.TempDir()); !errors.Is(err, ErrNoRun) {
		t.Errorf("no run: %v", err)
	}
}

func TestOneBuildAtATime(t *testing.T) {
	l := newTinyLake(t)
	unlock, err := lockRuns(filepath.Join(l.dir, "runs"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = Build(t.Context(), l.options())
	if err == nil || err.Error() != "another calculation of this workspace is running; wait until it has ended" {
		t.Errorf("got %v", err)
	}
	unlock()
	mustBuild(t, l.options())
}

func TestReadersKeepTheirRunAndTheNextSeesTheNewer(t *testing.T) {
	l := newTinyLake(t)
	first := mustBuild(t, l.options())
	runs := NewRuns(l.dir)
	defer runs.Close()
	old, giveBack, err := runs.Acquire()
	if err != nil {
		t.Fatal(err)
	}
	l.month("2026-10", "('5', 'R2', date '2026-10-05', 7.00)")
	l.write()
	second := mustBuild(t, l.options())
	newer, giveBack2, err := runs.Acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer giveBack2()
	if old.ID != first.RunID || newer.ID != second.RunID {
		t.Errorf("got %s and %s, want %s and %s", old.ID, newer.ID, first.RunID, second.RunID)
	}
	if d := cmp.Diff([]string{"5"}, values(t, old, "select count(*) from indicators.value")); d != "" {
		t.Error(d)
	}
	giveBack()
	giveBack() // a second time does nothing
	if err := old.DB.Ping(); err == nil {
		t.Error("the older run stayed open after its last reader left")
	}
	if d := cmp.Diff([]string{"7"}, values(t, newer, "select count(*) from indicators.value")); d != "" {
		t.Error(d)
	}
}

func TestAMovedWorkspaceStillReachesItsRows(t *testing.T) {
	l := newTinyLake(t)
	mustBuild(t, l.options())
	moved := filepath.Join(t.TempDir(), "it's moved")
	if err := os.Rename(l.dir, moved); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"4"}, values(t, current(t, moved), "select count(*) from core.sales_line")); d != "" {
		t.Error(d)
	}
}

func TestScopeOfZeroSeesNothing(t *testing.T) {
	for _, c := range []struct {
		name  string
		scope Scope
		empty bool
	}{
		{"zero", Scope{}, true}, {"no regions", Regions(), true}, {"all", All(), false},
		{"a region", Regions("N"), false}, {"nothing with a rep", Scope{}.With(Reps("R1")), false},
	} {
		if c.scope.IsEmpty() != c.empty {
			t.Errorf("%s: empty is %v", c.name, c.scope.IsEmpty())
		}
	}
}

// namedModels is tinyModels with names of reps in the cached sums, from a
// relation that grows.
func namedModels() fstest.MapFS {
	models := tinyModels()
	models["core/sales_month.sql"].Data = []byte("select line.rep_id, coalesce(rep.name, '?') as name, line.month, sum(line.sales_amount) as sales_amount, count(*) as n_lines from core.sales_line as line left join core.rep as rep on rep.rep_id = line.rep_id group by all")
	models["core/sales_month.yaml"].Data = []byte(tinyTwin + "materialize: month\nmonths: [order_line]\ngrows: [core.rep]\n")
	return models
}

func TestMonthsStayWhileNamesOnlyGrow(t *testing.T) {
	l := newTinyLake(t)
	opt := l.options()
	opt.shipped = namedModels()
	mustBuild(t, opt)
	names := func() []string {
		return values(t, current(t, l.dir), "select month::varchar, name, sales_amount::varchar from core.sales_month order by all")
	}
	l.put("rep", "all", "'R1', 'Ann'", "'R2', 'Bo'", "'R3', 'Cy'")
	l.month("2026-10", "('5', 'R3', date '2026-10-05', 7.00)")
	l.write()
	grown := mustBuild(t, opt)
	if d := cmp.Diff([]string{"2026-10"}, grown.Months["core.sales_month"]); d != "" {
		t.Errorf("after a new person: %s", d)
	}
	if d := cmp.Diff([]string{"2026-08-01 | Ann | 100.0000", "2026-08-01 | Bo | 50.5000", "2026-09-01 | Ann | 10.0100", "2026-10-01 | Cy | 7.0000"}, names()); d != "" {
		t.Error(d)
	}
	l.put("rep", "all", "'R1', 'Anna'", "'R2', 'Bo'", "'R3', 'Cy'")
	l.write()
	renamed := mustBuild(t, opt)
	if d := cmp.Diff([]string{"2026-08", "2026-09", "2026-10"}, renamed.Months["core.sales_month"]); d != "" {
		t.Errorf("after a new name: %s", d)
	}
	if d := cmp.Diff([]string{"2026-08-01 | Anna | 100.0000", "2026-08-01 | Bo | 50.5000", "2026-09-01 | Anna | 10.0100", "2026-10-01 | Cy | 7.0000"}, names()); d != "" {
		t.Error(d)
	}
	again := opt
	again.NoCache, again.CodeVersion = true, "again"
	full := mustBuild(t, again)
	a, errA := readSeal(renamed.Dir)
	b, errB := readSeal(full.Dir)
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	if d := cmp.Diff(a.Tables, b.Tables); d != "" {
		t.Errorf("cached and full runs differ: %s", d)
	}
}

func TestARelationOfACachedRelationIsCachedToo(t *testing.T) {
	l := newTinyLake(t)
	opt := l.options()
	models := tinyModels()
	models["core/total_month.sql"] = &fstest.MapFile{Data: []byte("select month, sum(sales_amount) as sales_amount from core.sales_month join core.month using (month) group by month")}
	models["core/total_month.yaml"] = &fstest.MapFile{Data: []byte(tinyTwin + "materialize: month\nmonths: [core.sales_month, core.month]\n")}
	opt.shipped = models
	mustBuild(t, opt)
	l.month("2026-09", "('3', 'R1', date '2026-09-01', 11.00)")
	l.month("2026-10", "('5', 'R2', date '2026-10-05', 7.00)")
	l.write()
	res := mustBuild(t, opt)
	if d := cmp.Diff([]string{"2026-09", "2026-10"}, res.Months["core.total_month"]); d != "" {
		t.Error(d)
	}
	got := values(t, current(t, l.dir), "select month::varchar, sales_amount::varchar from core.total_month order by all")
	if d := cmp.Diff([]string{"2026-08-01 | 150.5000", "2026-09-01 | 11.0000", "2026-10-01 | 7.0000"}, got); d != "" {
		t.Error(d)
	}
}

func TestDecisionsEnterARunAsRelations(t *testing.T) {
	l := newTinyLake(t)
	opt := l.options()
	models := tinyModels()
	models["core/waived.sql"] = &fstest.MapFile{Data: []byte("select month, check_id, reason from state.waiver")}
	models["core/waived.yaml"] = &fstest.MapFile{Data: []byte(tinyTwin)}
	opt.shipped = models
	without := mustBuild(t, opt)
	if got := values(t, current(t, l.dir), "select * from core.waived"); len(got) != 0 {
		t.Errorf("without decisions: %s", got)
	}
	opt.State = &State{Rows: map[string][][]any{"state.waiver": {{"2026-09-01", "checks.reconciliation", "agreed with finance", "Ann", "2026-10-03 09:00:00"}}}}
	with := mustBuild(t, opt)
	if with.RunID == without.RunID {
		t.Error("a decision did not make a new run")
	}
	if d := cmp.Diff([]string{"2026-09-01 | checks.reconciliation | agreed with finance"}, values(t, current(t, l.dir), "select month::varchar, check_id, reason from core.waived")); d != "" {
		t.Error(d)
	}
	opt.State = nil
	v, err := Verify(t.Context(), opt, with.RunID)
	if err != nil || v.Problems != nil {
		t.Errorf("verify works with the decisions of the run: %v %s", err, v.Problems)
	}
	opt.State = &State{Rows: map[string][][]any{"state.wish": nil}}
	if _, err := Build(t.Context(), opt); err == nil || err.Error() != "state.wish: there is no such relation of decisions" {
		t.Error(err)
	}
}

// withStep registers a step for one test.
func withStep(t *testing.T, relation string, do step) {
	steps[relation] = do
	t.Cleanup(func() { delete(steps, relation) })
}

func TestAGoStepIsAModelLikeAnyOther(t *testing.T) {
	withStep(t, "difficulty.doubled", func(ctx context.Context, conn *sql.Conn) error {
		return execute(ctx, conn, "create or replace table difficulty.doubled as select unit_id, month, numerator * 2 as sales from indicators.sales order by all")
	})
	l := newTinyLake(t)
	opt := l.options()
	models := tinyModels()
	models["difficulty/doubled.yaml"] = &fstest.MapFile{Data: []byte(tinyTwin + "made_by: go\nreads: [indicators.sales]\nchecks:\n  - {name: positive, severity: stop, sql: 'select * from difficulty.doubled where sales < 0', title: {en: Positive, zh-CN: 正}}\n")}
	models["scorecard/most.sql"] = &fstest.MapFile{Data: []byte("select max(sales) as most from difficulty.doubled")}
	models["scorecard/most.yaml"] = &fstest.MapFile{Data: []byte(tinyTwin)}
	opt.shipped = models
	res := mustBuild(t, opt)
	if d := cmp.Diff([]string{"301.0000"}, values(t, current(t, l.dir), "select most::varchar from scorecard.most")); d != "" {
		t.Error(d)
	}
	if v, err := Verify(t.Context(), opt, res.RunID); err != nil || v.Problems != nil {
		t.Errorf("verify: %v %s", err, v.Problems)
	}
}

func TestEveryStepHasItsTwin(t *testing.T) {
	p := shippedProject(t)
	for relation := range steps {
		if m := p.model(relation); m == nil || m.step == nil {
			t.Errorf("%s has a step, but sql/ has no twin that says made_by: go", relation)
		}
	}
}
