package report_test

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"levelfield/dashboard/chart"
	"levelfield/dashboard/dashtest"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/report"
)

var october = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)

var press = sync.OnceValues(report.NewPress)

func thePress(t testing.TB) *report.Press {
	t.Helper()
	p, err := press()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func canvas(t testing.TB) *report.Canvas {
	t.Helper()
	c, err := report.NewCanvas()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// executive makes the fixture's report.
func executive(t testing.TB, lang i18n.Lang, changes ...dashtest.Change) *report.Report {
	t.Helper()
	run, release, err := dashtest.Runs(t, changes...).Acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	r, err := thePress(t).Make(context.Background(), run, report.Order{Kind: report.ForCompany, Month: october, Lang: lang, Store: dashtest.Store(t)}, october)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// every lists one order of each kind.
var every = []report.Order{
	{Kind: report.ForCompany, Month: october},
	{Kind: report.ForRegion, UnitID: dashtest.OwnRegion, Month: october},
	{Kind: report.ForTeam, UnitID: dashtest.OwnTeam, Month: october},
	{Kind: report.ForPerson, UnitID: dashtest.OwnRep, Month: october},
}

// shot keeps a file to be looked at where LEVELFIELD_SHOTS names a folder.
func shot(t testing.TB, name string, data []byte) {
	t.Helper()
	if dir := os.Getenv("LEVELFIELD_SHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func html(t testing.TB, lang i18n.Lang, changes ...dashtest.Change) string {
	t.Helper()
	var b bytes.Buffer
	if err := executive(t, lang, changes...).HTML(&b); err != nil {
		t.Fatal(err)
	}
	shot(t, "report-"+string(lang)+".html", b.Bytes())
	return b.String()
}

func TestEveryReportIsOneFileThatNeedsNothingElse(t *testing.T) {
	run, release, err := dashtest.Runs(t).Acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	for _, lang := range i18n.Langs {
		for _, o := range every {
			if lang == i18n.En && o.Kind != report.ForCompany {
				continue // the same parts in other words
			}
			o.Lang, o.State, o.Store = lang, "sealed", dashtest.Store(t)
			r, err := thePress(t).Make(t.Context(), run, o, october)
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if err := r.HTML(&b); err != nil {
				t.Fatal(err)
			}
			needsNothingElse(t, fmt.Sprintf("%s, %s", o.Kind, lang), lang, b.String())
		}
	}
}

func needsNothingElse(t *testing.T, what string, lang i18n.Lang, text string) {
	t.Helper()
	for _, never := range []string{"<script", "<link", "<img", "@import", "src=", "<iframe", "<object", " onload=", " onclick="} {
		if strings.Contains(text, never) {
			t.Errorf("%s: the report holds %s", what, never)
		}
	}
	for _, reference := range regexp.MustCompile(`url\([^)]*\)`).FindAllString(text, -1) {
		if !strings.HasPrefix(reference, "url(#") { // clip paths of the drawing itself
			t.Errorf("%s: the report refers to %s", what, reference)
		}
	}
	for _, address := range regexp.MustCompile(`https?://[^"' <]+`).FindAllString(text, -1) {
		if address != "http://www.w3.org/2000/svg" && address != "http://www.w3.org/1999/xlink" { // names, never fetched
			t.Errorf("%s: the report names %s", what, address)
		}
	}
	for _, link := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(text, -1) {
		if !strings.HasPrefix(link[1], "#") || !strings.Contains(text, `id="`+link[1][1:]+`"`) {
			t.Errorf("%s: the link %s leads to nothing in the report", what, link[1])
		}
	}
	for _, want := range []string{dashtest.RunID, `<html lang="` + string(lang) + `">`, "</html>"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s: the report lacks %s", what, want)
		}
	}
	// on paper: A4, heads of tables on every page, nothing cut that must not be
	for _, rule := range []string{`@page \{ size: A4`, `thead \{ display: table-header-group`, `figure, tr, [^{]*\{ break-inside: avoid`, `h2, h3, [^{]*\{ break-after: avoid`} {
		if !regexp.MustCompile(rule).MatchString(text) {
			t.Errorf("%s: printed it lacks the rule %s", what, rule)
		}
	}
	if tables, heads := strings.Count(text, "<table"), strings.Count(text, "<thead"); tables == 0 || heads == 0 { // a list of facts has none
		t.Errorf("%s: %d tables, %d with a head to repeat", what, tables, heads)
	}
}

func TestEveryPageReportSaysWhoseItIsAndInWhichState(t *testing.T) {
	run, release, err := dashtest.Runs(t).Acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	for _, o := range every {
		o.Lang, o.State, o.Store = i18n.En, "restated", dashtest.Store(t)
		r, err := thePress(t).Make(t.Context(), run, o, october)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := r.HTML(&b); err != nil {
			t.Fatal(err)
		}
		_, printed, _ := strings.Cut(b.String(), "<body>")
		for _, want := range []string{r.Company, r.Title, r.Lang.Month(r.Month), r.State, r.Meta.RunID, r.Meta.InputHash} {
			if !strings.Contains(printed, template.HTMLEscapeString(want)) {
				t.Errorf("%s: the page lacks %q", o.Kind, want)
			}
		}
	}
}

func TestOnlyPacksOfUnitsWithPartsNameCauses(t *testing.T) {
	run, release, err := dashtest.Runs(t).Acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	for kind, want := range map[report.Kind]int{report.ForCompany: 6, report.ForRegion: 6, report.ForTeam: 5} {
		o := every[slices.IndexFunc(every, func(o report.Order) bool { return o.Kind == kind })]
		o.Lang, o.Store = i18n.En, dashtest.Store(t)
		r, err := thePress(t).Make(t.Context(), run, o, october)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range r.Sections {
			for _, b := range s.Blocks {
				if b.ID != "moves" || b.Table == nil {
					continue
				}
				for _, row := range b.Table.Rows {
					if len(row.Cells) != want {
						t.Errorf("%s: a move has %d columns, want %d", kind, len(row.Cells), want)
					}
				}
				if got := len(b.Data.Columns); got != want {
					t.Errorf("%s: the sheet of moves has %d columns, want %d", kind, got, want)
				}
			}
		}
	}
}

func TestReportLeavesNoWordUntranslatedAndNoTokenUnresolved(t *testing.T) {
	for _, lang := range i18n.Langs {
		text := html(t, lang)
		for _, never := range []string{"$c-", "$ink", "$above", "$below", "@money", "@pct", "@n2", "NaN", "undefined", "report.", "[object"} {
			if i := strings.Index(text, never); i >= 0 {
				t.Errorf("%s: %s in %q", lang, never, text[max(0, i-60):min(len(text), i+60)])
			}
		}
	}
}

func TestReportIsTheSameBytesEveryTime(t *testing.T) {
	if html(t, i18n.ZhCN) != html(t, i18n.ZhCN) {
		t.Error("two reports of one run differ")
	}
}

func TestReportSaysWhereTargetsAreMissing(t *testing.T) {
	text := html(t, i18n.En, "delete from indicators.value where indicator = 'target_attainment'")
	if !strings.Contains(text, "No targets loaded for this month.") {
		t.Error("the report does not say that there are no targets")
	}
}

func TestReportRefusesAMonthThatWasNotCalculated(t *testing.T) {
	run, release, err := dashtest.Runs(t).Acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	_, err = thePress(t).Make(context.Background(), run, report.Order{Kind: report.ForCompany, Month: october.AddDate(9, 0, 0), Lang: i18n.En, Store: dashtest.Store(t)}, october)
	if err == nil || !strings.Contains(err.Error(), "2035-10") {
		t.Errorf("error %v does not name the month", err)
	}
}

func bars() chart.Option {
	v := 12345678.9
	return chart.Bars([]chart.Bar{{Name: "华东", Value: &v, Text: "1,234.6万", Mark: true}, {Name: "西北", Value: nil, Text: "—"}}, "@money", "@n2", "销售额")
}

func TestCanvasDrawsAPagesOptionWithoutABrowser(t *testing.T) {
	c := canvas(t)
	svg, err := c.SVG(bars(), i18n.ZhCN, 640, 240, "销售额 <区域>")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<svg", "华东", "1,234.6万", "#27323a", ">1,500万<", "销售额 &lt;区域&gt;"} {
		if !strings.Contains(string(svg), want) {
			t.Errorf("the chart has no %s", want)
		}
	}
	if svg, err = c.SVG(bars(), i18n.En, 640, 240, ""); err != nil || !strings.Contains(string(svg), ">15M<") {
		t.Errorf("no 15M on the axis of the English chart (%v)", err)
	}
}

func BenchmarkCanvas(b *testing.B) {
	c := canvas(b)
	for b.Loop() {
		if _, err := c.SVG(bars(), i18n.ZhCN, 640, 240, ""); err != nil {
			b.Fatal(err)
		}
	}
}
