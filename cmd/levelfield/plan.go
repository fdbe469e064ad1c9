package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"levelfield/analytics"
	"levelfield/analytics/plan"
)

func (a *app) planCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "plan",
		Short: "Check the plan, say it in sentences, compare plans, find jumps in pay",
		Long: "The plan holds the rules of scores and pay: the files in plans/, each a version\n" +
			"from its starting month on. PLAN is a file, the name of a version (its file\n" +
			"without .yaml) or of a shipped plan: " + strings.Join(plan.Presets, ", ") + ".",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(a.planCheckCommand(), a.planShowCommand(), a.planDiffCommand(), a.planCliffsCommand(), a.planSchemaCommand())
	for _, sub := range c.Commands() {
		sub.Args = usageArgs(sub.Args)
	}
	return c
}

func (a *app) planCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check [PLAN]",
		Short: "Read the plan and say every mistake with its line",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if _, err := a.readConfig(); err != nil {
				return err
			}
			if len(args) == 1 {
				f, _, err := a.findPlan(args[0])
				if err == nil {
					a.say("%s: no mistakes.", f.Name)
				}
				return refused(err)
			}
			p, err := analytics.LoadPlan(a.dir)
			if err != nil {
				return refused(err)
			}
			for _, f := range p.Versions {
				a.say("%s: no mistakes.", orText(f.Path, f.ID))
			}
			return nil
		},
	}
}

// refused marks mistakes in a plan: the program ends as for refused data.
func refused(err error) error {
	if err == nil || errors.As(err, &usageError{}) {
		return err
	}
	return refusedError{err}
}

func orText(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

func (a *app) planShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "show [PLAN]",
		Short: "Say a plan in plain sentences (default: the version in force now)",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if _, err := a.readConfig(); err != nil {
				return err
			}
			name := ""
			if len(args) == 1 {
				name = args[0]
			}
			f, known, err := a.findPlan(name)
			if err != nil {
				return refused(err)
			}
			return a.printPlan(f.Sentences(known))
		},
	}
}

func (a *app) printPlan(sections []plan.Section) error {
	if a.format != "human" {
		var rows [][]string
		for _, s := range sections {
			for _, x := range s.Statements {
				rows = append(rows, []string{s.Title.In(a.lang), x.Key, x.Text(a.lang)})
			}
		}
		return a.printTable([]string{"section", "key", "sentence"}, rows)
	}
	for i, s := range sections {
		if len(s.Statements) == 0 {
			continue
		}
		if i > 0 {
			fmt.Fprintln(a.out)
		}
		fmt.Fprintln(a.out, s.Title.In(a.lang))
		for _, x := range s.Statements {
			fmt.Fprintln(a.out, "  "+x.Text(a.lang))
		}
	}
	return nil
}

func (a *app) planDiffCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "diff PLAN PLAN",
		Short: "Say in sentences what changes from one plan to another",
		Args:  cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			if _, err := a.readConfig(); err != nil {
				return err
			}
			before, known, err := a.findPlan(args[0])
			if err != nil {
				return refused(err)
			}
			after, _, err := a.findPlan(args[1])
			if err != nil {
				return refused(err)
			}
			return a.printChanges(plan.Diff(before, after, known))
		},
	}
}

func (a *app) printChanges(changes []plan.Change) error {
	if a.format != "human" {
		var rows [][]string
		for _, c := range changes {
			rows = append(rows, []string{c.Section.In(a.lang), c.Kind, c.Text(a.lang)})
		}
		return a.printTable([]string{"section", "kind", "sentence"}, rows)
	}
	if len(changes) == 0 {
		fmt.Fprintln(a.out, plan.NoChange(a.lang))
	}
	for i, c := range changes {
		if i == 0 || c.Section != changes[i-1].Section {
			if i > 0 {
				fmt.Fprintln(a.out)
			}
			fmt.Fprintln(a.out, c.Section.In(a.lang))
		}
		fmt.Fprintln(a.out, "  "+c.Text(a.lang))
	}
	return nil
}

func (a *app) planCliffsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "cliffs [PLAN]",
		Short: "Find every jump and reversal of pay, and who is within reach of one",
		Long: "Moves one figure of an imagined person at a time, calculates the pay by the same\n" +
			"SQL as real pay and looks closer wherever the line breaks. Names the people of\n" +
			"the last calculated month whose figure is near such a place.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := a.readConfig(); err != nil {
				return err
			}
			name := ""
			if len(args) == 1 {
				name = args[0]
			}
			f, known, err := a.findPlan(name)
			if err != nil {
				return refused(err)
			}
			cliffs, err := analytics.Cliffs(cmd.Context(), f, known, nil)
			if err != nil {
				return err
			}
			return a.printCliffs(cmd.Context(), f, cliffs)
		},
	}
}

// printCliffs prints each cliff with the people near it, of the last month of
// the published run where there is one.
func (a *app) printCliffs(ctx context.Context, f *plan.File, cliffs []plan.Cliff) error {
	run, err := analytics.OpenCurrent(a.dir)
	if err != nil && !errors.Is(err, analytics.ErrNoRun) {
		return err
	}
	if run != nil {
		defer run.Close()
	}
	var rows [][]string
	for _, c := range cliffs {
		var near []analytics.Near
		if run != nil {
			if near, err = run.NearCliff(ctx, analytics.All(), run.Meta.LastMonth, c, f.Pay.ScoreScorecard); err != nil {
				return err
			}
		}
		var names []string
		for _, n := range near {
			names = append(names, n.Name+" "+c.Axis.Value(n.Value).In(a.lang))
		}
		rows = append(rows, []string{c.Axis.ID, c.Kind, c.Axis.Value(c.At()).In(a.lang), c.Text(a.lang), strings.Join(names, "; ")})
	}
	if a.format != "human" {
		return a.printTable([]string{"axis", "kind", "at", "finding", "within_reach"}, rows)
	}
	if len(cliffs) == 0 {
		fmt.Fprintln(a.out, plan.NoCliff(a.lang))
	}
	for i, r := range rows {
		fmt.Fprintln(a.out, r[3])
		fmt.Fprintln(a.out, "  "+cliffs[i].Conditions(a.lang))
		if run != nil {
			fmt.Fprintln(a.out, "  "+plan.WithinReach(a.lang, run.Meta.LastMonth, r[4]))
		}
	}
	return nil
}

func (a *app) planSchemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON schema of plan files, for editors",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			known, err := analytics.Indicators(a.dir)
			if err != nil {
				return err
			}
			_, err = a.out.Write(plan.Schema(known))
			return err
		},
	}
}

// findPlan returns a plan by what a person calls it, and the indicators that
// plans of this workspace may name. "" is the version in force now.
func (a *app) findPlan(name string) (*plan.File, plan.Indicators, error) {
	known, err := analytics.Indicators(a.dir)
	if err != nil {
		return nil, nil, err
	}
	if text, err := os.ReadFile(name); err == nil {
		f, err := plan.Parse(name, text, known)
		return f, known, err
	} else if name != "" && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, err
	}
	p, err := analytics.LoadPlan(a.dir)
	if err == nil {
		if name == "" {
			now := a.now()
			return p.At(time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)), known, nil
		}
		if f := p.Version(name); f != nil {
			return f, known, nil
		}
	} else if name == "" {
		return nil, nil, err
	}
	if text, err := plan.Preset(name); err == nil {
		f, err := plan.Parse(name+".yaml", text, known)
		return f, known, err
	}
	var versions []string
	if p != nil {
		for _, f := range p.Versions {
			versions = append(versions, f.ID)
		}
	}
	return nil, nil, usageError{fmt.Errorf("plan %s: no such file, version (%s) or shipped plan (%s)", name, strings.Join(versions, ", "), strings.Join(plan.Presets, ", "))}
}
