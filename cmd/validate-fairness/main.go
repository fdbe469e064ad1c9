// Command validate-fairness measures the fairness review on generated companies
// with a planted bias and without one, through the production SQL and Go: how
// often each bias is found, and how often a fair company is flagged.
package main

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"

	_ "github.com/duckdb/duckdb-go/v2"

	"levelfield/analytics"
	levelfieldsql "levelfield/sql"
)

func main() {
	seeds := flag.Int("seeds", 100, "companies a bias")
	workers := flag.Int("workers", 2, "companies at the same time")
	verbose := flag.Bool("v", false, "print every flag of a fair company")
	flag.Parse()
	if err := validate(context.Background(), *seeds, *workers, *verbose); err != nil {
		fmt.Fprintln(os.Stderr, "validate-fairness:", err)
		os.Exit(1)
	}
}

// flagged is one finding that is a look or an amber.
type flagged struct{ item, measure, kind, group, flag string }

func validate(ctx context.Context, seeds, workers int, verbose bool) error {
	for _, b := range biases {
		found := make([][]flagged, seeds)
		companies := make([]*company, seeds)
		errs := make([]error, seeds)
		var wg sync.WaitGroup
		gate := make(chan struct{}, workers)
		for seed := range seeds {
			wg.Add(1)
			gate <- struct{}{}
			go func() {
				defer func() { <-gate; wg.Done() }()
				companies[seed] = generate(b, uint64(seed)+1)
				found[seed], errs[seed] = review(ctx, companies[seed])
			}()
		}
		wg.Wait()
		for seed, err := range errs {
			if err != nil {
				return fmt.Errorf("%s, seed %d: %w", b.name, seed+1, err)
			}
		}
		report(b, companies, found, verbose)
	}
	return nil
}

// review runs the production method over one company.
func review(ctx context.Context, c *company) ([]flagged, error) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if err := c.load(ctx, conn); err != nil {
		return nil, err
	}
	if _, err := analytics.Evaluate(ctx, db, levelfieldsql.Files); err != nil {
		return nil, err
	}
	if err := c.score(ctx, conn); err != nil {
		return nil, err
	}
	if err := analytics.Make(ctx, conn, "fairness"); err != nil {
		return nil, err
	}
	list, err := conn.QueryContext(ctx, "select item, measure, group_kind, group_id, flag from fairness.finding where flag in ('look', 'amber')")
	if err != nil {
		return nil, err
	}
	defer list.Close()
	var out []flagged
	for list.Next() {
		var f flagged
		if err := list.Scan(&f.item, &f.measure, &f.kind, &f.group, &f.flag); err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, list.Err()
}

// detects says whether a flag names the planted bias.
func (c *company) detects(f flagged) bool {
	if f.flag != "look" {
		return false
	}
	switch {
	case c.group != 0:
		mine := f.kind == "region" && f.group == "R"+strconv.Itoa(c.region)
		for team := range teams {
			mine = mine || team%regions == c.region && f.kind == "team" && f.group == "T"+strconv.Itoa(team)
		}
		return mine && (f.item == "F5" || f.item == "F8" || f.item == "F11")
	case c.lenient != 0:
		return f.item == "F12" && f.group == "M"+strconv.Itoa(c.rater)
	case c.priced == 0:
		return f.item == "F15" && f.measure == "priced"
	}
	return false
}

// items are the questions of the review.
var items = []string{"F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "F10", "F11", "F12", "F13", "F14", "F15"}

// report prints a line a figure: name, value, bar, ok or short.
func report(b bias, companies []*company, found [][]flagged, verbose bool) {
	seeds := float64(len(found))
	if b.group == 0 && b.lenient == 0 && b.priced == 1 {
		alarms := 0.0
		looks, ambers := map[string]float64{}, map[string]float64{}
		for seed, list := range found {
			any := false
			look, amber := map[string]bool{}, map[string]bool{}
			for _, f := range list {
				if f.flag == "look" {
					any, look[f.item] = true, true
					if verbose {
						fmt.Printf("# seed %d: %+v\n", seed+1, f)
					}
				} else {
					amber[f.item] = true
				}
			}
			if any {
				alarms++
			}
			for item := range look {
				looks[item] += 1 / seeds
			}
			for item := range amber {
				ambers[item] += 1 / seeds
			}
		}
		line("false_alarms_per_report", alarms/seeds, "<=0.10", alarms/seeds <= .10)
		for _, item := range items {
			fmt.Printf("%s_false_look %.4f - -\n", strings.ToLower(item), looks[item])
		}
		for _, item := range items {
			fmt.Printf("%s_rule_crossed %.4f - -\n", strings.ToLower(item), ambers[item])
		}
		return
	}
	hits := 0.0
	for seed, list := range found {
		for _, f := range list {
			if companies[seed].detects(f) {
				hits++
				break
			}
		}
	}
	line("found_"+strings.ReplaceAll(b.name, " ", "_"), hits/seeds, ">=0.90", hits/seeds >= .90)
}

func line(name string, value float64, bar string, ok bool) {
	state := "ok"
	if !ok {
		state = "short"
	}
	fmt.Printf("%s %.4f %s %s\n", name, value, bar, state)
}
