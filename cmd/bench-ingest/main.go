// Command bench-ingest loads a CSV of 5 million order lines and lets DuckDB
// copy the same file to Parquet, turn by turn, each in a process of its own. It
// prints what was measured, the bar, and whether it is met.
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"syscall"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"

	"levelfield/ingest"
	"levelfield/ingest/sample"
)

// The bars of the issue.
const (
	barRatio  = 1.3
	barMemory = 1.0 // GB
)

// measure is what a child process says of its work.
type measure struct {
	Seconds float64
	Rows    int64
	Bytes   int64 // written as Parquet
	MaxRSS  int64 // bytes, filled in by the parent
}

func main() {
	log.SetFlags(0)
	lines := flag.Int("lines", 5_000_000, "order lines")
	rounds := flag.Int("rounds", 3, "rounds; the medians count")
	dir := flag.String("dir", "", "folder for the files (default: a temporary one)")
	child := flag.String("child", "", "load or copy: the measured process itself")
	flag.Parse()
	var err error
	switch *child {
	case "load":
		err = report(load(flag.Arg(0), flag.Arg(1)))
	case "copy":
		err = report(duckdb(flag.Arg(0), flag.Arg(1)))
	default:
		err = bench(*lines, *rounds, *dir)
	}
	if err != nil {
		log.Fatalf("bench-ingest: %v", err)
	}
}

func report(m measure, err error) error {
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(m)
}

func bench(lines, rounds int, dir string) error {
	if dir == "" {
		d, err := os.MkdirTemp("", "bench-ingest-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(d)
		dir = d
	}
	file := filepath.Join(dir, fmt.Sprintf("orders-%d.csv", lines))
	if _, err := os.Stat(file); err != nil {
		if err := writeOrders(file, lines); err != nil {
			return err
		}
	}
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	fmt.Printf("about %d order lines, %.0f MB of CSV, %d processors\n", lines, float64(info.Size())/1e6, runtime.GOMAXPROCS(0))
	var ours, theirs []measure
	for i := range rounds {
		work := filepath.Join(dir, "work")
		for _, kind := range []string{"copy", "load"} {
			if err := os.RemoveAll(work); err != nil {
				return err
			}
			if err := os.MkdirAll(work, 0o755); err != nil {
				return err
			}
			m, err := run(kind, file, work)
			if err != nil {
				return err
			}
			if kind == "load" {
				ours = append(ours, m)
			} else {
				theirs = append(theirs, m)
			}
		}
		a, b := theirs[i], ours[i]
		if a.Rows != b.Rows {
			return fmt.Errorf("DuckDB copied %d rows, levelfield loaded %d", a.Rows, b.Rows)
		}
		fmt.Printf("round %d: DuckDB COPY %.2f s, %.0f MB Parquet; levelfield %.2f s, %.0f MB Parquet, %.0f MB memory; ratio %.2f\n",
			i+1, a.Seconds, float64(a.Bytes)/1e6, b.Seconds, float64(b.Bytes)/1e6, float64(b.MaxRSS)/1e6, b.Seconds/a.Seconds)
		if err := os.RemoveAll(work); err != nil {
			return err
		}
	}
	seconds := func(ms []measure) float64 {
		var s []float64
		for _, m := range ms {
			s = append(s, m.Seconds)
		}
		slices.Sort(s)
		return s[len(s)/2]
	}
	var memory int64
	for _, m := range ours {
		memory = max(memory, m.MaxRSS)
	}
	fmt.Printf("duckdb_copy_seconds %.2f - ok\n", seconds(theirs))
	fmt.Printf("ingest_seconds %.2f - ok\n", seconds(ours))
	line("ingest_ratio", seconds(ours)/seconds(theirs), barRatio)
	line("ingest_memory_gb", float64(memory)/1e9, barMemory)
	return nil
}

// line prints one figure: name, value, bar, and ok or short.
func line(name string, value, bar float64) {
	verdict := "ok"
	if value > bar {
		verdict = "short"
	}
	fmt.Printf("%s %.2f %.2f %s\n", name, value, bar, verdict)
}

// run measures one side in a process of its own.
func run(kind, file, work string) (measure, error) {
	cmd := exec.Command(os.Args[0], "-child", kind, file, work)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return measure{}, fmt.Errorf("%s: %w", kind, err)
	}
	var m measure
	if err := json.Unmarshal(out, &m); err != nil {
		return measure{}, fmt.Errorf("%s: %w", kind, err)
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		m.MaxRSS = usage.Maxrss * 1024
	}
	return m, nil
}

func load(file, work string) (measure, error) {
	debug.SetMemoryLimit(800 << 20)
	start := time.Now()
	r, err := ingest.Load(context.Background(), ingest.Workspace{Dir: work}, []string{file}, ingest.Options{})
	m := measure{Seconds: time.Since(start).Seconds()}
	if err != nil {
		return m, err
	}
	for _, f := range r.Files {
		if f.Err != nil {
			return m, f.Err
		}
	}
	m.Rows = r.Loaded()
	m.Bytes, err = parquetBytes(work)
	return m, err
}

func duckdb(file, work string) (measure, error) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return measure{}, err
	}
	defer db.Close()
	if err := db.Ping(); err != nil {
		return measure{}, err
	}
	start := time.Now()
	result, err := db.Exec(fmt.Sprintf("copy (select * from read_csv('%s')) to '%s' (format parquet, compression zstd)", file, filepath.Join(work, "copy.parquet")))
	m := measure{Seconds: time.Since(start).Seconds()}
	if err != nil {
		return m, err
	}
	if m.Rows, err = result.RowsAffected(); err != nil {
		return m, err
	}
	m.Bytes, err = parquetBytes(work)
	return m, err
}

func parquetBytes(dir string) (n int64, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".parquet" {
			return err
		}
		info, err := d.Info()
		if err == nil {
			n += info.Size()
		}
		return err
	})
	return n, err
}

// writeOrders writes the sample company's order lines.
func writeOrders(path string, lines int) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := sample.OrdersCSV(f, sample.Config{OrderLines: int64(lines)}); err != nil {
		return err
	}
	return f.Close()
}
