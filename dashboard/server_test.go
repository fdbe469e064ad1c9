package dashboard_test

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/xuri/excelize/v2"

	"levelfield/analytics"
	"levelfield/dashboard"
	"levelfield/dashboard/dashtest"
)

// server serves the fixture to an admin, whom every page opens for.
func server(t *testing.T, changes ...dashtest.Change) http.Handler {
	t.Helper()
	return serverAs(t, "admin", dashboard.Config{Runs: dashtest.Runs(t, changes...)})
}

// serverAs serves to the account of a name, see dashtest.Store.
func serverAs(t *testing.T, name string, cfg dashboard.Config) http.Handler {
	t.Helper()
	if cfg.Store == nil {
		cfg.Store = dashtest.Store(t)
	}
	s, err := dashboard.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return dashtest.As(t, s, name)
}

func get(t testing.TB, s http.Handler, target string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

var pages = []string{"/", "/?region=" + url.QueryEscape("华东"), "/regions", "/regions?region=" + url.QueryEscape("华东"), "/?month=2024-11", "/regions?month=2024-12&compare=year",
	"/people", "/people?q=R1T1&sort=score&dir=asc&state=above", "/people/" + dashtest.OwnRep, "/people/" + dashtest.OwnRep + "?month=2024-11",
	"/teams", "/plan", "/plan?version=default"}

func TestEveryPageIsMadeInBothLanguages(t *testing.T) {
	for state, s := range map[string]http.Handler{"full": server(t), "deals only": server(t, dashtest.OnlyDeals)} {
		for _, page := range pages {
			for _, lang := range []string{"zh-CN", "en"} {
				t.Run(state+" "+page+" "+lang, func(t *testing.T) {
					w := get(t, s, page, "Accept-Language", lang)
					body := w.Body.String()
					if w.Code != http.StatusOK {
						t.Fatalf("status %d", w.Code)
					}
					for _, wrong := range []string{"&lt;nil&gt;", "%!", "NaN", "[kpi.", "ZgotmplZ", "<no value>"} {
						if strings.Contains(body, wrong) {
							t.Errorf("the page holds %s", wrong)
						}
					}
					if left := regexp.MustCompile(`>[^<]*(\{[a-z_]+\}|\[[a-z]+\.[a-z_.]+\])`).FindString(body); left != "" {
						t.Errorf("a text is left unresolved: %s", left)
					}
					if !strings.Contains(body, `<html lang="`+lang+`"`) {
						t.Error("the page does not say its language")
					}
				})
			}
		}
	}
}

// TestEveryChartSaysHowItIsCalculated looks at the cards of every page that
// hold a chart.
func TestEveryChartSaysHowItIsCalculated(t *testing.T) {
	s := server(t)
	charts := 0
	for _, path := range append([]string{"/indicators/win_rate", "/fairness", "/difficulty", "/allocation", "/targets", "/diagnosis", "/data"}, pages...) {
		for _, card := range strings.Split(get(t, s, path, "Accept-Language", "en").Body.String(), `<section class="card`)[1:] {
			card, _, _ = strings.Cut(card, "</section>")
			if !strings.Contains(card, "data-chart") {
				continue
			}
			charts++
			if !strings.Contains(card, "How is this calculated") && !strings.Contains(card, `href="#rules"`) {
				_, title, _ := strings.Cut(card, "<h3>")
				title, _, _ = strings.Cut(title, "</h3>")
				t.Errorf("%s: %q does not say how it is calculated", path, title)
			}
		}
	}
	if charts < 20 {
		t.Errorf("only %d charts were looked at", charts)
	}
}

func TestNothingInlineLeavesAPage(t *testing.T) {
	inline := regexp.MustCompile(`(?i)<[^>]+\s(style|on[a-z]+)=|<style|<script>|javascript:`)
	s := server(t)
	for _, page := range pages {
		if found := inline.FindString(get(t, s, page).Body.String()); found != "" {
			t.Errorf("%s holds %s, which the content policy blocks", page, found)
		}
	}
	policy := get(t, s, "/").Header().Get("Content-Security-Policy")
	if !strings.Contains(policy, "script-src 'self';") || strings.Contains(policy, "unsafe") {
		t.Errorf("content policy is %q", policy)
	}
}

func TestAWrongFilterIsExplained(t *testing.T) {
	s := server(t)
	for target, want := range map[string]string{
		"/?month=2031-01":       "Month 2031-01 is not in the data. Months are written 2026-10; the data runs from 2024-11 to 2026-10.",
		"/?region=Atlantis":     "There is no region Atlantis.",
		"/?compare=week":        "compare must be prev or year, not week.",
		"/?month=x&compare=y":   "Month x is not in the data. Months are written 2026-10; the data runs from 2024-11 to 2026-10. compare must be prev or year, not y.",
		"/?card=trend&as=pdf":   "as must be csv or xlsx, not pdf.",
		"/?region=%3Cscript%3E": "There is no region &lt;script&gt;.",
	} {
		w := get(t, s, target, "Accept-Language", "en")
		if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: status %d, the page does not say %q", target, w.Code, want)
		}
	}
	w := get(t, s, "/no/such", "Accept-Language", "en")
	if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "There is no page at /no/such.") {
		t.Errorf("an unknown page: status %d", w.Code)
	}
	if w := get(t, s, "/?card=nothing"); w.Code != http.StatusNotFound {
		t.Errorf("an unknown card: status %d", w.Code)
	}
}

func TestBeforeTheFirstCalculationThePageSaysWhatToDo(t *testing.T) {
	runs := analytics.NewRuns(t.TempDir())
	t.Cleanup(runs.Close)
	s := serverAs(t, "admin", dashboard.Config{Runs: runs})
	w := get(t, s, "/", "Accept-Language", "en")
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Nothing has been calculated yet") {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
}

func TestAPageThatTakesTooLongSaysSo(t *testing.T) {
	cfg := dashboard.Config{Runs: dashtest.Runs(t), Store: dashtest.Store(t), Log: slog.New(slog.DiscardHandler)}
	patient, err := dashboard.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	cookie := dashtest.SignIn(t, patient, "admin", dashtest.Password)
	cfg.Timeout = time.Nanosecond
	s, err := dashboard.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	w := get(t, s, "/", "Accept-Language", "en", "Cookie", cookie.String())
	if w.Code != http.StatusGatewayTimeout || !strings.Contains(w.Body.String(), "The page took too long") {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
}

func TestCardsAreExportedInFullPrecision(t *testing.T) {
	s := server(t)
	w := get(t, s, "/?card=trend&as=csv", "Accept-Language", "en")
	if got := w.Header().Get("Content-Disposition"); got != "attachment; filename*=UTF-8''overview-trend-2026-10-r-20261104-f1c7.csv" {
		t.Errorf("file name: %s", got)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(w.Body.String(), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 13 || strings.Join(rows[0], "|") != "Month|Sales|Target|Gap to target|Month shown|Unit shown|Run|Address" {
		t.Fatalf("%d rows under %v", len(rows), rows[0])
	}
	if rows[12][0] != "2026-10-01" || !regexp.MustCompile(`^\d{7,}\.\d+$`).MatchString(rows[12][1]) {
		t.Errorf("the last month is %v", rows[12])
	}
	f, err := excelize.OpenReader(get(t, s, "/?card=trend&as=xlsx").Body)
	if err != nil {
		t.Fatal(err)
	}
	if cells, err := f.GetRows("Sheet1"); err != nil || len(cells) != 13 {
		t.Errorf("%d rows in the workbook, %v", len(cells), err)
	}
	for page, cards := range map[string][]string{
		"/":        {"rank", "trend", "bridge", "moves", "others", "data"},
		"/regions": {"table", "smalls", "gap", "pair"},
	} {
		for _, card := range cards {
			if w := get(t, s, page+"?card="+card); w.Code != http.StatusOK || w.Body.Len() < 10 {
				t.Errorf("%s card %s: status %d", page, card, w.Code)
			}
		}
	}
}

// TestEveryLineOfACSVFileSaysWhatItIsOf: month, unit, run and the address with
// every filter, also where a name in it would be run as a formula; the columns
// before them are those of the page.
func TestEveryLineOfACSVFileSaysWhatItIsOf(t *testing.T) {
	s := server(t, "update core.unit set unit_name = '=cmd|x' where unit_id = 'R1'")
	address := "/regions?" + url.Values{"compare": {"year"}, "month": {"2026-09"}, "region": {"R1"}}.Encode()
	file := func(as string) [][]string {
		w := get(t, s, address+"&card=table&as="+as, "Accept-Language", "en")
		if as == "csv" {
			if !strings.HasPrefix(w.Body.String(), "\ufeff") {
				t.Error("the file has no byte order mark")
			}
			rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(w.Body.String(), "\ufeff"))).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			return rows
		}
		f, err := excelize.OpenReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := f.GetRows("Sheet1")
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	lines, cells := file("csv"), file("xlsx")
	if len(lines) < 2 || len(lines) != len(cells) {
		t.Fatalf("%d lines, %d rows in the workbook", len(lines), len(cells))
	}
	for i, line := range lines {
		n := len(line) - 4
		want := []string{"2026-09", "'=cmd|x", dashtest.RunID, address}
		if i == 0 {
			want = []string{"Month shown", "Unit shown", "Run", "Address"}
		}
		if !slices.Equal(line[n:], want) {
			t.Errorf("line %d ends with %q, want %q", i, line[n:], want)
		}
		if n != len(cells[0]) {
			t.Errorf("line %d has %d columns of the page, the workbook %d", i, n, len(cells[0]))
		}
	}
}

func TestTheBridgeAddsUpToTheChangeOfSales(t *testing.T) {
	s := server(t)
	for _, filters := range []string{"", "&compare=year", "&region=" + url.QueryEscape("港澳"), "&month=2026-03"} {
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(get(t, s, "/?card=bridge"+filters).Body.String(), "\ufeff"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		sum, total := 0.0, 0.0
		for i, row := range rows[1:] {
			var v float64
			if _, err := fmt.Sscan(row[1], &v); err != nil {
				t.Fatal(err)
			}
			if i == len(rows)-2 {
				total = v
			} else {
				sum += v
			}
		}
		if diff := sum - total; diff > .005 || diff < -.005 {
			t.Errorf("%q: steps add up to %.2f, the change is %.2f", filters, sum, total)
		}
	}
}

func TestPagesAreNotSentTwice(t *testing.T) {
	s := server(t)
	tag := get(t, s, "/").Header().Get("ETag")
	if tag == "" {
		t.Fatal("no ETag")
	}
	if w := get(t, s, "/", "If-None-Match", tag); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("an unchanged page: status %d, %d bytes", w.Code, w.Body.Len())
	}
	if w := get(t, s, "/?lang=en", "If-None-Match", tag); w.Code != http.StatusOK {
		t.Errorf("the page in another language: status %d", w.Code)
	}
}

func TestPagesAndAssetsAreCompressed(t *testing.T) {
	s := server(t)
	plain := get(t, s, "/").Body.String()
	style := regexp.MustCompile(`/assets/shared/parts\.[0-9a-f]+\.css`).FindString(plain)
	for _, target := range []string{"/", style} {
		want := get(t, s, target).Body.String()
		for accept, open := range map[string]func(io.Reader) (io.Reader, error){
			"gzip":     func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
			"gzip, br": func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
		} {
			w := get(t, s, target, "Accept-Encoding", accept)
			r, err := open(w.Body)
			if err != nil {
				t.Fatalf("%s as %s: %v", target, accept, err)
			}
			got, err := io.ReadAll(r)
			if err != nil || string(got) != want {
				t.Errorf("%s as %s differs from the plain answer: %v", target, accept, err)
			}
		}
	}
	if got := get(t, s, style).Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
		t.Errorf("styles are kept %q", got)
	}
}

func TestLanguageAndThemeAreRemembered(t *testing.T) {
	s := server(t)
	w := get(t, s, "/?lang=en", "Accept-Language", "zh-CN")
	if got := w.Header().Get("Set-Cookie"); !strings.HasPrefix(got, "lf_lang=en") {
		t.Errorf("cookie %q", got)
	}
	body := get(t, s, "/", "Accept-Language", "zh-CN", "Cookie", "lf_lang=en; lf_theme=dark").Body.String()
	if !strings.Contains(body, `<html lang="en" data-theme="dark">`) {
		t.Error("the cookies are not followed")
	}
}

func TestTablesAreSortedByTheURL(t *testing.T) {
	s := server(t)
	names := regexp.MustCompile(`<td class="name"><a [^>]*>([^<]+)</a>`)
	order := func(target string) string {
		var all []string
		for _, m := range names.FindAllStringSubmatch(get(t, s, target).Body.String(), -1) {
			all = append(all, m[1])
		}
		return strings.Join(all, " ")
	}
	down, up := order("/regions?sort=sales_amount"), order("/regions?sort=sales_amount&dir=asc")
	if down != "华东 华南 华北 华中 西南 西北 东北 港澳" {
		t.Errorf("by sales: %s", down)
	}
	if up != "港澳 东北 西北 西南 华中 华北 华南 华东" {
		t.Errorf("by sales, rising: %s", up)
	}
}
