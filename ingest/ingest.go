// Package ingest loads exports into the lake: it finds out how a file is
// written, maps its tables to the canonical entities, loads or refuses every
// row with a reason, and publishes the load by replacing the lake's manifest.
//
// A load is all or nothing: until the manifest is replaced, as the very last
// step, the lake is what it was.
package ingest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"levelfield/ingest/mapping"
	"levelfield/ingest/table"
)

// Workspace is the folder that holds exports, mappings and the lake.
type Workspace struct {
	Dir string
}

// Options of a load. The zero value loads.
type Options struct {
	DryRun   bool               // say what would happen, change nothing
	Now      func() time.Time   // time written into the manifest; time.Now when nil
	Progress func(p Progress)   // called now and then, from any goroutine; may be nil
	General  bool               // never take the fast route for plain text files
	sections int64              // bytes of a section of the fast route, for tests
	crash    func(point string) // called at the points a kill may hit, for tests
}

// Progress says how far a load is.
type Progress struct {
	File  string // being read
	Bytes int64  // read so far, of all files
	Total int64  // size of all files in bytes
}

// Report is the outcome of a load.
type Report struct {
	DryRun bool         `json:"dry_run"`
	Files  []FileReport `json:"files"`
}

// FileReport is the outcome of one file.
type FileReport struct {
	File     string        `json:"file"`    // path as given
	Mapping  string        `json:"mapping"` // names of the mappings that took its tables, joined with ", "
	Batch    int64         `json:"batch"`   // load number, 0 when nothing was loaded
	Same     bool          `json:"same"`    // the same content was loaded before: nothing changed
	Err      error         `json:"-"`       // the file could not be read; the lake has nothing of it
	Tables   []TableReport `json:"tables"`
	Notes    []string      `json:"notes"`    // said aloud of the whole file
	Refused  string        `json:"refused"`  // marked copy of the refused rows, path below the workspace, or ""
	Refusals []Refusal     `json:"refusals"` // the first 1,000 of them
}

// MarshalJSON writes the error as text.
func (f FileReport) MarshalJSON() ([]byte, error) {
	type plain FileReport
	out := struct {
		plain
		Error string `json:"error,omitempty"`
	}{plain: plain(f)}
	if f.Err != nil {
		out.Error = f.Err.Error()
	}
	return json.Marshal(out)
}

// TableReport counts the rows of one entity made from one table. Every row
// read is either loaded or refused: Read = Loaded + Refused.
type TableReport struct {
	Sheet    string           `json:"sheet"`
	Entity   string           `json:"entity"`
	Read     int64            `json:"read"`
	Loaded   int64            `json:"loaded"`
	Refused  int64            `json:"refused"`
	Replaced int64            `json:"replaced"` // rows of earlier loads that these took the place of
	LeftOut  map[string]int64 `json:"left_out"` // rows that are no data, by reason: blank, total, footnote, repeated header, where
	Notes    []string         `json:"notes"`    // said aloud: what was detected and decided
}

// Refusal says why one cell keeps a row out of the lake.
type Refusal struct {
	File   string `json:"file"`
	Sheet  string `json:"sheet"`
	Row    int64  `json:"row"`    // row number as the person's own program shows it
	Column string `json:"column"` // header of the column
	Value  string `json:"value"`
	Reason string `json:"reason"`
	Hint   string `json:"hint"` // what to do, may be empty
}

// String says what, where and why.
func (r Refusal) String() string {
	s := r.File
	if r.Sheet != "" {
		s += ", sheet " + r.Sheet
	}
	s += fmt.Sprintf(", row %d", r.Row)
	if r.Column != "" {
		s += ", column " + r.Column
	}
	s += ": "
	if r.Value != "" {
		s += fmt.Sprintf("%q ", r.Value)
	}
	s += r.Reason
	if r.Hint != "" {
		s += " (" + r.Hint + ")"
	}
	return s
}

// mostRefusals is how many refusals a report holds; the marked copy has all.
const mostRefusals = 1000

// Refused counts the refused rows of all files.
func (r *Report) Refused() (n int64) {
	for _, f := range r.Files {
		for _, t := range f.Tables {
			n += t.Refused
		}
	}
	return n
}

// Loaded counts the loaded rows of all files.
func (r *Report) Loaded() (n int64) {
	for _, f := range r.Files {
		for _, t := range f.Tables {
			n += t.Loaded
		}
	}
	return n
}

// counts follow the rows of one table on their way to one entity.
type counts struct {
	seen    int64 // rows met, and rows an unpivot made of them
	loaded  int64
	refused int64
	left    map[string]int64
}

func (c *counts) leave(why string) {
	if c.left == nil {
		c.left = map[string]int64{}
	}
	c.left[why]++
}

func (c *counts) add(o counts) {
	c.seen += o.seen
	c.loaded += o.loaded
	c.refused += o.refused
	for why, n := range o.left {
		if c.left == nil {
			c.left = map[string]int64{}
		}
		c.left[why] += n
	}
}

// report checks that no row was lost and returns the counts for people.
func (c *counts) report(sheet, entity string, written int64) (TableReport, error) {
	left := int64(0)
	for _, n := range c.left {
		left += n
	}
	t := TableReport{Sheet: sheet, Entity: entity, Read: c.seen - left, Loaded: written, Refused: c.refused, LeftOut: maps.Clone(c.left)}
	if t.LeftOut == nil {
		t.LeftOut = map[string]int64{}
	}
	if t.Loaded+t.Refused != t.Read || c.loaded != written {
		return t, fmt.Errorf("%s: read %d rows but loaded %d and refused %d (written %d): a mistake of levelfield, nothing was changed; please report it with the file",
			entity, t.Read, c.loaded, t.Refused, written)
	}
	return t, nil
}

// month is the lake folder of a row: months since 0000-01, or monthAll.
type month int32

// monthAll holds rows without a date.
const monthAll month = -1

// String is the folder's name: 2026-10, or all.
func (m month) String() string {
	if m == monthAll {
		return "all"
	}
	return fmt.Sprintf("%04d-%02d", m/12, m%12+1)
}

// monthOf returns the month of a date in days or a time in microseconds.
func monthOf(k table.Kind, v int64) month {
	t := time.Unix(v*86400, 0).UTC()
	if k == table.Time {
		t = time.UnixMicro(v).UTC()
	}
	if t.Year() < 0 || t.Year() > 9999 {
		return monthAll
	}
	return month(t.Year()*12 + int(t.Month()) - 1)
}

func sortMonths(ms []month) { slices.Sort(ms) }

func daysFrom(y, m, d int) int64 {
	return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Unix() / 86400
}

func daysIn(y, m int) int {
	switch m {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// duplicate is the problem of a row whose natural key an earlier row has.
func duplicate(b *mapping.Block, first string, key string) mapping.Problem {
	var field *table.Field
	column := ""
	for i := range b.Columns {
		c := &b.Columns[i]
		if !c.Field.Key {
			continue
		}
		if field == nil {
			field = c.Field
		}
		if c.Header != "" && !c.IsConst {
			if column != "" {
				column += ", "
			}
			column += c.Header
		}
	}
	return mapping.Problem{Field: field, Column: column, Value: key, Reason: "is already in " + first, Hint: "keep one of the two rows"}
}
