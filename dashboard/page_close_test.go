package dashboard_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"levelfield/analytics"
	"levelfield/dashboard"
	"levelfield/dashboard/dashtest"
	"levelfield/dashboard/store"
	"levelfield/ingest"
	"levelfield/ingest/sample"
)

// bridgeJSON is the bridge of a restatement of September.
const bridgeJSON = `{"month":"2026-09","from":"r-1","to":"r-2","people":[{"rep_id":"R1T1P1","old_cents":100000,"new_cents":112345,"parts_cents":{"late_rows":20000,"corrected_rows":-7655}}],
"total":{"old_cents":5000000,"new_cents":5012345,"parts_cents":{"late_rows":20000,"corrected_rows":-7655}},"late_rows":{"order_line":3},"corrected_rows":{"order_line":1}}`

// TestClosePageShowsSealsAndRestatements looks at a month of each state.
func TestClosePageShowsSealsAndRestatements(t *testing.T) {
	s := dashtest.Store(t)
	now := time.Date(2026, 11, 4, 9, 0, 0, 0, time.UTC)
	s.Now = func() time.Time { return now }
	var last int64
	for _, e := range []store.Event{
		{Month: month(8), Action: store.Close, Seal: "feedbeef0123456789"},
		{Month: month(9), Action: store.Close, Seal: "0badcafe0123456789"},
		{Month: month(9), Action: store.Restate, Seal: "deadbeef0123456789", Bridge: bridgeJSON},
	} {
		e.RunID, e.Who, e.Reason = "r-1", "Li", "month end"
		if err := s.Keep(t.Context(), store.Sealed{Event: e, Document: []byte("{}"), Expect: last}); err != nil {
			t.Fatal(err)
		}
		last++
	}
	h := serverAs(t, "auditor", dashboard.Config{Runs: dashtest.Runs(t), Store: s, Lang: "en"})
	for target, want := range map[string][]string{
		"/close?lang=en&month=2026-08": {"Aug 2026 is sealed, by Li on 4 Nov", "feedbeef0123456789", "levelfield verify 2026-08", `<span class="badge sealed">`, "2 of 24 months are sealed"},
		"/close?lang=en&month=2026-09": {"Sep 2026 was restated: &#43;123.45", "Restatement: &#43;123.45 for 1 person", "Late rows", "Corrected rows", "Paid with the next close", `<span class="badge restated">`, "Sealed → Restated"},
		"/close?lang=en&month=2026-10": {"could not be checked", "without the settings of a calculation", `<span class="badge draft">`},
		"/?lang=en&month=2026-09":      {},
	} {
		body := get(t, h, target).Body.String()
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("%s lacks %q", target, w)
			}
		}
		if strings.Contains(body, `method="post" action="/close`) {
			t.Errorf("%s offers an auditor to change something", target)
		}
	}
	table := get(t, h, "/close?lang=en&month=2026-09&card=bridge_3&as=csv").Body.String()
	if !strings.Contains(table, "1000,200,-76.55,1123.45,123.45") {
		t.Errorf("the bridge as a file: %s", table)
	}
}

func month(m int) time.Time { return time.Date(2026, time.Month(m), 1, 0, 0, 0, 0, time.UTC) }

// TestMonthIsClosedOnThePage signs, closes and reopens months of a real run, by
// those who may.
func TestMonthIsClosedOnThePage(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a calculation")
	}
	dir := t.TempDir()
	now := func() time.Time { return time.Date(2026, 11, 4, 9, 0, 0, 0, time.UTC) }
	if err := sample.Generate(dir, sample.Config{Reps: 8, Regions: 2, Teams: 2, Months: 2, OrderLines: 500, Visits: 200, Plain: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := ingest.Load(t.Context(), ingest.Workspace{Dir: dir}, []string{filepath.Join(dir, "exports")}, ingest.Options{Now: now}); err != nil {
		t.Fatal(err)
	}
	s := dashtest.Store(t)
	s.Now = now
	options := func(ctx context.Context) (analytics.Options, error) {
		state, err := s.State(ctx)
		return analytics.Options{Workspace: dir, Company: "Shop", Currency: "CNY", Lang: "en", CodeVersion: "test", Now: now, State: state}, err
	}
	opt, err := options(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := analytics.Build(t.Context(), opt); err != nil {
		t.Fatal(err)
	}
	runs := analytics.NewRuns(dir)
	t.Cleanup(runs.Close)
	cfg := dashboard.Config{Runs: runs, Store: s, Lang: "en", Options: options, Dir: dir, Now: now}
	server, err := dashboard.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	send := func(who, target string, form url.Values) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Accept-Language", "en")
		w := httptest.NewRecorder()
		dashtest.As(t, server, who).ServeHTTP(w, r)
		return w
	}
	reason := url.Values{"reason": {"credit notes"}}
	for _, c := range []struct {
		who, target string
		form        url.Values
		status      int
		want        string
	}{
		{"executive", "/close?month=2026-09", reason, http.StatusForbidden, ""},
		{"operations", "/close/waive?month=2026-09", reason, http.StatusForbidden, ""},
		{"operations", "/close?month=2026-10", reason, http.StatusUnprocessableEntity, "1 earlier month is open: 2026-09 to 2026-09"},
		{"executive", "/close/waive?month=2026-09", url.Values{}, http.StatusUnprocessableEntity, "A reason is needed."},
		{"executive", "/close/waive?month=2026-09", reason, http.StatusSeeOther, ""},
		{"operations", "/close?month=2026-09", reason, http.StatusSeeOther, ""},
		{"operations", "/close?month=2026-09", reason, http.StatusUnprocessableEntity, "The month is closed already."},
		{"operations", "/close/exception?month=2026-10", url.Values{"rep": {"nobody"}, "reason": {"x"}}, http.StatusUnprocessableEntity, "did not pass the ceiling"},
		{"operations", "/close/reopen?month=2026-10", reason, http.StatusUnprocessableEntity, "Only the latest closed month"},
		{"operations", "/close/reopen?month=2026-09", reason, http.StatusSeeOther, ""},
		{"operations", "/close?month=2026-09", url.Values{}, http.StatusSeeOther, ""},
	} {
		w := send(c.who, c.target, c.form)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s %s: %d, want %d with %q: %s", c.who, c.target, w.Code, c.status, c.want, notices(w.Body.String()))
		}
	}
	events, err := s.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var did []string
	for _, e := range events {
		did = append(did, string(e.Action)+" by "+e.Who)
	}
	if got := strings.Join(did, ", "); got != "close by operations, reopen by operations, close by operations" {
		t.Error(got)
	}
	if body := get(t, dashtest.As(t, server, "operations"), "/close?lang=en&month=2026-09").Body.String(); !strings.Contains(body, "Sep 2026 is sealed, by operations") {
		t.Error("the page does not say that the month is sealed")
	}
	if body := get(t, dashtest.As(t, server, "executive"), "/?lang=en&month=2026-09").Body.String(); !strings.Contains(body, `<span class="badge sealed">`) {
		t.Error("the overview does not say that the month is sealed")
	}
}

// notices cuts what a page says was wrong.
func notices(body string) string {
	_, after, found := strings.Cut(body, `role="alert">`)
	if !found {
		return ""
	}
	text, _, _ := strings.Cut(after, "</p>")
	return text
}
