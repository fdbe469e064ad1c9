package dashboard_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"levelfield/dashboard/dashtest"
	"levelfield/dashboard/store"
)

func score(rep, criterion string) string { return "score:" + rep + ":" + criterion }

func TestPeopleAreRatedByThoseWhoMayRateThem(t *testing.T) {
	h := newHouse(t)
	const teammate, sameRegion = "R1T1P2", "R1T2P1"
	for _, c := range []struct {
		as, rep, criterion string
		status             int
	}{
		{"rep", dashtest.OwnRep, "ability", http.StatusSeeOther},
		{"rep", dashtest.OwnRep, "collaboration", http.StatusForbidden}, // team work is for colleagues to judge
		{"rep", teammate, "collaboration", http.StatusSeeOther},
		{"rep", sameRegion, "ability", http.StatusForbidden},
		{"rep", dashtest.ForeignRep, "ability", http.StatusForbidden},
		{"manager", sameRegion, "ability", http.StatusSeeOther},
		{"manager", sameRegion, "collaboration", http.StatusForbidden},
		{"manager", dashtest.ForeignRep, "ability", http.StatusForbidden},
		{"lead", dashtest.ForeignRep, "discipline", http.StatusSeeOther},
		{"executive", teammate, "ability", http.StatusForbidden},
		{"operations", teammate, "ability", http.StatusForbidden},
	} {
		w := dashtest.Post(h.as[c.as], "/ratings?month=2026-10", url.Values{score(c.rep, c.criterion): {"75,5"}})
		if w.Code != c.status {
			t.Errorf("%s rates %s of %s: status %d, want %d", c.as, c.criterion, c.rep, w.Code, c.status)
		}
	}
	state, err := h.store.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range state.Rows["state.rating"] {
		got = append(got, fmt.Sprint(row[:6]...))
	}
	want := []string{
		fmt.Sprint(dashtest.OwnRep, "self", dashtest.OwnRep, "2026-10-01", "ability", 75.5),
		fmt.Sprint(dashtest.OwnRep, "peer", teammate, "2026-10-01", "collaboration", 75.5),
		fmt.Sprint("manager", "manager", sameRegion, "2026-10-01", "ability", 75.5),
		fmt.Sprint("lead", "manager", dashtest.ForeignRep, "2026-10-01", "discipline", 75.5),
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the next calculation is given\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	log, err := h.store.AuditOf(t.Context(), "rep", "rate", zero, zero, 10)
	if err != nil || len(log) != 2 || log[1].Object != "ability of "+dashtest.OwnRep+" in 2026-10" {
		t.Errorf("the log holds %v, %v", log, err)
	}
}

func TestTheFormOfRatingsSaysWhatIsMissingAndWhatIsWrong(t *testing.T) {
	h := newHouse(t)
	page := func() string {
		return get(t, h.as["rep"], "/ratings?month=2026-10", "Accept-Language", "en").Body.String()
	}
	if body := page(); !strings.Contains(body, "Oct 2026: 3 of 3 people still wait for 11 of your scores") || strings.Contains(body, "R1T2P1") || !strings.Contains(body, "score:R1T1P3:collaboration") {
		t.Error("the page does not list the person and the two colleagues of the team")
	}
	all := url.Values{}
	for _, rep := range []string{"R1T1P1", "R1T1P2", "R1T1P3"} {
		for _, c := range []string{"ability", "attitude", "discipline", "collaboration"} {
			if rep != dashtest.OwnRep || c != "collaboration" {
				all.Set(score(rep, c), "80")
			}
		}
	}
	all.Set(score("R1T1P2", "ability"), "101")
	all.Set(score("R1T1P3", "attitude"), "good")
	w := dashtest.Post(h.as["rep"], "/ratings?month=2026-10", all, "Accept-Language", "en")
	if body := w.Body.String(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "is no score from 0 to 100") || !strings.Contains(body, "&#34;101&#34;") || !strings.Contains(body, "&#34;good&#34;") || !strings.Contains(body, `value="good"`) {
		t.Errorf("two wrong scores: status %d", w.Code)
	}
	if kept, err := h.store.RatingsBy(t.Context(), dashtest.OwnRep, october); err != nil || len(kept) != 0 {
		t.Errorf("a form with mistakes was kept in part: %v, %v", kept, err)
	}
	all.Set(score("R1T1P2", "ability"), "100")
	all.Set(score("R1T1P3", "attitude"), "")
	if w := dashtest.Post(h.as["rep"], "/ratings?month=2026-10", all); w.Code != http.StatusSeeOther {
		t.Fatalf("status %d", w.Code)
	}
	if body := page(); !strings.Contains(body, "1 of 3 people still wait for 1 of your scores") || !strings.Contains(body, `value="100"`) {
		t.Error("the page does not say that one score is left")
	}
	before, err := h.store.Changes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if w := dashtest.Post(h.as["rep"], "/ratings?month=2026-10", all); w.Code != http.StatusSeeOther {
		t.Fatalf("status %d", w.Code)
	}
	if after, err := h.store.Changes(t.Context()); err != nil || after != before {
		t.Errorf("the same form again wrote %d rows, %v", after-before, err)
	}
	closeOctober(t, h)
	if w := dashtest.Post(h.as["rep"], "/ratings?month=2026-10", all, "Accept-Language", "en"); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "Oct 2026 is closed") || strings.Contains(w.Body.String(), `name="score:`) {
		t.Errorf("a closed month: status %d", w.Code)
	}
}

// closeOctober closes the fixture's last month in the store.
func closeOctober(t *testing.T, h *house) {
	t.Helper()
	seal := store.Sealed{Event: store.Event{Month: october, Action: store.Close, RunID: dashtest.RunID, Seal: "feedbeef0123456789", Who: "Li", Reason: "month end"}, Document: []byte("{}")}
	if err := h.store.Keep(t.Context(), seal); err != nil {
		t.Fatal(err)
	}
}

func TestAProposalIsAdoptedByAnother(t *testing.T) {
	h := newHouse(t) // I-0001 and I-0002: of the rep, and of the lead's person
	propose := func(as, rep, title string) int {
		return dashtest.Post(h.as[as], "/innovations?month=2026-10", url.Values{"rep": {rep}, "title": {title}}, "Accept-Language", "en").Code
	}
	for _, c := range []struct {
		as, rep, title string
		status         int
	}{
		{"rep", dashtest.OwnRep, "Call customers before visiting", http.StatusSeeOther},
		{"rep", "R1T1P2", "x", http.StatusUnprocessableEntity},
		{"rep", dashtest.OwnRep, " ", http.StatusUnprocessableEntity},
		{"manager", "R1T2P1", "Visit in pairs", http.StatusSeeOther},
		{"manager", dashtest.ForeignRep, "x", http.StatusUnprocessableEntity},
		{"executive", dashtest.OwnRep, "x", http.StatusForbidden},
	} {
		if got := propose(c.as, c.rep, c.title); got != c.status {
			t.Errorf("%s proposes %q for %s: status %d, want %d", c.as, c.title, c.rep, got, c.status)
		}
	}
	one := store.Innovation{}
	all, err := h.store.Innovations(t.Context())
	if err != nil || len(all) != 4 {
		t.Fatalf("%d proposals, %v", len(all), err)
	}
	for _, i := range all {
		if i.Title == "Visit in pairs" {
			one = i
		}
	}
	decide := func(as, id string, fields url.Values) int {
		return dashtest.Post(h.as[as], "/innovations/"+id+"/decide?month=2026-10", fields, "Accept-Language", "en").Code
	}
	yes := url.Values{"decision": {"adopt"}, "points": {"1.5"}}
	for _, c := range []struct {
		as, id string
		fields url.Values
		status int
	}{
		{"rep", one.ID, yes, http.StatusForbidden},
		{"manager", one.ID, yes, http.StatusForbidden}, // he entered it
		{"lead", one.ID, yes, http.StatusNotFound},     // not his person
		{"executive", one.ID, url.Values{"decision": {"adopt"}, "points": {"5"}}, http.StatusUnprocessableEntity},
		{"executive", one.ID, url.Values{}, http.StatusUnprocessableEntity},
		{"executive", one.ID, yes, http.StatusSeeOther},
		{"executive", one.ID, yes, http.StatusUnprocessableEntity}, // decided already
		{"manager", "I-0001", url.Values{"decision": {"refuse"}}, http.StatusSeeOther},
	} {
		if got := decide(c.as, c.id, c.fields); got != c.status {
			t.Errorf("%s decides %s with %v: status %d, want %d", c.as, c.id, c.fields, got, c.status)
		}
	}
	state, err := h.store.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	adopted := 0
	for _, row := range state.Rows["state.innovation"] {
		if row[0] == one.ID {
			adopted++
			if row[2] != "2026-10-01" || row[4] != 1.5 || row[5] != "adopted" || row[6] != "executive" {
				t.Errorf("the next calculation is given %v", row)
			}
		}
	}
	if adopted != 1 {
		t.Errorf("the adopted proposal is given %d times", adopted)
	}
	if body := get(t, h.as["lead"], "/innovations", "Accept-Language", "en").Body.String(); strings.Contains(body, "Visit in pairs") {
		t.Error("a manager reads a proposal of another region")
	}
}
