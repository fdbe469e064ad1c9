package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"levelfield/analytics"
)

// calcFlags are the choices of a calculation.
type calcFlags struct {
	month, asOf string
	again       bool
}

func (a *app) calcCommand() *cobra.Command {
	var flags calcFlags
	c := &cobra.Command{
		Use:   "calc",
		Short: "Calculate all indicators from the lake and publish the run",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.readConfig()
			if err != nil {
				return err
			}
			result, err := a.calc(cmd.Context(), c, flags)
			if err != nil {
				return err
			}
			return a.printRun(result)
		},
	}
	c.Flags().StringVar(&flags.month, "month", "", "last month to calculate, such as 2026-10 (default: the last with data)")
	c.Flags().StringVar(&flags.asOf, "as-of", "", "count cash and replies up to this day, such as 2026-10-31")
	c.Flags().BoolVar(&flags.again, "again", false, "calculate every month again, also those that did not change")
	return c
}

// calc builds and publishes a run under a progress bar on a terminal.
func (a *app) calc(ctx context.Context, c *config, flags calcFlags) (*analytics.Result, error) {
	opt, err := a.options(ctx, c)
	if err != nil {
		return nil, err
	}
	opt.NoCache = flags.again
	m, err := month(flags.month)
	if err != nil {
		return nil, err
	}
	if m != "" {
		opt.LastMonth, _ = time.Parse("2006-01", m)
	}
	if flags.asOf != "" {
		if opt.AsOf, err = time.Parse(time.DateOnly, flags.asOf); err != nil {
			return nil, usageError{fmt.Errorf("--as-of %s: not a day; write it as 2026-10-31", flags.asOf)}
		}
	}
	if bar := a.bar("calculating"); bar != nil {
		opt.Progress = func(s analytics.Step) {
			bar.ChangeMax(s.Total)
			bar.Set(s.Done)
		}
		defer bar.Finish()
	}
	result, err := analytics.Build(ctx, opt)
	if stopped := (*analytics.CheckError)(nil); errors.As(err, &stopped) {
		return nil, refusedError{err}
	}
	return result, err
}

func (a *app) printRun(r *analytics.Result) error {
	var failed [][]string
	for _, c := range r.Checks {
		if !c.Passed() {
			failed = append(failed, []string{c.CheckID, c.Severity, count(c.Failures), a.words(c.Title)})
		}
	}
	switch {
	case a.format == "json":
		return a.printJSON(map[string]any{"run": r.RunID, "unchanged": r.Unchanged, "relations": len(r.Models), "checks": len(r.Checks), "checks_failed": len(failed)})
	case a.format == "csv":
		return a.printTable([]string{"check", "severity", "rows", "title"}, failed)
	case r.Unchanged:
		a.say("Nothing changed since run %s; it stays in use.", r.RunID)
		return nil
	}
	a.say("Published run %s: %d relations, %d checks, %d of them with findings.", r.RunID, len(r.Models), len(r.Checks), len(failed))
	if len(failed) > 0 {
		return a.printTable([]string{"check", "severity", "rows", "finding"}, failed, 2)
	}
	return nil
}

// words picks the language of the call.
func (a *app) words(w analytics.Words) string {
	if a.lang == "zh-CN" {
		return w.Zh
	}
	return w.En
}
