package schedule

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"levelfield/analytics"
	"levelfield/dashboard/dashtest"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/report"
	"levelfield/dashboard/schedule/smtptest"
	"levelfield/dashboard/store"
)

var october = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)

// moment is a clock that a test sets.
type moment struct {
	mu sync.Mutex
	at time.Time
}

func (m *moment) now() time.Time { m.mu.Lock(); defer m.mu.Unlock(); return m.at }

func (m *moment) set(text string) {
	at, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		panic(err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at = at
}

var press = sync.OnceValues(report.NewPress)

// runner makes a runner on a workspace; several may share one.
func runner(t testing.TB, dir string, clock *moment) *Runner {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(dir, store.File))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	s.Now = clock.now
	p, err := press()
	if err != nil {
		t.Fatal(err)
	}
	r := New(dir, s, Settings{Zone: "Asia/Shanghai"}, Mail{}, i18n.ZhCN, slog.New(slog.DiscardHandler))
	r.Press = p
	return r
}

func workspace(t testing.TB) (string, *moment) {
	t.Helper()
	clock := &moment{}
	clock.set("2026-11-04 09:00")
	return dashtest.Workspace(t), clock
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// blank makes a report at once, where a test is about its delivery.
func blank(_ context.Context, run *analytics.Run, o report.Order, _ time.Time) (*report.Report, error) {
	p, err := press()
	if err != nil {
		return nil, err
	}
	return p.Blank(run, o), nil
}

func mailed(r *Runner, server *smtptest.Server, recipients ...Recipient) {
	no := false
	r.Mail = Mail{Host: "localhost", Port: server.Port, From: "Sales <sales@example.com>", Attach: &no, Link: "https://sales.example.com"}
	r.Roots = server.Roots
	r.Settings.Recipients = recipients
}

func people(n int) []Recipient {
	var all []Recipient
	for i := range n {
		all = append(all, Recipient{Name: fmt.Sprint("Reader ", i), Mail: fmt.Sprintf("reader%d@example.com", i), Report: report.ForCompany, Lang: i18n.En})
	}
	return all
}

// received counts mails by Message-ID.
func received(t testing.TB, server *smtptest.Server) map[string]int {
	t.Helper()
	all := map[string]int{}
	for _, m := range server.Messages() {
		head, _ := m.Read(t)
		all[head.Get("Message-Id")]++
	}
	return all
}

func once(t testing.TB, server *smtptest.Server, want int) {
	t.Helper()
	all := received(t, server)
	if len(all) != want {
		t.Errorf("%d mails arrived, want %d", len(all), want)
	}
	for id, n := range all {
		if n != 1 {
			t.Errorf("%s arrived %d times", id, n)
		}
	}
}

func TestAReportIsMailedOverTLSWithItsPDF(t *testing.T) {
	server := smtptest.Start(t)
	server.User, server.Password = "sales", "s3cret"
	t.Setenv("TEST_MAIL_PASSWORD", "s3cret")
	dir, clock := workspace(t)
	r := runner(t, dir, clock)
	r.Mail = Mail{Host: "localhost", Port: server.Port, User: "sales", Password: "TEST_MAIL_PASSWORD", From: "Sales <sales@example.com>", Link: "https://sales.example.com/"}
	r.Roots = server.Roots
	r.Settings.Recipients = []Recipient{{Name: "周岚", Mail: "zhou@example.com", Report: report.ForCompany}}
	if _, _, err := r.Plan(t.Context(), "Li", october, ""); err != nil {
		t.Fatal(err)
	}
	got, err := r.Deliver(t.Context(), nil)
	must(t, err)
	if got.Done != 2 { // the file and the mail
		t.Fatalf("%v", got)
	}
	messages := server.Messages()
	if len(messages) != 1 {
		t.Fatalf("%d mails", len(messages))
	}
	m := messages[0]
	if !m.Secure || m.User != "sales" || m.To != "zhou@example.com" {
		t.Errorf("secure %v, user %q, to %q", m.Secure, m.User, m.To)
	}
	head, parts := m.Read(t)
	for name, want := range map[string]string{"Message-Id": "@example.com>", "Auto-Submitted": "auto-generated", "List-Unsubscribe": "<https://sales.example.com/unsubscribe/", "List-Unsubscribe-Post": "One-Click"} {
		if !strings.Contains(head.Get(name), want) {
			t.Errorf("%s: %q lacks %q", name, head.Get(name), want)
		}
	}
	if len(parts) != 2 || parts[1].Kind != "application/pdf" || !bytes.HasPrefix(parts[1].Body, []byte("%PDF-")) || parts[1].File != "executive-zh-CN-2026-10.pdf" {
		t.Fatalf("the mail has %d parts: %+v", len(parts), parts[len(parts)-1].File)
	}
	for _, want := range []string{"周岚", "目标", "https://sales.example.com/?month=2026-10", "unsubscribe"} {
		if !strings.Contains(string(parts[0].Body), want) {
			t.Errorf("the mail does not say %q:\n%s", want, parts[0].Body)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "reports", "2026-10", "executive-zh-CN.*"))
	must(t, err)
	if len(files) != 3 {
		t.Errorf("files %q, want html, pdf and xlsx", files)
	}
}

func TestAMailWithoutAttachmentLinksToThePageBehindTheSignIn(t *testing.T) {
	server := smtptest.Start(t)
	dir, clock := workspace(t)
	r := runner(t, dir, clock)
	mailed(r, server, people(1)...) // attach: no
	r.Make = blank
	if _, _, err := r.Plan(t.Context(), "Li", october, ""); err != nil {
		t.Fatal(err)
	}
	_, err := r.Deliver(t.Context(), nil)
	must(t, err)
	messages := server.Messages()
	if len(messages) != 1 {
		t.Fatalf("%d mails", len(messages))
	}
	_, parts := messages[0].Read(t)
	if len(parts) != 1 || !strings.Contains(string(parts[0].Body), "https://sales.example.com/?month=2026-10") {
		t.Errorf("%d parts, want the words alone with their link:\n%s", len(parts), parts[0].Body)
	}
	if strings.Contains(string(parts[0].Body), "attached") {
		t.Errorf("the mail speaks of an attachment:\n%s", parts[0].Body)
	}
}

func TestATestMailArrivesOrSaysWhyNot(t *testing.T) {
	server := smtptest.Start(t)
	dir, clock := workspace(t)
	r := runner(t, dir, clock)
	if err := r.SendTest(t.Context(), "me@example.com", i18n.En); err == nil || !strings.Contains(err.Error(), "mail.host") {
		t.Errorf("without a server: %v", err)
	}
	mailed(r, server)
	must(t, r.SendTest(t.Context(), "me@example.com", i18n.En))
	if messages := server.Messages(); len(messages) != 1 || messages[0].To != "me@example.com" || !messages[0].Secure {
		t.Errorf("mails: %+v", messages)
	}
}

func TestAMailIsNeverSentInTheClear(t *testing.T) {
	server := smtptest.Start(t)
	dir, clock := workspace(t)
	r := runner(t, dir, clock)
	mailed(r, server, people(1)...)
	r.Make, r.Roots = blank, nil // a server that nobody vouches for
	if _, _, err := r.Plan(t.Context(), "Li", october, ""); err != nil {
		t.Fatal(err)
	}
	got, err := r.Deliver(t.Context(), nil)
	must(t, err)
	if got.Failed != 1 || len(server.Messages()) != 0 {
		t.Errorf("%v, %d mails", got, len(server.Messages()))
	}
}

func TestTwoProgramsDeliverEachReportOnce(t *testing.T) {
	server := smtptest.Start(t)
	dir, clock := workspace(t)
	var group sync.WaitGroup
	for range 2 {
		r := runner(t, dir, clock)
		mailed(r, server, people(25)...)
		r.Make = blank
		group.Go(func() {
			if _, _, err := r.Plan(context.Background(), "Li", october, ""); err != nil {
				t.Error(err)
			}
			if _, err := r.Deliver(context.Background(), nil); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	once(t, server, 25)
}

func TestABrokenReportDoesNotStopTheOthers(t *testing.T) {
	server := smtptest.Start(t)
	dir, clock := workspace(t)
	r := runner(t, dir, clock)
	mailed(r, server, people(6)...)
	r.Make = func(ctx context.Context, run *analytics.Run, o report.Order, now time.Time) (*report.Report, error) {
		switch o.Reader {
		case "Reader 1":
			panic("printer on fire")
		case "Reader 3":
			return nil, errors.New("out of paper")
		}
		return blank(ctx, run, o, now)
	}
	if _, _, err := r.Plan(t.Context(), "Li", october, ""); err != nil {
		t.Fatal(err)
	}
	got, err := r.Deliver(t.Context(), nil)
	must(t, err)
	if got.Done != 5 || got.Failed != 2 { // four mails and the file
		t.Errorf("%v", got)
	}
	once(t, server, 4)
	all, err := r.Store.Deliveries(t.Context(), "", 10)
	must(t, err)
	if all[0].State != store.Failed || !strings.Contains(all[0].Error+all[1].Error, "printer on fire") || !strings.Contains(all[0].Error+all[1].Error, "out of paper") {
		t.Errorf("the owner is not told why: %+v", all[:2])
	}
}

func TestAFailedMailIsTriedAgainLaterAndThenStopped(t *testing.T) {
	server := smtptest.Start(t)
	server.Answer = func(to string, n int) string {
		if strings.HasPrefix(to, "reader0") {
			return "550 no such mailbox"
		}
		if n <= 3 {
			return "451 try later"
		}
		return ""
	}
	dir, clock := workspace(t)
	r := runner(t, dir, clock)
	mailed(r, server, people(2)...)
	r.Make = blank
	if _, _, err := r.Plan(t.Context(), "Li", october, ""); err != nil {
		t.Fatal(err)
	}
	state := func(recipient string) store.Delivery {
		all, err := r.Store.Deliveries(t.Context(), "", 10)
		must(t, err)
		for _, d := range all {
			if d.Recipient == recipient {
				return d
			}
		}
		return store.Delivery{}
	}
	_, err := r.Deliver(t.Context(), nil)
	must(t, err)
	if d := state("reader0@example.com"); d.State != store.Stopped || d.Attempts != 1 || !strings.Contains(d.Error, "no such mailbox") {
		t.Errorf("a mailbox that is not there: %+v", d)
	}
	if d := state("reader1@example.com"); d.State != store.Failed || !d.NextAt.Equal(clock.now().Add(time.Minute)) {
		t.Errorf("a busy server: %+v", d)
	}
	_, err = r.Deliver(t.Context(), nil) // too early: nothing happens
	must(t, err)
	if d := state("reader1@example.com"); d.Attempts != 1 {
		t.Errorf("tried again before its time: %+v", d)
	}
	clock.set("2026-11-04 09:01")
	_, err = r.Deliver(t.Context(), nil)
	must(t, err)
	clock.set("2026-11-04 10:00")
	_, err = r.Deliver(t.Context(), nil)
	must(t, err)
	if d := state("reader1@example.com"); d.State != store.Done || d.Attempts != 3 {
		t.Errorf("after three tries: %+v", d)
	}
	once(t, server, 1)
	must(t, r.Store.RetryDelivery(t.Context(), "Li", state("reader0@example.com").ID))
	if d := state("reader0@example.com"); d.State != store.Planned {
		t.Errorf("asked to try again: %+v", d)
	}
}

func TestWhoUnsubscribedGetsNoMail(t *testing.T) {
	server := smtptest.Start(t)
	dir, clock := workspace(t)
	r := runner(t, dir, clock)
	mailed(r, server, people(2)...)
	r.Make = blank
	token, _, err := r.Store.MailToken(t.Context(), "reader0@example.com")
	must(t, err)
	if _, err := r.Store.Unsubscribe(t.Context(), "not-a-token", false); err == nil {
		t.Error("an unknown token was taken")
	}
	address, err := r.Store.Unsubscribe(t.Context(), token, false)
	must(t, err)
	if address != "reader0@example.com" {
		t.Errorf("unsubscribed %q", address)
	}
	if _, _, err := r.Plan(t.Context(), "Li", october, ""); err != nil {
		t.Fatal(err)
	}
	_, err = r.Deliver(t.Context(), nil)
	must(t, err)
	if messages := server.Messages(); len(messages) != 1 || messages[0].To != "reader1@example.com" {
		t.Errorf("%d mails", len(messages))
	}
}

func TestJobsAreDoneOncePerOccasionWhateverTheClockDoes(t *testing.T) {
	dir, clock := workspace(t)
	r := runner(t, dir, clock)
	other := runner(t, dir, clock)
	nights := 0
	for _, each := range []*Runner{r, other} {
		each.Make = blank
		each.Settings = Settings{Zone: "Asia/Shanghai", Night: "02:30", DraftDay: 3, DraftTime: "08:00"}
		each.Refresh = func(context.Context) (string, error) { nights++; return "ok", nil }
	}
	tick := func(at string, wantNights, wantReports int) {
		t.Helper()
		clock.set(at)
		must(t, r.Tick(t.Context()))
		must(t, other.Tick(t.Context()))
		counts, err := r.Store.CountDeliveries(t.Context())
		must(t, err)
		reports := 0
		for _, c := range counts {
			reports += c.N
		}
		if nights != wantNights || reports != wantReports {
			t.Errorf("at %s UTC: %d nights and %d reports, want %d and %d", at, nights, reports, wantNights, wantReports)
		}
	}
	// Shanghai is eight hours ahead: 02:30 there is 18:30 UTC of the day before.
	tick("2026-11-03 18:29", 1, 0) // the night before was missed and is caught up
	tick("2026-11-03 18:31", 2, 0)
	tick("2026-11-03 18:31", 2, 0) // a second look
	tick("2026-11-03 18:10", 2, 0) // the clock was set back
	tick("2026-11-04 18:31", 3, 1) // the next night, and the drafts that were due meanwhile
	tick("2026-11-08 00:00", 4, 1) // the program was off for three nights: one makes up for them
	if all, err := r.Store.JobRuns(t.Context(), 10); err != nil || len(all) != 5 {
		t.Errorf("%d occasions (%v)", len(all), err)
	}
}

// New York sets its clocks back at 02:00 of 1 November 2026 and forward at 02:00
// of 8 March 2026: 01:30 comes twice, 02:30 never.
func TestAnHourThatComesTwiceOrNeverHasOneNight(t *testing.T) {
	for _, c := range []struct{ what, at, from, first, second string }{
		{"an hour that comes twice", "01:30", "2026-10-31 12:00", "2026-11-01 05:30", "2026-11-02 06:30"},
		{"an hour that never comes", "02:30", "2026-03-07 12:00", "2026-03-08 06:30", "2026-03-09 06:30"},
	} {
		dir, clock := workspace(t)
		var nights []time.Time
		var all []*Runner
		for range 2 {
			r := runner(t, dir, clock)
			r.Settings = Settings{Zone: "America/New_York", Night: c.at}
			r.Refresh = func(context.Context) (string, error) { nights = append(nights, clock.now()); return "ok", nil }
			all = append(all, r)
		}
		clock.set(c.from)
		must(t, all[0].Tick(t.Context()))
		nights = nil       // that was the night before
		for range 46 * 2 { // half-hours
			clock.mu.Lock()
			clock.at = clock.at.Add(30 * time.Minute)
			clock.mu.Unlock()
			for _, r := range all {
				must(t, r.Tick(t.Context()))
			}
		}
		got := ""
		for _, at := range nights {
			got += at.Format("2006-01-02 15:04") + "; "
		}
		if want := c.first + "; " + c.second + "; "; got != want {
			t.Errorf("%s: nights at %sUTC, want %s", c.what, got, want)
		}
	}
}

func TestAFailedJobIsTriedAgainAndHidesNoOther(t *testing.T) {
	dir, clock := workspace(t)
	r := runner(t, dir, clock)
	r.Make = blank
	r.Settings = Settings{Zone: "UTC", Night: "02:30", DraftDay: 1}
	tries := 0
	r.Refresh = func(context.Context) (string, error) {
		if tries++; tries < 3 {
			return "", errors.New("exports/ cannot be read")
		}
		return "ok", nil
	}
	if err := r.Tick(t.Context()); err == nil || !strings.Contains(err.Error(), "exports/ cannot be read") {
		t.Errorf("error %v", err)
	}
	if counts, err := r.Store.CountDeliveries(t.Context()); err != nil || len(counts) == 0 || counts[0].State != store.Done {
		t.Errorf("the drafts were kept back: %+v (%v)", counts, err)
	}
	_ = r.Tick(t.Context()) // too early
	clock.set("2026-11-04 09:02")
	_ = r.Tick(t.Context())
	clock.set("2026-11-04 10:02")
	must(t, r.Tick(t.Context()))
	if tries != 3 {
		t.Errorf("tried %d times, want 3", tries)
	}
}

func TestAClosedMonthIsReportedOncePerSeal(t *testing.T) {
	dir, clock := workspace(t)
	r := runner(t, dir, clock)
	r.Settings.AfterClose = true
	var states []string
	r.Make = func(ctx context.Context, run *analytics.Run, o report.Order, now time.Time) (*report.Report, error) {
		states = append(states, o.State)
		return blank(ctx, run, o, now)
	}
	must(t, r.Tick(t.Context()))
	must(t, r.Store.Keep(t.Context(), store.Sealed{Event: store.Event{Month: october, Action: store.Close, RunID: dashtest.RunID, Seal: "abc", Who: "Li", Reason: "month end"}, Document: []byte("{}")}))
	must(t, r.Tick(t.Context()))
	must(t, r.Tick(t.Context()))
	if len(states) != 1 || states[0] != "sealed" {
		t.Errorf("reports made: %q", states)
	}
}

func TestARestatedMonthIsReportedAnew(t *testing.T) {
	closed := store.Event{ID: 1, Month: october, Action: store.Close, RunID: "r-1"}
	restated := store.Event{ID: 2, Month: october, Action: store.Restate, RunID: "r-2"}
	before, after := sealed([]store.Event{closed}), sealed([]store.Event{closed, restated})
	if len(before) != 1 || len(after) != 1 || before[0].name == after[0].name || after[0].runID != "r-2" {
		t.Errorf("before %+v, after %+v", before, after)
	}
	if got := State([]store.Event{closed, restated}, october); got != "restated" {
		t.Errorf("the month is %s", got)
	}
}

func TestAKilledProgramLeavesNothingToWaitFor(t *testing.T) {
	dir, clock := workspace(t)
	r := runner(t, dir, clock)
	r.Make = blank
	if _, _, err := r.Plan(t.Context(), "Li", october, ""); err != nil {
		t.Fatal(err)
	}
	host, err := os.Hostname()
	must(t, err)
	dead := host + " 999999999 1" // no process has this number
	if d, err := r.Store.ClaimDelivery(t.Context(), dead, lease); err != nil || d == nil {
		t.Fatalf("%v %v", d, err)
	}
	got, err := r.Deliver(t.Context(), nil)
	must(t, err)
	if got.Done != 1 {
		t.Errorf("%v: what a killed program held was not taken over", got)
	}
}

func TestSettingsNameEveryMistake(t *testing.T) {
	no := false
	got := Check(Mail{Host: "smtp", From: "nobody", Port: 70000, Security: "ssl", User: "a", Attach: &no},
		Settings{Zone: "Mars", Night: "25:00", DraftDay: 40, Recipients: []Recipient{{Mail: "x", Report: "all"}, {Mail: "a@b.c", Report: report.ForRegion}}})
	want := []string{"mail.attach", "mail.from", "mail.password", "mail.port", "mail.security", "schedule.draft_day", "schedule.night",
		"schedule.recipients[1].mail", "schedule.recipients[1].report", "schedule.recipients[2].unit", "schedule.zone"}
	if len(got) != len(want) {
		t.Fatalf("%d mistakes: %v", len(got), got)
	}
	for i, w := range want {
		if !strings.HasPrefix(got[i].Error(), w+": ") {
			t.Errorf("mistake %d is %q, want one of %s", i+1, got[i], w)
		}
	}
	if got := Check(Mail{}, Settings{}); got != nil {
		t.Errorf("empty settings are wrong: %v", got)
	}
}

func TestWorkingDaysLeaveOutWeekends(t *testing.T) {
	for n, want := range map[int]string{1: "2026-11-02", 5: "2026-11-06", 6: "2026-11-09"} { // 1 November 2026 is a Sunday
		if got := workingDay(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), n).Format(time.DateOnly); got != want {
			t.Errorf("working day %d is %s, want %s", n, got, want)
		}
	}
}

func TestJobsSayWhenTheyAreNext(t *testing.T) {
	dir, clock := workspace(t)
	r := runner(t, dir, clock)
	r.Refresh = func(context.Context) (string, error) { return "", nil }
	shanghai, err := r.Settings.zone()
	must(t, err)
	next := func() string {
		jobs, err := r.Jobs(t.Context())
		must(t, err)
		all := ""
		for _, j := range jobs {
			at := "-"
			if !j.Next.IsZero() {
				at = j.Next.In(shanghai).Format("01-02 15:04")
			}
			all += fmt.Sprintf("%s %v %s; ", j.ID, j.IsOn, at)
		}
		return all
	}
	if got, want := next(), "night false -; sealed false -; drafts false -; "; got != want {
		t.Errorf("nothing is wanted: %s, want %s", got, want)
	}
	r.Settings.Night, r.Settings.AfterClose, r.Settings.DraftDay = "02:30", true, 3
	for _, c := range []struct{ now, want string }{ // clocks are UTC, eight hours behind
		{"2026-11-02 09:00", "night true 11-03 02:30; sealed true -; drafts true 11-04 08:00; "},
		{"2026-11-03 18:29", "night true 11-04 02:30; sealed true -; drafts true 11-04 08:00; "},
		{"2026-11-04 09:00", "night true 11-05 02:30; sealed true -; drafts true 12-03 08:00; "},
		{"2026-12-31 09:00", "night true 01-01 02:30; sealed true -; drafts true 01-05 08:00; "},
	} {
		clock.set(c.now)
		if got := next(); got != c.want {
			t.Errorf("at %s: %s, want %s", c.now, got, c.want)
		}
	}
}

func TestSendNowDeliversAtOnceAndOnlyOnce(t *testing.T) {
	dir, clock := workspace(t)
	r := runner(t, dir, clock)
	r.Make = blank
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- r.Run(ctx) }()
	defer func() { stop(); must(t, <-ended) }()
	receivers, err := r.Receivers(ctx)
	must(t, err)
	if len(receivers) == 0 {
		t.Fatal("nobody gets a report")
	}
	n, err := r.SendNow(ctx, "operations", october)
	must(t, err)
	if n != len(receivers) {
		t.Errorf("%d reports were planned, the page lists %d", n, len(receivers))
	}
	for waited := time.Duration(0); ; waited += 20 * time.Millisecond {
		counts, err := r.Store.CountDeliveries(ctx)
		must(t, err)
		if len(counts) == 1 && counts[0].State == store.Done && counts[0].N == n {
			break
		}
		if waited > 20*time.Second { // its regular look comes after 30
			t.Fatalf("not delivered: %v", counts)
		}
		time.Sleep(20 * time.Millisecond)
	}
	if again, err := r.SendNow(ctx, "operations", october); err != nil || again != 0 {
		t.Errorf("sent again: %d, %v", again, err)
	}
}
