// Package browser opens every page in a real Chromium: both languages, both
// themes, desktop and phone width. A console error, a blocked style or script,
// a request to another host, a chart that is not drawn or a page that scrolls
// sideways fails the test.
package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"levelfield/analytics"
	"levelfield/dashboard"
	"levelfield/dashboard/dashtest"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/report"
	"levelfield/dashboard/schedule"
	"levelfield/dashboard/store"
	"levelfield/dashboard/web"
)

// paths lists what is opened: every page, and the filters that change its shape.
var paths = []string{
	"/",
	"/?region=华东&compare=year",
	"/regions",
	"/regions?region=华东&month=2026-08",
	"/regions?from=华东&to=西北&sort=sales_amount&dir=asc",
	"/indicators",
	"/indicators/win_rate?level=rep",
	"/indicators/sales_amount?region=华东&unit=region:R1",
	"/indicators/gross_margin?region=华东",
	"/people",
	"/people/" + dashtest.OwnRep,
	"/teams",
	"/plan",
	"/fairness",
	"/difficulty",
	"/close",
	"/data",
	"/account",
	"/admin",
	"/audit",
	"/appeals",
	"/schedule",
	"/innovations",
	"/find?q=hua",
	"/views?at=/regions?month=2026-08",
	"/no-such-page",
}

// ofTheRep lists forms that only a rep opens.
var ofTheRep = []string{
	"/appeals/new?kind=indicator&unit=" + dashtest.OwnRep + "&item=sales_amount",
	"/ratings",
}

type size struct {
	name          string
	width, height int64
}

var sizes = []size{{"desktop", 1440, 1000}, {"phone", 390, 844}}

// way is how a page is opened.
type way struct {
	lang, theme string
	size        size
}

// langs are the languages in which every way through the product is gone.
var langs = []string{"zh-CN", "en"}

// looks are the ways in which pages are opened, two a page, taking turns: each
// page is seen in both languages, themes and sizes.
var looks = [][]way{
	{{"zh-CN", "light", sizes[0]}, {"en", "dark", sizes[1]}},
	{{"en", "dark", sizes[0]}, {"zh-CN", "light", sizes[1]}},
}

// chromium returns the browser, or skips loudly, or fails where CI=true.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	missing := "no Chromium on this machine: no page was opened in a browser. Install the package chromium and run the tests again."
	if os.Getenv("CI") == "true" {
		t.Fatal(missing)
	}
	fmt.Fprintln(os.Stderr, "*** SKIPPED: "+missing+" ***")
	t.Skip(missing)
	return ""
}

// tabs is the one browser of all tests; its profile and its end are those of
// TestMain.
var tabs = struct {
	once sync.Once
	ctx  context.Context
	err  error
	stop []func()
}{}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, stop := range slices.Backward(tabs.stop) {
		stop()
	}
	os.Exit(code)
}

// start returns the browser, started by the first test that needs it.
func start(t *testing.T) context.Context {
	t.Helper()
	if !web.IsBuilt() {
		t.Fatalf("the browser parts are not built: run `%s`", web.BuildCommand)
	}
	path := chromium(t)
	tabs.once.Do(func() { tabs.ctx, tabs.stop, tabs.err = launch(path) })
	if tabs.err != nil {
		t.Fatalf("start Chromium: %v", tabs.err)
	}
	return tabs.ctx
}

// startAnother returns a browser of the test's own, without what other tests
// left in theirs: its tab is in front, and there are no cookies.
func startAnother(t *testing.T) context.Context {
	t.Helper()
	ctx, stop, err := launch(chromium(t))
	t.Cleanup(func() {
		for _, s := range slices.Backward(stop) {
			s()
		}
	})
	if err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return ctx
}

// launch starts a browser; stop is to be called backwards, even after an error.
func launch(path string) (ctx context.Context, stop []func(), err error) {
	profile, err := os.MkdirTemp("", "levelfield-browser-")
	if err != nil {
		return nil, nil, err
	}
	stop = append(stop, func() { os.RemoveAll(profile) })
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.NoFirstRun, chromedp.NoSandbox, chromedp.Headless, chromedp.DisableGPU,
		chromedp.UserDataDir(profile), chromedp.WSURLReadTimeout(60 * time.Second),
	}
	for _, flag := range []string{"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync", "hide-scrollbars"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	ctx, end := chromedp.NewExecAllocator(context.Background(), options...)
	stop = append(stop, end)
	ctx, end = chromedp.NewContext(ctx)
	stop = append(stop, end)
	return ctx, stop, chromedp.Do(ctx, chromedp.Navigate("about:blank"))
}

func serve(t *testing.T, changes ...dashtest.Change) *httptest.Server {
	t.Helper()
	return serveAs(t, "admin", changes...)
}

// serveAs serves to one who is signed in with a role.
func serveAs(t *testing.T, role string, changes ...dashtest.Change) *httptest.Server {
	t.Helper()
	dir, state := dashtest.Workspace(t, changes...), dashtest.Store(t)
	runs := analytics.NewRuns(dir)
	t.Cleanup(runs.Close)
	if dir := os.Getenv("BROWSER_WORKSPACE"); dir != "" { // look at another company's pages
		runs = analytics.NewRuns(dir)
	}
	s, err := dashboard.New(dashboard.Config{Runs: runs, Store: state, Scheduler: jobs(dir, state)})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(dashtest.As(t, s, role))
	t.Cleanup(server.Close)
	return server
}

// jobs is a schedule with everything switched on, so that its page shows it.
func jobs(dir string, s *store.Store) *schedule.Runner {
	settings := schedule.Settings{Night: "02:30", DraftDay: 3, AfterClose: true, Everyone: true}
	settings.Recipients = []schedule.Recipient{{Name: "Chief", Mail: "chief@example.com", Report: report.ForCompany, Lang: i18n.En}}
	r := schedule.New(dir, s, settings, schedule.Mail{}, i18n.ZhCN, slog.New(slog.DiscardHandler))
	r.Refresh = func(context.Context) (string, error) { return "", nil }
	return r
}

// watch collects what a page must not do.
type watch struct {
	mu       sync.Mutex
	faults   []string
	statuses []int    // with which a page may answer: of an error page, of a refused form
	others   []string // hosts that are asked too, such as a sign-in service
}

// mayAnswer reports whether the browser's line about a status is expected.
func (w *watch) mayAnswer(line string) bool {
	return slices.ContainsFunc(w.statuses, func(status int) bool { return strings.Contains(line, fmt.Sprintf("status of %d", status)) })
}

// report fails the test on every fault.
func (w *watch) report(t *testing.T) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, fault := range w.faults {
		t.Error(fault)
	}
}

func (w *watch) add(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = append(w.faults, fmt.Sprintf(format, args...))
}

func (w *watch) listen(t *testing.T, ctx context.Context, host string) {
	t.Helper()
	err := chromedp.Listen(ctx, func(ev any) {
		switch ev := ev.(type) {
		case *runtime.EventConsoleAPICalled:
			if ev.Type == runtime.ConsoleAPICalledTypeError || ev.Type == runtime.ConsoleAPICalledTypeWarning {
				text, _ := json.Marshal(ev.Args)
				w.add("console %s: %s", ev.Type, text)
			}
		case *runtime.EventExceptionThrown:
			w.add("exception: %s in %s:%d", ev.ExceptionDetails.Text, ev.ExceptionDetails.URL, ev.ExceptionDetails.LineNumber)
		case *log.EventEntryAdded:
			if ev.Entry.Level == log.EntryLevelError && !w.mayAnswer(ev.Entry.Text) {
				w.add("log: %s %s", ev.Entry.Text, ev.Entry.URL)
			}
		case *network.EventRequestWillBeSent:
			u, err := url.Parse(ev.Request.URL)
			if err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != host && !slices.Contains(w.others, u.Host) {
				w.add("request to another host: %s", ev.Request.URL)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
}

// look is what a page tells about itself.
type look struct {
	Charts, Drawn, Failed, Undrawn int
	Width, Scroll                  int
	Unresolved                     []string // texts that no catalogue has
	Lang                           string
	Titles                         int
}

const inspect = `(() => {
	const plots = [...document.querySelectorAll('[data-chart]')];
	return {
		charts: plots.length,
		drawn: plots.filter(el => el.querySelector('canvas') && el.querySelector('canvas').width > 0).length,
		failed: [...document.querySelectorAll('.plot-failed')].filter(el => !el.hidden).length,
		undrawn: plots.filter(el => el.clientHeight === 0).length,
		width: innerWidth, scroll: document.documentElement.scrollWidth,
		unresolved: (document.body.innerText.match(/\[[a-z_]+\.[a-z_.]+\]|\{[a-z_]+\}|NaN|undefined|%!/g) || []),
		lang: document.documentElement.lang, titles: document.querySelectorAll('h1').length,
	};
})()`

func TestEveryPageInARealBrowser(t *testing.T) {
	ctx := start(t)
	for role, paths := range map[string][]string{"admin": paths, "rep": ofTheRep} {
		server := serveAs(t, role)
		host := strings.TrimPrefix(server.URL, "http://")
		for i, path := range paths {
			for _, look := range looks[i%len(looks)] {
				t.Run(strings.ReplaceAll(path, "/", "_")+" "+look.lang+" "+look.theme+" "+look.size.name, func(t *testing.T) {
					join := "?"
					if strings.Contains(path, "?") {
						join = "&"
					}
					open(t, ctx, host, server.URL+path+join+"lang="+look.lang+"&theme="+look.theme, look.lang, look.size)
				})
			}
		}
	}
}

func TestPagesOfACompanyThatExportsDealsOnly(t *testing.T) {
	ctx := start(t)
	server := serve(t, dashtest.OnlyDeals)
	host := strings.TrimPrefix(server.URL, "http://")
	for _, path := range []string{"/", "/regions"} {
		for _, s := range sizes {
			t.Run(path+" "+s.name, func(t *testing.T) {
				open(t, ctx, host, server.URL+path+"?lang=zh-CN&theme=light&only=deals", "zh-CN", s)
			})
		}
	}
}

// open loads one address in a tab of its own and fails on any fault. With
// BROWSER_SHOTS set to a folder it leaves a picture there.
func open(t *testing.T, browser context.Context, host, address, lang string, s size) {
	t.Helper()
	ctx, stop := chromedp.NewContext(browser)
	defer stop()
	w := &watch{}
	if strings.Contains(address, "no-such-page") {
		w.statuses = []int{404}
	}
	w.listen(t, ctx, host)
	ctx, cancel := context.WithTimeout(ctx, 60*time.Second)
	defer cancel()
	err := chromedp.Do(ctx,
		viewport(s, s.height),
		chromedp.Navigate(address),
		chromedp.WaitReady(`body[data-charts="drawn"]`),
	)
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	got, err := chromedp.Run(ctx, chromedp.Evaluate[look](inspect))
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	accessible(t, ctx, address)
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, fault := range w.faults {
		t.Errorf("%s: %s", address, fault)
	}
	if got.Drawn != got.Charts || got.Failed > 0 || got.Undrawn > 0 {
		t.Errorf("%d of %d charts drawn, %d failed, %d without height", got.Drawn, got.Charts, got.Failed, got.Undrawn)
	}
	if got.Scroll > got.Width {
		t.Errorf("the page is %d px wide in a window of %d", got.Scroll, got.Width)
	}
	if len(got.Unresolved) > 0 {
		t.Errorf("texts left unresolved: %v", got.Unresolved)
	}
	if got.Lang != lang || got.Titles != 1 {
		t.Errorf("lang %q and %d first headings, want %q and 1", got.Lang, got.Titles, lang)
	}
	if dir := os.Getenv("BROWSER_SHOTS"); dir != "" {
		shoot(t, ctx, dir, s)
	}
}

// viewport sets the size of the window; phones report themselves as such.
func viewport(s size, height int64) chromedp.Action[chromedp.Void] {
	if s.name == "phone" {
		return chromedp.EmulateViewport(s.width, height, chromedp.EmulateMobile)
	}
	return chromedp.EmulateViewport(s.width, height)
}

func shoot(t *testing.T, ctx context.Context, dir string, s size) {
	t.Helper()
	height, err := chromedp.Run(ctx, chromedp.Evaluate[int64](`document.documentElement.scrollHeight`))
	if err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, viewport(s, height)); err != nil {
		t.Fatal(err)
	}
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	name := strings.NewReplacer("/", "_", " ", "_", "?", "_", "&", "_", "=", "-").Replace(strings.TrimPrefix(t.Name(), "Test")) + ".png"
	if err := os.WriteFile(filepath.Join(dir, name), picture, 0o644); err != nil {
		t.Fatal(err)
	}
}
