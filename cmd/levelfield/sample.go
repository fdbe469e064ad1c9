package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"levelfield/ingest/sample"
)

func (a *app) sampleCommand() *cobra.Command {
	var cfg sample.Config
	var last string
	c := &cobra.Command{
		Use:   "sample",
		Short: "Write a generated company's exports, mappings and planted truth into the workspace",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			m, err := month(last)
			if err != nil {
				return err
			}
			if m != "" {
				cfg.LastMonth, _ = time.Parse("2006-01", m)
			}
			if err := sample.Generate(a.dir, cfg); err != nil {
				return usageError{fmt.Errorf("%w", err)}
			}
			a.say("Wrote exports/, mappings/ and truth/ into %s.", a.dir)
			return nil
		},
	}
	d := sample.Config{}.Defaults()
	f := c.Flags()
	f.Uint64Var(&cfg.Seed, "seed", d.Seed, "another seed makes another company")
	f.IntVar(&cfg.Reps, "reps", d.Reps, "people who sell")
	f.IntVar(&cfg.Regions, "regions", d.Regions, "regions, 1 to 8")
	f.IntVar(&cfg.Teams, "teams", 0, "teams (default: 24 for 160 people)")
	f.IntVar(&cfg.Months, "months", d.Months, "months of history")
	f.StringVar(&last, "last-month", "", "last month (default: "+d.LastMonth.Format("2006-01")+")")
	f.Int64Var(&cfg.OrderLines, "order-lines", d.OrderLines, "order lines over all months, about")
	f.Int64Var(&cfg.Visits, "visits", d.Visits, "visits over all months, about")
	f.BoolVar(&cfg.Plain, "plain", false, "canonical CSV files only, without bad rows")
	return c
}
