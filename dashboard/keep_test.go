package dashboard_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"levelfield/analytics"
	"levelfield/dashboard"
	"levelfield/dashboard/dashtest"
)

func TestPagesAreKeptByWhatTheReaderMaySee(t *testing.T) {
	h := newHouse(t)
	first := get(t, h.as["executive"], "/").Body.String()
	if again := get(t, h.as["executive"], "/").Body.String(); again != first {
		t.Error("the kept page differs")
	}
	if other := get(t, h.as["manager"], "/").Body.String(); other == first || strings.Contains(other, "华北") {
		t.Error("the manager is given the executive's page")
	}
	if en := get(t, h.as["executive"], "/", "Accept-Language", "en").Body.String(); en == first {
		t.Error("the page in another language is given")
	}
	// pages of the reader himself are never shared, not even by readers of one role
	for _, name := range []string{"manager", "lead"} {
		if body := get(t, h.as[name], "/account").Body.String(); !strings.Contains(body, "<b>"+name+"</b>") {
			t.Errorf("%s is given another person's account", name)
		}
	}
}

// TestARunSwapLosesNoRequest publishes another run while readers ask.
func TestARunSwapLosesNoRequest(t *testing.T) {
	dir := dashtest.Workspace(t)
	runs := analytics.NewRuns(dir)
	t.Cleanup(runs.Close)
	s, err := dashboard.New(dashboard.Config{Runs: runs, Store: dashtest.Store(t), Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	const next = "r-20261105-beef"
	old := filepath.Join(dir, "runs", dashtest.RunID)
	if err := os.CopyFS(filepath.Join(dir, "runs", next), os.DirFS(old)); err != nil {
		t.Fatal(err)
	}
	client := dashtest.As(t, s, "executive")
	var wait sync.WaitGroup
	var answered, failed atomic.Int64
	stop := make(chan struct{})
	for range 8 {
		wait.Go(func() {
			for _, page := range []string{"/", "/regions", "/indicators", "/?region=R1", "/data", "/regions?card=table&as=csv"} {
				for range 4 {
					if w := get(t, client, page); w.Code == http.StatusOK {
						answered.Add(1)
					} else {
						failed.Add(1)
					}
				}
			}
		})
	}
	go func() {
		defer close(stop)
		for i := range 20 {
			id := []string{next, dashtest.RunID}[i%2]
			temporary := filepath.Join(dir, "runs", "NEXT")
			if os.WriteFile(temporary, []byte(id+"\n"), 0o644) == nil {
				os.Rename(temporary, filepath.Join(dir, "runs", "CURRENT"))
			}
		}
	}()
	wait.Wait()
	<-stop
	if failed.Load() > 0 || answered.Load() != 8*6*4 {
		t.Errorf("%d answered, %d failed", answered.Load(), failed.Load())
	}
}
