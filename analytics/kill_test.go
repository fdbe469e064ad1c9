package analytics

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"
)

// killedBuild is set in the child process that TestKilledBuilds starts and
// kills: the workspace and the code version, which makes each run its own.
const killedBuild = "LEVELFIELD_TEST_BUILD"

var killCount = flag.Int("kills", 30, "random kills of a calculation")

func TestMain(m *testing.M) {
	if workspace := os.Getenv(killedBuild); workspace != "" {
		opt := (&tinyLake{dir: workspace}).options()
		opt.CodeVersion = os.Getenv(killedBuild + "_VERSION")
		if _, err := Build(context.Background(), opt); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// TestKilledBuildsLeaveACompleteRun kills calculations at random moments.
// Whatever the moment, what runs/CURRENT names afterwards is a complete run
// with an untouched seal, and the next calculation works.
func TestKilledBuildsLeaveACompleteRun(t *testing.T) {
	kills := *killCount
	if testing.Short() {
		kills = min(kills, 5)
	}
	l := newTinyLake(t)
	mustBuild(t, l.options())
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := func(version string) *exec.Cmd {
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), killedBuild+"="+l.dir, killedBuild+"_VERSION="+version)
		cmd.Stderr = os.Stderr
		return cmd
	}
	started := time.Now()
	if err := child("whole").Run(); err != nil {
		t.Fatal(err)
	}
	whole := time.Since(started)
	random := rand.New(rand.NewPCG(2026, 11))
	published, interrupted := 0, 0
	for i := range kills {
		version := fmt.Sprintf("v%d", i)
		cmd := child(version)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		wait := time.Duration(random.Int64N(int64(whole)))
		if i%2 == 1 { // half of the kills about the moment of publication
			wait = whole*7/10 + wait*6/10
		}
		time.Sleep(wait)
		cmd.Process.Kill() // SIGKILL, or nothing where it ended already
		cmd.Wait()
		r, err := OpenCurrent(l.dir)
		if err != nil {
			t.Fatalf("after kill %d: %v", i+1, err)
		}
		seal, err := readSeal(r.Dir)
		if err != nil {
			t.Fatalf("after kill %d: %v", i+1, err)
		}
		conn, err := r.DB.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		held, err := sealTables(t.Context(), conn, &seal.Inputs, r.ID)
		if err != nil {
			t.Fatalf("after kill %d: %v", i+1, err)
		}
		compareContents(seal.Tables, held.Tables, func(relation, what string) { t.Errorf("after kill %d: %s: %s", i+1, relation, what) })
		conn.Close()
		if r.Meta.CodeVersion == version {
			published++
		} else {
			interrupted++
		}
		r.Close()
	}
	if interrupted == 0 {
		t.Error("no kill came in time: the test proves nothing")
	}
	t.Logf("%d kills: %d before, %d after the run was published", kills, interrupted, published)
	opt := l.options()
	opt.CodeVersion = "after"
	if res := mustBuild(t, opt); res.Unchanged {
		t.Error("the run after the kills was not made")
	}
}
