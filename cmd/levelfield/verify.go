package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"levelfield/analytics"
)

func (a *app) verifyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "verify [RUN]",
		Short: "Calculate a published run again from the lake and compare every table",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.readConfig()
			if err != nil {
				return err
			}
			id := ""
			if len(args) == 1 {
				id = args[0]
			} else if id, err = analytics.CurrentID(a.dir); err != nil {
				return err
			}
			opt, err := a.options(cmd.Context(), c)
			if err != nil {
				return err
			}
			v, err := analytics.Verify(cmd.Context(), opt, id)
			if err != nil {
				return err
			}
			return a.printVerification(v)
		},
	}
}

func (a *app) printVerification(v *analytics.Verification) error {
	if a.format == "json" {
		if err := a.printJSON(map[string]any{"run": v.RunID, "tables": v.Tables, "problems": v.Problems}); err != nil {
			return err
		}
	}
	if len(v.Problems) > 0 {
		return refusedError{fmt.Errorf("run %s does not agree:\n  %s", v.RunID, strings.Join(v.Problems, "\n  "))}
	}
	if a.format == "human" {
		fmt.Fprintf(a.out, "Run %s agrees: calculated again from the lake, all %d tables are the same.\n", v.RunID, v.Tables)
	}
	return nil
}
