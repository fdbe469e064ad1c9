package dashboard_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"levelfield/dashboard/dashtest"
	"levelfield/dashboard/store"
)

// send sends a form with a file.
func send(t *testing.T, h http.Handler, target string, fields map[string]string, name string, file []byte) *httptest.ResponseRecorder {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k, v := range fields {
		m.WriteField(k, v)
	}
	if name != "" {
		w, err := m.CreateFormFile("file", name)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(file)
	}
	m.Close()
	r := httptest.NewRequest(http.MethodPost, target, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Accept-Language", "en")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

var objection = map[string]string{"kind": "indicator", "unit": dashtest.OwnRep, "item": "sales_amount", "month": "2026-10", "category": "data", "expected": "1,234,567.80", "words": "The order of 30 October is missing.\n<script>alert(1)</script>"}

func TestAnAppealGoesItsWay(t *testing.T) {
	h := newHouse(t)
	rep := h.as["rep"]
	body := get(t, rep, "/appeals/new?kind=indicator&unit=R1T1P1&item=sales_amount&month=2026-10", "Accept-Language", "en").Body.String()
	if !strings.Contains(body, "exported rows behind it") || !strings.Contains(body, `action="/appeals"`) {
		t.Fatal("the form does not show the number's rows")
	}
	w := send(t, rep, "/appeals", objection, "../../proof.pdf", []byte("%PDF-1.7 proof"))
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/appeals/A-0003" {
		t.Fatalf("status %d to %q: %s", w.Code, w.Header().Get("Location"), w.Body)
	}
	a, err := h.store.AppealOf(t.Context(), "A-0003")
	if err != nil || a.Expected != 1234567.8 || a.FileName != "proof.pdf" || a.Status != "draft" || a.RunID != dashtest.RunID {
		t.Fatalf("%+v, %v", a, err)
	}
	h.server.Close() // the price is tried in the background; this server cannot calculate
	body = get(t, rep, "/appeals/A-0003", "Accept-Language", "en").Body.String()
	if !strings.Contains(body, "could not be calculated") || strings.Contains(body, "<script>alert") {
		t.Error("the page does not say that the outcomes are missing")
	}
	for _, other := range []string{"manager", "auditor", "lead"} {
		if w := get(t, h.as[other], "/appeals/A-0003"); w.Code != http.StatusNotFound {
			t.Errorf("%s reads a draft: %d", other, w.Code)
		}
	}
	if w := dashtest.Post(h.as["manager"], "/appeals/A-0003/send", nil); w.Code == http.StatusSeeOther {
		t.Error("another person sends it")
	}
	if w := dashtest.Post(rep, "/appeals/A-0003/send", nil); w.Code != http.StatusSeeOther {
		t.Fatalf("send: %d: %s", w.Code, w.Body)
	}
	if a, err = h.store.AppealOf(t.Context(), "A-0003"); err != nil || a.RoutedTo == "" || a.RoutedTo == "rep" || a.RoutedTo == "manager" {
		t.Fatalf("routed to %q, %v", a.RoutedTo, err)
	}
	if days := a.DueAt.Sub(a.SentAt); days < 2*24*time.Hour || days > 6*24*time.Hour {
		t.Errorf("the answer is due after %s", days)
	}
	decision := url.Values{"decision": {"accept"}, "remedy": {"override"}, "reason": {"The order is in the finance system."}}
	for _, other := range []string{"rep", "manager", "admin", "operations"} {
		if w := dashtest.Post(h.as[other], "/appeals/A-0003/decide", decision); w.Code != http.StatusForbidden {
			t.Errorf("%s decides: %d", other, w.Code)
		}
	}
	if w := dashtest.Post(h.as["auditor"], "/appeals/A-0003/decide", url.Values{}, "Accept-Language", "en"); w.Code != http.StatusUnprocessableEntity ||
		!strings.Contains(w.Body.String(), "Choose to accept or to refuse. Write the reason of the decision.") {
		t.Errorf("an empty decision: %d", w.Code)
	}
	if w := dashtest.Post(h.as["auditor"], "/appeals/A-0003/decide", decision); w.Code != http.StatusSeeOther {
		t.Fatalf("decide: %d: %s", w.Code, w.Body)
	}
	if w := dashtest.Post(h.as["auditor"], "/appeals/A-0003/decide", decision); w.Code != http.StatusForbidden && w.Code != http.StatusUnprocessableEntity {
		t.Errorf("decided twice: %d", w.Code)
	}
	overrides, err := h.store.Overrides(t.Context())
	if err != nil || len(overrides) != 1 || overrides[0].AppealID != "A-0003" || overrides[0].Value != 1234567.8 || overrides[0].UnitID != dashtest.OwnRep {
		t.Fatalf("overrides %+v, %v", overrides, err)
	}
	state, err := h.store.State(t.Context())
	if err != nil || len(state.Rows["state.appeal"]) != 3 || len(state.Rows["state.override"]) != 1 {
		t.Errorf("the next calculation is given %d appeals, %v", len(state.Rows["state.appeal"]), err)
	}
	log, err := h.store.AuditOf(t.Context(), "", "", zero, zero, 50)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"draft_appeal", "send_appeal", "decide_appeal", "override"} {
		found := false
		for _, r := range log {
			found = found || r.Action == want && (strings.Contains(r.Object, "A-0003") || want == "override")
		}
		if !found {
			t.Errorf("the log has no %s", want)
		}
	}
	if body := get(t, h.as["auditor"], "/appeals", "Accept-Language", "en").Body.String(); !strings.Contains(body, "100% (n = 1)") {
		t.Error("the statistics miss the decision")
	}
}

// TestAMarketCoefficientCanBeObjectedTo: the flag stands beside it, its rows are
// shown, and an accepted objection is an override with reason, approver and end.
func TestAMarketCoefficientCanBeObjectedTo(t *testing.T) {
	h := newHouse(t)
	rep := h.as["rep"]
	const form = "/appeals/new?item=coefficient&kind=coefficient&month=2026-10&unit=R1T1P1"
	if body := get(t, rep, "/people/R1T1P1?month=2026-10", "Accept-Language", "en").Body.String(); !strings.Contains(body, strings.ReplaceAll(form, "&", "&amp;")) {
		t.Error("no flag beside the coefficient")
	}
	body := get(t, rep, form, "Accept-Language", "en").Body.String()
	for _, want := range []string{"market coefficient", "targets.csv", "market.xlsx", `value="difficulty" selected`} {
		if !strings.Contains(body, want) {
			t.Errorf("the form does not show %q", want)
		}
	}
	if w := get(t, rep, strings.Replace(form, "R1T1P1", "R2T1P1", 1)); w.Code != http.StatusNotFound {
		t.Errorf("another person's coefficient: %d", w.Code)
	}
	fields := map[string]string{"kind": "coefficient", "unit": "R1T1P1", "item": "coefficient", "month": "2026-10", "category": "difficulty", "expected": "12", "words": "A competitor opened next door in May."}
	if w := send(t, rep, "/appeals", fields, "", nil); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "from 0.1 to 10") {
		t.Errorf("a coefficient of 12: %d", w.Code)
	}
	fields["expected"] = "1.15"
	w := send(t, rep, "/appeals", fields, "", nil)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("draft: %d: %s", w.Code, w.Body)
	}
	at := w.Header().Get("Location")
	h.server.Close() // its price was tried
	if w := dashtest.Post(rep, at+"/send", nil); w.Code != http.StatusSeeOther {
		t.Fatalf("send: %d: %s", w.Code, w.Body)
	}
	a, err := h.store.AppealOf(t.Context(), strings.TrimPrefix(at, "/appeals/"))
	if err != nil || a.Kind != "coefficient" || a.Shown == nil || h.as[a.RoutedTo] == nil {
		t.Fatalf("%+v, %v", a, err)
	}
	decision := url.Values{"decision": {"accept"}, "remedy": {"override"}, "reason": {"The competitor is real."}}
	if w := dashtest.Post(h.as[a.RoutedTo], at+"/decide", decision); w.Code != http.StatusSeeOther {
		t.Fatalf("decide: %d: %s", w.Code, w.Body)
	}
	all, err := h.store.Overrides(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range all {
		if o.AppealID == a.ID && o.Kind == "coefficient" && o.UnitID == "R1T1P1" && o.Value == 1.15 && o.Approver == a.RoutedTo && o.Reason != "" && o.ExpiresOn.Format(time.DateOnly) == "2026-10-31" {
			return
		}
	}
	t.Errorf("no override of the coefficient among %+v", all)
}

func TestWhoScoredDoesNotDecide(t *testing.T) {
	h := newHouse(t)
	if w := get(t, h.as["auditor"], "/appeals/A-0001"); !strings.Contains(w.Body.String(), `id="decide"`) {
		t.Fatal("the auditor cannot decide")
	}
	if err := h.store.Rate(t.Context(), "auditor", []store.Rating{{RaterID: "auditor", RaterKind: "manager", RepID: dashtest.OwnRep, Month: october, Criterion: "ability", Score: 60}}); err != nil {
		t.Fatal(err)
	}
	w := get(t, h.as["auditor"], "/appeals/A-0001", "Accept-Language", "en")
	if strings.Contains(w.Body.String(), `id="decide"`) || !strings.Contains(w.Body.String(), "You cannot decide this one") {
		t.Error("who rated the person may decide")
	}
	if w := dashtest.Post(h.as["auditor"], "/appeals/A-0001/decide", url.Values{"decision": {"refuse"}, "reason": {"no"}}); w.Code != http.StatusForbidden {
		t.Errorf("status %d", w.Code)
	}
}

func TestAllThatIsWrongWithAnAppealIsSaid(t *testing.T) {
	h := newHouse(t)
	wrong := map[string]string{"kind": "indicator", "unit": dashtest.OwnRep, "item": "sales_amount", "month": "2026-10", "category": "planet", "expected": "many", "words": " "}
	w := send(t, h.as["rep"], "/appeals", wrong, "virus.pdf", []byte("MZ\x90\x00"))
	body := w.Body.String()
	for _, want := range []string{"many is not a number", "Choose what the appeal is about.", "Say why", "Attach a PDF", `value="many"`} {
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, want) {
			t.Errorf("status %d: the page does not say %q", w.Code, want)
		}
	}
	if w := send(t, h.as["rep"], "/appeals", objection, "large.pdf", append([]byte("%PDF-"), make([]byte, 6<<20)...)); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a large file: %d", w.Code)
	}
	foreign := map[string]string{}
	for k, v := range objection {
		foreign[k] = v
	}
	foreign["unit"] = dashtest.ForeignRep
	if w := send(t, h.as["rep"], "/appeals", foreign, "", nil); w.Code != http.StatusNotFound {
		t.Errorf("an appeal about another person: %d", w.Code)
	}
	if w := send(t, h.as["auditor"], "/appeals", objection, "", nil); w.Code != http.StatusForbidden {
		t.Errorf("an appeal by an auditor: %d", w.Code)
	}
	all, err := h.store.Appeals(t.Context())
	if err != nil || len(all) != 2 {
		t.Errorf("%d appeals were kept, %v", len(all), err)
	}
}
