package dashboard_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"levelfield/dashboard/dashtest"
	"levelfield/dashboard/store"
)

func TestTheSearchFindsNamesAsTheyAreTypedWithinTheScope(t *testing.T) {
	h := newHouse(t)
	body := func(as, typed string) string {
		t.Helper()
		w := get(t, h.as[as], "/find?q="+url.QueryEscape(typed), "Accept-Language", "en")
		if w.Code != http.StatusOK {
			t.Fatalf("%s looks for %q: %d: %s", as, typed, w.Code, w.Body)
		}
		return w.Body.String()
	}
	for typed, want := range map[string]string{
		"华东": "华东", "huadong": "华东", "HD": "华东", "hua dong": "华东", "hdyd": "华东一队", // region and team
		dashtest.ForeignRep: "/people/" + dashtest.ForeignRep, "r2t1p1": "/people/" + dashtest.ForeignRep, // a person by id
		"客户R2T1P1-1": "/people/" + dashtest.ForeignRep, "kehur2t1p1-1": "/people/" + dashtest.ForeignRep, // a customer leads to whose he is
		"xiaoshoue": "/indicators/sales_amount",
	} {
		if got := body("executive", typed); !strings.Contains(got, want) {
			t.Errorf("%q does not find %s", typed, want)
		}
	}
	if got := body("executive", "huadong"); strings.Index(got, "<b>华东</b>") > strings.Index(got, "<b>华东一队</b>") {
		t.Error("a region does not come before its teams")
	}
	for _, typed := range []string{"华北", "huabei", "hb", dashtest.ForeignRep, "客户R2T1P1-1", "kehur2t1"} {
		for _, as := range []string{"manager", "rep"} {
			if got := body(as, typed); !strings.Contains(got, "Nothing found") {
				t.Errorf("%s finds %q", as, typed)
			}
		}
	}
	if got := body("rep", "客户"+dashtest.OwnRep+"-1"); !strings.Contains(got, "/people/"+dashtest.OwnRep) {
		t.Error("a rep does not find his customer")
	}
	if got := body("executive", `<script>`); strings.Contains(got, "<script>\"") || !strings.Contains(got, "&lt;script&gt;") {
		t.Error("what is typed is not escaped")
	}
	if got := body("executive", ""); !strings.Contains(got, "Search by name, id or pinyin") {
		t.Error("without words the page does not say what can be searched")
	}
}

func TestAViewIsSavedOpenedAndDeletedByItsOwner(t *testing.T) {
	h := newHouse(t)
	const at = "/regions?month=2026-08&region=%E5%8D%8E%E4%B8%9C"
	body := func(as string) string {
		return get(t, h.as[as], "/views?at="+url.QueryEscape(at), "Accept-Language", "en").Body.String()
	}
	if got := get(t, h.as["manager"], at).Body.String(); !strings.Contains(got, `href="/views?at=`+url.QueryEscape(at)) {
		t.Error("the page's bar does not lead to saving it")
	}
	if got := body("manager"); !strings.Contains(got, "Save this view of: Regions") || !strings.Contains(got, `name="latest"`) {
		t.Error("the page does not offer to save where the reader came from")
	}
	save := func(as string, fields url.Values) (int, string) {
		w := dashtest.Post(h.as[as], "/views", fields, "Accept-Language", "en")
		return w.Code, w.Header().Get("Location")
	}
	if code, to := save("manager", url.Values{"title": {"August in the east"}, "at": {at + "&lang=en&card=x&as=csv"}}); code != http.StatusSeeOther || to != at {
		t.Errorf("saved with status %d, back to %s", code, to)
	}
	if code, to := save("manager", url.Values{"title": {"East"}, "at": {at}, "latest": {"yes"}}); code != http.StatusSeeOther || strings.Contains(to, "month") {
		t.Errorf("saved with status %d, back to %s", code, to)
	}
	for what, fields := range map[string]url.Values{
		"no name":              {"at": {at}},
		"a long name":          {"title": {strings.Repeat("东", 61)}, "at": {at}},
		"another site":         {"title": {"x"}, "at": {"//evil.example/regions"}},
		"a script":             {"title": {"x"}, "at": {"javascript:alert(1)"}},
		"no page":              {"title": {"x"}, "at": {"/no/such"}},
		"a page of other role": {"title": {"x"}, "at": {"/admin"}},
		"no address":           {"title": {"x"}},
	} {
		if code, _ := save("manager", fields); code != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", what, code)
		}
	}
	if got := body("manager"); !strings.Contains(got, "2 saved views") || !strings.Contains(got, `href="/regions?month=2026-08&amp;region=%E5%8D%8E%E4%B8%9C"`) {
		t.Error("the saved views are not listed")
	}
	if got := body("executive"); !strings.Contains(got, "No saved views yet") {
		t.Error("another person sees them")
	}
	dashtest.Post(h.as["executive"], "/views/delete", url.Values{"title": {"East"}})
	if all, err := h.store.Views(t.Context(), accountID(t, h, "manager")); err != nil || len(all) != 2 {
		t.Errorf("another person deleted a view: %v, %v", all, err)
	}
	if w := dashtest.Post(h.as["manager"], "/views/delete", url.Values{"title": {"East"}, "at": {at}}); w.Code != http.StatusSeeOther {
		t.Errorf("deleted with status %d", w.Code)
	}
	if got := body("manager"); !strings.Contains(got, "1 saved view") || strings.Contains(got, ">East<") {
		t.Error("the deleted view is listed")
	}
	log, err := h.store.AuditOf(t.Context(), "manager", "", zero, zero, 10)
	if err != nil || len(log) < 3 || log[0].Action != "delete_view" || log[1].Action != "save_view" {
		t.Errorf("the log holds %v, %v", log, err)
	}
	dashtest.Post(h.as["admin"], "/view-as", url.Values{"user": {"manager"}})
	if code, _ := save("admin", url.Values{"title": {"x"}, "at": {at}}); code != http.StatusForbidden {
		t.Errorf("an admin saves a view for another: %d", code)
	}
	for i := range store.MostViews {
		if err := h.store.SaveView(t.Context(), "rep", accountID(t, h, "rep"), string(rune('a'+i)), "/indicators"); err != nil {
			t.Fatal(err)
		}
	}
	if code, _ := save("rep", url.Values{"title": {"one more"}, "at": {"/indicators"}}); code != http.StatusUnprocessableEntity {
		t.Errorf("one view too many: %d", code)
	}
}

// accountID is the user id of an account.
func accountID(t *testing.T, h *house, name string) int64 {
	t.Helper()
	a, err := h.store.AccountNamed(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return a.UserID
}
