package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"levelfield/analytics"
)

// exportFlags are the choices of an export.
type exportFlags struct{ month, from, to, unitKind, as, out string }

func (a *app) exportCommand() *cobra.Command {
	var flags exportFlags
	c := &cobra.Command{
		Use:   "export RELATION",
		Short: "Write a published relation as csv, xlsx, parquet or json",
		Long:  "Write a published relation as csv, xlsx, parquet or json.\n\nThe relation `indicators` gives every value: unit_kind, unit_id, unit_name,\nmonth, indicator, numerator, denominator, value.",
		Example: "  levelfield export indicators --from 2026-01 --to 2026-10 --unit-kind region\n" +
			"  levelfield export core.unmatched --out unmatched.xlsx",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := a.readConfig(); err != nil {
				return err
			}
			q, err := flags.query(args[0])
			if err != nil {
				return err
			}
			run, err := analytics.OpenCurrent(a.dir)
			if err != nil {
				return err
			}
			defer run.Close()
			return a.writeTo(flags.out, func(w io.Writer) error {
				return run.Export(cmd.Context(), analytics.All(), q, w)
			})
		},
	}
	f := c.Flags()
	f.StringVar(&flags.month, "month", "", "only this month, such as 2026-10")
	f.StringVar(&flags.from, "from", "", "first month")
	f.StringVar(&flags.to, "to", "", "last month")
	f.StringVar(&flags.unitKind, "unit-kind", "", "only company, region, team or rep (indicators)")
	f.StringVar(&flags.as, "as", "", "csv, xlsx, parquet or json (default: by the ending of --out, or csv)")
	f.StringVar(&flags.out, "out", "", "file to write (default: standard output)")
	return c
}

func (f exportFlags) query(relation string) (analytics.ExportQuery, error) {
	q := analytics.ExportQuery{Relation: relation, UnitKind: f.unitKind, Format: f.as}
	if f.month != "" {
		f.from, f.to = f.month, f.month
	}
	for text, at := range map[*string]*time.Time{&f.from: &q.From, &f.to: &q.To} {
		m, err := month(*text)
		if err != nil {
			return q, err
		}
		if m != "" {
			*at, _ = time.Parse("2006-01", m)
		}
	}
	if q.Format == "" {
		q.Format = strings.TrimPrefix(strings.ToLower(filepath.Ext(f.out)), ".")
	}
	if q.Format == "" {
		q.Format = "csv"
	}
	if !slices.Contains(analytics.ExportFormats, q.Format) {
		return q, usageError{fmt.Errorf("--as %s: unknown; use %s", q.Format, strings.Join(analytics.ExportFormats, ", "))}
	}
	return q, nil
}

// writeTo writes to a file beside its place and renames it, or to standard
// output where no file is named.
func (a *app) writeTo(path string, write func(io.Writer) error) error {
	if path == "" {
		return write(a.out)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".levelfield-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Chmod(f.Name(), 0o644); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
