package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"levelfield/ingest/mapping"
	"levelfield/ingest/source"
)

func (a *app) inspectCommand() *cobra.Command {
	var write bool
	c := &cobra.Command{
		Use:   "inspect FILE",
		Short: "Show how a file is written and what it holds, with a mapping to start from",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			files, err := a.mappings()
			if err != nil {
				return err
			}
			opened, err := mapping.Open(args[0], files, source.Options{})
			if err != nil {
				return err
			}
			for _, o := range opened {
				if err := a.inspectTable(o, files, write); err != nil {
					return err
				}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&write, "write", false, "write the mapping into the workspace's mappings/ folder")
	return c
}

// mappings are the workspace's mapping files; outside a workspace there are
// none.
func (a *app) mappings() ([]*mapping.File, error) {
	dir := a.path("mappings")
	if _, err := os.Stat(dir); err != nil {
		return nil, nil
	}
	return mapping.LoadDir(os.DirFS(dir).(fs.FS))
}

func (a *app) inspectTable(o mapping.Opened, files []*mapping.File, write bool) error {
	text, explanation, err := mapping.Suggest(o.Table, files)
	if err != nil {
		return err
	}
	if a.format == "json" {
		return a.printJSON(explanation)
	}
	if err := a.printExplained(explanation); err != nil {
		return err
	}
	if !write {
		fmt.Fprintf(a.out, "\n%s\n", text)
		return nil
	}
	name := strings.TrimSuffix(filepath.Base(o.Table.File), filepath.Ext(o.Table.File))
	if o.Table.Sheet != "" {
		name += "-" + o.Table.Sheet
	}
	path := a.path("mappings", name+".yaml")
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("mapping not written: %w", err)
	}
	defer out.Close()
	if _, err := out.Write(text); err != nil {
		return err
	}
	a.say("Wrote %s: edit it, then `levelfield ingest`.", path)
	return nil
}

// printExplained tells what the file is and what its columns hold.
func (a *app) printExplained(x mapping.Explanation) error {
	fmt.Fprintf(a.out, "%s", x.File)
	if x.Sheet != "" {
		fmt.Fprintf(a.out, ", sheet %s", x.Sheet)
	}
	fmt.Fprintf(a.out, ": %s", x.Format)
	if x.Encoding != "" {
		fmt.Fprintf(a.out, ", %s, cells separated by %q", x.Encoding, x.Delimiter)
	}
	if x.HeaderRow > 0 {
		fmt.Fprintf(a.out, ", header in row %d\n", x.HeaderRow)
	} else {
		fmt.Fprintln(a.out, ", no header")
	}
	for _, n := range x.Notes {
		fmt.Fprintf(a.out, "  %s\n", n)
	}
	switch {
	case x.Mapping != "":
		fmt.Fprintf(a.out, "  taken by the mapping %s\n", x.Mapping)
	case x.Entity != "":
		fmt.Fprintf(a.out, "  looks like %s (%d of 100)\n", x.Entity, x.Score)
	default:
		fmt.Fprintln(a.out, "  no entity fits the header; `levelfield entities` lists them")
	}
	if len(x.Missing) > 0 {
		fmt.Fprintf(a.out, "  without a column: %s\n", strings.Join(x.Missing, ", "))
	}
	var rows [][]string
	for _, s := range x.Columns {
		rows = append(rows, []string{s.Header, s.Kind, s.Evidence, fmt.Sprintf("%d of %d", s.Filled, s.Rows), strings.Join(s.Examples, " | "), s.Field})
	}
	return a.printTable([]string{"column", "type", "evidence", "filled", "examples", "field"}, rows)
}
