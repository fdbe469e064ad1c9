package schedule

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/go-co-op/gocron/v2"

	"levelfield/analytics"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/report"
	"levelfield/dashboard/store"
)

// Runner does the jobs of a workspace. Several programs may run one each: the
// ledger in the store gives each occasion and each delivery to one of them.
type Runner struct {
	Dir      string // workspace
	Store    *store.Store
	Press    *report.Press
	Settings Settings
	Mail     Mail
	Lang     i18n.Lang // of the workspace
	// Refresh loads what lies in exports/ and calculates, and says what it did.
	Refresh func(ctx context.Context) (string, error)
	Log     *slog.Logger
	Roots   *x509.CertPool // that vouch for the mail server; nil for the machine's
	// Make makes a report; Press.Make where nil.
	Make func(ctx context.Context, run *analytics.Run, o report.Order, now time.Time) (*report.Report, error)

	wake chan struct{} // see Wake
}

// New makes a runner of a workspace; the fields that it does not fill are the
// caller's.
func New(dir string, s *store.Store, settings Settings, mail Mail, lang i18n.Lang, log *slog.Logger) *Runner {
	return &Runner{Dir: dir, Store: s, Settings: settings, Mail: mail, Lang: lang, Log: log, wake: make(chan struct{}, 1)}
}

func (r *Runner) make(ctx context.Context, run *analytics.Run, o report.Order) (*report.Report, error) {
	if r.Make != nil {
		return r.Make(ctx, run, o, r.Store.Now())
	}
	return r.Press.Make(ctx, run, o, r.Store.Now())
}

// every is how often the runner looks whether something is due.
const every = 30 * time.Second

// Run looks for what is due until ctx ends. A look that is still at work is
// not started again.
func (r *Runner) Run(ctx context.Context) error {
	s, err := gocron.NewScheduler(gocron.WithStopTimeout(time.Minute))
	if err != nil {
		return err
	}
	look := func() {
		if err := r.Tick(ctx); err != nil && ctx.Err() == nil {
			r.Log.Error("schedule", "error", err)
		}
	}
	job, err := s.NewJob(gocron.DurationJob(every), gocron.NewTask(look), gocron.WithSingletonMode(gocron.LimitModeReschedule), gocron.WithStartAt(gocron.WithStartImmediately()))
	if err != nil {
		return err
	}
	s.Start()
	for {
		select {
		case <-r.wake:
			if err := job.RunNow(); err != nil {
				r.Log.Error("schedule", "error", err)
			}
		case <-ctx.Done():
			return s.Shutdown()
		}
	}
}

// Tick does every job that is due and not done, then delivers what waits. A
// job that fails does not keep the others from being done.
func (r *Runner) Tick(ctx context.Context) error {
	var failures []error
	if err := r.freeDead(ctx); err != nil {
		return err
	}
	due, err := r.due(ctx, r.Store.Now())
	if err != nil {
		return err
	}
	for _, d := range due {
		if err := r.do(ctx, d.job, d.occasion); err != nil {
			failures = append(failures, fmt.Errorf("%s %s: %w", d.job, d.name, err))
		}
	}
	if _, err := r.Deliver(ctx, nil); err != nil {
		failures = append(failures, err)
	}
	return errors.Join(failures...)
}

// dueJob is a job with its occasion.
type dueJob struct {
	job string
	occasion
}

// due lists what should have been done by now, whether it was or not: of a
// night the last one, as older ones are made up for by it.
func (r *Runner) due(ctx context.Context, now time.Time) ([]dueJob, error) {
	var all []dueJob
	if o, ok := r.Settings.lastNight(now); ok && r.Refresh != nil {
		all = append(all, dueJob{Night, o})
	}
	events, err := r.Store.Events(ctx)
	if err != nil {
		return nil, err
	}
	if r.Settings.AfterClose {
		for _, o := range sealed(events) {
			all = append(all, dueJob{Sealed, o})
		}
	}
	if o, ok := r.Settings.drafts(now); ok && !o.at.After(now) && State(events, o.month) == "draft" {
		all = append(all, dueJob{Drafts, o})
	}
	return all, nil
}

// do does one occasion of a job, if nobody else did or does.
func (r *Runner) do(ctx context.Context, job string, o occasion) error {
	owner := newOwner()
	attempt, ok, err := r.Store.ClaimJob(ctx, owner, job, o.name, 2*time.Hour)
	if err != nil || !ok {
		return err
	}
	outcome, failure := r.perform(ctx, job, o)
	var retry time.Time
	if failure != nil && attempt <= len(pauses) {
		retry = r.Store.Now().Add(pauses[attempt-1])
	}
	return errors.Join(failure, r.Store.EndJob(context.WithoutCancel(ctx), owner, job, o.name, outcome, failure, retry))
}

// perform does the work of a job; a panic is its failure.
func (r *Runner) perform(ctx context.Context, job string, o occasion) (outcome string, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v", cause)
		}
	}()
	if job == Night {
		return r.Refresh(ctx)
	}
	n, id, err := r.Plan(ctx, "schedule", o.month, o.runID)
	return r.Lang.T("job_outcome.reports", "n", n, "run", id), err
}

// Plan plans the reports of a month from a run, the current one for "", and
// returns how many are new and the run's id.
func (r *Runner) Plan(ctx context.Context, who string, month time.Time, runID string) (added int, id string, err error) {
	run, err := r.open(runID)
	if err != nil {
		return 0, runID, err
	}
	defer run.Close()
	all, err := r.plan(ctx, run, month)
	if err != nil {
		return 0, run.Meta.RunID, err
	}
	added, err = r.Store.PlanDeliveries(ctx, who, all)
	return added, run.Meta.RunID, err
}

func (r *Runner) open(runID string) (*analytics.Run, error) {
	if runID == "" {
		return analytics.OpenCurrent(r.Dir)
	}
	return analytics.OpenRun(r.Dir, runID)
}

// SendTest sends a short mail that proves the settings.
func (r *Runner) SendTest(ctx context.Context, to string, lang i18n.Lang) error {
	if r.Mail.Host == "" {
		return errors.New("mail.host is empty in levelfield.yaml: write the name of an SMTP server there")
	}
	now := r.Store.Now()
	return mailer{r.Mail, r.Roots}.send(ctx, letter{
		id: messageID(store.Delivery{Report: "test", Recipient: to, Month: now, RunID: fmt.Sprint(now.UnixNano())}, r.Mail.From), to: to, date: now,
		subject: lang.T("mail.test_subject"), body: lang.T("mail.test_body", "host", r.Mail.Host) + "\n",
	})
}
