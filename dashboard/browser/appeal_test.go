package browser

import (
	"context"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"levelfield/analytics"
	"levelfield/dashboard"
	"levelfield/dashboard/closing"
	"levelfield/dashboard/dashtest"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/store"
	"levelfield/ingest"
	"levelfield/ingest/sample"
)

// september is a month of the small company that is sealed when its people
// look at it.
var september = time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)

// sealedHouse serves a small company that was really calculated and whose
// September is sealed. It returns what calculates it again, and the first
// people on duty: one a language, the account named as the language.
func sealedHouse(t *testing.T) (d *door, desk func() *closing.Desk, reps []analytics.Unit) {
	t.Helper()
	dir := t.TempDir()
	var ticks atomic.Int64
	now := func() time.Time { return time.Date(2026, 11, 4, 9, 0, int(ticks.Add(1)), 0, time.UTC) }
	if err := sample.Generate(dir, sample.Config{Reps: 8, Regions: 2, Teams: 2, Months: 2, OrderLines: 500, Visits: 200, Plain: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := ingest.Load(t.Context(), ingest.Workspace{Dir: dir}, []string{filepath.Join(dir, "exports")}, ingest.Options{Now: now}); err != nil {
		t.Fatal(err)
	}
	kept := dashtest.Store(t)
	kept.Now = now
	options := func(ctx context.Context) (analytics.Options, error) {
		state, err := kept.State(ctx)
		return analytics.Options{Workspace: dir, Company: "Shop", Currency: "CNY", Lang: "en", CodeVersion: "test", Now: now, State: state}, err
	}
	desk = func() *closing.Desk { // after a calculation
		opt, err := options(t.Context())
		if err == nil {
			_, err = analytics.Build(t.Context(), opt)
		}
		if err != nil {
			t.Fatal(err)
		}
		run, err := analytics.OpenCurrent(dir)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { run.Close() })
		return &closing.Desk{Options: opt, Run: run, Store: kept}
	}
	end := desk()
	by := closing.Decision{Who: "executive", Reason: "credit notes come late"}
	if err := closing.Waive(t.Context(), kept, september, closing.Reconciliation, by); err != nil {
		t.Fatal(err)
	}
	if _, err := end.Close(t.Context(), september, by); err != nil {
		t.Fatal(err)
	}
	units, err := end.Run.Units(t.Context(), analytics.All(), "rep", "", september)
	if err != nil || len(units) < len(langs) {
		t.Fatalf("%d people, %v", len(units), err)
	}
	for i, lang := range langs {
		a := store.Account{Name: lang, Role: "rep", RepID: units[i].ID, Password: dashtest.People()[0].Password}
		if _, err := kept.AddAccount(t.Context(), "test", a); err != nil {
			t.Fatal(err)
		}
		reps = append(reps, units[i])
	}
	d = newDoor(t, func(cfg *dashboard.Config, _ string) {
		cfg.Runs, cfg.Store, cfg.Options, cfg.Dir = analytics.NewRuns(dir), kept, options, dir
		t.Cleanup(cfg.Runs.Close)
	})
	kept.Now = now // the clock of the seal, on which appeals are decided too
	return d, desk, reps
}

// TestAnAppealReachesTheBridgeOfASealedMonth goes the whole way of an
// objection to a line of pay of a month that was paid: two people object, each
// in a language, and see what it would come to; somebody else accepts; the
// next calculation has it, the month is restated, and its bridge says from
// which appeals the difference is, as much as was priced.
func TestAnAppealReachesTheBridgeOfASealedMonth(t *testing.T) {
	if testing.Short() {
		t.Skip("needs calculations")
	}
	browser := start(t)
	d, calculate, reps := sealedHouse(t)
	priced := map[string]string{} // difference of pay by language
	for i, lang := range langs {
		follow(t, browser, d.URL, lang, &watch{}, func(w *walk) {
			w.signIn(lang)
			w.reach("person")
			w.open("/people/" + reps[i].ID + "?month=2026-09")
			w.at("person")
			w.says("close.state.closed")
			w.click(`#statement a.flag[href*="item=commission"]`)
			w.reach("object")
			w.fill("#expected", "61,234.56")
			w.fill("#words", "The order of 30 September is missing.")
			w.click("#object .btn.primary")
			w.reach("appeal")
			w.awaitPrice()
			accessible(t, w.ctx, "appeal priced")
			var err error
			if priced[lang], err = chromedp.Run(w.ctx, chromedp.Evaluate[string](`document.querySelector(".outcomes div:first-child span").innerText`)); err != nil || !strings.HasPrefix(priced[lang], "+") {
				t.Fatalf("pay would change by %q, %v", priced[lang], err)
			}
			w.click(`form[action$="/send"] .btn`)
			w.reach("appeal")
			w.says("appeal.was_sent")
		})
	}
	for _, lang := range langs {
		follow(t, browser, d.URL, lang, &watch{}, func(w *walk) {
			w.signIn("auditor")
			w.reach("overview")
			w.click(`[data-go="appeals"]`)
			w.reach("appeals")
			w.click(`#list tbody tr:has(.badge.look) td.name a`)
			w.reach("appeal")
			w.click(`#decide input[value="accept"]`)
			w.fill("#reason", "The order is in the finance system.")
			w.click("#decide .btn.primary")
			w.at("appeal")
			w.says("appeal.was_override")
		})
	}
	end := calculate()
	if _, err := end.Restate(t.Context(), []time.Time{september}, closing.Decision{Who: "operations", Reason: "appeals"}); err != nil {
		t.Fatal(err)
	}
	for i, lang := range langs {
		follow(t, browser, d.URL, lang, &watch{}, func(w *walk) {
			w.signIn("operations")
			w.reach("overview")
			w.open("/close?month=2026-09")
			w.at("close")
			w.says("close.cause.appeal")
			w.says("close.bridge_appeals", "n", 2, "appeals", i18n.Lang(lang).List([]string{"A-0001", "A-0002"}))
			for at, rep := range reps { // the twin's row of each: name, sealed, appeals, now, difference
				w.is(`[...document.querySelectorAll("[id^=bridge] .twin tbody tr")].filter(r => r.cells[0].textContent == "`+rep.Name+`").map(r => r.cells[r.cells.length - 1].textContent).join()`, priced[langs[at]])
			}
			w.open("/people/" + reps[i].ID + "?month=2026-09")
			w.reach("person")
			w.reads(strings.TrimPrefix(priced[lang], "+")) // a line of the statement
		})
	}
}

// awaitPrice looks again until both outcomes are there: they are calculated in
// the background.
func (w *walk) awaitPrice() {
	w.t.Helper()
	for range 100 {
		ready, err := chromedp.Run(w.ctx, chromedp.Evaluate[bool](`document.querySelector('form[action$="/send"]') !== null`))
		if err != nil {
			w.t.Fatal(err)
		}
		if ready {
			return
		}
		time.Sleep(200 * time.Millisecond)
		w.do(chromedp.Evaluate[chromedp.Void](`location.reload()`), chromedp.WaitReady(`body[data-page="appeal"][data-charts="drawn"]`))
	}
	w.t.Fatal("both outcomes were never calculated")
}
