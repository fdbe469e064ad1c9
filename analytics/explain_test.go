package analytics

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

var august = time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)

func TestExplainGoesDownToFileAndRow(t *testing.T) {
	l := newTinyLake(t)
	mustBuild(t, l.options())
	r := current(t, l.dir)
	e, err := r.Explain(t.Context(), All(), Question{UnitKind: "company", UnitID: "company", Indicator: "sales", Month: august})
	if err != nil {
		t.Fatal(err)
	}
	if e.Numerator != "150.500000" || e.Denominator != "1.000000" || e.Value == nil || *e.Value != 150.5 || e.NRows != 2 || e.NumeratorSum != "150.500000" {
		t.Errorf("%+v", e)
	}
	type place struct {
		File string
		Row  int64
		Num  string
	}
	var got []place
	for _, row := range e.Rows {
		got = append(got, place{row.File, row.Row, row.Numerator})
	}
	if d := cmp.Diff([]place{{"2026-08.csv", 2, "100.000000"}, {"2026-08.csv", 3, "50.500000"}}, got); d != "" {
		t.Errorf("largest first: %s", d)
	}
	if d := cmp.Diff([]string{"rep_id", "team_id", "region_id", "sales_amount"}, e.Columns); d != "" {
		t.Error(d)
	}
	if cells := e.Rows[1].Cells; *cells[3] != "50.50" || *cells[0] != "R2" {
		t.Errorf("cells %q, %q", *cells[0], *cells[3])
	}
	one, err := r.Explain(t.Context(), All(), Question{UnitKind: "company", UnitID: "company", Indicator: "sales", Month: august, Limit: 1})
	if err != nil || len(one.Rows) != 1 || one.NRows != 2 {
		t.Errorf("limit 1: %d rows of %d, %v", len(one.Rows), one.NRows, err)
	}
}

func TestExplainRefusesRowsThatDoNotAddUp(t *testing.T) {
	l := newTinyLake(t)
	opt := l.options()
	models := tinyModels()
	models["indicators/sales.yaml"].Data = []byte(strings.Replace(string(models["indicators/sales.yaml"].Data), "numerator: sales_amount", "numerator: sales_amount + 1", 1))
	opt.shipped = models
	mustBuild(t, opt)
	_, err := current(t, l.dir).Explain(t.Context(), All(), Question{UnitKind: "rep", UnitID: "R1", Indicator: "sales", Month: august})
	want := "sales of rep R1 in 2026-08: its 1 rows add up to 101.000000, but the numerator is 100.000000: correct rows: in the twin of sql/indicators/sales.sql"
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

func TestExplainSaysWhatItDoesNotKnow(t *testing.T) {
	l := newTinyLake(t)
	mustBuild(t, l.options())
	r := current(t, l.dir)
	for _, c := range []struct {
		name  string
		scope Scope
		q     Question
		want  string
	}{
		{"a wrong indicator", All(), Question{UnitKind: "rep", UnitID: "R1", Indicator: "sale", Month: august}, `indicator "sale": not found; did you mean sales?`},
		{"a unit outside the scope", Reps("R2"), Question{UnitKind: "rep", UnitID: "R1", Indicator: "sales", Month: august}, `rep "R1": not found`},
		{"no scope at all", Scope{}, Question{UnitKind: "company", UnitID: "company", Indicator: "sales", Month: august}, `company "company": not found`},
		{"a month without data", All(), Question{UnitKind: "rep", UnitID: "R2", Indicator: "sales", Month: august.AddDate(0, 1, 0)}, `sales of rep R2 in 2026-09: not found; the run has no rows for it`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := r.Explain(t.Context(), c.scope, c.q)
			if !errors.Is(err, ErrUnknown) || err.Error() != c.want {
				t.Errorf("got %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestFindUnitTakesIdsNamesAndPairs(t *testing.T) {
	l := newTinyLake(t)
	l.put("rep", "all", "'R1', 'Ann'", "'R2', 'Bo'", "'R3', 'Bo'")
	l.write()
	mustBuild(t, l.options())
	r := current(t, l.dir)
	for _, c := range []struct{ text, want, err string }{
		{"R1", "rep R1", ""}, {"rep:R1", "rep R1", ""}, {"ann", "rep R1", ""}, {"company", "company company", ""},
		{"Bo", "", `unit "Bo" may be rep:R2 (Bo), rep:R3 (Bo); write one of them`},
		{"Zoe", "", `unit "Zoe": not found; name a region, team or person by id or name, or company`},
	} {
		kind, id, err := r.FindUnit(t.Context(), All(), c.text)
		switch {
		case c.err != "" && (err == nil || err.Error() != c.err):
			t.Errorf("%s: got %v, want %s", c.text, err, c.err)
		case c.err == "" && (err != nil || kind+" "+id != c.want):
			t.Errorf("%s: got %s %s, %v", c.text, kind, id, err)
		}
	}
	if _, _, err := r.FindUnit(t.Context(), Reps("R2"), "Bo"); err != nil {
		t.Errorf("within a scope the other Bo does not exist: %v", err)
	}
}

func TestExportOfIndicatorsIsTheSameInEveryFormat(t *testing.T) {
	l := newTinyLake(t)
	mustBuild(t, l.options())
	r := current(t, l.dir)
	export := func(scope Scope, q ExportQuery) string {
		t.Helper()
		var b bytes.Buffer
		if err := r.Export(t.Context(), scope, q, &b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	q := ExportQuery{Relation: "indicators", Format: "csv", UnitKind: "rep", From: august, To: august}
	want := "unit_kind,unit_id,unit_name,month,indicator,numerator,denominator,value\n" +
		"rep,R1,Ann,2026-08-01,sales,100,1,100\n" +
		"rep,R2,Bo,2026-08-01,sales,50.5,1,50.5\n"
	if d := cmp.Diff(want, export(All(), q)); d != "" {
		t.Error(d)
	}
	if got := export(Reps("R2"), q); strings.Contains(got, "R1") || !strings.Contains(got, "R2") {
		t.Errorf("the scope was not kept:\n%s", got)
	}
	if got := export(Scope{}, q); strings.Count(got, "\n") != 1 {
		t.Errorf("no scope saw rows:\n%s", got)
	}
	q.Format = "json"
	want = `[
{"unit_kind": "rep", "unit_id": "R1", "unit_name": "Ann", "month": "2026-08-01", "indicator": "sales", "numerator": 100, "denominator": 1, "value": 100},
{"unit_kind": "rep", "unit_id": "R2", "unit_name": "Bo", "month": "2026-08-01", "indicator": "sales", "numerator": 50.5, "denominator": 1, "value": 50.5}
]
`
	if d := cmp.Diff(want, export(All(), q)); d != "" {
		t.Error(d)
	}
	q.Format = "xlsx"
	f, err := excelize.OpenReader(strings.NewReader(export(All(), q)))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows("Sheet1", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"rep", "R2", "Bo", "46235", "sales", "50.5", "1", "50.5"}, rows[2]); d != "" {
		t.Error(d)
	}
	q.Format = "parquet"
	file := filepath.Join(t.TempDir(), "x.parquet")
	if err := os.WriteFile(file, []byte(export(All(), q)), 0o644); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"R1 | 100", "R2 | 50.5"}, texts(t, memory(t), "select unit_id, value from read_parquet('"+file+"')")); d != "" {
		t.Error(d)
	}
}

func TestExportRefusesWhatItCannotDo(t *testing.T) {
	l := newTinyLake(t)
	mustBuild(t, l.options())
	r := current(t, l.dir)
	for _, c := range []struct {
		name  string
		scope Scope
		q     ExportQuery
		want  string
	}{
		{"a wrong format", All(), ExportQuery{Relation: "indicators", Format: "pdf"}, `format "pdf": choose one of csv, xlsx, parquet, json`},
		{"a wrong relation", All(), ExportQuery{Relation: "core.none", Format: "csv"}, `relation "core.none": not found; a run holds relations such as indicators, core.sales_month, core.unit, checks.result`},
		{"a wrong unit kind", All(), ExportQuery{Relation: "indicators", Format: "csv", UnitKind: "office"}, `unit kind "office": choose one of company, region, team, rep`},
		{"months of a relation without", All(), ExportQuery{Relation: "core.rep", Format: "csv", From: august}, `relation core.rep has no month to choose from`},
		{"the whole company for a rep", Reps("R1"), ExportQuery{Relation: "checks.result", Format: "csv"}, `relation checks.result is not split by unit: only those who see the whole company may export it`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := r.Export(t.Context(), c.scope, c.q, &bytes.Buffer{}); err == nil || err.Error() != c.want {
				t.Errorf("got %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestVerifyCalculatesTheSameAgainAndSeesTampering(t *testing.T) {
	l := newTinyLake(t)
	res := mustBuild(t, l.options())
	verify := func(opt Options) []string {
		t.Helper()
		v, err := Verify(t.Context(), opt, res.RunID)
		if err != nil {
			t.Fatal(err)
		}
		return v.Problems
	}
	if got := verify(l.options()); got != nil {
		t.Fatalf("an untouched run: %v", got)
	}
	l.month("2026-10", "('5', 'R2', date '2026-10-05', 7.00)")
	l.write()
	if got := verify(l.options()); got != nil {
		t.Errorf("a run must be verified with the files it was made from: %v", got)
	}
	opt := l.options()
	models := tinyModels()
	models["core/rep.sql"].Data = []byte("select rep_id, upper(name) as name from lake.rep")
	opt.shipped, opt.CodeVersion = models, "newer"
	want := []string{
		"core.rep: calculating again gives another result: 2 rows, but other values (calculated with other code than the run: test, now newer)",
		"core.unit: calculating again gives another result: 3 rows, but other values (calculated with other code than the run: test, now newer)",
	}
	if d := cmp.Diff(want, verify(opt)); d != "" {
		t.Error(d)
	}
	file := filepath.Join(l.dir, "lake", l.files["order_line2026-08"].Path)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	os.WriteFile(file, append(whole, 0), 0o644)
	if got := verify(l.options()); len(got) != 2 || !strings.Contains(got[0], "was changed after it was loaded") || !strings.Contains(got[1], "calculating again fails") {
		t.Errorf("a changed lake file: %v", got)
	}
	os.WriteFile(file, whole, 0o644)
	seal := filepath.Join(res.Dir, "seal.json")
	text, err := os.ReadFile(seal)
	if err != nil {
		t.Fatal(err)
	}
	os.WriteFile(seal, bytes.Replace(text, []byte(`"rows": 2`), []byte(`"rows": 3`), 1), 0o644)
	if got := verify(l.options()); len(got) != 1 || !strings.Contains(got[0], "was edited") {
		t.Errorf("an edited seal: %v", got)
	}
}
