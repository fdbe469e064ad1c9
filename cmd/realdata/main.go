// Command realdata loads public sample exports, each into a workspace of its
// own, and compares what levelfield calculates with published figures.
//
// `make realdata` runs it; the files are looked for beside the project in
// ../shared/data (or in the folder given with -data).
package main

import (
	"bytes"
	"context"
	"embed"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

//go:embed sets/*.yaml
var sets embed.FS

// set is one public data set: the files, the mapping example that reads them,
// the plan, and the figures its authors published.
type set struct {
	Name     string   `yaml:"name"`
	Files    []string `yaml:"files"`   // globs below the data folder
	Mapping  string   `yaml:"mapping"` // folder of ingest/mapping/examples
	Currency string   `yaml:"currency"`
	Plan     string   `yaml:"plan"` // plan file text
	Figures  []figure `yaml:"figures"`
}

// figure is one published number and the query of the run that must give it.
type figure struct {
	Name   string `yaml:"name"`
	Expect string `yaml:"expect"`
	Query  string `yaml:"query"`
}

func main() {
	data := flag.String("data", "../shared/data", "folder of the public data sets")
	keep := flag.String("keep", "", "keep the workspaces in this folder")
	only := flag.String("only", "", "run only the sets whose name contains this")
	flag.Parse()
	if _, err := os.Stat(*data); err != nil {
		fmt.Printf("realdata: SKIPPED: %s is not here; give the folder of the public data sets with -data\n", *data)
		return
	}
	ok, err := compareAll(context.Background(), os.Stdout, *data, *keep, *only)
	if err != nil {
		fmt.Fprintln(os.Stderr, "realdata:", err)
		os.Exit(1)
	}
	if !ok {
		os.Exit(3)
	}
}

// compareAll runs every set and prints one line a figure: set, figure,
// expected, got, ok or DIFFERS. It reports whether all agree.
func compareAll(ctx context.Context, w io.Writer, data, keep, only string) (bool, error) {
	names, err := fs.Glob(sets, "sets/*.yaml")
	if err != nil {
		return false, err
	}
	agree, n := true, 0
	for _, name := range names {
		s, err := readSet(name)
		if err != nil {
			return false, err
		}
		if !strings.Contains(s.Name, only) {
			continue
		}
		start := time.Now()
		results, err := runSet(ctx, s, data, keep)
		if err != nil {
			return false, fmt.Errorf("%s: %w", s.Name, err)
		}
		for _, r := range results {
			verdict := "ok"
			if r.got != r.Expect {
				verdict, agree = "DIFFERS", false
			}
			n++
			fmt.Fprintf(w, "%-34s %-44s %18s %18s  %s\n", s.Name, r.Name, r.Expect, r.got, verdict)
		}
		fmt.Fprintf(w, "%-34s %d figures in %.1f s\n", s.Name, len(results), time.Since(start).Seconds())
	}
	fmt.Fprintf(w, "realdata: %d figures, all agree: %t\n", n, agree)
	return agree, nil
}

func readSet(name string) (*set, error) {
	text, err := sets.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var s set
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&s); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &s, nil
}

// files expands the set's globs below the data folder.
func (s *set) files(data string) ([]string, error) {
	var all []string
	for _, pattern := range s.Files {
		found, err := filepath.Glob(filepath.Join(data, pattern))
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("no file matches %s below %s", pattern, data)
		}
		all = append(all, found...)
	}
	return all, nil
}
