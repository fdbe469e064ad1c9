package main

import (
	"fmt"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"levelfield/analytics"
	"levelfield/analytics/plan"
	"levelfield/dashboard/closing"
)

func (a *app) simulateCommand() *cobra.Command {
	var file string
	var n int
	c := &cobra.Command{
		Use:   "simulate --plan FILE",
		Short: "Run another plan over the last months and show each person's difference",
		Long: "Run another plan over the last months, on the same data and decisions: who would\n" +
			"gain, who would lose, and what it would cost. Nothing is published. The closed\n" +
			"months are taken; where none is closed, the calculated ones.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if file == "" || n < 1 {
				return usageError{fmt.Errorf("name a plan with --plan FILE and at least one month with --months")}
			}
			text, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			known, err := analytics.Indicators(a.dir)
			if err != nil {
				return err
			}
			other, err := plan.Parse(file, text, known)
			if err != nil {
				return err
			}
			return a.atDesk(cmd.Context(), func(d *closing.Desk) error {
				months, err := d.Simulated(cmd.Context(), n)
				if err != nil {
					return err
				}
				s, err := analytics.Simulate(cmd.Context(), d.Options, d.Run, other, months)
				if err != nil {
					return err
				}
				return a.printSimulation(s)
			})
		},
	}
	c.Flags().StringVar(&file, "plan", "", "plan file to try")
	c.Flags().IntVar(&n, "months", 12, "how many months back")
	return c
}

func (a *app) printSimulation(s *analytics.Simulation) error {
	if a.format == "json" {
		return a.printJSON(s)
	}
	var rows [][]string
	line := func(p analytics.SimulatedPay, id, name string) {
		rows = append(rows, []string{id, name, cents(p.Now), cents(p.Then), cents(p.Difference()), share(p)})
	}
	for _, p := range s.People {
		line(p, p.RepID, p.Name)
	}
	if a.format == "human" {
		line(s.Total, "", "")
	}
	if err := a.printTable([]string{"person", "name", "paid", "under " + s.Plan, "difference", "share"}, rows, 2, 3, 4, 5); err != nil {
		return err
	}
	first, last := s.Months[0], s.Months[len(s.Months)-1]
	a.say("%s to %s under %s: %d people gain, %d lose, %d get the same; it costs %s more.", first, last, s.Plan, s.Gain, s.Lose, s.Same, cents(s.Total.Difference()))
	return nil
}

// share is the difference as a share of what was paid; a dash where nothing
// was.
func share(p analytics.SimulatedPay) string {
	if p.Now == 0 {
		return "–"
	}
	return strconv.FormatFloat(100*float64(p.Difference())/float64(p.Now), 'f', 1, 64) + " %"
}
