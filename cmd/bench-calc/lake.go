package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"

	"levelfield/ingest/table"
)

//go:embed lake.sql
var lakeSQL string

// size of a lake.
type size struct {
	reps, months  int
	lines, visits int // of all months
}

var firstMonth = time.Date(2023, 11, 1, 0, 0, 0, 0, time.UTC)

// file is an entry of lake/manifest.json.
type file struct {
	Entity string `json:"entity"`
	Month  string `json:"month"`
	Path   string `json:"path"`
	Rows   int64  `json:"rows"`
	Sha256 string `json:"sha256"`
	Batch  int    `json:"batch"`
	Schema bool   `json:"schema"`
}

// writeLake writes a lake with one month more than size says and returns the
// manifests without and with that month. Entities of the lake that the SQL file
// does not name stay empty.
func writeLake(ctx context.Context, workspace string, s size) (before, after []byte, err error) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return nil, nil, err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer conn.Close()
	w := &writer{ctx: ctx, conn: conn, lake: filepath.Join(workspace, "lake")}
	texts := map[string]string{}
	monthly := map[string]bool{}
	for _, part := range strings.Split(lakeSQL, "-- entity: ")[1:] {
		head, text, _ := strings.Cut(part, "\n")
		name, when, _ := strings.Cut(strings.TrimSpace(head), " ")
		texts[name], monthly[name] = text, when == "monthly"
	}
	for name, v := range map[string]int{"n_reps": s.reps, "n_lines": s.lines / s.months, "n_visits": s.visits / s.months} {
		w.run(fmt.Sprintf("set variable %s = %d", name, v))
	}
	w.run("set variable first = date '" + firstMonth.Format(time.DateOnly) + "'")
	for _, e := range table.All {
		w.put(e, "all", 0, "")
	}
	write := func(months []time.Time, batch int) {
		w.run(fmt.Sprintf("set variable n_months = %d", batch))
		for _, e := range table.All {
			text, known := texts[e.Name]
			switch {
			case !known:
			case monthly[e.Name]:
				for _, m := range months {
					w.run("set variable month = date '" + m.Format(time.DateOnly) + "'")
					w.put(e, m.Format("2006-01"), batch, text)
				}
			default: // exported whole every time: it replaces the file before
				w.replace(e, batch, text)
			}
		}
	}
	var months []time.Time
	for i := range s.months {
		months = append(months, firstMonth.AddDate(0, i, 0))
	}
	write(months, s.months)
	before = w.manifest()
	write([]time.Time{firstMonth.AddDate(0, s.months, 0)}, s.months+1)
	return before, w.manifest(), w.err
}

// writer writes lake files; the first error stays.
type writer struct {
	ctx   context.Context
	conn  *sql.Conn
	lake  string
	files []file
	err   error
}

func (w *writer) run(text string) {
	if w.err == nil {
		_, w.err = w.conn.ExecContext(w.ctx, text)
	}
}

// put writes one file with the columns and types of the entity; without text it
// is the schema file.
func (w *writer) put(e *table.Entity, month string, batch int, text string) {
	if w.err != nil {
		return
	}
	kinds := map[table.Kind]string{table.Text: "varchar", table.Date: "date", table.Time: "timestamp", table.Money: "decimal(18, 4)",
		table.Number: "decimal(18, 6)", table.Int: "bigint", table.Bool: "boolean"}
	var columns []string
	for _, f := range e.Fields {
		value := f.Name
		if text == "" {
			value = "null"
		}
		columns = append(columns, fmt.Sprintf("cast(%s as %s) as %s", value, kinds[f.Kind], f.Name))
	}
	f := file{Entity: e.Name, Month: month, Path: fmt.Sprintf("%s/%s/%d-0.parquet", e.Name, month, batch), Batch: batch}
	from, where := "("+text+")", ""
	if text == "" {
		f.Path, f.Schema = e.Name+"/schema.parquet", true
		from, where = "(select 1)", " where false"
	}
	path := filepath.Join(w.lake, f.Path)
	if w.err = os.MkdirAll(filepath.Dir(path), 0o755); w.err != nil {
		return
	}
	w.run(fmt.Sprintf("copy (select %s, '%s-%s.csv' as source_file, '' as source_sheet, row_number() over () + 1 as source_row, %d::bigint as batch from %s%s) to '%s' (format parquet, compression zstd)",
		strings.Join(columns, ", "), e.Name, month, batch, from, where, strings.ReplaceAll(path, "'", "''")))
	if w.err != nil {
		w.err = fmt.Errorf("%s: %w", e.Name, w.err)
		return
	}
	content, err := os.ReadFile(path)
	if err != nil {
		w.err = err
		return
	}
	sum := sha256.Sum256(content)
	f.Sha256 = hex.EncodeToString(sum[:])
	w.err = w.conn.QueryRowContext(w.ctx, "select count(*) from read_parquet('"+strings.ReplaceAll(path, "'", "''")+"')").Scan(&f.Rows)
	w.files = append(w.files, f)
}

func (w *writer) replace(e *table.Entity, batch int, text string) {
	var kept []file
	for _, f := range w.files {
		if f.Entity != e.Name || f.Schema {
			kept = append(kept, f)
		}
	}
	w.files = kept
	w.put(e, "all", batch, text)
}

func (w *writer) manifest() []byte {
	text, err := json.Marshal(map[string]any{"version": 2, "files": w.files})
	if w.err == nil {
		w.err = err
	}
	return text
}
