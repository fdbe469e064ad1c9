package browser

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"levelfield/dashboard/dashtest"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/report"
)

// fewestLines is how many lines of text a printed page has at least. A header
// or a footer that is alone on a page has fewer.
const fewestLines = 6

// TestAnHTMLReportPrintsOnFullPages prints a report with a cover and one
// without: on A4, each page with more than what was left over, and on the last
// one the run.
func TestAnHTMLReportPrintsOnFullPages(t *testing.T) {
	browser := start(t)
	if _, err := exec.LookPath("pdftotext"); err != nil {
		missing := "no pdftotext on this machine: no printed page was read. Install the package poppler-utils and run the tests again."
		if os.Getenv("CI") == "true" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	press, err := report.NewPress()
	if err != nil {
		t.Fatal(err)
	}
	run, release, err := dashtest.Runs(t).Acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	month := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	for _, o := range []report.Order{{Kind: report.ForCompany, Lang: i18n.En}, {Kind: report.ForPerson, UnitID: dashtest.OwnRep, Lang: i18n.ZhCN}} {
		o.Month, o.Store = month, dashtest.Store(t)
		r, err := press.Make(t.Context(), run, o, month)
		if err != nil {
			t.Fatal(err)
		}
		var html bytes.Buffer
		if err := r.HTML(&html); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "report.html")
		if err := os.WriteFile(file, html.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		tab, stop := chromedp.NewContext(browser)
		defer stop()
		if err := chromedp.Do(tab, chromedp.Navigate("file://"+file)); err != nil {
			t.Fatal(err)
		}
		yes := true
		printed, err := chromedp.Call(tab, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: &yes, PrintBackground: &yes})
		if err != nil {
			t.Fatal(err)
		}
		if dir := os.Getenv("BROWSER_SHOTS"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, string(o.Kind)+"-printed.pdf"), printed.Data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		cmd := exec.Command("pdftotext", "-layout", "-", "-")
		cmd.Stdin = bytes.NewReader(printed.Data)
		text, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		pages := strings.Split(strings.TrimSuffix(string(text), "\f"), "\f")
		if len(pages) < 2 || len(pages) > len(r.Sections)+3 {
			t.Errorf("%s: printed on %d pages", o.Kind, len(pages))
		}
		for i, p := range pages {
			lines := 0
			for line := range strings.Lines(p) {
				if strings.TrimSpace(line) != "" {
					lines++
				}
			}
			if lines < fewestLines {
				t.Errorf("%s: page %d of %d holds no more than\n%s", o.Kind, i+1, len(pages), strings.TrimSpace(p))
			}
		}
		if last := pages[len(pages)-1]; !strings.Contains(last, r.Meta.RunID) {
			t.Errorf("%s: the last page does not end with the run", o.Kind)
		}
		if !bytes.Contains(printed.Data, []byte("/MediaBox [0 0 594.9")) { // points, rounded to pixels
			t.Errorf("%s: not printed on A4", o.Kind)
		}
	}
}
