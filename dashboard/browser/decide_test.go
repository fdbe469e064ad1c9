package browser

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestPagesOfDecisions opens the pages on which executives and managers decide,
// wide and light, narrow and dark, and works each by keyboard alone.
func TestPagesOfDecisions(t *testing.T) {
	browser := start(t)
	server := serveAs(t, "executive")
	host := strings.TrimPrefix(server.URL, "http://")
	for _, path := range []string{"/targets", "/targets?at=R1&products=sales", "/allocation", "/simulation", "/diagnosis"} {
		join := "?"
		if strings.Contains(path, "?") {
			join = "&"
		}
		t.Run(path+" desktop", func(t *testing.T) {
			open(t, browser, host, server.URL+path+join+"lang=en&theme=light", "en", sizes[0])
		})
		t.Run(path+" phone", func(t *testing.T) {
			open(t, browser, host, server.URL+path+join+"lang=zh-CN&theme=dark", "zh-CN", sizes[1])
		})
	}
	ctx, stop := chromedp.NewContext(browser)
	defer stop()
	faults := &watch{}
	faults.listen(t, ctx, host)
	ctx, cancel := context.WithTimeout(ctx, 120*time.Second)
	defer cancel()
	w := &walk{t: t, ctx: ctx, url: server.URL, lang: "en"}
	w.do(viewport(sizes[0], sizes[0].height))
	ready := func(page string) {
		w.t.Helper()
		w.do(chromedp.WaitReady(`body[data-page="` + page + `"][data-charts="drawn"]`))
	}
	is := func(expression, want string) {
		t.Helper()
		got, err := chromedp.Run(ctx, chromedp.Evaluate[string]("String("+expression+")"))
		if err != nil || got != want {
			t.Errorf("%s is %q (%v), want %q", expression, got, err, want)
		}
	}
	focus := func(selector string) { // by the element's own focus: Tab order is axe's and the reader's
		t.Helper()
		is(`(document.querySelector('`+selector+`').focus(), document.activeElement === document.querySelector('`+selector+`'))`, "true")
	}

	w.open("/allocation?lang=en&theme=light")
	ready("allocation")
	before, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.getElementById("total-text").innerText`))
	if err != nil {
		t.Fatal(err)
	}
	focus("#total")
	w.do(chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowRight), chromedp.WaitReady(`body[data-answered]`))
	is(`location.search.includes("total=") && document.getElementById("total-text").innerText !== `+"`"+before+"`", "true")
	is(`document.activeElement.id`, "total")
	focus("#why")
	w.do(chromedp.KeyEvent("steps of the spring"), chromedp.KeyEvent(kb.Enter), chromedp.WaitReady(`body[data-page="allocation"] .notice[role="status"]`))
	is(`document.querySelectorAll(".kept dt").length`, "1")

	w.open("/targets?lang=en")
	ready("targets")
	focus("#total")
	is(`(document.getElementById("total").select(), true)`, "true")
	w.do(chromedp.KeyEvent("48000000"), chromedp.KeyEvent(kb.Enter))
	w.do(chromedp.WaitReady(`#total[value="48000000.00"]`))
	ready("targets")
	is(`document.querySelector("#tree tfoot td.num").innerText.replaceAll(",", "")`, "48000000.00")
	focus("#reason")
	w.do(chromedp.KeyEvent("plan of the winter"), chromedp.KeyEvent(kb.Enter), chromedp.WaitReady(`body[data-page="targets"] .notice[role="status"]`))
	is(`document.querySelector("#versions tbody td.name").innerText`, "T-0001")

	w.open("/diagnosis?lang=en")
	ready("diagnosis")
	focus("#coaching tbody tr:last-child a")
	w.do(chromedp.KeyEvent(kb.Enter), chromedp.WaitReady(`body[data-page="diagnosis"][data-charts="drawn"] #coaching tbody tr:last-child.shown`))
	is(`location.hash`, "#person")

	w.open("/simulation?lang=en")
	ready("simulation")
	focus("#coefficients")
	w.do(chromedp.KeyEvent(kb.ArrowDown))
	focus("#ask .btn.primary")
	w.do(chromedp.KeyEvent(kb.Enter), chromedp.WaitReady(`body[data-page="simulation"] .state.error`))
	is(`new URLSearchParams(location.search).get("coefficients")`, "data")
	faults.report(t)
}
