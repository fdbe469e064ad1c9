package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"levelfield/ingest"
)

func (a *app) ingestCommand() *cobra.Command {
	var opt ingest.Options
	c := &cobra.Command{
		Use:   "ingest [PATH...]",
		Short: "Load exports into the lake; without PATH, what lies in exports/",
		Long:  "Load exports into the lake; without PATH, what lies in exports/.\n\nEvery row is loaded or refused with its place and reason. Refused rows come back\nas a marked copy of your own file in lake/refused/. Exit code 3 says that rows or\nfiles were refused; the rest is loaded.",
		Args:  cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, paths []string) error {
			if _, err := a.readConfig(); err != nil {
				return err
			}
			report, err := a.ingest(cmd.Context(), paths, opt)
			if err != nil {
				return err
			}
			if err := a.printLoads(report); err != nil {
				return err
			}
			return refusal(report)
		},
	}
	c.Flags().BoolVar(&opt.DryRun, "dry-run", false, "say what would be loaded and refused, change nothing")
	return c
}

// ingest loads paths, or the inbox where none are given, under a progress bar
// on a terminal.
func (a *app) ingest(ctx context.Context, paths []string, opt ingest.Options) (*ingest.Report, error) {
	if len(paths) == 0 {
		paths = []string{a.path("exports")}
	}
	opt.Now = a.now
	if bar := a.bar("loading"); bar != nil {
		opt.Progress = func(p ingest.Progress) {
			bar.ChangeMax64(p.Total)
			bar.Set64(p.Bytes)
		}
		defer bar.Finish()
	}
	return ingest.Load(ctx, ingest.Workspace{Dir: a.dir}, paths, opt)
}

// bar is a progress bar on a terminal, nil elsewhere and with --quiet.
func (a *app) bar(what string, more ...progressbar.Option) *progressbar.ProgressBar {
	if a.quiet || !isTerminal(a.err) {
		return nil
	}
	return progressbar.NewOptions64(1, append(more, progressbar.OptionSetWriter(a.err), progressbar.OptionSetDescription(what),
		progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30), progressbar.OptionSetPredictTime(true))...)
}

// printLoads prints a line a table, then the decisions and refusals.
func (a *app) printLoads(r *ingest.Report) error {
	if a.format == "json" {
		return a.printJSON(r)
	}
	var rows [][]string
	for _, f := range r.Files {
		for _, t := range f.Tables {
			var left []string
			for why, n := range t.LeftOut {
				left = append(left, fmt.Sprintf("%d %s", n, why))
			}
			slices.Sort(left)
			rows = append(rows, []string{f.File, t.Sheet, t.Entity, f.Mapping, count(t.Read), count(t.Loaded), count(t.Refused), count(t.Replaced), strings.Join(left, ", ")})
		}
	}
	if len(rows) > 0 || a.format == "csv" {
		header := []string{"file", "sheet", "entity", "mapping", "read", "loaded", "refused", "replaced", "left out"}
		if err := a.printTable(header, rows, 4, 5, 6, 7); err != nil {
			return err
		}
	}
	if a.format == "csv" {
		return nil
	}
	a.printLoadNotes(r)
	return nil
}

// printLoadNotes says what was decided and what was refused, with where the
// marked copies lie.
func (a *app) printLoadNotes(r *ingest.Report) {
	const most = 20
	for _, f := range r.Files {
		switch {
		case f.Err != nil:
			fmt.Fprintf(a.err, "%s: not loaded: %v\n", f.File, f.Err)
		case f.Same:
			a.say("%s: the same content was loaded before; nothing changed", f.File)
		}
		for _, n := range f.Notes {
			a.say("%s: %s", f.File, n)
		}
		for _, t := range f.Tables {
			for _, n := range t.Notes {
				a.say("%s, %s: %s", f.File, t.Entity, n)
			}
		}
		for i, refusal := range f.Refusals {
			if i == most {
				fmt.Fprintf(a.err, "%s: and more; all of them stand in the marked copy\n", f.File)
				break
			}
			fmt.Fprintln(a.err, refusal)
		}
		if f.Refused != "" {
			fmt.Fprintf(a.err, "%s: the refused rows, each with its reason: %s\n", f.File, a.path(f.Refused))
		}
	}
}

// refusal turns refused rows and unreadable files into exit code 3.
func refusal(r *ingest.Report) error {
	var files int
	for _, f := range r.Files {
		if f.Err != nil {
			files++
		}
	}
	rows := r.Refused()
	switch {
	case files == 0 && rows == 0:
		return nil
	case files == 0:
		return refusedError{fmt.Errorf("%d rows refused, %d loaded; correct them in the marked copies and load those", rows, r.Loaded())}
	}
	return refusedError{fmt.Errorf("%d files and %d rows refused, %d rows loaded", files, rows, r.Loaded())}
}

func count(n int64) string { return strconv.FormatInt(n, 10) }
