package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"levelfield/analytics"
)

func (a *app) checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Show what the data checks and the CRM, finance and cash reconciliation found",
		Long:  "Show what the data checks, the reconciliation of CRM, finance and cash, and the\nmatching of people and customers found in the published run. Exit code 3 says\nthat a check failed.",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := a.readConfig(); err != nil {
				return err
			}
			run, err := analytics.OpenCurrent(a.dir)
			if err != nil {
				return err
			}
			defer run.Close()
			return a.printChecks(cmd.Context(), run)
		},
	}
}

// printChecks prints the checks, and for people also the reconciliation and
// what matched nobody.
func (a *app) printChecks(ctx context.Context, run *analytics.Run) error {
	checks, err := run.CheckResults(ctx, analytics.All())
	if err != nil {
		return err
	}
	failed := 0
	var rows [][]string
	for _, c := range checks {
		state := "pass"
		if !c.Passed {
			failed++
			state = "FAIL"
		} else if a.format == "human" {
			continue
		}
		rows = append(rows, []string{state, c.Severity, count(c.Failures), c.ID, a.words(analytics.Words{En: c.TitleEn, Zh: c.TitleZh})})
	}
	if err := a.printTable([]string{"state", "severity", "rows", "check", "what"}, rows, 2); err != nil {
		return err
	}
	if a.format == "human" {
		fmt.Fprintf(a.out, "%d of %d checks passed.\n", len(checks)-failed, len(checks))
		if err := a.printReconciliation(ctx, run); err != nil {
			return err
		}
		if err := a.printUnmatched(ctx, run); err != nil {
			return err
		}
	}
	if failed > 0 {
		return refusedError{fmt.Errorf("%d checks failed; the data page shows the rows", failed)}
	}
	return nil
}

func (a *app) printReconciliation(ctx context.Context, run *analytics.Run) error {
	lines, err := run.Reconciliation(ctx, analytics.All(), run.Meta.LastMonth)
	if err != nil || len(lines) == 0 {
		return err
	}
	var rows [][]string
	for _, l := range lines {
		name, state := l.RegionName, "agree"
		if l.RegionID == "" {
			name = run.Meta.Company
		}
		switch {
		case !l.CRMAgrees:
			state = "CRM and finance differ"
		case !l.CashAgrees:
			state = "cash and finance differ"
		}
		difference := "–"
		if l.Difference != nil {
			difference = strconv.FormatFloat(100**l.Difference, 'f', 2, 64) + " %"
		}
		rows = append(rows, []string{name, amount(l.CRM), amount(l.Finance), amount(l.Cash), difference, state})
	}
	fmt.Fprintf(a.out, "\nReconciliation of %s, tolerance %g %%:\n", run.Meta.LastMonth.Format("2006-01"), 100*lines[0].Tolerance)
	return a.printTable([]string{"", "CRM, won deals", "finance, revenue", "cash received", "CRM less finance", "state"}, rows, 1, 2, 3, 4)
}

func (a *app) printUnmatched(ctx context.Context, run *analytics.Run) error {
	list, err := run.Unmatched(ctx, analytics.All())
	if err != nil || len(list) == 0 {
		return err
	}
	var rows [][]string
	for _, u := range list {
		to := "nobody: counted under its own name"
		if u.How != "unmatched" && u.ResolvedTo != nil {
			to = *u.ResolvedTo + " (by " + u.How + ")"
		}
		rows = append(rows, []string{u.Entity + "." + u.Field, u.Value, count(u.Rows), amount(u.Amount), to})
	}
	fmt.Fprintln(a.out, "\nNames that were not found as written:")
	return a.printTable([]string{"where", "value", "rows", "amount", "counts as"}, rows, 2, 3)
}

func amount(v *float64) string {
	if v == nil {
		return "–"
	}
	return strconv.FormatFloat(*v, 'f', 2, 64)
}
