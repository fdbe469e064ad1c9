package store

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// killedClose is set in the child process that closes months until it is
// killed: the path of the store.
const killedClose = "LEVELFIELD_TEST_CLOSE"

// linesOfClose is how many lines each close of the child keeps.
const linesOfClose = 400

var killCount = flag.Int("kills", 25, "random kills of a close")

func TestMain(m *testing.M) {
	path := os.Getenv(killedClose)
	if path == "" {
		os.Exit(m.Run())
	}
	s, err := Open(context.Background(), path)
	for n := 0; err == nil; n++ {
		err = closeNext(s)
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// closeNext closes the month after the last closed one.
func closeNext(s *Store) error {
	events, err := s.Events(context.Background())
	if err != nil {
		return err
	}
	k := Sealed{Event: Event{Month: month(1), Action: Close, RunID: "r", Seal: "abc", Who: "Li", Reason: "month end"}, Document: []byte("{}")}
	if n := len(events); n > 0 {
		k.Month, k.Expect = events[n-1].Month.AddDate(0, 1, 0), events[n-1].ID
	}
	for i := range linesOfClose {
		k.Lines = append(k.Lines, Line{fmt.Sprintf("R%d", i), "total", int64(i), true})
	}
	return s.Keep(context.Background(), k)
}

// TestKilledClosesKeepAllOrNothing kills a process that closes months at
// random moments: a month is closed with its seal, all its lines and its log
// row, or it is open.
func TestKilledClosesKeepAllOrNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), File)
	self, err := os.Executable()
	must(t, err)
	random := rand.New(rand.NewPCG(2026, 11))
	closed, interrupted := 0, 0
	for i := range *killCount {
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), killedClose+"="+path)
		must(t, cmd.Start())
		time.Sleep(time.Duration(random.Int64N(int64(250 * time.Millisecond))))
		cmd.Process.Kill() // SIGKILL
		cmd.Wait()
		s, err := Open(t.Context(), path)
		must(t, err)
		events, err := s.Events(t.Context())
		must(t, err)
		log, err := s.Audit(t.Context(), time.Time{}, time.Time{}, 1_000_000)
		must(t, err)
		if len(log) != len(events) {
			t.Errorf("after kill %d: %d log rows of %d closes", i+1, len(log), len(events))
		}
		for n, e := range events {
			if want := month(1).AddDate(0, n, 0); !e.Month.Equal(want) {
				t.Fatalf("after kill %d: close %d is of %s, want %s", i+1, n+1, monthName(e.Month), monthName(want))
			}
		}
		if len(events) == closed {
			interrupted++
		} else {
			e := events[len(events)-1]
			lines, err := s.Lines(t.Context(), e.ID)
			must(t, err)
			text, err := s.Document(t.Context(), e.ID)
			if err != nil || string(text) != "{}" || len(lines) != linesOfClose {
				t.Errorf("after kill %d: %s has %d lines and the seal %q: %v", i+1, monthName(e.Month), len(lines), text, err)
			}
		}
		closed = len(events)
		must(t, s.Close())
	}
	if closed == 0 {
		t.Error("no close was finished: the test proves nothing")
	}
	t.Logf("%d kills: %d months closed, each whole; %d kills before any", *killCount, closed, interrupted)
}
