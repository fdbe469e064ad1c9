package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"levelfield/analytics"
	"levelfield/dashboard/closing"
	"levelfield/dashboard/store"
)

func (a *app) verifyCommand() *cobra.Command {
	var closed bool
	c := &cobra.Command{
		Use:   "verify [RUN|MONTH]",
		Short: "Calculate a published run or a closed month again from the lake and compare every table",
		Long: "Calculate a run again from the lake, with the plan and the decisions it was made\n" +
			"from, and compare every table. A month means the run it was sealed from last. A\n" +
			"run from which a month was closed can be verified also where its folder is gone.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.readConfig()
			if err != nil {
				return err
			}
			opt, err := a.options(cmd.Context(), c)
			if err != nil {
				return err
			}
			return a.withStore(cmd.Context(), func(s *store.Store) error {
				events, err := s.Events(cmd.Context())
				if err != nil {
					return err
				}
				ids, err := a.toVerify(args, closed, events)
				if err != nil {
					return err
				}
				var wrong []error
				for _, id := range ids {
					v, err := verifyRun(cmd.Context(), opt, s, events, id)
					if err != nil {
						return err
					}
					wrong = append(wrong, a.printVerification(v))
				}
				return errors.Join(wrong...)
			})
		},
	}
	c.Flags().BoolVar(&closed, "closed", false, "every run from which a month was sealed")
	return c
}

// toVerify returns the ids of the runs that were asked for.
func (a *app) toVerify(args []string, closed bool, events []store.Event) (ids []string, err error) {
	if closed {
		for _, e := range events {
			if e.Seal != "" && !slices.Contains(ids, e.RunID) {
				ids = append(ids, e.RunID)
			}
		}
		return ids, nil
	}
	if len(args) == 0 {
		id, err := analytics.CurrentID(a.dir)
		return []string{id}, err
	}
	m, err := time.Parse("2006-01", args[0])
	if err != nil {
		return args, nil
	}
	since := store.Closed(events)[m]
	if since == nil {
		return nil, refusedError{fmt.Errorf("%s is not closed: there is no seal to verify", args[0])}
	}
	return []string{since[len(since)-1].RunID}, nil
}

// verifyRun verifies a run with the seals of the months closed from it.
func verifyRun(ctx context.Context, opt analytics.Options, s *store.Store, events []store.Event, id string) (*analytics.Verification, error) {
	var seals []*analytics.MonthSeal
	for _, e := range events {
		if e.Seal == "" || e.RunID != id {
			continue
		}
		seal, err := closing.SealOf(ctx, s, e)
		if err != nil {
			return nil, refusedError{err}
		}
		seals = append(seals, seal)
	}
	return analytics.Verify(ctx, opt, id, seals...)
}

func (a *app) printVerification(v *analytics.Verification) error {
	if a.format == "json" {
		if err := a.printJSON(map[string]any{"run": v.RunID, "tables": v.Tables, "months": v.Months, "gone": v.IsGone, "problems": v.Problems}); err != nil {
			return err
		}
	}
	if len(v.Problems) > 0 {
		return refusedError{fmt.Errorf("run %s does not agree:\n  %s", v.RunID, strings.Join(v.Problems, "\n  "))}
	}
	if a.format == "human" {
		sealed := ""
		if len(v.Months) > 0 {
			sealed = fmt.Sprintf(" It is the seal of %s.", strings.Join(v.Months, ", "))
		}
		if v.IsGone {
			sealed += " Its own folder is gone."
		}
		fmt.Fprintf(a.out, "Run %s agrees: calculated again from the lake, all %d tables are the same.%s\n", v.RunID, v.Tables, sealed)
	}
	return nil
}
