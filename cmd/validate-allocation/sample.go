package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"levelfield/analytics"
	"levelfield/ingest"
	"levelfield/ingest/sample"
)

// planted takes n sample companies, each with another seed, from exports to a
// run, and returns how many of the responses planted in them lie inside the
// intervals of allocation.response, and how many there are.
func planted(ctx context.Context, n int) (inside, all int, err error) {
	for seed := range n {
		i, a, err := plantedIn(ctx, uint64(seed)+1)
		if err != nil {
			return 0, 0, fmt.Errorf("sample company %d: %w", seed+1, err)
		}
		inside, all = inside+i, all+a
	}
	return inside, all, nil
}

func plantedIn(ctx context.Context, seed uint64) (inside, all int, err error) {
	dir, err := os.MkdirTemp("", "validate-allocation-")
	if err != nil {
		return 0, 0, err
	}
	defer os.RemoveAll(dir)
	if err := sample.Generate(dir, sample.Config{Seed: seed}); err != nil {
		return 0, 0, err
	}
	now := func() time.Time { return time.Date(2026, 11, 4, 9, 0, 0, 0, time.UTC) }
	if _, err := ingest.Load(ctx, ingest.Workspace{Dir: dir}, []string{filepath.Join(dir, "exports")}, ingest.Options{Now: now}); err != nil {
		return 0, 0, err
	}
	if _, err := analytics.Build(ctx, analytics.Options{Workspace: dir, Company: "sample", Currency: "CNY", Lang: "en", CodeVersion: "validate-allocation", Now: now, NoCache: true}); err != nil {
		return 0, 0, err
	}
	truth, err := readTruth(filepath.Join(dir, "truth", "response.csv"))
	if err != nil {
		return 0, 0, err
	}
	run, err := analytics.OpenCurrent(dir)
	if err != nil {
		return 0, 0, err
	}
	defer run.Close()
	rows, err := run.DB.QueryContext(ctx, "select region_id, elasticity_low, elasticity_high from allocation.response where resource = 'promotion'")
	if err != nil {
		return 0, 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var region string
		var low, high float64
		if err := rows.Scan(&region, &low, &high); err != nil {
			return 0, 0, err
		}
		b, known := truth[region]
		if !known {
			return 0, 0, fmt.Errorf("no response was planted in %s", region)
		}
		all++
		if low <= b && b <= high {
			inside++
		}
	}
	if all != len(truth) {
		err = fmt.Errorf("%d of %d regions have a response", all, len(truth))
	}
	return inside, all, errors.Join(err, rows.Err())
}

// readTruth reads region and elasticity of a generated company.
func readTruth(file string) (map[string]float64, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	table, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	out := map[string]float64{}
	for _, row := range table[1:] {
		if out[row[0]], err = strconv.ParseFloat(row[1], 64); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	return out, nil
}
