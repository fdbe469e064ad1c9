package dashboard

import (
	"cmp"
	"context"
	"fmt"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"

	"levelfield/dashboard/auth"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/store"
)

// Scheduler is what the page of the schedule asks of the program that does the
// jobs; package schedule has it.
type Scheduler interface {
	// Jobs lists every job of the workspace.
	Jobs(ctx context.Context) ([]Job, error)
	// Receivers lists who gets which report of the current run's last month.
	Receivers(ctx context.Context) ([]store.Delivery, error)
	// SendNow plans the reports of a month from the current run, begins to
	// deliver them, and returns how many are new.
	SendNow(ctx context.Context, who string, month time.Time) (int, error)
	// Wake begins to deliver what waits.
	Wake()
	// SendTest sends a short mail that proves the settings.
	SendTest(ctx context.Context, to string, lang i18n.Lang) error
}

// Job is a job of the schedule as its settings have it.
type Job struct {
	ID   string    // night, sealed or drafts
	IsOn bool      // wanted by levelfield.yaml
	At   string    // time of day, such as 02:30; "" for a job that follows an event
	Day  int       // working day of a month; 0 for every day
	Next time.Time // zero where an event decides, or it is off
}

// schedulePage shows every job, what was delivered, what failed, who gets what.
type schedulePage struct {
	View
	Finding   string
	Jobs      *Card
	Failures  failuresCard
	Sent      *Card // by month and run
	Receivers *Card
	MaySend   bool
	Month     string // 2026-10
	MonthName string
	TestTo    string
}

// failuresCard lists what was not delivered, and why.
type failuresCard struct {
	*Card
	Rows    []failureRow
	MaySend bool
}

type failureRow struct {
	ID                                    int64
	Report, To, Why, Next, Month, Retried string
}

// Cards lists the cards whose tables can be exported.
func (p *schedulePage) Cards() []*Card {
	return []*Card{p.Jobs, p.Failures.Card, p.Sent, p.Receivers}
}

func schedulePageOf(ctx context.Context, q *Query) (Page, error) {
	p := &schedulePage{View: q.view("schedule"), Month: q.Month.Format("2006-01"), MonthName: q.Lang.Month(q.Month), TestTo: q.Typed("to", "")}
	p.Title = q.Lang.T("nav.schedule")
	p.Crumbs = []Crumb{{q.Lang.T("nav.overview"), q.Link("/")}, {Title: p.Title}}
	p.Filters = p.Filters[:1]
	scheduler := q.server.Scheduler
	p.MaySend = q.May(auth.SendReports) && scheduler != nil
	runs, err := q.Store().JobRuns(ctx, 500)
	if err != nil {
		return nil, err
	}
	counts, err := q.Store().CountDeliveries(ctx)
	if err != nil {
		return nil, err
	}
	names, err := q.unitNames(ctx)
	if err != nil {
		return nil, err
	}
	var jobs []Job
	if scheduler != nil {
		if jobs, err = scheduler.Jobs(ctx); err != nil {
			return nil, err
		}
	}
	p.Jobs = q.jobsCard(jobs, runs)
	if p.Failures, err = q.failuresCard(ctx, names); err != nil {
		return nil, err
	}
	p.Failures.MaySend = p.MaySend
	p.Sent = q.sentCard(counts)
	if p.Receivers, err = q.receiversCard(ctx, scheduler, names); err != nil {
		return nil, err
	}
	p.Finding = q.scheduleFinding(counts, jobs, len(p.Failures.Rows))
	return p, nil
}

// scheduleFinding says first what a person must do something about.
func (q *Query) scheduleFinding(counts []store.DeliveryCount, jobs []Job, failed int) string {
	sent, waiting := 0, 0
	for _, c := range counts {
		switch c.State {
		case store.Done:
			sent += c.N
		case store.Planned, store.Claimed:
			waiting += c.N
		}
	}
	var next Job
	for _, j := range jobs {
		if j.IsOn && !j.Next.IsZero() && (next.Next.IsZero() || j.Next.Before(next.Next)) {
			next = j
		}
	}
	says := q.Lang.T("schedule.finding_none")
	if sent+waiting+failed > 0 {
		says = q.Lang.T("schedule.finding", "n", q.Lang.Count(int64(sent)), "waiting", q.Lang.Count(int64(waiting)))
	}
	if failed > 0 {
		says = q.Lang.T("schedule.finding_failed", "n", failed)
	}
	if next.Next.IsZero() {
		return q.Lang.Sentences(says, q.Lang.T("schedule.no_next"))
	}
	return q.Lang.Sentences(says, q.Lang.T("schedule.next", "job", q.Lang.T("job."+next.ID), "at", q.Lang.Moment(next.Next)))
}

// jobsCard lists every job: when, the last time and what came of it, the next.
func (q *Query) jobsCard(jobs []Job, runs []store.JobRun) *Card {
	c := &Card{ID: "jobs", Title: q.Lang.T("schedule.jobs"), Sub: q.Lang.T("schedule.jobs_sub")}
	for _, key := range []string{"schedule.job", "schedule.when", "schedule.last", "schedule.outcome", "schedule.next_run"} {
		c.Table.Columns = append(c.Table.Columns, Column{Title: q.Lang.T(key)})
	}
	for _, j := range jobs {
		last, outcome := q.Lang.T("schedule.never"), i18n.Dash
		if i := slices.IndexFunc(runs, func(r store.JobRun) bool { return r.Job == j.ID }); i >= 0 {
			r := runs[i]
			last = q.Lang.Moment(r.StartedAt)
			outcome = q.Lang.T("job_state." + r.State)
			if r.Outcome != "" {
				outcome += q.Lang.T("schedule.colon") + r.Outcome
			}
			if !r.NextAt.IsZero() {
				outcome += q.Lang.T("schedule.again", "n", r.Attempts, "at", q.Lang.Moment(r.NextAt))
			}
		}
		c.Table.Rows = append(c.Table.Rows, []Cell{text(q.Lang.T("job." + j.ID)), text(q.jobWhen(j)), text(last), text(outcome), text(q.jobNext(j))})
	}
	if jobs == nil {
		c.State = &State{"empty", q.Lang.T("schedule.off"), q.Lang.T("schedule.off_text"), nil}
	}
	return q.card(c)
}

func (q *Query) jobWhen(j Job) string {
	switch {
	case !j.IsOn:
		return q.Lang.T("schedule.not_wanted")
	case j.Day > 0:
		return q.Lang.T("schedule.working_day", "n", j.Day, "at", j.At)
	case j.At != "":
		return q.Lang.T("schedule.every_night", "at", j.At)
	}
	return q.Lang.T("schedule.after_close")
}

func (q *Query) jobNext(j Job) string {
	switch {
	case !j.IsOn:
		return i18n.Dash
	case j.Next.IsZero():
		return q.Lang.T("schedule.at_close")
	}
	return q.Lang.Moment(j.Next)
}

// reportName is a report as people call it: "Statement · 王芳".
func (q *Query) reportName(d store.Delivery, names map[string]string) string {
	name := q.Lang.T("schedule.report." + d.Report)
	kind := map[string]string{"region": "region", "team": "team", "statement": "rep"}[d.Report]
	if d.UnitID == "" {
		return name
	}
	return name + " · " + cmp.Or(names[kind+d.UnitID], d.UnitID)
}

// recipientName is where a report goes.
func (q *Query) recipientName(d store.Delivery) string {
	if d.Recipient == store.Folder {
		return q.Lang.T("schedule.folder")
	}
	return d.Recipient
}

// mostFailures is how many failures the page lists; the count above is of all.
const mostFailures = 100

func (q *Query) failuresCard(ctx context.Context, names map[string]string) (failuresCard, error) {
	c := failuresCard{Card: &Card{ID: "failures", Sub: q.Lang.T("schedule.failures_sub")}}
	for _, key := range []string{"schedule.what", "filter.month", "schedule.to", "schedule.why", "schedule.next_try"} {
		c.Table.Columns = append(c.Table.Columns, Column{Title: q.Lang.T(key)})
	}
	all, err := q.Store().Deliveries(ctx, "", mostFailures)
	if err != nil {
		return c, err
	}
	for _, d := range all {
		if d.State != store.Failed && d.State != store.Stopped {
			continue
		}
		row := failureRow{ID: d.ID, Report: q.reportName(d, names), To: q.recipientName(d), Why: d.Error, Month: q.Lang.Month(d.Month), Next: q.Lang.T("schedule.given_up", "n", d.Attempts)}
		if d.State == store.Failed {
			row.Next = q.Lang.T("schedule.tried", "n", d.Attempts, "at", q.Lang.Moment(d.NextAt))
		}
		c.Rows = append(c.Rows, row)
		c.Table.Rows = append(c.Table.Rows, []Cell{text(row.Report), text(row.Month), text(row.To), text(row.Why), text(row.Next)})
	}
	c.Title = q.Lang.T("schedule.failures", "n", len(c.Rows))
	if len(c.Rows) == 0 {
		c.Title = q.Lang.T("schedule.failures_none")
		c.State = &State{"empty", q.Lang.T("schedule.failures_none_text"), "", nil} // the title says the rest
	}
	q.card(c.Card)
	return c, nil
}

// sentCard counts deliveries by month and run.
func (q *Query) sentCard(counts []store.DeliveryCount) *Card {
	c := &Card{ID: "sent", Title: q.Lang.T("schedule.sent_by_run"), Sub: q.Lang.T("schedule.sent_sub")}
	c.Table.Columns = []Column{{Title: q.Lang.T("filter.month")}, {Title: q.Lang.T("run.id")}}
	states := []store.DeliveryState{store.Done, store.Planned, store.Claimed, store.Failed, store.Stopped}
	for _, s := range states {
		c.Table.Columns = append(c.Table.Columns, Column{Title: q.Lang.T("delivery." + string(s)), Numeric: true})
	}
	type key struct {
		month time.Time
		run   string
	}
	var order []key
	of := map[key]map[store.DeliveryState]int{}
	for _, n := range counts {
		k := key{n.Month, n.RunID}
		if of[k] == nil {
			of[k] = map[store.DeliveryState]int{}
			order = append(order, k)
		}
		of[k][n.State] = n.N
	}
	for _, k := range order {
		row := []Cell{{Text: q.Lang.Month(k.month), Raw: k.month.Format("2006-01")}, text(k.run)}
		for _, s := range states {
			row = append(row, whole(int64(of[k][s])))
		}
		c.Table.Rows = append(c.Table.Rows, row)
	}
	if order == nil {
		c.State = &State{"empty", q.Lang.T("schedule.sent_none"), q.Lang.T("schedule.sent_none_text"), nil}
	}
	return q.card(c)
}

// receiversCard lists who gets what; the files for everyone are a line a kind.
func (q *Query) receiversCard(ctx context.Context, scheduler Scheduler, names map[string]string) (*Card, error) {
	c := &Card{ID: "receivers", Title: q.Lang.T("schedule.receivers"), Sub: q.Lang.T("schedule.receivers_sub")}
	for _, key := range []string{"schedule.to", "schedule.reader", "schedule.what", "schedule.lang", "schedule.status"} {
		c.Table.Columns = append(c.Table.Columns, Column{Title: q.Lang.T(key)})
	}
	if scheduler == nil {
		c.State = &State{"empty", q.Lang.T("schedule.off"), q.Lang.T("schedule.off_text"), nil}
		return q.card(c), nil
	}
	all, err := scheduler.Receivers(ctx)
	if err != nil {
		// what levelfield.yaml names and the run does not know is said here, with what to change
		c.State = &State{"error", q.Lang.T("schedule.receivers_wrong"), err.Error(), nil}
		return q.card(c), nil
	}
	unsubscribed, err := q.Store().Unsubscribed(ctx)
	if err != nil {
		return nil, err
	}
	type files struct{ report, lang string }
	var kinds []files
	n := map[files]int64{}
	mails := 0
	for _, d := range all {
		if d.Recipient == store.Folder {
			f := files{d.Report, d.Lang}
			if n[f]++; n[f] == 1 {
				kinds = append(kinds, f)
			}
			continue
		}
		mails++
		status := ""
		if at, ok := unsubscribed[strings.ToLower(d.Recipient)]; ok {
			status = q.Lang.T("schedule.unsubscribed", "at", q.Lang.Moment(at))
		}
		c.Table.Rows = append(c.Table.Rows, []Cell{text(d.Recipient), text(d.Name), text(q.reportName(d, names)), text(q.Lang.T("lang." + d.Lang)), text(status)})
	}
	for _, f := range kinds {
		what := q.Lang.T("schedule.files", "n", q.Lang.Count(n[f]), "report", q.Lang.Inside(q.Lang.T("schedule.report."+f.report)))
		c.Table.Rows = append(c.Table.Rows, []Cell{text(q.Lang.T("schedule.folder")), text(q.Lang.T("dash")), text(what), text(q.Lang.T("lang." + f.lang)), text("")})
	}
	c.Title = q.Lang.T("schedule.receivers_n", "n", mails, "files", q.Lang.Count(int64(len(all)-mails)))
	return q.card(c), nil
}

// scheduler returns what sends; a server that was started without it says so.
func (q *Query) scheduler() (Scheduler, error) {
	if q.server.Scheduler == nil {
		return nil, refused("schedule.off_text")
	}
	return q.server.Scheduler, nil
}

func sendNow(ctx context.Context, q *Query) (to, done string, err error) {
	s, err := q.scheduler()
	if err != nil {
		return "", "", err
	}
	n, err := s.SendNow(ctx, q.Reader.Name, q.Month)
	if err != nil {
		return "", "", refused("schedule.cannot_send", "why", err.Error())
	}
	if n == 0 {
		return "/schedule", "schedule.nothing_new", nil
	}
	return "/schedule", "schedule.sending", nil
}

func sendTest(ctx context.Context, q *Query) (to, done string, err error) {
	s, err := q.scheduler()
	if err != nil {
		return "", "", err
	}
	address, err := mail.ParseAddress(strings.TrimSpace(q.Form.Get("to")))
	if err != nil {
		return "", "", refused("schedule.no_address", "value", q.Form.Get("to"))
	}
	if err := s.SendTest(ctx, address.Address, q.Lang); err != nil {
		return "", "", refused("schedule.test_failed", "why", err.Error())
	}
	return "/schedule", "schedule.tested", q.Store().Log(ctx, q.Reader.Name, "test_mail", address.Address, "")
}

// retryReports lets one delivery that failed wait again, or all of them.
func retryReports(ctx context.Context, q *Query) (to, done string, err error) {
	s, err := q.scheduler()
	if err != nil {
		return "", "", err
	}
	var ids []int64
	if text := q.Form.Get("delivery"); text != "all" {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return "", "", refused("schedule.no_delivery")
		}
		ids = []int64{id}
	} else {
		all, err := q.Store().Deliveries(ctx, "", mostFailures)
		if err != nil {
			return "", "", err
		}
		for _, d := range all {
			if d.State == store.Failed || d.State == store.Stopped {
				ids = append(ids, d.ID)
			}
		}
	}
	for _, id := range ids {
		if err := q.Store().RetryDelivery(ctx, q.Reader.Name, id); err != nil {
			return "", "", refused("schedule.no_delivery")
		}
	}
	s.Wake()
	return fmt.Sprintf("/schedule?month=%s#failures", q.Month.Format("2006-01")), "schedule.retrying", nil
}
