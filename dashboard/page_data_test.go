package dashboard_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"levelfield/analytics"
	"levelfield/dashboard"
	"levelfield/dashboard/dashtest"
	"levelfield/dashboard/i18n"
	"levelfield/ingest"
	"levelfield/ingest/table"
)

var workPages = []string{
	"/indicators", "/indicators?region=R1&compare=year", "/indicators/sales_amount", "/indicators/win_rate?level=rep",
	"/indicators/gross_margin?level=team", "/indicators/sales_amount?month=2024-11", "/data", "/data?month=2024-11",
}

// withRefused is a server whose workspace holds a marked copy and, beside its
// folder, a file that no address may reach.
func withRefused(t *testing.T) (http.Handler, string) {
	t.Helper()
	dir := dashtest.Workspace(t)
	folder := filepath.Join(dir, "lake", "refused")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	copied := "id;amount;levelfield: column;levelfield: reason\nD1;x;amount;\"row 2: \"\"x\"\" not a number\"\n"
	for name, text := range map[string]string{filepath.Join(folder, "2-crm.csv"): copied, filepath.Join(dir, "levelfield.yaml"): "secret: 1"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	runs := analytics.NewRuns(dir)
	t.Cleanup(runs.Close)
	s := serverAs(t, "admin", dashboard.Config{Runs: runs, Dir: dir, ReadRefused: readRefused})
	return s, copied
}

// readRefused is what the command line gives the server.
func readRefused(path string, most int) ([]dashboard.RefusedRow, error) {
	var all []dashboard.RefusedRow
	rows, err := ingest.ReadMarked(path, most)
	for _, r := range rows {
		all = append(all, dashboard.RefusedRow{Sheet: r.Sheet, Row: r.Row, Column: r.Column, Reason: r.Reason})
	}
	return all, err
}

func TestIndicatorAndDataPagesAreMadeInBothLanguages(t *testing.T) {
	for state, s := range map[string]http.Handler{"full": server(t), "deals only": server(t, dashtest.OnlyDeals)} {
		for _, page := range workPages {
			for _, lang := range []string{"zh-CN", "en"} {
				t.Run(state+" "+page+" "+lang, func(t *testing.T) {
					w := get(t, s, page, "Accept-Language", lang)
					body := w.Body.String()
					if w.Code != http.StatusOK {
						t.Fatalf("status %d: %.2000s", w.Code, body)
					}
					if left := regexp.MustCompile(`>[^<]*(\{[a-z_]+\}|\[[a-z]+\.[a-z_.]+\])|&lt;nil&gt;|%!|NaN|ZgotmplZ`).FindString(body); left != "" {
						t.Errorf("a text is left unresolved: %s", left)
					}
					if found := regexp.MustCompile(`(?i)<[^>]+\s(style|on[a-z]+)=|<style|<script>`).FindString(body); found != "" {
						t.Errorf("the page holds %s, which the content policy blocks", found)
					}
				})
			}
		}
	}
}

func TestAValueOpensDownToFileAndRow(t *testing.T) {
	s := server(t)
	body := get(t, s, "/indicators/sales_amount?unit=region:R1").Body.String()
	for _, want := range []string{"exports/", "与分子完全一致"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not show %s", want)
		}
	}
	csv := get(t, s, "/indicators/sales_amount?unit=region:R1&card=rows&as=csv").Body.String()
	if strings.Count(csv, "\n") <= 21 {
		t.Error("the export holds no more rows than the page shows")
	}
}

func TestRowsThatDoNotProveAValueAreNotShown(t *testing.T) {
	body := get(t, server(t), "/indicators/gross_margin?unit=company:company", "Accept-Language", "en").Body.String()
	if !strings.Contains(body, "The rows do not prove this value") || strings.Contains(body, "exactly the numerator") {
		t.Error("rows that add up to something else are shown as proof")
	}
}

func TestAnIndicatorAddressThatIsWrongSaysWhy(t *testing.T) {
	s := server(t)
	for target, want := range map[string]struct {
		status int
		text   string
	}{
		"/indicators/no_such":                   {404, "There is no page at /indicators/no_such."},
		"/indicators/sales_amount?level=planet": {400, "level must be region, team or rep, not planet."},
		"/indicators/sales_amount?unit=R1":      {400, "unit is written kind:id, such as region:R1, not R1."},
	} {
		w := get(t, s, target, "Accept-Language", "en")
		if w.Code != want.status || !strings.Contains(w.Body.String(), want.text) {
			t.Errorf("%s answers %d without %q", target, w.Code, want.text)
		}
	}
}

func TestTheMarkedCopyIsDownloadedAndNothingElse(t *testing.T) {
	s, copied := withRefused(t)
	page := get(t, s, "/data").Body.String()
	for _, want := range []string{"/data/refused/2-crm.csv", "“x”不是数字", "第2行"} {
		if !strings.Contains(page, want) {
			t.Errorf("the data page does not show %s", want)
		}
	}
	w := get(t, s, "/data/refused/2-crm.csv")
	if w.Code != http.StatusOK || w.Body.String() != copied {
		t.Errorf("the copy comes as %d %q", w.Code, w.Body.String())
	}
	if got := w.Header().Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
		t.Errorf("the copy is not an attachment: %s", got)
	}
	for _, target := range []string{"/data/refused/1", "/data/refused/1-crm.csv", "/data/refused/", "/data/refused/levelfield.yaml", "/data/refused/..", "/data/refused/%2e%2e%2f%2e%2e%2flevelfield.yaml", "/data/refused/..%2f..%2flevelfield.yaml", "/data/refused/../../levelfield.yaml"} {
		if w := get(t, s, target); w.Code == http.StatusOK || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s answers %d", target, w.Code)
		}
	}
}

func TestAMarkedCopyThatLeadsOutOfTheWorkspaceIsNotFound(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret.yaml")
	if err := os.WriteFile(secret, []byte("secret: 1"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ path, address string }{
		"a load that names a file above":    {"../../secret.yaml", "/data/refused/secret.yaml"},
		"a load that climbs out":            {"lake/refused/../../secret.yaml", "/data/refused/..%2f..%2fsecret.yaml"},
		"a copy that is a link to the file": {"lake/refused/2-crm.csv", "/data/refused/2-crm.csv"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := dashtest.Workspace(t, dashtest.Change("update meta.load set refused_path = '"+c.path+"' where batch = 2"))
			folder := filepath.Join(dir, "lake", "refused")
			if err := os.MkdirAll(folder, 0o755); err != nil {
				t.Fatal(err)
			}
			for _, link := range []string{"2-crm.csv", "secret.yaml"} {
				if err := os.Symlink(secret, filepath.Join(folder, link)); err != nil {
					t.Fatal(err)
				}
			}
			runs := analytics.NewRuns(dir)
			t.Cleanup(runs.Close)
			s := serverAs(t, "admin", dashboard.Config{Runs: runs, Dir: dir})
			if w := get(t, s, c.address); w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "secret:") {
				t.Errorf("%s answers %d", c.address, w.Code)
			}
		})
	}
}

func TestTheDataPageSaysWhatItFound(t *testing.T) {
	const empty dashtest.Change = `delete from meta.load; delete from meta.load_table; delete from meta.lake_file; delete from checks.result; delete from core.unmatched; delete from core.reconciliation;`
	const hostile dashtest.Change = `update core.unmatched set value = '<script>alert(1)</script>'; update meta.load_table set notes_json = '["<b>x</b>"]';
		update checks.result set sample_json = '[{"<i>":"</script><b>"}]';`
	const clean dashtest.Change = `update meta.load_table set n_refused = 0, n_loaded = n_read; update core.reconciliation set is_crm_agreed = true;`
	for _, c := range []struct {
		name   string
		change dashtest.Change
		target string
		want   []string
		never  []string
	}{
		{"all of it", "", "/data", []string{"37 of 108,788 rows were refused; CRM and finance differ in 1 of 8 regions in Oct 2026",
			"1 of 4 checks found rows to look at", "1 value matches nobody, ¥34.0K in all; 1 matched by spelling", "GTX Pro (by spelling)"}, nil},
		{"nothing to complain of", clean, "/data", []string{"All 108,788 rows were loaded; CRM and finance agree within 1% in Oct 2026, and cash fits", "No row was refused"}, nil},
		{"nothing at all", empty, "/data", []string{"Nothing has been loaded yet", "No file was loaded", "This run has no checks", "Nothing to compare in Oct 2026", "Every name was found as written"}, nil},
		{"one region", "", "/data?region=R1", []string{"CRM and finance differ by more than 1% in 12 of 12 months", "CRM and finance differ by 3.00% in Oct 2026", "Nov 2025</a>"}, nil},
		{"one kind of data", "", "/data?entity=order_line", []string{"1 file, 12,004 rows read, none refused", "<b>Order line</b>"}, []string{"crm.csv"}},
		{"names that are markup", hostile, "/data", []string{"&lt;script&gt;alert(1)", "&lt;b&gt;x&lt;/b&gt;"}, []string{"<script>alert", "<b>x</b>", "</script><b>"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			changes := []dashtest.Change{}
			if c.change != "" {
				changes = append(changes, c.change)
			}
			w := get(t, server(t, changes...), c.target, "Accept-Language", "en")
			body := w.Body.String()
			if w.Code != http.StatusOK {
				t.Fatalf("status %d: %.500s", w.Code, body)
			}
			for _, want := range c.want {
				if !strings.Contains(body, want) {
					t.Errorf("the page does not say %q; its finding is %s", want, regexp.MustCompile(`<h[13].*?</h[13]>`).FindAllString(body, -1))
				}
			}
			for _, never := range c.never {
				if strings.Contains(body, never) {
					t.Errorf("the page holds %q", never)
				}
			}
		})
	}
	w := get(t, server(t), "/data?entity=planet", "Accept-Language", "en")
	if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "No data of the kind planet was loaded.") {
		t.Errorf("an unknown kind of data answers %d", w.Code)
	}
}

func TestTheTablesOfTheDataPageAreExported(t *testing.T) {
	s, _ := withRefused(t)
	for card, want := range map[string]string{
		"loads":          "exports/crm.csv,,crm,Deal,9100,9063,37,0,,12,2026-11-03 22:40:00,dates are day first",
		"refused":        `crm.csv,,2,amount,"""x"" is not a number"`,
		"freshness":      "Order line,2026-10-01,12004,2026-11-04 09:01:00",
		"checks":         "People without a match,core.rep.unmatched,core.rep,warns,no,3",
		"reconciliation": ",no,",
		"names":          "张三(华东),Salesperson,Order line,12,34000,\"itself, matches nobody\",matches nobody",
	} {
		if body := get(t, s, "/data?card="+card+"&as=csv", "Accept-Language", "en").Body.String(); !strings.Contains(body, want) {
			t.Errorf("%s does not hold %q:\n%s", card, want, body)
		}
		if w := get(t, s, "/data?card="+card+"&as=xlsx"); w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), "PK") {
			t.Errorf("%s as a workbook answers %d", card, w.Code)
		}
	}
}

func TestEveryEntityHasItsName(t *testing.T) {
	for _, e := range table.All {
		for lang, want := range map[i18n.Lang]string{i18n.En: e.En, i18n.ZhCN: e.Zh} {
			if got := lang.T("entity." + e.Name); got != want {
				t.Errorf("%s is %q in %s, not %q", e.Name, got, lang, want)
			}
		}
	}
}

func TestEveryCardOfTheDataAndTheClosePageSaysHowItIsCalculated(t *testing.T) {
	s := serverAs(t, "operations", dashboard.Config{Runs: dashtest.Runs(t), Store: dashtest.Store(t)})
	for _, target := range []string{"/data?lang=en", "/close?lang=en"} {
		_, cards, _ := strings.Cut(get(t, s, target).Body.String(), `<section class="card"`)
		n := 0
		for card := range strings.SplitSeq(cards, `<section class="card"`) {
			if !strings.Contains(card, "as=csv") {
				continue // nothing to calculate
			}
			n++
			if !strings.Contains(card, i18n.En.T("card.how")) {
				t.Errorf("%s: a card does not say how it is calculated: %.200s", target, card)
			}
		}
		if n < 3 {
			t.Errorf("%s: only %d cards", target, n)
		}
	}
}
