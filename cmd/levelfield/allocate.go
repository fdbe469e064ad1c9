package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"levelfield/analytics"
)

func (a *app) allocateCommand() *cobra.Command {
	var m, total string
	var change float64
	var low, high map[string]string
	c := &cobra.Command{
		Use:   "allocate [promotion|headcount]",
		Short: "Split promotion money or people between regions where they earn most",
		Long: "Split promotion money or people between regions where they earn most, or say that\n" +
			"the data cannot tell and nothing should move. Bounds not given are the plan's.",
		Example: "  levelfield allocate promotion --total 2000000 --low 华东=300000",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			question := analytics.SplitQuestion{Resource: analytics.Promotion, Change: change / 100}
			if len(args) == 1 {
				question.Resource = args[0]
			}
			if question.Resource != analytics.Promotion && question.Resource != analytics.Headcount {
				return usageError{fmt.Errorf("there is no resource %q; it is promotion or headcount", question.Resource)}
			}
			if total == "best" {
				question.IsFree = true
			} else if total != "" {
				v, err := strconv.ParseFloat(strings.ReplaceAll(total, ",", ""), 64)
				if err != nil || !(v > 0) {
					return usageError{fmt.Errorf("--total is %q; write an amount above 0, or best", total)}
				}
				question.Total = v
			}
			if _, err := a.readConfig(); err != nil {
				return err
			}
			run, err := analytics.OpenCurrent(a.dir)
			if err != nil {
				return err
			}
			defer run.Close()
			at := run.Meta.LastMonth
			if m, err = month(m); err != nil {
				return err
			} else if m != "" {
				at, _ = time.Parse("2006-01", m)
			}
			regions, err := run.AllocationRegions(cmd.Context(), analytics.All(), question.Resource, at)
			if err != nil {
				return err
			}
			if question.Low, err = bounds("low", low, regions); err != nil {
				return usageError{err}
			}
			if question.High, err = bounds("high", high, regions); err != nil {
				return usageError{err}
			}
			areas, budget, err := question.Question(regions)
			if err != nil {
				return err
			}
			p, err := analytics.Propose(areas, budget)
			if err != nil {
				return usageError{err}
			}
			return a.printProposal(p, regions)
		},
	}
	c.Flags().StringVar(&m, "month", "", "month whose state is today's, such as 2026-10 (default: the last of the run)")
	c.Flags().StringVar(&total, "total", "", "what is split; best: spend until one more unit no longer earns its cost (default: as today)")
	c.Flags().Float64Var(&change, "change", 0, "most that a region changes, in percent (default: the plan's)")
	c.Flags().StringToStringVar(&low, "low", nil, "least of a region, such as 华东=300000")
	c.Flags().StringToStringVar(&high, "high", nil, "most of a region")
	return c
}

// bounds reads region=amount pairs; a region is an id or a name.
func bounds(flag string, given map[string]string, regions []analytics.AllocationRegion) (map[string]float64, error) {
	out := map[string]float64{}
	for name, text := range given {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || v < 0 {
			return nil, fmt.Errorf("--%s %s=%s: write an amount of 0 or more", flag, name, text)
		}
		known := false
		for _, g := range regions {
			if g.ID == name || g.Name == name {
				out[g.ID], known = v, true
			}
		}
		if !known {
			var names []string
			for _, g := range regions {
				names = append(names, g.Name)
			}
			return nil, fmt.Errorf("--%s: there is no region %s; there are %s", flag, name, strings.Join(names, ", "))
		}
	}
	return out, nil
}

func (a *app) printProposal(p *analytics.Proposal, regions []analytics.AllocationRegion) error {
	if a.format == "json" {
		return a.printJSON(p)
	}
	round := func(v float64) string { return strconv.FormatFloat(math.Round(v), 'f', 0, 64) }
	var rows [][]string
	for i, g := range regions {
		rows = append(rows, []string{
			g.Name, round(p.Today[i]), round(p.X[i]), round(p.X[i] - p.Today[i]),
			fmt.Sprintf("%.2f (%.2f to %.2f)", g.Elasticity, g.Low, g.High), fmt.Sprintf("%.2f", p.Marginal[i][0]), fmt.Sprintf("%.2f", p.Marginal[i][1]),
			round(p.Areas[i].SalesAt(p.X[i]) - g.Sales),
		})
	}
	if err := a.printTable([]string{"region", "today", "proposed", "change", "elasticity", "earns now", "earns then", "sales"}, rows, 1, 2, 3, 4, 5, 6, 7); err != nil {
		return err
	}
	verdict := map[string]string{
		analytics.VerdictMove: "Recommended: the best split.",
		analytics.VerdictHalf: "Recommended: half the way to the best split.",
		analytics.VerdictStay: "Not distinguishable from today's split: do not move.",
	}[p.Verdict]
	g := p.Best.Gain
	a.say("%s The best split gains %s a month (90 %% interval %s to %s), with a probability of %.0f %%.", verdict, round(g.Mean), round(g.Low), round(g.High), 100*p.Best.Probability)
	if regions[0].IsConflict {
		a.say("The data cannot tell a strong response from effort chasing demand; the prior %.2f was used. A trial in pairs of regions would show it.", regions[0].PriorElasticity)
	}
	return nil
}
