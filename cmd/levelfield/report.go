package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"levelfield/analytics"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/report"
)

func (a *app) reportCommand() *cobra.Command {
	var m string
	c := &cobra.Command{
		Use:   "report",
		Short: "Write the month's report as HTML, PDF and XLSX, in both languages",
		Long:  "Write the month's report into reports/, as HTML, PDF and XLSX in each language. The\nHTML needs no network, no script and no other file, and prints on A4. --lang\nwrites one language only.",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			langs := i18n.Langs
			if a.lang != "" {
				langs = []i18n.Lang{i18n.Lang(a.lang)}
			}
			if _, err := a.readConfig(); err != nil {
				return err
			}
			files, err := a.writeReports(cmd.Context(), m, langs)
			for _, f := range files {
				fmt.Fprintln(a.out, f)
			}
			return err
		},
	}
	c.Flags().StringVar(&m, "month", "", "month, such as 2026-10 (default: the last of the run)")
	return c
}

// writeReports writes a month's report in each language and returns the files.
func (a *app) writeReports(ctx context.Context, text string, langs []i18n.Lang) ([]string, error) {
	run, err := analytics.OpenCurrent(a.dir)
	if err != nil {
		return nil, err
	}
	defer run.Close()
	at := run.Meta.LastMonth
	if text, err = month(text); err != nil {
		return nil, err
	} else if text != "" {
		at, _ = time.Parse("2006-01", text)
	}
	press, err := report.NewPress()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(a.path("reports"), 0o755); err != nil {
		return nil, err
	}
	var files []string
	for _, lang := range langs {
		r, err := press.Make(ctx, run, report.Order{Kind: report.ForCompany, Month: at, Lang: lang}, a.now())
		if err != nil {
			return files, err
		}
		if err := r.Missing(); err != nil {
			a.say("%v", err)
		}
		for _, form := range []struct {
			ending string
			write  func(io.Writer) error
		}{{"html", r.HTML}, {"pdf", r.PDF}, {"xlsx", r.XLSX}} {
			path := a.path("reports", at.Format("2006-01")+"-"+string(lang)+"."+form.ending)
			if err := a.writeTo(path, form.write); err != nil {
				return files, err
			}
			files = append(files, path)
		}
	}
	return files, nil
}
