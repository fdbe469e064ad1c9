// Command bench-serve measures the dashboard on the sample company scaled to
// 2,000 reps and 5 million order lines, and prints each figure beside its bar:
//
//   - the slowest page cold and warm, at the server;
//   - the 99th percentile of 200 viewers at once over a mix of pages and roles,
//     each of which was opened once;
//   - requests lost while the run is swapped under that load;
//   - the largest first visit, compressed, with all its files.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"levelfield/analytics"
	"levelfield/dashboard"
	"levelfield/dashboard/auth"
	"levelfield/dashboard/store"
	"levelfield/ingest"
	"levelfield/ingest/sample"
)

// The bars of the issue.
const (
	barCold  = 150.0 // ms
	barWarm  = 5.0   // ms
	barP99   = 100.0 // ms
	barVisit = 400.0 // KB
	viewers  = 200
)

func main() {
	log.SetFlags(0)
	scale := flag.Float64("scale", 1, "share of the full size, for tries")
	dir := flag.String("dir", "", "workspace (default: a temporary one); a run found there is used")
	seconds := flag.Int("seconds", 10, "how long the viewers ask")
	verbose := flag.Bool("v", false, "print the time of each page")
	flag.Parse()
	if err := bench(*scale, *dir, time.Duration(*seconds)*time.Second, *verbose); err != nil {
		log.Fatalf("bench-serve: %v", err)
	}
}

func bench(scale float64, dir string, span time.Duration, verbose bool) error {
	if dir == "" {
		d, err := os.MkdirTemp("", "bench-serve-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(d)
		dir = d
	}
	ctx := context.Background()
	if err := prepare(ctx, dir, scale); err != nil {
		return err
	}
	h, err := open(ctx, dir)
	if err != nil {
		return err
	}
	defer h.close()
	if err := h.signIn(ctx); err != nil {
		return err
	}
	cold, warm, err := h.pages(verbose)
	if err != nil {
		return err
	}
	line("slowest_page_cold_ms", cold, barCold)
	line("slowest_page_warm_ms", warm, barWarm)
	kb, err := h.firstVisit(verbose)
	if err != nil {
		return err
	}
	line("largest_first_visit_kb", kb, barVisit)
	h.openAll()
	lives, _ := h.load(span, nil)
	line("p99_ms_of_200_viewers", lives.p99(), barP99)
	fmt.Printf("requests_a_second %.0f\n", float64(len(lives.times))/span.Seconds())
	swapped, err := h.load(span, h.swap)
	defer os.RemoveAll(h.copied)
	if err != nil {
		return err
	}
	line("requests_lost_in_run_swaps", float64(swapped.lost+lives.lost), 0)
	return nil
}

// line prints a figure beside its bar.
func line(name string, value, bar float64) {
	verdict := "ok"
	if value > bar {
		verdict = "short"
	}
	fmt.Printf("%s %.1f %g %s\n", name, value, bar, verdict)
}

// prepare makes the company and its run, unless dir holds one.
func prepare(ctx context.Context, dir string, scale float64) error {
	if _, err := analytics.CurrentID(dir); !errors.Is(err, analytics.ErrNoRun) {
		return err
	}
	start := time.Now()
	cfg := sample.Config{Reps: max(20, int(2000*scale)), OrderLines: int64(5e6 * scale), Visits: int64(2e6 * scale), Plain: true}
	if err := sample.Generate(dir, cfg); err != nil {
		return err
	}
	if _, err := ingest.Load(ctx, ingest.Workspace{Dir: dir}, nil, ingest.Options{Now: time.Now}); err != nil {
		return err
	}
	if _, err := analytics.Build(ctx, analytics.Options{Workspace: dir, Company: "bench", Currency: "CNY", Lang: "zh-CN", CodeVersion: "bench", Now: time.Now}); err != nil {
		return err
	}
	fmt.Printf("made the company in %.0f s\n", time.Since(start).Seconds())
	return nil
}

// house is the server under test and its signed-in readers.
type house struct {
	dir     string
	runs    *analytics.Runs
	store   *store.Store
	server  *dashboard.Server
	http    *httptest.Server
	regions []analytics.Unit
	reps    []analytics.Unit
	earlier string // a month a year before the last
	readers []reader
	copied  string // folder of the run that swap published
}

type reader struct {
	client *http.Client
	cookie *http.Cookie
	paths  []string
}

func open(ctx context.Context, dir string) (*house, error) {
	h := &house{dir: dir, runs: analytics.NewRuns(dir)}
	file := filepath.Join(dir, "bench.db")
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(file + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	var err error
	if h.store, err = store.Open(ctx, file); err != nil {
		return nil, err
	}
	run, release, err := h.runs.Acquire()
	if err != nil {
		return nil, err
	}
	defer release()
	if h.regions, err = run.Units(ctx, analytics.All(), "region", "", run.Meta.LastMonth); err != nil {
		return nil, err
	}
	if h.reps, err = run.Units(ctx, analytics.All(), "rep", "", run.Meta.LastMonth); err != nil {
		return nil, err
	}
	h.reps = slices.DeleteFunc(h.reps, func(u analytics.Unit) bool { return u.NPeople == 0 })
	h.earlier = run.Meta.LastMonth.AddDate(-1, 0, 0).Format("2006-01")
	return h, h.start()
}

func (h *house) start() error {
	var err error
	h.server, err = dashboard.New(dashboard.Config{Runs: h.runs, Store: h.store, Dir: h.dir, Log: slog.New(slog.DiscardHandler)})
	return err
}

func (h *house) close() {
	if h.http != nil {
		h.http.Close()
	}
	h.server.Close()
	h.runs.Close()
	h.store.Close()
}

// signIn makes accounts and signs them in: an executive, an administrator,
// managers of four regions, ten reps.
func (h *house) signIn(ctx context.Context) error {
	h.http = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.server.ServeHTTP(w, r) }))
	accounts := auth.Accounts{Store: h.store, Cost: auth.Cost{Memory: 64, Passes: 1, Threads: 1}}
	const password = "a level field for all"
	add := func(a store.Account, paths ...string) error {
		if _, err := accounts.Add(ctx, "bench", a, password); err != nil {
			return err
		}
		jar, err := cookiejar.New(nil)
		if err != nil {
			return err
		}
		client := &http.Client{Jar: jar, Transport: &http.Transport{MaxIdleConnsPerHost: viewers, DisableCompression: true},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		w, err := client.PostForm(h.http.URL+"/sign-in", url.Values{"name": {a.Name}, "password": {password}})
		if err != nil {
			return err
		}
		w.Body.Close()
		if w.StatusCode != http.StatusSeeOther {
			return fmt.Errorf("sign in as %s: status %d", a.Name, w.StatusCode)
		}
		r := reader{client: client, cookie: w.Cookies()[0]}
		for _, path := range paths {
			if status, _, err := h.get(r, path); err != nil {
				return err
			} else if status == http.StatusOK || status >= http.StatusInternalServerError { // pages this role may open, however slow
				r.paths = append(r.paths, path)
			}
		}
		h.readers = append(h.readers, r)
		return nil
	}
	company := []string{"/", "/regions", "/people", "/teams", "/indicators", "/indicators/sales_amount", "/indicators/win_rate?level=rep", "/indicators/sales_amount?unit=rep:" + h.reps[0].ID, "/difficulty", "/fairness", "/allocation", "/targets", "/diagnosis", "/data", "/plan", "/close", "/appeals",
		"/simulation", "/schedule", "/views", "/account", "/ratings", "/?compare=year", "/innovations", "/find?q=w", "/people/" + h.reps[0].ID, "/?region=" + h.regions[0].ID, "/regions?region=" + h.regions[0].ID}
	for _, page := range []string{"/", "/regions", "/people", "/teams", "/indicators", "/difficulty", "/allocation", "/diagnosis", "/people/" + h.reps[0].ID} { // and a month of last year
		company = append(company, page+"?month="+h.earlier)
	}
	if err := add(store.Account{Name: "executive", Role: string(auth.Executive)}, company...); err != nil {
		return err
	}
	if err := add(store.Account{Name: "admin", Role: string(auth.Admin)}, "/", "/admin", "/audit", "/schedule", "/close", "/simulation"); err != nil {
		return err
	}
	for _, r := range h.regions[:min(4, len(h.regions))] {
		if err := add(store.Account{Name: "manager-" + r.ID, Role: string(auth.Manager), Regions: []string{r.ID}}, "/", "/regions", "/people", "/teams", "/indicators", "/indicators/sales_amount", "/difficulty", "/ratings"); err != nil {
			return err
		}
	}
	for _, r := range h.reps[:min(10, len(h.reps))] {
		if err := add(store.Account{Name: "rep-" + r.ID, Role: string(auth.Rep), RepID: r.ID}, "/people/"+r.ID, "/indicators", "/indicators/sales_amount", "/appeals", "/ratings"); err != nil {
			return err
		}
	}
	return nil
}

func (h *house) get(r reader, path string) (status, size int, err error) {
	request, err := http.NewRequest(http.MethodGet, h.http.URL+path, nil)
	if err != nil {
		return 0, 0, err
	}
	request.Header.Set("Accept-Encoding", "br")
	w, err := r.client.Do(request)
	if err != nil {
		return 0, 0, err
	}
	defer w.Body.Close()
	n, err := io.Copy(io.Discard, w.Body)
	return w.StatusCode, int(n), err
}

// at asks the server itself, without a network between.
func (h *house) at(r reader, path string) (*httptest.ResponseRecorder, time.Duration) {
	request := httptest.NewRequest(http.MethodGet, path, nil)
	request.AddCookie(r.cookie)
	request.Header.Set("Accept-Encoding", "br")
	w := httptest.NewRecorder()
	start := time.Now()
	h.server.ServeHTTP(w, request)
	return w, time.Since(start)
}

// pages returns the slowest page of each role cold, from a server that has
// answered none yet, and the slowest warm, by the median of five.
func (h *house) pages(verbose bool) (cold, warm float64, err error) {
	h.server.Close()
	if err := h.start(); err != nil {
		return 0, 0, err
	}
	for _, r := range []reader{h.readers[0], h.readers[1], h.readers[2], h.readers[len(h.readers)-1]} {
		for _, path := range r.paths {
			before := worked()
			w, first := h.at(r, path)
			work := worked() - before
			if w.Code != http.StatusOK { // too slow to be answered counts as slow
				fmt.Printf("  %s: status %d after %.0f ms\n", path, w.Code, ms(first))
				cold, warm = max(cold, ms(first)), max(warm, ms(first))
				continue
			}
			var again []time.Duration
			for range 5 {
				_, t := h.at(r, path)
				again = append(again, t)
			}
			slices.Sort(again)
			if verbose {
				fmt.Printf("  %-40s cold %7.1f ms (processors %7.1f ms), warm %6.2f ms, %d KB\n", path, ms(first), ms(work), ms(again[2]), w.Body.Len()>>10)
			}
			cold, warm = max(cold, ms(first)), max(warm, ms(again[2]))
		}
	}
	return cold, warm, nil
}

// worked is the time that processors have worked for this process.
func worked() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

var linked = regexp.MustCompile(`(?:href|src)="(/assets/[^"]+)"`)

// firstVisit returns the kilobytes of the largest page with all its files.
func (h *house) firstVisit(verbose bool) (float64, error) {
	largest := 0
	for _, path := range h.readers[0].paths {
		request := httptest.NewRequest(http.MethodGet, path, nil)
		request.AddCookie(h.readers[0].cookie)
		plain := httptest.NewRecorder()
		h.server.ServeHTTP(plain, request)
		w, _ := h.at(h.readers[0], path)
		sum := w.Body.Len()
		for _, m := range linked.FindAllStringSubmatch(plain.Body.String(), -1) {
			file, _ := h.at(h.readers[0], m[1])
			sum += file.Body.Len()
		}
		if verbose {
			fmt.Printf("  %-40s %d KB\n", path, sum/1000)
		}
		largest = max(largest, sum)
	}
	if largest == 0 {
		return 0, errors.New("no page answered")
	}
	return float64(largest) / 1000, nil
}

// load is what many viewers saw.
type load struct {
	mu    sync.Mutex
	times []time.Duration
	lost  int
}

func (l *load) p99() float64 {
	slices.Sort(l.times)
	if len(l.times) == 0 {
		return 0
	}
	return ms(l.times[len(l.times)*99/100])
}

// openAll opens every page of every reader once: what a page costs that nobody
// has opened is a figure of its own, and pages belong to a run that stays.
func (h *house) openAll() {
	for _, r := range h.readers {
		for _, path := range r.paths {
			h.at(r, path)
		}
	}
}

// load lets viewers ask for a time, each page after page without a pause,
// while beside works too.
func (h *house) load(span time.Duration, beside func(stop <-chan struct{}) error) (*load, error) {
	l := &load{}
	stop := make(chan struct{})
	time.AfterFunc(span, func() { close(stop) })
	var wait sync.WaitGroup
	var err error
	if beside != nil {
		wait.Go(func() { err = beside(stop) })
	}
	for i := range viewers {
		r := h.readers[i%len(h.readers)]
		wait.Go(func() {
			var times []time.Duration
			lost := 0
			for n := i; ; n++ {
				select {
				case <-stop:
					l.mu.Lock()
					defer l.mu.Unlock()
					l.times, l.lost = append(l.times, times...), l.lost+lost
					return
				default:
				}
				start := time.Now()
				status, _, err := h.get(r, r.paths[n%len(r.paths)])
				times = append(times, time.Since(start))
				if err != nil || status != http.StatusOK {
					lost++
				}
			}
		})
	}
	wait.Wait()
	return l, err
}

// swap publishes a copy of the run and the run in turn until stop.
func (h *house) swap(stop <-chan struct{}) error {
	id, err := analytics.CurrentID(h.dir)
	if err != nil {
		return err
	}
	runs := filepath.Join(h.dir, "runs")
	other := strings.TrimSuffix(id, "-copy") + "-copy"
	h.copied = filepath.Join(runs, other) // removed when nobody reads it any more
	from := filepath.Join(runs, id)
	err = filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(h.copied, strings.TrimPrefix(path, from))
		if d.IsDir() {
			return os.MkdirAll(to, 0o755)
		}
		if err := os.Link(path, to); !errors.Is(err, fs.ErrExist) {
			return err
		}
		return nil
	})
	if err != nil {
		return err
	}
	publish := func(id string) error {
		next := filepath.Join(runs, "NEXT")
		if err := os.WriteFile(next, []byte(id+"\n"), 0o644); err != nil {
			return err
		}
		return os.Rename(next, filepath.Join(runs, "CURRENT"))
	}
	defer publish(id)
	for i := 0; ; i++ {
		select {
		case <-stop:
			return nil
		case <-time.After(2 * time.Second):
			if err := publish([]string{other, id}[i%2]); err != nil {
				return err
			}
		}
	}
}
