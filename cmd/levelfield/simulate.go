package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"levelfield/analytics"
	"levelfield/analytics/plan"
	"levelfield/dashboard/closing"
)

func (a *app) simulateCommand() *cobra.Command {
	var file string
	var n int
	var other analytics.Alternative
	c := &cobra.Command{
		Use:   "simulate [--plan FILE] [--targets WAY] [--coefficients FROM]",
		Short: "Run another plan, other targets or other coefficients over the last months and show each person's difference",
		Long: "Run another plan, targets shared another way, or coefficients from elsewhere over\n" +
			"the last months, on the same data and decisions: who would gain, who would lose,\n" +
			"what it would cost, and whether the field would be more level. Nothing is\n" +
			"published. The closed months are taken; where none is closed, the calculated ones.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if file == "" && other.Targets == "" && other.Coefficients == "" || n < 1 {
				return usageError{fmt.Errorf("name a plan with --plan FILE, targets with --targets or coefficients with --coefficients, and at least one month with --months")}
			}
			if other.Targets != "" && !slices.Contains(analytics.TargetWays[:4], other.Targets) {
				return usageError{fmt.Errorf("--targets is %q; there are %s", other.Targets, strings.Join(analytics.TargetWays[:4], ", "))}
			}
			if file != "" {
				text, err := os.ReadFile(file)
				if err != nil {
					return err
				}
				known, err := analytics.Indicators(a.dir)
				if err != nil {
					return err
				}
				if other.Plan, err = plan.Parse(file, text, known); err != nil {
					return err
				}
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
	c.Flags().StringVar(&other.Targets, "targets", "", "share each month's targets again: equal, history, potential, expected")
	c.Flags().StringVar(&other.Coefficients, "coefficients", "", "take coefficients from data, policy, blend or override, or let them not count: none")
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
	if err := a.printTable([]string{"person", "name", "paid", "then", "difference", "share"}, rows, 2, 3, 4, 5); err != nil {
		return err
	}
	first, last := s.Months[0], s.Months[len(s.Months)-1]
	under := ""
	if s.Change != "" {
		under = " under " + s.Change
	}
	a.say("%s to %s%s: %d people gain, %d lose, %d get the same; it costs %s more.", first, last, under, s.Gain, s.Lose, s.Same, cents(s.Total.Difference()))
	for _, f := range []struct {
		what      string
		now, then *float64
	}{{"Correlation of score with the market (0 is level)", s.Before.ScoreEase, s.After.ScoreEase}, {"Pay in hard markets over easy ones (1 is level)", s.Before.HardEasy, s.After.HardEasy}} {
		if f.now != nil && f.then != nil {
			a.say("%s: %.2f before, %.2f after.", f.what, *f.now, *f.then)
		}
	}
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
