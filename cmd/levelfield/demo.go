package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"levelfield/dashboard/i18n"
	"levelfield/ingest"
	"levelfield/ingest/sample"
)

//go:embed demo.yaml
var demoSettings []byte

func (a *app) demoCommand() *cobra.Command {
	var noServe bool
	c := &cobra.Command{
		Use:   "demo",
		Short: "Show the product on a generated company: exports, load, calculation, report, dashboard",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			start := time.Now()
			if err := a.prepareDemo(cmd.Context()); err != nil {
				return err
			}
			a.say("Ready after %.1f s.", time.Since(start).Seconds())
			if noServe {
				return nil
			}
			c, err := a.readConfig()
			if err != nil {
				return err
			}
			return a.serve(cmd.Context(), c)
		},
	}
	c.Flags().BoolVar(&noServe, "no-serve", false, "stop before serving")
	return c
}

// prepareDemo makes the workspace, its exports, the lake, a run and the
// month's reports. A second demo in the same folder starts from what is there.
func (a *app) prepareDemo(ctx context.Context) error {
	if err := makeWorkspace(a.dir, demoSettings, "default"); err != nil && !errors.As(err, &usageError{}) {
		return err
	}
	c, err := a.readConfig()
	if err != nil {
		return err
	}
	if _, err := os.Stat(a.path("truth")); errors.Is(err, os.ErrNotExist) {
		if err := sample.Generate(a.dir, sample.Config{}); err != nil {
			return err
		}
		a.say("Exports of %s: %s", c.Company.Name, a.path("exports"))
	}
	report, err := a.ingest(ctx, nil, ingest.Options{})
	if err != nil {
		return err
	}
	a.say("Loaded %d rows; refused %d, each with its reason, as a real export has some.", report.Loaded(), report.Refused())
	result, err := a.calc(ctx, c, calcFlags{})
	if err != nil {
		return err
	}
	a.say("Published run %s.", result.RunID)
	files, err := a.writeReports(ctx, "", "", i18n.Langs)
	if err != nil {
		return err
	}
	for _, f := range files {
		fmt.Fprintf(a.out, "Report: %s\n", f)
	}
	return a.demoAccounts(ctx)
}
