package browser

import (
	"context"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"levelfield/dashboard"
	"levelfield/dashboard/dashtest"
)

// walk is one person's way through the product in a browser of his own.
type walk struct {
	t    *testing.T
	ctx  context.Context
	url  string
	lang string
	n    int
}

func (w *walk) do(steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, 30*time.Second) // the way's own time is left for saying where it ended
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		at, _ := chromedp.Run(w.ctx, chromedp.Evaluate[string](`location.href + ' ' + document.body.innerText.slice(0, 400)`))
		w.t.Fatalf("%v at %s", err, at)
	}
}

// reach waits for a page other than the one that was left by a click.
func (w *walk) reach(page string) {
	w.t.Helper()
	w.do(chromedp.WaitReady(`body[data-page="` + page + `"][data-charts="drawn"]:not([data-left])`))
}

// at reaches a page, looks at its accessibility, and keeps a picture.
func (w *walk) at(page string) {
	w.t.Helper()
	w.reach(page)
	accessible(w.t, w.ctx, page)
	w.n++
	if dir := os.Getenv("BROWSER_SHOTS"); dir != "" {
		w.t.Run(string(rune('a'+w.n-1))+" "+page, func(t *testing.T) { shoot(t, w.ctx, dir, sizes[0]) })
	}
}

// reads fails unless the page shows the text.
func (w *walk) reads(text string) {
	w.t.Helper()
	body, err := chromedp.Run(w.ctx, chromedp.Evaluate[string](`document.body.innerText`))
	if err != nil {
		w.t.Fatal(err)
	}
	if !strings.Contains(body, text) {
		w.t.Errorf("the page does not say %q", text)
	}
}

func (w *walk) open(path string) { w.t.Helper(); w.do(chromedp.Navigate(w.url + path)) }

// click clicks what is seen; where it leads to another page of the same kind,
// at tells the two apart.
func (w *walk) click(selector string) {
	w.t.Helper()
	w.do(chromedp.WaitVisible(selector), chromedp.Evaluate[chromedp.Void](`document.body.dataset.left = ""`), chromedp.Click(selector))
}

func (w *walk) fill(selector, text string) { w.t.Helper(); w.do(chromedp.SendKeys(selector, text)) }

func (w *walk) signIn(name string) {
	w.t.Helper()
	w.open("/?lang=" + w.lang)
	w.at("sign-in")
	w.enter(name, dashtest.Password)
}

// journeys are what each role mainly does.
var journeys = []struct {
	role string
	walk func(*walk)
}{
	{"executive", func(w *walk) {
		w.at("overview")
		w.click(`[data-go="regions"]`)
		w.at("regions")
		w.click(`[data-go="indicators"]`)
		w.at("indicators")
	}},
	{"manager", func(w *walk) {
		w.at("overview")
		w.reads("华东")
		w.click(`[data-go="regions"]`)
		w.at("regions")
		w.click(`[data-go="ratings"]`)
		w.at("ratings")
	}},
	{"rep", func(w *walk) {
		w.do(chromedp.WaitReady(`body[data-charts="drawn"]:not([data-page="sign-in"])`))
		w.open("/indicators/sales_amount")
		w.at("indicator")
		w.open("/appeals/new?kind=indicator&unit=" + dashtest.OwnRep + "&item=sales_amount&month=2026-10")
		w.at("object")
		w.fill("#expected", "1,500,000")
		w.fill("#words", "The order of 30 October is missing.")
		w.click("#object .btn.primary")
		w.at("appeal")
		w.awaitPrice()
		w.click(`form[action$="/send"] .btn`)
		w.do(chromedp.WaitReady(`.badges .badge.look`))
		w.at("appeal")
		w.click(`[data-go="appeals"]`)
		w.at("appeals")
		w.click(`[data-go="ratings"]`)
		w.at("ratings")
		w.do(chromedp.SetValue(`input[name="score:`+dashtest.OwnRep+`:ability"]`, "82"))
		w.click(`.row-actions.last .btn.primary`)
		w.do(chromedp.WaitReady(`body[data-page="ratings"] .notice[role="status"]`))
		w.click(`[data-go="innovations"]`)
		w.at("innovations")
		w.fill("#title", "Call before visiting")
		w.click("#new .btn.primary")
		w.do(chromedp.WaitReady(`body[data-page="innovations"] .notice[role="status"]`))
		w.reads("Call before visiting")
	}},
	{"operations", func(w *walk) {
		w.at("overview")
		w.click(`[data-go="data"]`)
		w.at("data")
	}},
	{"auditor", func(w *walk) { // decides what the rep sent
		w.at("overview")
		w.click(`[data-go="appeals"]`)
		w.at("appeals")
		w.click(`#list tbody tr:first-child td.name a`)
		w.at("appeal")
		if mine, err := chromedp.Run(w.ctx, chromedp.Evaluate[bool](`document.querySelector('#decide') !== null`)); err != nil || !mine {
			w.t.Fatalf("the appeal cannot be decided: %v", err)
		}
		w.click(`input[value="accept"]`)
		w.fill("#reason", "The order is in the finance system.")
		w.click("#decide .btn.primary")
		w.do(chromedp.WaitReady(`body[data-page="appeal"] .notice[role="status"]`))
		w.at("appeal")
		w.click(`[data-go="audit"]`)
		w.at("audit")
	}},
	{"admin", func(w *walk) {
		w.at("overview")
		w.click(`[data-go="admin"]`)
		w.at("admin")
		w.fill("#add #name", "new-"+strings.ToLower(w.lang))
		w.fill("#add #rep", dashtest.OwnRep)
		w.click("#add .btn.primary")
		w.do(chromedp.WaitReady(`body[data-page="admin"] .given`))
		w.at("admin")
		w.open("/account")
		w.at("account")
		w.click(`#who form .btn`)
		w.at("sign-in")
	}},
}

// TestEachRoleGoesItsWay walks the main journey of every role in both
// languages, signing in through the page.
func TestEachRoleGoesItsWay(t *testing.T) {
	browser := start(t)
	s, err := dashboard.New(dashboard.Config{Runs: dashtest.Runs(t), Store: dashtest.Store(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	for _, lang := range langs {
		for _, j := range journeys {
			t.Run(j.role+" "+lang, func(t *testing.T) {
				follow(t, browser, server.URL, lang, &watch{}, func(w *walk) {
					w.signIn(j.role)
					j.walk(w)
				})
			})
		}
	}
}

// follow goes one person's way, without cookies at its start, and fails on
// every fault of a page.
func follow(t *testing.T, browser context.Context, at, lang string, faults *watch, way func(*walk)) {
	t.Helper()
	ctx, stop := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	defer stop()
	faults.listen(t, ctx, strings.TrimPrefix(at, "http://"))
	ctx, cancel := context.WithTimeout(ctx, 120*time.Second)
	defer cancel()
	w := &walk{t: t, ctx: ctx, url: at, lang: lang}
	w.do(viewport(sizes[0], sizes[0].height))
	way(w)
	faults.report(t)
}
