package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"levelfield/analytics"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/report"
	"levelfield/dashboard/schedule"
	"levelfield/dashboard/store"
	"levelfield/ingest"
)

func (a *app) reportCommand() *cobra.Command {
	var m, who string
	var all bool
	c := &cobra.Command{
		Use:   "report",
		Short: "Write the month's report, or deliver everybody's: HTML, PDF and XLSX",
		Long: "Write the month's report into reports/, in both languages; --lang writes one.\n" +
			"--for writes the report of a region, team or person, with the rights of its\n" +
			"reader. --all writes everybody's and sends what levelfield.yaml and the accounts\n" +
			"name: each delivery is made once, so a call that was broken off goes on where it\n" +
			"stopped and another one does nothing. Use it from a timer where `serve` does not\n" +
			"run.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if all && who != "" {
				return usageError{errors.New("--all and --for exclude each other")}
			}
			langs := i18n.Langs
			if a.lang != "" {
				langs = []i18n.Lang{i18n.Lang(a.lang)}
			}
			c, err := a.readConfig()
			if err != nil {
				return err
			}
			if all {
				return a.deliver(cmd.Context(), c, m)
			}
			files, err := a.writeReports(cmd.Context(), m, who, langs)
			for _, f := range files {
				fmt.Fprintln(a.out, f)
			}
			return err
		},
	}
	c.Flags().StringVar(&m, "month", "", "month, such as 2026-10 (default: the last of the run)")
	c.Flags().StringVar(&who, "for", "", "name or id of a region, team or person")
	c.Flags().BoolVar(&all, "all", false, "write and send everybody's reports")
	return c
}

// reportMonth returns the month of a --month value, the last of the run for "".
func reportMonth(run *analytics.Run, text string) (time.Time, error) {
	text, err := month(text)
	if err != nil || text == "" {
		return run.Meta.LastMonth, err
	}
	return time.Parse("2006-01", text)
}

// writeReports writes one report in each language and form and returns the
// files. who names a region, team or person, "" the whole company.
func (a *app) writeReports(ctx context.Context, text, who string, langs []i18n.Lang) ([]string, error) {
	run, err := analytics.OpenCurrent(a.dir)
	if err != nil {
		return nil, err
	}
	defer run.Close()
	o := report.Order{Kind: report.ForCompany}
	if o.Month, err = reportMonth(run, text); err != nil {
		return nil, err
	}
	if who != "" {
		if o.Kind, o.UnitID, o.Reader, err = findUnit(ctx, run, who, o.Month); err != nil {
			return nil, err
		}
	}
	s, err := a.store(ctx)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	events, err := s.Events(ctx)
	if err != nil {
		return nil, err
	}
	o.State, o.Store = schedule.State(events, o.Month), s
	press, err := report.NewPress()
	if err != nil {
		return nil, err
	}
	dir := a.path("reports", o.Month.Format("2006-01"))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	var files []string
	for _, o.Lang = range langs {
		r, err := press.Make(ctx, run, o, a.now())
		if err != nil {
			return files, err
		}
		if err := r.Missing(); err != nil {
			a.say("%v", err)
		}
		for _, form := range []struct {
			ending string
			write  func(io.Writer) error
		}{{"html", r.HTML}, {"pdf", r.PDF}, {"xlsx", r.XLSX}} {
			path := a.path("reports", o.Month.Format("2006-01"), schedule.FileName(o)+"."+form.ending)
			if err := a.writeTo(path, form.write); err != nil {
				return files, err
			}
			files = append(files, path)
		}
	}
	return files, nil
}

// findUnit finds a region, team or person by id or name. A name that several
// have is refused with their ids.
func findUnit(ctx context.Context, run *analytics.Run, who string, month time.Time) (report.Kind, string, string, error) {
	var found []analytics.Unit
	for _, kind := range []string{"region", "team", "rep"} {
		units, err := run.Units(ctx, analytics.All(), kind, "", month)
		if err != nil {
			return "", "", "", err
		}
		for _, u := range units {
			if u.ID == who || u.Name == who {
				found = append(found, u)
			}
		}
	}
	switch len(found) {
	case 0:
		return "", "", "", usageError{fmt.Errorf("--for %s: the run knows no region, team or person of this name or id in %s", who, month.Format("2006-01"))}
	case 1:
		kind := map[string]report.Kind{"region": report.ForRegion, "team": report.ForTeam, "rep": report.ForPerson}[found[0].Kind]
		return kind, found[0].ID, found[0].Name, nil
	}
	var ids []string
	for _, u := range found {
		ids = append(ids, u.Kind+" "+u.ID)
	}
	return "", "", "", usageError{fmt.Errorf("--for %s: several have this name (%s); write the id", who, strings.Join(ids, ", "))}
}

// runner makes what delivers reports. It has no press yet and does no other jobs.
func (a *app) runner(c *config, s *store.Store) *schedule.Runner {
	return schedule.New(a.dir, s, c.Schedule, c.Mail, i18n.Lang(c.Lang), slog.New(slog.NewTextHandler(a.err, nil)))
}

// deliver plans the month's reports for everybody and delivers what waits,
// under a progress bar on a terminal.
func (a *app) deliver(ctx context.Context, c *config, text string) error {
	run, err := analytics.OpenCurrent(a.dir)
	if err != nil {
		return err
	}
	defer run.Close()
	at, err := reportMonth(run, text)
	if err != nil {
		return err
	}
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	r := a.runner(c, s)
	r.Settings.Everyone = true
	planned, id, err := r.Plan(ctx, "report --all", at, run.Meta.RunID)
	if err != nil {
		return err
	}
	waiting, err := waiting(ctx, s)
	if err != nil {
		return err
	}
	a.say("Reports of %s from run %s: %d new, %d to deliver.", at.Format("2006-01"), id, planned, waiting)
	if waiting == 0 { // a press is costly to start
		fmt.Fprintln(a.out, schedule.Outcome{})
		return nil
	}
	defer debug.SetGCPercent(debug.SetGCPercent(report.BatchGC))
	if r.Press, err = report.NewPress(); err != nil {
		return err
	}
	var each func(store.Delivery)
	if bar := a.bar("reports", progressbar.OptionShowCount()); bar != nil {
		bar.ChangeMax(max(1, waiting))
		each = func(store.Delivery) { bar.Add(1) }
		defer bar.Finish()
	}
	done, err := r.Deliver(ctx, each)
	if err != nil {
		return err
	}
	fmt.Fprintln(a.out, done)
	if done.Failed+done.Stopped > 0 {
		return a.failedReports(ctx, s, done)
	}
	return nil
}

// waiting counts what is planned or waits for another try.
func waiting(ctx context.Context, s *store.Store) (int, error) {
	counts, err := s.CountDeliveries(ctx)
	n := 0
	for _, c := range counts {
		if slices.Contains([]store.DeliveryState{store.Planned, store.Failed, store.Claimed}, c.State) {
			n += c.N
		}
	}
	return n, err
}

// failedReports names the first deliveries that failed and why.
func (a *app) failedReports(ctx context.Context, s *store.Store, done schedule.Outcome) error {
	all, err := s.Deliveries(ctx, "", min(10, done.Failed+done.Stopped))
	if err != nil {
		return err
	}
	var lines []string
	for _, d := range all {
		next := "given up: correct the cause and send it again on the page of the schedule"
		if d.State == store.Failed {
			next = "next try " + d.NextAt.Local().Format("15:04") + " with `levelfield report --all` or while `serve` runs"
		}
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s", d.Report, d.UnitID))+" to "+d.Recipient+": "+d.Error+" ("+next+")")
	}
	return fmt.Errorf("%d reports were not delivered:\n%s", done.Failed+done.Stopped, strings.Join(lines, "\n"))
}

// refresh loads what lies in exports/ and calculates, as the night does.
func (a *app) refresh(c *config) func(context.Context) (string, error) {
	a = &app{dir: a.dir, quiet: true, in: a.in, out: a.out, err: a.err, now: a.now}
	return func(ctx context.Context) (string, error) {
		loads, err := a.ingest(ctx, nil, ingest.Options{})
		if err != nil && !errors.As(err, &refusedError{}) {
			return "", err
		}
		result, err := a.calc(ctx, c, calcFlags{})
		if err != nil {
			return "", err
		}
		return i18n.Lang(c.Lang).T("job_outcome.night", "loaded", loads.Loaded(), "refused", loads.Refused(), "run", result.RunID), nil
	}
}
