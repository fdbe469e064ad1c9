// Command bench-calc measures the calculation on 2,000 reps, 36 months, 5
// million order lines and 2 million visits, each run in a process of its own,
// and prints what was measured, the bar, and whether it is met:
//
//   - the full run, as a multiple of one DuckDB aggregation of the order lines
//     to rep, customer, product and month;
//   - the run after one more month's exports, as a share of the full run;
//   - the most memory a run took;
//   - the growth exponent of the full run from 1 to 10 million order lines.
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"syscall"
	"time"

	"levelfield/analytics"
)

// The bars of the issue.
const (
	barRatio  = 25.0
	barMonth  = 0.25
	barMemory = 3.0 // GB
	barGrowth = 1.05
)

// measure is what a measured process says of its work.
type measure struct {
	Seconds float64
	Models  []analytics.ModelTime
	Months  map[string][]string
	MaxRSS  int64 // bytes, filled in by the parent
}

func main() {
	log.SetFlags(0)
	scale := flag.Float64("scale", 1, "share of the full size, for tries")
	growth := flag.Bool("growth", true, "measure the growth from 1 to 10 million lines too")
	dir := flag.String("dir", "", "folder for the files (default: a temporary one); a lake found there is used again")
	verbose := flag.Bool("v", false, "print the time of each relation")
	child := flag.String("child", "", "aggregate or calc: the measured process itself")
	flag.Parse()
	var err error
	switch *child {
	case "aggregate":
		err = report(aggregate(flag.Arg(0)))
	case "calc":
		err = report(calc(flag.Arg(0)))
	default:
		err = bench(*scale, *growth, *verbose, *dir)
	}
	if err != nil {
		log.Fatalf("bench-calc: %v", err)
	}
}

func report(m measure, err error) error {
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(m)
}

func bench(scale float64, growth, verbose bool, dir string) error {
	if dir == "" {
		d, err := os.MkdirTemp("", "bench-calc-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(d)
		dir = d
	}
	of := func(lines float64) size {
		return size{reps: max(20, int(2000*scale)), months: 36, lines: int(lines * scale), visits: int(lines * scale * 2 / 5)}
	}
	s := of(5e6)
	fmt.Printf("%d reps, %d months, %d order lines, %d visits\n", s.reps, s.months, s.lines, s.visits)
	workspace, err := prepare(filepath.Join(dir, "main"), s)
	if err != nil {
		return err
	}
	var base []float64
	for range 3 {
		m, err := measured("aggregate", workspace)
		if err != nil {
			return err
		}
		base = append(base, m.Seconds)
	}
	slices.Sort(base)
	full, err := fresh(workspace)
	if err != nil {
		return err
	}
	fmt.Printf("aggregation %.2f s; full run %.2f s, %.2f GB\n", base[1], full.Seconds, float64(full.MaxRSS)/1e9)
	if err := useManifest(workspace, "after.json"); err != nil {
		return err
	}
	next, err := measured("calc", workspace)
	if err != nil {
		return err
	}
	fmt.Printf("one more month %.2f s, %.2f GB\n", next.Seconds, float64(next.MaxRSS)/1e9)
	if verbose {
		printModels(full, next)
	}
	exponent := math.NaN()
	if growth {
		small, large := measure{}, measure{}
		for _, g := range []struct {
			lines float64
			to    *measure
		}{{1e6, &small}, {10e6, &large}} {
			s := of(g.lines)
			workspace, err := prepare(filepath.Join(dir, fmt.Sprintf("grow-%d", int(g.lines))), s)
			if err != nil {
				return err
			}
			if *g.to, err = fresh(workspace); err != nil {
				return err
			}
			fmt.Printf("%d order lines: full run %.2f s, %.2f GB\n", s.lines, g.to.Seconds, float64(g.to.MaxRSS)/1e9)
		}
		exponent = math.Log(large.Seconds/small.Seconds) / math.Log(10)
	}
	fmt.Printf("aggregation_seconds %.2f - ok\n", base[1])
	fmt.Printf("calc_seconds %.2f - ok\n", full.Seconds)
	line("calc_ratio", full.Seconds/base[1], barRatio)
	line("calc_month_share", next.Seconds/full.Seconds, barMonth)
	line("calc_memory_gb", float64(max(full.MaxRSS, next.MaxRSS))/1e9, barMemory)
	if growth {
		line("calc_growth_exponent", exponent, barGrowth)
	}
	return nil
}

// line prints one figure: name, value, bar, and ok or short.
func line(name string, value, bar float64) {
	verdict := "ok"
	if !(value <= bar) {
		verdict = "short"
	}
	fmt.Printf("%s %.2f %.2f %s\n", name, value, bar, verdict)
}

// prepare writes the lake of a workspace unless it is there.
func prepare(workspace string, s size) (string, error) {
	if _, err := os.Stat(filepath.Join(workspace, "lake", "after.json")); err == nil {
		return workspace, nil
	}
	before, after, err := writeLake(context.Background(), workspace, s)
	if err != nil {
		return "", err
	}
	for name, text := range map[string][]byte{"before.json": before, "after.json": after} {
		if err := os.WriteFile(filepath.Join(workspace, "lake", name), text, 0o644); err != nil {
			return "", err
		}
	}
	return workspace, nil
}

// useManifest makes one of the two states the live one.
func useManifest(workspace, name string) error {
	text, err := os.ReadFile(filepath.Join(workspace, "lake", name))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(workspace, "lake", "manifest.json"), text, 0o644)
}

// fresh measures a full run without anything from earlier runs.
func fresh(workspace string) (measure, error) {
	if err := os.RemoveAll(filepath.Join(workspace, "runs")); err != nil {
		return measure{}, err
	}
	if err := useManifest(workspace, "before.json"); err != nil {
		return measure{}, err
	}
	return measured("calc", workspace)
}

// measured runs one side in a process of its own.
func measured(child, workspace string) (measure, error) {
	self, err := os.Executable()
	if err != nil {
		return measure{}, err
	}
	cmd := exec.Command(self, "-child", child, workspace)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return measure{}, fmt.Errorf("%s: %w", child, err)
	}
	var m measure
	if err := json.Unmarshal(out, &m); err != nil {
		return measure{}, err
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		m.MaxRSS = usage.Maxrss * 1024
	}
	return m, nil
}

// aggregate is the yardstick: the order lines summed once by DuckDB, into a
// table of a new file.
func aggregate(workspace string) (measure, error) {
	text, err := os.ReadFile(filepath.Join(workspace, "lake", "before.json"))
	if err != nil {
		return measure{}, err
	}
	var manifest struct{ Files []file }
	if err := json.Unmarshal(text, &manifest); err != nil {
		return measure{}, err
	}
	list := ""
	for _, f := range manifest.Files {
		if f.Entity == "order_line" && !f.Schema {
			list += fmt.Sprintf(", '%s'", filepath.Join(workspace, "lake", f.Path))
		}
	}
	target := filepath.Join(workspace, "aggregate.duckdb")
	os.Remove(target)
	defer os.Remove(target)
	db, err := sql.Open("duckdb", target)
	if err != nil {
		return measure{}, err
	}
	defer db.Close()
	started := time.Now()
	_, err = db.Exec("create table total as select rep_id, customer_id, product_id, date_trunc('month', ordered_on) as month, sum(amount) as amount, sum(cost_amount) as cost_amount, sum(quantity) as quantity, count(*) as n from read_parquet([" + list[2:] + "]) group by all")
	return measure{Seconds: time.Since(started).Seconds()}, err
}

func calc(workspace string) (measure, error) {
	started := time.Now()
	r, err := analytics.Build(context.Background(), analytics.Options{Workspace: workspace, Company: "Benchmark", Currency: "CNY", Lang: "en", CodeVersion: "bench"})
	if err != nil {
		return measure{}, err
	}
	m := measure{Seconds: time.Since(started).Seconds(), Models: r.Models, Months: r.Months}
	for _, c := range r.Checks {
		m.Models = append(m.Models, analytics.ModelTime{Relation: "check " + c.CheckID, Rows: c.Failures, Took: c.Took})
	}
	return m, nil
}

// printModels prints the steps that cost most when one more month came.
func printModels(full, next measure) {
	of := map[string]time.Duration{}
	for _, m := range next.Models {
		of[m.Relation] = m.Took
	}
	sort.Slice(full.Models, func(i, j int) bool { return of[full.Models[i].Relation] > of[full.Models[j].Relation] })
	for _, m := range full.Models[:min(60, len(full.Models))] {
		fmt.Printf("  %-44s %10d rows %7.2f s, one more month %7.2f s", m.Relation, m.Rows, m.Took.Seconds(), of[m.Relation].Seconds())
		if months, cached := next.Months[m.Relation]; cached {
			fmt.Printf(", %d months calculated", len(months))
		}
		fmt.Println()
	}
}
