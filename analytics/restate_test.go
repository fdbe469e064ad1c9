package analytics

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"levelfield/analytics/plan"
)

// TestRestatementPartsEveryCause changes a closed month in all ways at once:
// each cause has its part, and the parts add up to the cent.
func TestRestatementPartsEveryCause(t *testing.T) {
	l := newTinyLake(t)
	opt := payOptions(l)
	opt.Keys = map[string][]string{"order_line": {"order_id"}, "rep": {"rep_id"}}
	exception := []any{"o-1", "pay", "2026-08-01", "rep", "R1", "hand", 5.5, "why", "Ann", "2026-10-01T08:00:00.000Z", nil, nil}
	opt.State = &State{Rows: map[string][][]any{"state.override": {exception}}}
	mustBuild(t, opt)
	month := monthOf("2026-08")
	seal := sealed(t, l.dir, "2026-08")
	old, err := current(t, l.dir).PayLines(t.Context(), month)
	if err != nil {
		t.Fatal(err)
	}
	restate := func() *Bridge {
		t.Helper()
		b := bridge(t, opt, seal, old)
		var sum int64
		for _, c := range b.People {
			var parts int64
			for _, p := range c.Parts {
				parts += p
			}
			if c.Old+parts != c.New {
				t.Errorf("%s: %d and parts of %d do not make %d", c.RepID, c.Old, parts, c.New)
			}
			sum += c.New - c.Old
		}
		if b.Total.Old+sum != b.Total.New {
			t.Errorf("people sum to %d, the total says %d to %d", sum, b.Total.Old, b.Total.New)
		}
		return b
	}
	if b := restate(); b.People != nil {
		t.Errorf("nothing changed: %+v", b.People)
	}

	// 8 arrives late, 1 is corrected by +1.00, 2 and its person vanish.
	l.month("2026-08", "('1', 'R1', date '2026-08-03', 101.00)", "('8', 'R1', date '2026-08-30', 20.00)")
	l.write()
	// The rate doubles.
	p, err := plan.Parse("plan.yaml", []byte("name: Double\nsetting: {reply_hours: 24}\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	opt.Plan = plan.Of(p)
	opt.State.Rows["state.closed"] = [][]any{{"2026-08-01", seal.Run.RunID, seal.Seal, "2026-10-02T08:00:00.000Z", "Li", "month end"}}
	opt.State.Rows["state.override"] = [][]any{
		exception,
		{"o-2", "pay", "2026-08-01", "rep", "R1", "prize", 7.77, "why", "Ann", "2026-11-01T08:00:00.000Z", nil, nil},
		{"o-3", "pay", "2026-08-01", "rep", "R1", "heard", 0.01, "why", "Ann", "2026-11-01T08:00:00.000Z", nil, "a-1"},
	}
	mustBuild(t, opt)
	got := restate()
	want := []Change{
		{RepID: "R1", Old: 10550, New: 25528, Parts: map[Cause]int64{CauseLate: 2000, CauseCorrected: 100, CausePlan: 12100, CauseOverride: 777, CauseAppeal: 1}},
		{RepID: "R2", Old: 5050, New: 0, Parts: map[Cause]int64{CauseCorrected: -5050}},
	}
	if d := cmp.Diff(want, got.People); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(map[string]int64{"order_line": 1}, got.Late); d != "" {
		t.Errorf("late rows: %s", d)
	}
	if d := cmp.Diff(map[string]int64{"order_line": 2}, got.Other); d != "" {
		t.Errorf("corrected rows: %s", d)
	}

	// The program changes too: each line of R1 is a yuan more.
	models := payModels()
	text := models["pay/line.sql"].Data
	models["pay/line.sql"].Data = []byte(strings.Replace(string(text), "select * from line\n", "select * replace (cast(amount + case when rep_id = 'R1' then 1 else 0 end as decimal(18, 2)) as amount) from line\n", 1))
	opt.shipped = models
	mustBuild(t, opt)
	got = restate()
	if part := got.People[0].Parts[CauseProgram]; part != 200 || got.People[0].New != 25528+400 {
		t.Errorf("the program's part is %d of %+v", part, got.People[0])
	}
	if v, err := Verify(t.Context(), payOptions(l), seal.Run.RunID, seal); err != nil || v.Problems != nil {
		t.Errorf("the old run: %v %v", v, err)
	}
}

// TestRestatementOfLateRowsOnly needs no calculation: the run says it already.
func TestRestatementOfLateRowsOnly(t *testing.T) {
	l := newTinyLake(t)
	opt := payOptions(l)
	mustBuild(t, opt)
	seal := sealed(t, l.dir, "2026-09")
	old, err := current(t, l.dir).PayLines(t.Context(), monthOf("2026-09"))
	if err != nil {
		t.Fatal(err)
	}
	l.put("order_line", "2026-09", "('3', 'R1', date '2026-09-01', 10.00)", "('4', 'R1', date '2026-09-30', 0.01)", "('9', 'R2', date '2026-09-30', 3.00)")
	l.write()
	mustBuild(t, opt)
	b := bridge(t, opt, seal, old)
	if d := cmp.Diff([]Change{{RepID: "R2", New: 300, Parts: map[Cause]int64{CauseLate: 300}}}, b.People); d != "" {
		t.Error(d) // without keys a row is compared by all it says
	}
}

func bridge(t *testing.T, opt Options, seal *MonthSeal, old []PayLine) *Bridge {
	t.Helper()
	r, err := NewRestater(opt, current(t, opt.Workspace))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := r.Bridge(t.Context(), seal, old)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
