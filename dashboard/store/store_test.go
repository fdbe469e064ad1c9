package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func clock() time.Time { return time.Date(2026, 11, 4, 9, 0, 0, 0, time.UTC) }

func month(m int) time.Time { return time.Date(2026, time.Month(m), 1, 0, 0, 0, 0, time.UTC) }

func open(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	s.Now = clock
	t.Cleanup(func() { s.Close() })
	return s
}

func newStore(t *testing.T) *Store { return open(t, filepath.Join(t.TempDir(), File)) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func last(t *testing.T, s *Store) int64 {
	t.Helper()
	events, err := s.Events(t.Context())
	must(t, err)
	if len(events) == 0 {
		return 0
	}
	return events[len(events)-1].ID
}

func keep(t *testing.T, s *Store, action Action, m int, lines ...Line) {
	t.Helper()
	must(t, s.Keep(t.Context(), Sealed{Event: Event{Month: month(m), Action: action, RunID: fmt.Sprintf("r-%d", last(t, s)+1), Seal: "abc", Who: "Li", Reason: "month end"},
		Document: []byte(`{"seal":"abc"}`), Lines: lines, Expect: last(t, s)}))
}

func stateOf(t *testing.T, s *Store, relation string) [][]any {
	t.Helper()
	state, err := s.State(t.Context())
	must(t, err)
	return state.Rows[relation]
}

func TestEveryChangeIsLogged(t *testing.T) {
	s := newStore(t)
	must(t, s.SignWaiver(t.Context(), Waiver{Month: month(10), CheckID: "reconciliation", Reason: "credit notes late", Approver: "Wang"}))
	must(t, s.ApproveException(t.Context(), Exception{RepID: "R1", Month: month(10), Reason: "trade fair", Approver: "Wang"}))
	must(t, s.RevokeException(t.Context(), "R1", month(10), "wrong person", "Wang"))
	must(t, s.SetOverride(t.Context(), Override{Kind: "indicator", Month: month(10), UnitKind: "rep", UnitID: "R1", Item: "visits", Value: 12, Reason: "list lost", Approver: "Wang"}))
	must(t, s.RevokeOverride(t.Context(), "o-1", "list found", "Wang"))
	keep(t, s, Close, 10, Line{"R1", "total", 1045000, true})
	must(t, s.Reopen(t.Context(), month(10), "wrong plan", "Li"))
	log, err := s.Audit(t.Context(), time.Time{}, time.Time{}, 100)
	must(t, err)
	var got []string
	for _, r := range log {
		got = append(got, r.Who+" "+r.Action+" "+r.Object)
		if !r.At.Equal(clock()) {
			t.Errorf("row %d: at %v", r.ID, r.At)
		}
	}
	want := []string{"Li reopen month 2026-10", "Li close month 2026-10", "Wang revoke override override o-1", "Wang override visits of rep R1 in 2026-10",
		"Wang revoke exception expenses of R1 in 2026-10", "Wang approve exception expenses of R1 in 2026-10", "Wang waive check reconciliation of 2026-10"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestLogIsNeverChanged(t *testing.T) {
	s := newStore(t)
	keep(t, s, Close, 1)
	for _, text := range []string{"update audit set who = 'x'", "delete from audit"} {
		if _, err := s.db.Exec(text); err == nil || !strings.Contains(err.Error(), "never") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestChangeThatCannotBeLoggedDoesNotHappen(t *testing.T) {
	s := newStore(t)
	_, err := s.db.Exec("create trigger full before insert on audit begin select raise(abort, 'disk full'); end")
	must(t, err)
	if err := s.SignWaiver(t.Context(), Waiver{Month: month(10), CheckID: "reconciliation", Reason: "why", Approver: "Wang"}); err == nil {
		t.Error("a waiver was signed without a log row")
	}
	all, err := s.Waivers(t.Context())
	must(t, err)
	if len(all) != 0 {
		t.Errorf("kept %v", all)
	}
}

func TestDecisionsNeedReasonAndName(t *testing.T) {
	s := newStore(t)
	for name, err := range map[string]error{
		"a waiver needs a reason and the name of who decides":          s.SignWaiver(t.Context(), Waiver{Month: month(1), CheckID: "c"}),
		"an exception needs a reason":                                  s.ApproveException(t.Context(), Exception{RepID: "R1", Month: month(1), Approver: "W"}),
		"an override needs the name of who decides":                    s.SetOverride(t.Context(), Override{Reason: "r", Approver: " "}),
		"close of 2026-01 needs a reason":                              s.Keep(t.Context(), Sealed{Event: Event{Month: month(1), Action: Close, Who: "W"}}),
		"reopening 2026-01 needs a reason":                             s.Reopen(t.Context(), month(1), "", "W"),
		"2026-01 is not closed":                                        s.Reopen(t.Context(), month(1), "r", "W"),
		"exception of R1 in 2026-01: there is none in force":           s.RevokeException(t.Context(), "R1", month(1), "r", "W"),
		"override o-7: there is none in force":                         s.RevokeOverride(t.Context(), "o-7", "r", "W"),
		"an override names a month, a unit and what is set":            s.SetOverride(t.Context(), Override{Reason: "r", Approver: "W"}),
		"a waiver names a month and a check":                           s.SignWaiver(t.Context(), Waiver{Reason: "r", Approver: "W"}),
		"an exception names a person and a month":                      s.ApproveException(t.Context(), Exception{Reason: "r", Approver: "W"}),
		"taking back an override needs the name of who decides":        s.RevokeOverride(t.Context(), "o-7", "r", ""),
		"taking back an exception needs a reason":                      s.RevokeException(t.Context(), "R1", month(1), "", "W"),
		"reopening 2026-01 needs a reason and the name of who decides": s.Reopen(t.Context(), month(1), "", ""),
	} {
		if err == nil || err.Error() != name {
			t.Errorf("got %v, want %s", err, name)
		}
	}
}

// TestMonthsLife follows the lines that count as paid through a close, a
// restatement, its payment, and the reopening of the month that paid it.
func TestMonthsLife(t *testing.T) {
	s := newStore(t)
	lines := func() string {
		var all []string
		for _, r := range stateOf(t, s, "state.closed_line") {
			all = append(all, fmt.Sprint(r[0].(string)[:7], " ", r[1], " ", r[3]))
		}
		return strings.Join(all, ", ")
	}
	expect := func(what, want string) {
		t.Helper()
		if got := lines(); got != want {
			t.Errorf("%s: paid so far %s, want %s", what, got, want)
		}
	}
	paidIn := func(want string) {
		t.Helper()
		events, err := s.Events(t.Context())
		must(t, err)
		for _, e := range events {
			if got := e.PaidIn.Format("2006-01"); e.Action == Restate && got != want {
				t.Errorf("the restatement is paid in %s, want %s", got, want)
			}
		}
	}
	expect("open", "")
	keep(t, s, Close, 9, Line{"R1", "total", 1000, true})
	expect("closed", "2026-09 R1 10.00")
	keep(t, s, Restate, 9, Line{"R1", "total", -1, true})
	expect("restated, not paid yet", "2026-09 R1 10.00")
	keep(t, s, Close, 10, Line{"R1", "total", 50, true})
	expect("paid with the next close", "2026-09 R1 10.00, 2026-10 R1 0.50")
	paidIn("2026-10")
	if err := s.Reopen(t.Context(), month(9), "wrong", "Li"); err == nil || !strings.Contains(err.Error(), "2026-10 is closed after it") {
		t.Errorf("an earlier month was opened: %v", err)
	}
	must(t, s.Reopen(t.Context(), month(10), "wrong plan", "Li"))
	expect("the payment waits again", "2026-09 R1 10.00")
	paidIn("0001-01")
	keep(t, s, Close, 10, Line{"R1", "total", 70, true})
	expect("closed again", "2026-09 R1 10.00, 2026-10 R1 0.70")
	paidIn("2026-10")
	events, err := s.Events(t.Context())
	must(t, err)
	var actions []Action
	for _, e := range events {
		actions = append(actions, e.Action)
	}
	if d := cmp.Diff([]Action{Close, Restate, Close, Reopen, Close}, actions); d != "" {
		t.Error("the history is not whole:", d)
	}
	if text, err := s.Document(t.Context(), events[1].ID); err != nil || string(text) != `{"seal":"abc"}` {
		t.Errorf("seal %s, %v", text, err)
	}
}

func TestKeepSeesWhatOthersDid(t *testing.T) {
	s := newStore(t)
	before := last(t, s)
	keep(t, s, Close, 9)
	err := s.Keep(t.Context(), Sealed{Event: Event{Month: month(9), Action: Close, Who: "Wu", Reason: "me too"}, Expect: before})
	if !errors.Is(err, ErrMoved) {
		t.Errorf("two closes of a month: %v", err)
	}
}

func TestLatestDecisionCounts(t *testing.T) {
	s := newStore(t)
	for _, reason := range []string{"first", "second"} {
		must(t, s.SignWaiver(t.Context(), Waiver{Month: month(9), CheckID: "reconciliation", Reason: reason, Approver: "W"}))
		must(t, s.ApproveException(t.Context(), Exception{RepID: "R1", Month: month(9), Reason: reason, Approver: "W"}))
		must(t, s.SetOverride(t.Context(), Override{Kind: "score", Month: month(9), UnitKind: "rep", UnitID: "R1", Item: "process", Value: 1, Reason: reason, Approver: "W"}))
	}
	for relation, column := range map[string]int{"state.waiver": 2, "state.expense_exception": 2, "state.override": 7} {
		rows := stateOf(t, s, relation)
		if len(rows) != 1 || rows[0][column] != "second" {
			t.Errorf("%s: %v", relation, rows)
		}
	}
}

// TestSeveralWriters lets two openings of one file write at a time, as two
// processes do: nothing is lost and nobody fails.
func TestSeveralWriters(t *testing.T) {
	path := filepath.Join(t.TempDir(), File)
	const each = 20
	var work sync.WaitGroup
	for i := range 2 {
		s := open(t, path)
		work.Go(func() {
			for n := range each {
				err := s.SignWaiver(context.Background(), Waiver{Month: month(9), CheckID: fmt.Sprintf("c%d-%d", i, n), Reason: "r", Approver: "W"})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	work.Wait()
	if n := len(stateOf(t, open(t, path), "state.waiver")); n != 2*each {
		t.Errorf("%d waivers, want %d", n, 2*each)
	}
}

func TestMigrationsRunOnceAndWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), File)
	s := open(t, path)
	bad := fstest.MapFS{"schema/90_x.sql": {Data: []byte("create table kept (a text); create table audit (a text);")}}
	if err := s.migrate(t.Context(), bad); err == nil || !strings.Contains(err.Error(), "schema/90_x.sql") {
		t.Errorf("a broken migration: %v", err)
	}
	good := fstest.MapFS{"schema/90_x.sql": {Data: []byte("create table kept (a text);")}}
	must(t, s.migrate(t.Context(), good)) // fails if half of the broken one stayed
	must(t, s.migrate(t.Context(), good))
	open(t, path)
}
