// Command validate-statement writes the statement of every person of a month as
// a workbook of live formulas, lets LibreOffice recalculate all of them, and
// compares every printed line with the run, to the cent. It prints a line a
// figure: name, value, bar, ok or short.
package main

import (
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"log"
	"math"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"levelfield/analytics"
	"levelfield/ingest"
	"levelfield/ingest/sample"
)

func main() {
	log.SetFlags(0)
	dir := flag.String("dir", "", "workspace with a run (default: the demo company, generated for this)")
	month := flag.String("month", "", "month, such as 2026-10 (default: the last of the run)")
	keep := flag.String("keep", "", "folder in which to leave the workbooks")
	flag.Parse()
	if err := validate(context.Background(), *dir, *month, *keep); err != nil {
		log.Fatalf("validate-statement: %v", err)
	}
}

func validate(ctx context.Context, dir, month, keep string) error {
	office, err := exec.LookPath("soffice")
	if err != nil {
		return errors.New("soffice is not installed; it is in Debian's package libreoffice-calc-nogui")
	}
	scratch, err := os.MkdirTemp("", "validate-statement-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	if dir == "" {
		if dir, err = company(ctx, filepath.Join(scratch, "company")); err != nil {
			return err
		}
	}
	books := filepath.Join(scratch, "books")
	if keep != "" {
		books = keep
	}
	if err := os.MkdirAll(books, 0o755); err != nil {
		return err
	}
	run, err := analytics.OpenCurrent(dir)
	if err != nil {
		return err
	}
	defer run.Close()
	at := run.Meta.LastMonth
	if month != "" {
		if at, err = time.Parse("2006-01", month); err != nil {
			return fmt.Errorf("month %q: write it as 2026-10", month)
		}
	}
	statements, rows, err := write(ctx, run, at, books)
	if err != nil {
		return err
	}
	if len(statements) == 0 {
		return fmt.Errorf("nobody has a statement in %s", at.Format("2006-01"))
	}
	fmt.Printf("%d statements of %s, %d exported rows behind them\n", len(statements), at.Format("2006-01"), rows)
	results := filepath.Join(scratch, "results")
	cmd := exec.CommandContext(ctx, office, "--headless", "-env:UserInstallation="+(&url.URL{Scheme: "file", Path: filepath.Join(scratch, "office")}).String(),
		"--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", results)
	for name := range statements {
		cmd.Args = append(cmd.Args, filepath.Join(books, name+".xlsx"))
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("soffice: %w\n%s", err, out)
	}
	return compare(results, statements)
}

// company generates, loads and calculates the demo company.
func company(ctx context.Context, dir string) (string, error) {
	if err := sample.Generate(dir, sample.Config{}); err != nil {
		return "", err
	}
	now := func() time.Time { return time.Date(2026, 11, 4, 9, 0, 0, 0, time.UTC) }
	if _, err := ingest.Load(ctx, ingest.Workspace{Dir: dir}, []string{filepath.Join(dir, "exports")}, ingest.Options{Now: now}); err != nil {
		return "", err
	}
	_, err := analytics.Build(ctx, analytics.Options{Workspace: dir, Company: "sample", Currency: "CNY", Lang: "en", CodeVersion: "validate-statement", Now: now})
	return dir, err
}

// write saves everybody's workbook and returns the statements by file name and
// the number of exported rows in them.
func write(ctx context.Context, run *analytics.Run, month time.Time, dir string) (map[string]*analytics.Workings, int, error) {
	people, err := run.StatementPeople(ctx, analytics.All(), month)
	if err != nil {
		return nil, 0, err
	}
	out := map[string]*analytics.Workings{}
	rows := 0
	for i, id := range people {
		s, err := run.Workings(ctx, analytics.All(), id, month)
		if err != nil {
			return nil, 0, err
		}
		book, err := s.Workbook("en")
		if err != nil {
			return nil, 0, fmt.Errorf("statement of %s: %w", id, err)
		}
		name := fmt.Sprintf("statement-%04d", i+1)
		if err := book.SaveAs(filepath.Join(dir, name+".xlsx")); err != nil {
			return nil, 0, err
		}
		if err := book.Close(); err != nil {
			return nil, 0, err
		}
		out[name] = s
		for _, e := range s.Rows {
			rows += len(e.Rows)
		}
		rows += len(s.Settlements)
	}
	return out, rows, nil
}

// compare reads the recalculated first sheets.
func compare(dir string, statements map[string]*analytics.Workings) error {
	agree, lines, linesAgree := 0, 0, 0
	for name, s := range statements {
		f, err := os.Open(filepath.Join(dir, name+".csv"))
		if err != nil {
			return fmt.Errorf("LibreOffice wrote nothing for %s: %w", s.RepID, err)
		}
		table, err := csv.NewReader(f).ReadAll()
		f.Close()
		if err != nil {
			return fmt.Errorf("statement of %s: %w", s.RepID, err)
		}
		same := len(table) == len(s.Lines)+1
		for i, l := range s.Lines {
			lines++
			switch {
			case i+1 >= len(table):
				same = false
			case table[i+1][0] == l.Line && cents(table[i+1][2]) == cents(l.Amount):
				linesAgree++
			default:
				same = false
				log.Printf("%s %s: LibreOffice has %s, the run %s", s.RepID, l.Line, table[i+1][2], l.Amount)
			}
		}
		if same {
			agree++
		}
	}
	fmt.Printf("statements_agree %d %d %s\n", agree, len(statements), verdict(agree == len(statements)))
	fmt.Printf("statement_lines_agree %d %d %s\n", linesAgree, lines, verdict(linesAgree == lines))
	return nil
}

func verdict(ok bool) string {
	if ok {
		return "ok"
	}
	return "short"
}

// cents reads an amount; what is no number is never equal to one.
func cents(s string) float64 {
	x, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64)
	if err != nil {
		return math.NaN()
	}
	return math.Round(x * 100)
}
