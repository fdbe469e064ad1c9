//go:build unix

package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The environment of a child that loads and may be killed at any moment.
const (
	childDir   = "LEVELFIELD_TEST_LOAD"
	childPoint = "LEVELFIELD_TEST_DIE_AT"
)

var killCount = flag.Int("kills", 40, "random kills of a load")

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		_, err := Load(context.Background(), Workspace{Dir: dir}, nil, Options{Now: clock, crash: func(point string) {
			if point == os.Getenv(childPoint) {
				syscall.Kill(os.Getpid(), syscall.SIGKILL)
				select {}
			}
		}})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// version writes the exports of one step: every step changes the amount of all
// orders and refuses one row, so that a state tells which step it is.
func (ws Workspace) version(t testing.TB, step int) {
	t.Helper()
	var b strings.Builder
	b.WriteString("order_id,line_id,ordered_on,amount\n")
	for i := range 6000 {
		fmt.Fprintf(&b, "SO%05d,1,2026-%02d-01,%d\n", i, 1+i%12, step)
	}
	fmt.Fprintf(&b, "SO99999,1,2026-01-01,bad\n")
	ws.put(t, "exports/orders.csv", []byte(b.String()))
	ws.put(t, "exports/payments.csv", fmt.Appendf(nil, "payment_id,paid_on,amount\nP1,2026-10-05,%d\n", step))
}

// step checks that the lake is whole and returns the step its rows are from, 0
// for an empty lake.
func (ws Workspace) step(t testing.TB) int {
	t.Helper()
	m, err := ws.ReadManifest()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range m.Files {
		data, err := os.ReadFile(ws.lake(f.Path))
		if err != nil {
			t.Fatalf("the manifest names a file that is not there: %v", err)
		}
		sum := sha256.Sum256(data)
		if int64(len(data)) != f.Bytes || hex.EncodeToString(sum[:]) != f.SHA256 {
			t.Fatalf("%s is not what the manifest says", f.Path)
		}
	}
	for _, l := range m.Loads {
		if l.RefusedPath != "" {
			if _, err := os.Stat(filepath.Join(ws.Dir, l.RefusedPath)); err != nil {
				t.Fatalf("the marked copy of load %d is gone: %v", l.Batch, err)
			}
		}
	}
	if len(m.Loads) == 0 {
		return 0
	}
	without := []string{"order_id", "line_id", "ordered_on", "payment_id", "paid_on", "source_file", "source_sheet", "source_row", "batch"}
	rows := append(ws.live(t, "order_line", without...), ws.live(t, "payment", without...)...)
	if len(rows) != 6001 {
		t.Fatalf("%d rows in the lake, want 6001", len(rows))
	}
	if rows = slices.Compact(rows); len(rows) != 1 {
		t.Fatalf("the lake mixes steps: %v", rows)
	}
	var amount int
	fmt.Sscanf(rows[0], "amount=%d", &amount)
	return amount / 10_000
}

// leftovers lists what an interrupted load left in the lake.
func (ws Workspace) leftovers(t testing.TB) (left []string) {
	t.Helper()
	m, err := ws.ReadManifest()
	if err != nil {
		t.Fatal(err)
	}
	filepath.WalkDir(ws.lake(), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && d.Name() != manifestName && (strings.HasSuffix(path, ".tmp") || batchOf(d.Name()) > m.Batch) {
			left = append(left, path)
		}
		return err
	})
	return left
}

func (ws Workspace) child(point string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+ws.Dir, childPoint+"="+point)
	cmd.Stderr = os.Stderr
	return cmd
}

func TestAKilledLoadLeavesTheLakeAsItWas(t *testing.T) {
	for _, point := range []string{"before the rows", "after the rows", "before the manifest"} {
		t.Run(point, func(t *testing.T) {
			ws := workspace(t, nil)
			for step := 1; step <= 2; step++ {
				ws.version(t, step)
				if err := ws.child(point).Run(); err == nil {
					t.Fatal("the child was not killed")
				}
				if got := ws.step(t); got != step-1 {
					t.Fatalf("after the kill the lake shows step %d, want %d", got, step-1)
				}
				if err := ws.child("").Run(); err != nil {
					t.Fatal(err)
				}
				if got := ws.step(t); got != step {
					t.Fatalf("after the next load the lake shows step %d, want %d", got, step)
				}
				if left := ws.leftovers(t); len(left) > 0 {
					t.Fatalf("the next load left %v", left)
				}
			}
		})
	}
}

func TestRandomKillsLeaveACompleteState(t *testing.T) {
	kills := *killCount
	if testing.Short() {
		kills = 8
	}
	ws := workspace(t, nil)
	random := rand.New(rand.NewPCG(1, 2))
	ws.version(t, 1)
	start := time.Now()
	if err := ws.child("").Run(); err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	before, finished := 1, 0
	for kill := range kills {
		next := before + 1
		ws.version(t, next)
		cmd := ws.child("")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.Float64() * 1.2 * float64(took)))
		cmd.Process.Kill()
		cmd.Wait()
		got := ws.step(t)
		if got != before && got != next {
			t.Fatalf("kill %d: the lake shows step %d, want %d or %d", kill, got, before, next)
		}
		if got == next {
			finished++
		}
		before = got
		if kill%8 == 7 { // a later start goes on as if nothing had happened
			if err := ws.child("").Run(); err != nil {
				t.Fatal(err)
			}
			if before = ws.step(t); before != next {
				t.Fatalf("kill %d: the next load shows step %d, want %d", kill, before, next)
			}
			if left := ws.leftovers(t); len(left) > 0 {
				t.Fatalf("the next load left %v", left)
			}
		}
	}
	t.Logf("%d kills, %d of them after the load was complete", kills, finished)
}

func TestFilesOfAPersonBesideTheMarkedCopiesStay(t *testing.T) {
	ws := workspace(t, map[string]string{"lake/refused/2026-corrected.csv": "x"})
	ws.version(t, 1)
	if err := ws.child("").Run(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(ws.lake("refused", "2026-corrected.csv")); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(ws.lake(pendingName)); err == nil {
		t.Error("the list of pending copies is still there")
	}
}

func TestTwoLoadsDoNotInterleave(t *testing.T) {
	ws := workspace(t, nil)
	ws.version(t, 1)
	var children []*exec.Cmd
	for range 3 {
		cmd := ws.child("")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		children = append(children, cmd)
	}
	for _, cmd := range children {
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
	if got := ws.step(t); got != 1 {
		t.Errorf("the lake shows step %d", got)
	}
	if m, _ := ws.ReadManifest(); len(m.Loads) != 2 {
		t.Errorf("%d loads, want 2: the others see that the content is there", len(m.Loads))
	}
}
