package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"levelfield/analytics"
)

func (a *app) explainCommand() *cobra.Command {
	var m, workbook string
	var rows int
	c := &cobra.Command{
		Use:   "explain UNIT FIGURE",
		Short: "Open a value, a score, a line of pay or a market coefficient down to its formula and the exported rows behind it",
		Long: "Open a value, a score or a line of pay down to its formula and the exported rows behind it.\n\n" +
			"UNIT is an id or a name, with its kind in front where two units share it:\ncompany, region:华东, team:T01, rep:S001.\n\n" +
			"FIGURE is an indicator; score/CARD or score/CARD/NODE of a salesperson, such as\nscore/pay/customer; pay for a whole statement, or one of its lines, such as pay/earned;\ncoefficient for the market coefficient of a salesperson and what it is made of.",
		Example: "  levelfield explain company gross_margin --month 2026-10\n  levelfield explain S001 score/pay/customer\n  levelfield explain S001 pay --xlsx statement.xlsx\n  levelfield explain S001 coefficient",
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
			if workbook != "" && (!analytics.IsPart(args[1]) || args[1] == "coefficient") {
				return usageError{errors.New("--xlsx writes a statement: ask for pay, a line such as pay/earned, or score/CARD of a salesperson")}
			}
			if analytics.IsPart(args[1]) {
				return a.explainPart(cmd.Context(), run, question, args[1], workbook, rows)
			}
			e, err := run.Explain(cmd.Context(), analytics.All(), question)
			if err != nil {
				return err
			}
			return a.printExplanation(e)
		},
	}
	c.Flags().StringVar(&m, "month", "", "month, such as 2026-10 (default: the last of the run)")
	c.Flags().StringVar(&workbook, "xlsx", "", "write the whole statement to this file, with live formulas down to the exported rows")
	c.Flags().IntVar(&rows, "rows", 20, "exported rows to show, the largest first; -1 for all")
	return c
}

// explainPart prints a node of a score or a line of pay, or writes the workbook.
func (a *app) explainPart(ctx context.Context, run *analytics.Run, q analytics.Question, path, workbook string, rows int) error {
	if q.UnitKind != "rep" {
		return usageError{fmt.Errorf("%s: scores, pay and coefficients are of people; name a salesperson, not a %s", path, q.UnitKind)}
	}
	if workbook != "" {
		s, err := run.Workings(ctx, analytics.All(), q.UnitID, q.Month)
		if err != nil {
			return err
		}
		book, err := s.Workbook(a.lang)
		if err != nil {
			return err
		}
		defer book.Close()
		if err := book.SaveAs(workbook); err != nil {
			return fmt.Errorf("write %s: %w", workbook, err)
		}
		fmt.Fprintf(a.out, "%s\n", workbook)
		return nil
	}
	p, err := run.ExplainPart(ctx, analytics.All(), q.UnitID, path, q.Month, a.lang)
	if err != nil {
		return err
	}
	if a.format == "json" {
		return a.printJSON(p)
	}
	if a.format == "human" {
		fmt.Fprintf(a.out, "%s, %s, run %s\n", q.UnitID, q.Month.Format("2006-01"), run.ID)
		a.printPart(*p, 0, rows)
		return nil
	}
	var lines [][]string
	var walk func(p analytics.Part)
	walk = func(p analytics.Part) {
		lines = append(lines, []string{p.Path, p.Title, p.Amount, p.How, "", "", ""})
		for _, r := range p.Rows {
			lines = append(lines, []string{p.Path, "", r.Numerator, "", r.File, r.Sheet, count(r.Row)})
		}
		for _, part := range p.Parts {
			walk(part)
		}
	}
	walk(*p)
	return a.printTable([]string{"path", "title", "amount", "how", "file", "sheet", "row"}, lines, 2)
}

// printPart prints a part as a tree; of its exported rows the first ones.
func (a *app) printPart(p analytics.Part, depth, rows int) {
	indent := strings.Repeat("  ", depth)
	how := ""
	if p.How != "" {
		how = "  = " + p.How
	}
	fmt.Fprintf(a.out, "%s%s: %s%s\n", indent, p.Title, trimZeros(p.Amount), how)
	for i, r := range p.Rows {
		if rows >= 0 && i == rows {
			fmt.Fprintf(a.out, "%s    … %d of %d rows\n", indent, rows, len(p.Rows))
			break
		}
		place := r.File
		if r.Sheet != "" {
			place += " " + r.Sheet
		}
		sum := trimZeros(r.Numerator)
		if r.Denominator != "" {
			sum += " / " + trimZeros(r.Denominator)
		}
		fmt.Fprintf(a.out, "%s    %s  %s:%d\n", indent, sum, place, r.Row)
	}
	for _, part := range p.Parts {
		a.printPart(part, depth+1, rows)
	}
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
