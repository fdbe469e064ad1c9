package ingest

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"levelfield/ingest/mapping"
	"levelfield/ingest/source"
)

// Titles of the columns added to a marked copy.
const (
	columnTitle = "levelfield: column"
	reasonTitle = "levelfield: reason"
)

// refusedRow is a row kept out of the lake, with everything wrong with it.
type refusedRow struct {
	number   int64
	raw      []string
	problems []mapping.Problem
}

// marks returns the two cells added to the row.
func (r *refusedRow) marks() (columns, reasons string) {
	var cs, rs []string
	for _, p := range r.problems {
		cs = append(cs, p.Column)
		s := p.Reason
		if p.Value != "" {
			s = fmt.Sprintf("%q %s", p.Value, p.Reason)
		}
		if p.Hint != "" {
			s += " (" + p.Hint + ")"
		}
		rs = append(rs, s)
	}
	return strings.Join(cs, "; "), fmt.Sprintf("row %d: %s", r.number, strings.Join(rs, "; "))
}

// rejects writes the refused rows of one file as a copy of the user's own file:
// the same format, header and cells, and what is wrong at the end of each row.
type rejects struct {
	ws    Workspace
	batch int64
	files map[string]*rejectFile // by name of the copy
	order []string
	dry   bool
}

// rejectFile is one marked copy being written.
type rejectFile struct {
	path     string
	out      *os.File
	text     *bufio.Writer
	encoder  *transform.Writer
	delim    string
	book     *excelize.File
	sheet    *excelize.StreamWriter
	name     string // of the sheet being written
	row      int
	bad      int // style of a cell that is wrong
	extra    int // style of the added cells
	sheets   int
	finished bool
}

// add writes one refused row of the table.
func (r *rejects) add(t *source.Table, row refusedRow) error {
	if r.dry {
		return nil
	}
	f, err := r.copyOf(t)
	if err == nil {
		if f.book != nil {
			err = f.addSheetRow(t, row)
		} else {
			err = f.addLine(t, row)
		}
	}
	if err != nil {
		return fmt.Errorf("write the marked copy of the refused rows: %w", err)
	}
	return nil
}

func (r *rejects) copyOf(t *source.Table) (*rejectFile, error) {
	name := t.File[strings.LastIndexByte(t.File, '!')+1:]
	name = filepath.Base(filepath.FromSlash(name))
	name = strings.TrimSuffix(name, ".gz")
	if t.Format != "csv" {
		name = strings.TrimSuffix(name, filepath.Ext(name)) + ".xlsx"
	}
	name = fmt.Sprintf("%d-%s", r.batch, name)
	if f := r.files[name]; f != nil {
		return f, nil
	}
	if err := os.MkdirAll(r.ws.lake("refused"), 0o755); err != nil {
		return nil, err
	}
	f := &rejectFile{path: r.ws.lake("refused", name)}
	var err error
	if t.Format != "csv" {
		err = f.newBook()
	} else {
		err = f.newText(t)
	}
	if err != nil {
		return nil, err
	}
	if r.files == nil {
		r.files = map[string]*rejectFile{}
	}
	r.files[name] = f
	r.order = append(r.order, name)
	return f, nil
}

func (f *rejectFile) newText(t *source.Table) (err error) {
	if f.out, err = os.Create(f.path + ".tmp"); err != nil {
		return err
	}
	f.encoder = transform.NewWriter(f.out, encoderOf(t.Encoding))
	f.text = bufio.NewWriter(f.encoder)
	f.delim = t.Delimiter
	if f.delim == "" {
		f.delim = ","
	}
	if t.HeaderRow > 0 {
		return f.line(append(append([]string{}, t.Header...), columnTitle, reasonTitle))
	}
	return nil
}

// encoderOf writes text in the named encoding; what it cannot hold becomes a
// substitute character.
func encoderOf(name string) transform.Transformer {
	var e encoding.Encoding
	switch name = strings.ToLower(name); name {
	case "", "utf-8", "utf8", "ascii", "us-ascii":
		return transform.Nop
	case "utf-16le":
		e = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case "utf-16be":
		e = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	default:
		var err error
		if e, err = htmlindex.Get(name); err != nil {
			return transform.Nop
		}
	}
	return encoding.ReplaceUnsupported(e.NewEncoder())
}

func (f *rejectFile) addLine(t *source.Table, row refusedRow) error {
	columns, reasons := row.marks()
	cells := append([]string{}, row.raw...)
	for len(cells) < len(t.Header) {
		cells = append(cells, "")
	}
	return f.line(append(cells, columns, reasons))
}

func (f *rejectFile) line(cells []string) error {
	for i, c := range cells {
		if i > 0 {
			f.text.WriteString(f.delim)
		}
		if strings.Contains(c, f.delim) || strings.ContainsAny(c, "\"\r\n") {
			c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
		f.text.WriteString(c)
	}
	_, err := f.text.WriteString("\r\n")
	return err
}

func (f *rejectFile) newBook() (err error) {
	f.book = excelize.NewFile()
	if f.bad, err = f.book.NewStyle(&excelize.Style{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFD8A8"}}}); err != nil {
		return err
	}
	f.extra, err = f.book.NewStyle(&excelize.Style{Font: &excelize.Font{Color: "B34700"}})
	return err
}

func (f *rejectFile) addSheetRow(t *source.Table, row refusedRow) error {
	if f.sheet == nil || f.name != t.Sheet {
		if err := f.newSheet(t); err != nil {
			return err
		}
	}
	bad := map[string]bool{}
	for _, p := range row.problems {
		for part := range strings.SplitSeq(p.Column, ", ") {
			bad[part] = true
		}
		bad[p.Column] = true
	}
	cells := make([]any, 0, len(t.Header)+2)
	for i := range max(len(t.Header), len(row.raw)) {
		var v any
		if i < len(row.raw) {
			v = cellValue(row.raw[i])
		}
		if i < len(t.Header) && bad[t.Header[i]] {
			v = excelize.Cell{StyleID: f.bad, Value: v}
		}
		cells = append(cells, v)
	}
	columns, reasons := row.marks()
	cells = append(cells, excelize.Cell{StyleID: f.extra, Value: columns}, excelize.Cell{StyleID: f.extra, Value: reasons})
	return f.sheetRow(cells)
}

func (f *rejectFile) newSheet(t *source.Table) error {
	if f.sheet != nil {
		if err := f.sheet.Flush(); err != nil {
			return err
		}
	}
	var err error
	if f.sheets == 0 {
		err = f.book.SetSheetName("Sheet1", t.Sheet)
	} else {
		_, err = f.book.NewSheet(t.Sheet)
	}
	if err != nil {
		return err
	}
	f.sheets++
	f.name, f.row = t.Sheet, 0
	if f.sheet, err = f.book.NewStreamWriter(t.Sheet); err != nil {
		return err
	}
	if t.HeaderRow == 0 {
		return nil
	}
	cells := make([]any, 0, len(t.Header)+2)
	for _, h := range t.Header {
		cells = append(cells, h)
	}
	cells = append(cells, excelize.Cell{StyleID: f.extra, Value: columnTitle}, excelize.Cell{StyleID: f.extra, Value: reasonTitle})
	return f.sheetRow(cells)
}

func (f *rejectFile) sheetRow(cells []any) error {
	f.row++
	at, err := excelize.CoordinatesToCellName(1, f.row)
	if err != nil {
		return err
	}
	return f.sheet.SetRow(at, cells)
}

// cellValue gives a number back as a number, unless it is an id whose zeros or
// length would be lost.
func cellValue(s string) any {
	if len(s) > 15 {
		return s
	}
	if v, err := strconv.ParseFloat(s, 64); err == nil && strconv.FormatFloat(v, 'f', -1, 64) == s {
		return v
	}
	return s
}

// paths returns where the copies will be, below the workspace.
func (r *rejects) paths() (paths []string) {
	for _, name := range r.order {
		paths = append(paths, "lake/refused/"+name)
	}
	return paths
}

// finish brings the copies to the disk.
func (r *rejects) finish() error {
	for _, name := range r.order {
		if err := r.files[name].finish(); err != nil {
			return fmt.Errorf("write the marked copy of the refused rows: %w", err)
		}
	}
	return nil
}

func (f *rejectFile) finish() error {
	f.finished = true
	if f.book != nil {
		defer f.book.Close()
		if err := f.sheet.Flush(); err != nil {
			return err
		}
		buf, err := f.book.WriteToBuffer()
		if err != nil {
			return err
		}
		return writeFile(f.path, buf.Bytes())
	}
	err := f.text.Flush()
	if err == nil {
		err = f.encoder.Close()
	}
	if err == nil {
		err = f.out.Sync()
	}
	if err2 := f.out.Close(); err == nil {
		err = err2
	}
	if err == nil {
		err = os.Rename(f.path+".tmp", f.path)
	}
	if err == nil {
		err = syncDir(filepath.Dir(f.path))
	}
	return err
}

// discard removes what was written.
func (r *rejects) discard() {
	for _, f := range r.files {
		if f.finished {
			os.Remove(f.path)
			continue
		}
		if f.book != nil {
			f.book.Close()
			continue
		}
		f.out.Close()
		os.Remove(f.path + ".tmp")
	}
	r.files, r.order = nil, nil
}
