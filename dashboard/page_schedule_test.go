package dashboard_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"levelfield/dashboard"
	"levelfield/dashboard/dashtest"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/store"
)

// jobs stands for the program that delivers.
type jobs struct {
	store *store.Store
	sent  []string // test mails
	woken int
	fails error
}

func (j *jobs) Jobs(context.Context) ([]dashboard.Job, error) {
	return []dashboard.Job{
		{ID: "night", IsOn: true, At: "02:30", Next: time.Date(2026, 11, 5, 2, 30, 0, 0, time.UTC)},
		{ID: "sealed", IsOn: true},
		{ID: "drafts", At: "08:00", Day: 3},
	}, nil
}

func (j *jobs) Receivers(context.Context) ([]store.Delivery, error) {
	return []store.Delivery{
		{Report: "executive", Month: october, RunID: dashtest.RunID, Lang: "en", Recipient: "ceo@example.com", Name: "Chief"},
		{Report: "statement", UnitID: dashtest.OwnRep, Month: october, RunID: dashtest.RunID, Lang: "zh-CN", Recipient: store.Folder},
		{Report: "statement", UnitID: dashtest.ForeignRep, Month: october, RunID: dashtest.RunID, Lang: "zh-CN", Recipient: store.Folder},
	}, nil
}

func (j *jobs) SendNow(ctx context.Context, who string, month time.Time) (int, error) {
	all, err := j.Receivers(ctx)
	if err != nil {
		return 0, err
	}
	return j.store.PlanDeliveries(ctx, who, all)
}

func (j *jobs) Wake() { j.woken++ }

func (j *jobs) SendTest(_ context.Context, to string, _ i18n.Lang) error {
	j.sent = append(j.sent, to)
	return j.fails
}

func TestTheScheduleIsSeenAndReportsAreSentFromIt(t *testing.T) {
	s := dashtest.Store(t)
	j := &jobs{store: s}
	server, err := dashboard.New(dashboard.Config{Runs: dashtest.Runs(t), Store: s, Dir: t.TempDir(), Scheduler: j})
	if err != nil {
		t.Fatal(err)
	}
	operations, executive := dashtest.As(t, server, "operations"), dashtest.As(t, server, "executive")
	see := func(as http.Handler, want ...string) {
		t.Helper()
		w := get(t, as, "/schedule", "Accept-Language", "en")
		for _, text := range want {
			if !strings.Contains(w.Body.String(), text) {
				t.Errorf("the page (status %d) does not say %q", w.Code, text)
			}
		}
	}
	// what a job did, and that it will be tried again
	night := time.Date(2026, 11, 4, 2, 30, 0, 0, time.UTC)
	if _, ok, err := s.ClaimJob(t.Context(), "somebody", "night", "2026-11-04", time.Hour); err != nil || !ok {
		t.Fatalf("%v %v", ok, err)
	}
	if err := s.EndJob(t.Context(), "somebody", "night", "2026-11-04", "17 rows loaded", errors.New("exports/ cannot be read"), night); err != nil {
		t.Fatal(err)
	}
	see(operations, "No report has been sent yet.", "every day at 02:30", "at the next close", "switched off", "ceo@example.com", "2 × statement", "Nothing failed", "Failed: exports/ cannot be read (try 1; again 4 Nov ", "Send reports of Oct 2026 now")
	// a page that is kept for a while is made anew as soon as the job is done
	if _, ok, err := s.ClaimJob(t.Context(), "somebody", "night", "2026-11-05", time.Hour); err != nil || !ok {
		t.Fatalf("%v %v", ok, err)
	}
	see(operations, "Running")
	if err := s.EndJob(t.Context(), "somebody", "night", "2026-11-05", "23 rows loaded", nil, time.Time{}); err != nil {
		t.Fatal(err)
	}
	see(operations, "23 rows loaded")
	if w := get(t, executive, "/schedule"); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "/schedule/send") {
		t.Errorf("who may only see the schedule gets the form, or status %d", w.Code)
	}
	do := func(path string, want int, form url.Values) string {
		t.Helper()
		w := dashtest.Post(operations, path, form)
		if w.Code != want {
			t.Errorf("POST %s: status %d, want %d: %s", path, w.Code, want, w.Body)
		}
		return w.Body.String()
	}
	do("/schedule/send", http.StatusSeeOther, nil)
	see(operations, "The reports are being made and sent", "0 reports were delivered, 3 wait.")

	// one of them fails for good: its owner sees why, and lets it be tried again
	d, err := s.ClaimDelivery(t.Context(), "somebody", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	d.State, d.Error = store.Stopped, "the mail server says no"
	if err := s.EndDelivery(t.Context(), "somebody", *d); err != nil {
		t.Fatal(err)
	}
	see(operations, "1 report was not delivered.", "the mail server says no", "given up after 1 try", "Company report")
	do("/schedule/retry", http.StatusSeeOther, url.Values{"delivery": {"all"}})
	if j.woken != 1 {
		t.Errorf("a retry begins at once: woken %d times", j.woken)
	}
	see(operations, "Nothing failed", "3 wait")
	if body := do("/schedule/retry", http.StatusUnprocessableEntity, url.Values{"delivery": {"1"}}); !strings.Contains(body, "刷新") {
		t.Error("a delivery that is not a failed one is not said to be so")
	}

	do("/schedule/test", http.StatusSeeOther, url.Values{"to": {"me@example.com"}})
	do("/schedule/test", http.StatusUnprocessableEntity, url.Values{"to": {"nobody"}})
	j.fails = errors.New("no route to mail.example.com")
	if body := do("/schedule/test", http.StatusUnprocessableEntity, url.Values{"to": {"me@example.com"}}); !strings.Contains(body, "no route to mail.example.com") {
		t.Error("why the test mail failed is not said")
	}
	if len(j.sent) != 2 {
		t.Errorf("test mails went to %v", j.sent)
	}

	// who wants no more mail is marked
	token, _, err := s.MailToken(t.Context(), "ceo@example.com")
	if err == nil {
		_, err = s.Unsubscribe(t.Context(), token, false)
	}
	if err != nil {
		t.Fatal(err)
	}
	see(operations, "wants no mail since")
}

func TestAMailIsStoppedByItsReaderWithoutSigningIn(t *testing.T) {
	s := dashtest.Store(t)
	server, err := dashboard.New(dashboard.Config{Runs: dashtest.Runs(t), Store: s, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := s.MailToken(t.Context(), "ceo@example.com")
	if err != nil {
		t.Fatal(err)
	}
	stopped := func() bool {
		t.Helper()
		_, is, err := s.MailToken(t.Context(), "ceo@example.com")
		if err != nil {
			t.Fatal(err)
		}
		return is
	}
	// a program that opens every link of a mail stops nothing
	if w := get(t, server, "/unsubscribe/"+token, "Accept-Language", "en"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "No more mail") || stopped() {
		t.Errorf("opening the link: status %d, stopped %v", w.Code, stopped())
	}
	if w := dashtest.Post(server, "/unsubscribe/not-a-token", url.Values{}); w.Code != http.StatusNotFound || stopped() {
		t.Errorf("an unknown token: status %d, stopped %v", w.Code, stopped())
	}
	// the one click that mail programs send
	w := dashtest.Post(server, "/unsubscribe/"+token, url.Values{"List-Unsubscribe": {"One-Click"}})
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "ceo@example.com") || !stopped() {
		t.Errorf("one click: status %d, stopped %v", w.Code, stopped())
	}
}
