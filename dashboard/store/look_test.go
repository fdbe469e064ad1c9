package store

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// TestLooksAreKeptBeforeTheyAreShown logs many looks at once, one of them by
// nobody: each of the others is in the log when its call returns, and after the
// store was closed and opened again.
func TestLooksAreKeptBeforeTheyAreShown(t *testing.T) {
	path := filepath.Join(t.TempDir(), File)
	s, err := Open(t.Context(), path)
	must(t, err)
	var asked sync.WaitGroup
	const n = 60
	for i := range n {
		asked.Go(func() {
			who := fmt.Sprint("reader ", i)
			if err := s.LogRead(t.Context(), who, "read_pay", "pay of S1", "/people/S1"); err != nil {
				t.Error(err)
			}
			rows, err := s.AuditOf(t.Context(), who, "read_pay", time.Time{}, time.Time{}, 10)
			if err != nil || len(rows) != 1 || rows[0].Object != "pay of S1" || rows[0].Detail != "/people/S1" {
				t.Errorf("%s: log %v, %v", who, rows, err)
			}
		})
	}
	asked.Go(func() {
		if err := s.LogRead(t.Context(), " ", "read_pay", "pay of S2", ""); err == nil {
			t.Error("a look by nobody was logged")
		}
	})
	asked.Wait()
	must(t, s.Close())
	s, err = Open(t.Context(), path)
	must(t, err)
	defer s.Close()
	rows, err := s.Audit(t.Context(), time.Time{}, time.Time{}, 1000)
	must(t, err)
	if len(rows) != n {
		t.Errorf("%d rows in the log, want %d", len(rows), n)
	}
}

// TestChangesAreSeenAtOnce: what this process decides counts at once, a look
// does not count.
func TestChangesAreSeenAtOnce(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), File))
	must(t, err)
	defer s.Close()
	before, err := s.Changes(t.Context())
	must(t, err)
	must(t, s.LogRead(t.Context(), "Li", "read_pay", "pay of S1", ""))
	if n, err := s.Changes(t.Context()); err != nil || n != before {
		t.Errorf("after a look: %d changes, %v; want %d", n, err, before)
	}
	must(t, s.Log(t.Context(), "Li", "waive", "month 2026-10", "agreed"))
	if n, err := s.Changes(t.Context()); err != nil || n != before+1 {
		t.Errorf("after a decision: %d changes, %v; want %d", n, err, before+1)
	}
}
