package analytics

import (
	"bytes"
	"encoding/json"
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

// payModels are the tiny models with pay: the sales of a month at a rate of the
// plan, and a line that a person decided.
func payModels() fstest.MapFS {
	models := tinyModels()
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	models["pay/line.sql"] = file(`
with line as (
    select rep_id, month, 1 as sort, 'commission' as line, cast(sales_amount * (select max(reply_hours) / 12 from plan.setting) as decimal(18, 2)) as amount, false as is_total
    from core.sales_month
    union all
    select unit_id, month, 2, item, cast(value as decimal(18, 2)), false from state.override where kind = 'pay'
)
select * from line
union all
select rep_id, month, 9, 'total', cast(sum(amount) as decimal(18, 2)), true from line group by rep_id, month`)
	models["pay/line.yaml"] = file(tinyTwin)
	return models
}

func payOptions(l *tinyLake) Options {
	opt := l.options()
	opt.shipped = payModels()
	return opt
}

// sealed seals a month of the current run.
func sealed(t *testing.T, workspace, month string) *MonthSeal {
	t.Helper()
	_, text, err := current(t, workspace).SealMonth(t.Context(), monthOf(month))
	if err != nil {
		t.Fatal(err)
	}
	s, err := ParseMonthSeal(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func monthOf(text string) time.Time {
	m, err := time.Parse("2006-01", text)
	if err != nil {
		panic(err)
	}
	return m
}

// TestVerifyAgreesOnAnotherMachine copies a workspace as somebody would take it
// to another machine, deletes the run and loads more data: what was sealed is
// calculated again from the seal and the lake alone.
func TestVerifyAgreesOnAnotherMachine(t *testing.T) {
	l := newTinyLake(t)
	opt := payOptions(l)
	opt.State = &State{Rows: map[string][][]any{"state.override": {{"o-1", "pay", "2026-09-01", "rep", "R1", "hand", 5.5, "why", "Ann", "2026-10-01T08:00:00.000Z", nil, nil}}}}
	res := mustBuild(t, opt)
	seal := sealed(t, l.dir, "2026-09")

	l.month("2026-09", "('3', 'R1', date '2026-09-01', 99.00)") // a later load replaces the file
	l.write()
	other := t.TempDir()
	if err := os.CopyFS(other, os.DirFS(l.dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(other, "runs")); err != nil {
		t.Fatal(err)
	}
	opt = Options{Workspace: other, CodeVersion: "test", shipped: payModels(), Threads: 1} // its own settings say nothing
	v, err := Verify(t.Context(), opt, res.RunID, seal)
	if err != nil {
		t.Fatal(err)
	}
	if v.Problems != nil || !v.IsGone || v.Tables < 8 || !slices.Equal(v.Months, []string{"2026-09"}) {
		t.Errorf("%+v", v)
	}
	if _, err := Verify(t.Context(), opt, "r-20260101-0000"); err == nil || !strings.Contains(err.Error(), "it is gone and no closed month keeps its seal") {
		t.Errorf("a run that nobody sealed: %v", err)
	}
}

// TestVerifyNamesTheTablesOfOneCent changes one cent in one Parquet file.
func TestVerifyNamesTheTablesOfOneCent(t *testing.T) {
	l := newTinyLake(t)
	opt := payOptions(l)
	res := mustBuild(t, opt)
	seal := sealed(t, l.dir, "2026-08")
	file := filepath.Join(l.dir, "lake", l.files["order_line2026-08"].Path)
	run(t, memory(t), fmt.Sprintf("copy (select * replace (cast(amount + case when order_id = '1' then 0.01 else 0 end as decimal(18, 4)) as amount) from '%s') to '%s' (format parquet)", file, file))
	v, err := Verify(t.Context(), opt, res.RunID, seal)
	if err != nil {
		t.Fatal(err)
	}
	var tables []string
	for _, p := range v.Problems {
		table, _, _ := strings.Cut(p, ":")
		tables = append(tables, table)
	}
	want := []string{"lake.order_line", "core.sales_month in 2026-08", "indicators.sales in 2026-08", "indicators.value in 2026-08", "pay.line in 2026-08",
		"core.sales_month", "indicators.sales", "indicators.value", "pay.line"}
	if d := cmp.Diff(want, tables); d != "" {
		t.Error(d, v.Problems)
	}
}

func TestSealOfAMonth(t *testing.T) {
	l := newTinyLake(t)
	opt := payOptions(l)
	mustBuild(t, opt)
	r := current(t, l.dir)
	before, text, err := r.SealMonth(t.Context(), monthOf("2026-08"))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := r.PayLines(t.Context(), monthOf("2026-08"))
	if err != nil {
		t.Fatal(err)
	}
	want := []PayLine{{"R1", "commission", 10000, false}, {"R1", "total", 10000, true}, {"R2", "commission", 5050, false}, {"R2", "total", 5050, true}}
	if d := cmp.Diff(want, lines); d != "" {
		t.Error(d)
	}
	for _, edit := range [][2]string{{`"month":"2026-08"`, `"month":"2026-09"`}, {`"company":"Acme"`, `"company":"Acne"`}} {
		if _, err := ParseMonthSeal(bytes.Replace(text, []byte(edit[0]), []byte(edit[1]), 1)); err == nil || !strings.Contains(err.Error(), "was edited") {
			t.Errorf("%s: %v", edit[1], err)
		}
	}
	l.month("2026-09", "('3', 'R1', date '2026-09-01', 99.00)")
	l.write()
	mustBuild(t, opt)
	after := sealed(t, l.dir, "2026-08")
	if d := cmp.Diff(before.Tables, after.Tables); d != "" {
		t.Errorf("another month's data changed this one's tables: %s", d)
	}
	if before.Seal == after.Seal {
		t.Error("seals of different lakes are equal")
	}
	var seal map[string]any
	if err := json.Unmarshal(text, &seal); err != nil {
		t.Fatal(err)
	}
	if got := slices.Sorted(maps.Keys(seal["run"].(map[string]any)["inputs"].(map[string]any))); !slices.Equal(got, []string{"code", "decisions", "hash", "lake", "plan", "sql", "state"}) {
		t.Errorf("a seal is over %v", got)
	}
}
