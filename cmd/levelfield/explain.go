package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"levelfield/analytics"
)

func (a *app) explainCommand() *cobra.Command {
	var m string
	var rows int
	c := &cobra.Command{
		Use:     "explain UNIT INDICATOR",
		Short:   "Open a value down to its formula and the exported rows behind it",
		Long:    "Open a value down to its formula and the exported rows behind it.\n\nUNIT is an id or a name, with its kind in front where two units share it:\ncompany, region:华东, team:T01, rep:S001.",
		Example: "  levelfield explain company gross_margin --month 2026-10",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := a.readConfig(); err != nil {
				return err
			}
			run, err := analytics.OpenCurrent(a.dir)
			if err != nil {
				return err
			}
			defer run.Close()
			question := analytics.Question{Indicator: args[1], Month: run.Meta.LastMonth, Limit: rows}
			if m, err = month(m); err != nil {
				return err
			} else if m != "" {
				question.Month, _ = time.Parse("2006-01", m)
			}
			if question.UnitKind, question.UnitID, err = run.FindUnit(cmd.Context(), analytics.All(), args[0]); err != nil {
				return usageError{err}
			}
			e, err := run.Explain(cmd.Context(), analytics.All(), question)
			if err != nil {
				return err
			}
			return a.printExplanation(e)
		},
	}
	c.Flags().StringVar(&m, "month", "", "month, such as 2026-10 (default: the last of the run)")
	c.Flags().IntVar(&rows, "rows", 20, "exported rows to show, the largest first; -1 for all")
	return c
}

func (a *app) printExplanation(e *analytics.Explanation) error {
	if a.format == "json" {
		return a.printJSON(e)
	}
	header := append([]string{"file", "sheet", "row", "numerator", "denominator"}, e.Columns...)
	var rows [][]string
	for _, r := range e.Rows {
		line := []string{r.File, r.Sheet, count(r.Row), r.Numerator, r.Denominator}
		for _, cell := range r.Cells {
			if cell == nil {
				line = append(line, "")
			} else {
				line = append(line, *cell)
			}
		}
		rows = append(rows, line)
	}
	if a.format == "human" {
		a.printValue(e)
	}
	if len(rows) == 0 && a.format == "human" {
		return nil
	}
	return a.printTable(header, rows, 2, 3, 4)
}

// printValue prints the value as a sum a person can redo.
func (a *app) printValue(e *analytics.Explanation) {
	title, formula := e.Definition.TitleEn, e.Definition.FormulaEn
	if a.lang == "zh-CN" {
		title, formula = e.Definition.TitleZh, e.Definition.FormulaZh
	}
	value := "–"
	if e.Value != nil {
		value = strconv.FormatFloat(*e.Value, 'f', -1, 64)
	}
	fmt.Fprintf(a.out, "%s (%s), %s, %s, run %s\n", title, e.Definition.Indicator, e.UnitName, e.Month.Format("2006-01"), e.RunID)
	fmt.Fprintf(a.out, "  %s\n", formula)
	fmt.Fprintf(a.out, "  %s / %s = %s\n", trimZeros(e.Numerator), trimZeros(e.Denominator), value)
	fmt.Fprintf(a.out, "  calculated in sql/%s\n", strings.TrimPrefix(e.Definition.Path, "sql/"))
	switch {
	case !e.HasRows:
		fmt.Fprintln(a.out, "  This indicator follows from other relations; it names no exported rows of its own.")
	default:
		fmt.Fprintf(a.out, "  %d exported rows, which add up to the numerator and denominator; shown: %d\n\n", e.NRows, len(e.Rows))
	}
}

// trimZeros drops the zeros that a decimal's scale adds.
func trimZeros(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}
