// Command bench-difficulty measures an evaluation of market difficulty on
// 100,000 people and 60 months, 6 million rows of person, cell and month, from
// the observations to the index, gate and audit, with the SQL and Go that a
// run uses. Each side runs in a process of its own; it prints what was
// measured, the bar, and whether it is met:
//
//   - the evaluation, as a multiple of one DuckDB aggregation of the same rows
//     to cell and month;
//   - the most memory it took.
package main

import (
	"cmp"
	"context"
	"database/sql"
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"levelfield/analytics"
	levelfieldsql "levelfield/sql"
)

//go:embed company.sql
var companySQL string

// The bars of the issue.
const (
	barRatio  = 8.0
	barMemory = 4.0 // GB
)

// tries is how often both sides are measured, one after the other, so that
// what else the machine does concerns both; the pair with the median ratio
// counts.
const tries = 5

// measure is what a measured process says of its work.
type measure struct {
	Seconds float64
	Parts   []analytics.ModelTime
	MaxRSS  int64 // bytes, filled in by the parent
}

func main() {
	log.SetFlags(0)
	people := flag.Int("people", 100_000, "people")
	months := flag.Int("months", 60, "months")
	verbose := flag.Bool("v", false, "print the time of each relation")
	child := flag.String("child", "", "aggregate or evaluate: the measured process itself")
	flag.Parse()
	var err error
	switch *child {
	case "aggregate":
		err = report(aggregate(context.Background(), flag.Arg(0)))
	case "evaluate":
		err = report(evaluate(context.Background(), flag.Arg(0)))
	default:
		err = bench(context.Background(), *people, *months, *verbose)
	}
	if err != nil {
		log.Fatalf("bench-difficulty: %v", err)
	}
}

func report(m measure, err error) error {
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(m)
}

func bench(ctx context.Context, people, months int, verbose bool) error {
	dir, err := os.MkdirTemp("", "bench-difficulty-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "company.duckdb")
	if err := analytics.WithDatabase(ctx, file, func(db *sql.DB) error { return write(ctx, db, people, months) }); err != nil {
		return err
	}
	fmt.Printf("%d people, %d months, %d rows\n", people, months, people*months)
	type pair struct{ base, full measure }
	var pairs []pair
	for range tries {
		var p pair
		if p.base, err = run("aggregate", file); err != nil {
			return err
		}
		if p.full, err = run("evaluate", file); err != nil {
			return err
		}
		pairs = append(pairs, p)
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Compare(a.full.Seconds/a.base.Seconds, b.full.Seconds/b.base.Seconds)
	})
	base, full := pairs[tries/2].base, pairs[tries/2].full
	if verbose {
		for _, p := range full.Parts {
			fmt.Printf("  %-28s %7.2f s\n", p.Relation, p.Took.Seconds())
		}
	}
	fmt.Printf("aggregation_seconds %.2f - ok\n", base.Seconds)
	fmt.Printf("difficulty_seconds %.2f - ok\n", full.Seconds)
	line("difficulty_ratio", full.Seconds/base.Seconds, barRatio)
	line("difficulty_memory_gb", float64(full.MaxRSS)/1e9, barMemory)
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

// run measures one side in a process of its own, on a copy of the file.
func run(child, file string) (m measure, err error) {
	self, err := os.Executable()
	if err != nil {
		return m, err
	}
	one := file + ".copy"
	if err := copyFile(file, one); err != nil {
		return m, err
	}
	cmd := exec.Command(self, "-child", child, one)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return m, fmt.Errorf("%s: %w", child, err)
	}
	if err := json.Unmarshal(out, &m); err != nil {
		return m, err
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		m.MaxRSS = usage.Maxrss * 1024
	}
	return m, nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	return out.Close()
}

// write makes the company: macros, observations, drivers and one period over
// all months.
func write(ctx context.Context, db *sql.DB, people, months int) error {
	conn, err := db.Conn(ctx) // variables are a connection's own
	if err != nil {
		return err
	}
	defer conn.Close()
	texts := []string{fmt.Sprintf("set variable n_reps = %d", people), fmt.Sprintf("set variable n_months = %d", months)}
	for _, macro := range []string{"fold_of", "exact_sum"} {
		text, err := levelfieldsql.Files.ReadFile("macros/" + macro + ".sql")
		if err != nil {
			return err
		}
		texts = append(texts, string(text))
	}
	texts = append(texts, strings.Split(companySQL, ";\n")...)
	for _, text := range append(texts, "checkpoint run") {
		if strings.TrimSpace(text) == "" {
			continue
		}
		if _, err := conn.ExecContext(ctx, text); err != nil {
			return err
		}
	}
	return nil
}

// aggregate is the yardstick: the rows summed once by DuckDB, into a table.
func aggregate(ctx context.Context, file string) (m measure, err error) {
	err = analytics.WithDatabase(ctx, file, func(db *sql.DB) error {
		started := time.Now()
		_, err := db.ExecContext(ctx, "create table difficulty.total as select cell_id, month, sum(sold) as sold, sum(sales) as sales, sum(exposure) as exposure, count(*) as n from difficulty.observation group by cell_id, month")
		m.Seconds = time.Since(started).Seconds()
		return err
	})
	return m, err
}

func evaluate(ctx context.Context, file string) (m measure, err error) {
	err = analytics.WithDatabase(ctx, file, func(db *sql.DB) error {
		started := time.Now()
		m.Parts, err = analytics.Evaluate(ctx, db, levelfieldsql.Files)
		m.Seconds = time.Since(started).Seconds()
		return err
	})
	return m, err
}
