package browser

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestKeysThemeAndMenus(t *testing.T) {
	server := serve(t)
	ctx, stop := chromedp.NewContext(startAnother(t))
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, 90*time.Second)
	defer cancel()
	do := func(steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, steps...); err != nil {
			t.Fatal(err)
		}
	}
	is := func(expression, want string) {
		t.Helper()
		got, err := chromedp.Run(ctx, chromedp.Evaluate[string]("String("+expression+")"))
		if err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s is %q, want %q", expression, got, want)
		}
	}
	do(viewport(sizes[0], sizes[0].height), chromedp.Navigate(server.URL+"/?lang=en&theme=light"), chromedp.WaitReady(`body[data-charts="drawn"]`))

	do(chromedp.KeyEvent("?"))
	is(`document.getElementById("keys").open`, "true")
	do(chromedp.KeyEvent(kb.Escape))
	is(`document.getElementById("keys").open`, "false")

	do(chromedp.KeyEvent("t"))
	is(`document.documentElement.dataset.theme`, "dark")
	is(`document.cookie.includes("lf_theme=dark")`, "true")

	do(chromedp.Click(`[data-filter="month"] summary`), chromedp.Click(`[data-filter="compare"] summary`))
	is(`document.querySelectorAll("details[data-popup][open]").length`, "1")
	do(chromedp.KeyEvent(kb.Escape))
	is(`document.querySelectorAll("details[data-popup][open]").length`, "0")

	is(`window.levelfield.image(document.querySelector("[data-chart]")).slice(0, 22)`, "data:image/png;base64,")

	do(chromedp.KeyEvent("/"))
	is(`document.activeElement.name`, "q")
	is(`document.activeElement.value = ""`, "") // the driver types "/" even where the page takes the key
	do(chromedp.KeyEvent("huadong"), chromedp.KeyEvent(kb.Enter), chromedp.WaitReady(`body[data-page="find"]`))
	is(`location.search`, "?q=huadong")
	is(`document.activeElement.blur()`, "undefined")

	do(chromedp.KeyEvent("g"), chromedp.KeyEvent("r"), chromedp.WaitReady(`body[data-page="regions"][data-charts="drawn"]`))
	is(`location.pathname`, "/regions")
}

// TestAPhoneShowsTheFirstRowsOfALongList opens the longest lists on a phone:
// the first rows, and all when asked; a wide window has all at once.
func TestAPhoneShowsTheFirstRowsOfALongList(t *testing.T) {
	browser := start(t)
	server := serve(t)
	const shown = `[...document.querySelectorAll("%s > .tbl-wrap > .tbl tbody tr")].filter(r => r.offsetHeight > 0).length`
	for path, card := range map[string]string{"/people": "#people", "/difficulty": "#people"} {
		follow(t, browser, server.URL, "en", &watch{}, func(w *walk) {
			count := func(want string) { w.t.Helper(); w.is(strings.ReplaceAll(shown, "%s", card), want) }
			w.open(path + "?lang=en")
			w.reach(strings.TrimPrefix(path, "/"))
			all, err := chromedp.Run(w.ctx, chromedp.Evaluate[int](`document.querySelectorAll("`+card+` > .tbl-wrap > .tbl tbody tr").length`))
			if err != nil || all <= 25 {
				t.Fatalf("%s lists %d people, %v", path, all, err)
			}
			count(strconv.Itoa(all))
			w.do(viewport(sizes[1], sizes[1].height))
			count("25")
			w.is(`document.documentElement.scrollHeight < 12000`, "true")
			w.do(chromedp.Click(card + " .all-rows .btn"))
			count(strconv.Itoa(all))
			accessible(t, w.ctx, path+" with all rows")
		})
	}
}
