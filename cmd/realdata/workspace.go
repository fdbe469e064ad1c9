package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"levelfield/analytics"
	"levelfield/analytics/plan"
	"levelfield/ingest"
	"levelfield/ingest/mapping/examples"
)

// result is a figure with what the run gave.
type result struct {
	figure
	got string
}

// runSet loads, calculates and questions one set in a workspace of its own.
func runSet(ctx context.Context, s *set, data, keep string) ([]result, error) {
	dir, err := workspace(s, keep)
	if err != nil {
		return nil, err
	}
	if keep == "" {
		defer os.RemoveAll(dir)
	}
	files, err := s.files(data)
	if err != nil {
		return nil, err
	}
	report, err := ingest.Load(ctx, ingest.Workspace{Dir: dir}, files, ingest.Options{Now: time.Now})
	if err != nil {
		return nil, err
	}
	for _, f := range report.Files {
		if f.Err != nil {
			return nil, fmt.Errorf("%s: %w", f.File, f.Err)
		}
		for _, r := range f.Refusals {
			fmt.Println("  refused:", r)
		}
	}
	opt := analytics.Options{Workspace: dir, Company: s.Name, Currency: s.Currency, Lang: "en", Now: time.Now}
	version, err := plan.Parse(s.Name, []byte("name: "+s.Name+"\n"+s.Plan), nil)
	if err != nil {
		return nil, err
	}
	opt.Plan = plan.Of(version)
	if _, err := analytics.Build(ctx, opt); err != nil {
		return nil, err
	}
	run, err := analytics.OpenCurrent(dir)
	if err != nil {
		return nil, err
	}
	defer run.Close()
	var results []result
	for _, f := range s.Figures {
		r := result{figure: f}
		if err := run.DB.QueryRowContext(ctx, "select ("+f.Query+")::varchar").Scan(&r.got); err != nil {
			r.got = err.Error()
		}
		results = append(results, r)
	}
	return results, nil
}

// workspace makes an empty workspace with the set's mapping files.
func workspace(s *set, keep string) (string, error) {
	dir, err := os.MkdirTemp("", "realdata-")
	if err != nil {
		return "", err
	}
	if keep != "" {
		os.Remove(dir)
		dir = filepath.Join(keep, s.Name)
		if err := os.RemoveAll(dir); err != nil {
			return "", err
		}
	}
	to := filepath.Join(dir, "mappings")
	if err := os.MkdirAll(to, 0o755); err != nil {
		return "", err
	}
	names, err := examples.Files.ReadDir(s.Mapping)
	if err != nil {
		return "", err
	}
	for _, n := range names {
		text, err := examples.Files.ReadFile(s.Mapping + "/" + n.Name())
		if err != nil {
			return "", err
		}
		if err := os.WriteFile(filepath.Join(to, n.Name()), text, 0o644); err != nil {
			return "", err
		}
	}
	return dir, nil
}
