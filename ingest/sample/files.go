package sample

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// csvFile is one text export, written as rows come.
type csvFile struct {
	path  string
	out   *bufio.Writer
	close []io.Closer
	comma byte
	line  []byte
	n     int
	rows  int64
	err   error
}

// text appends a cell, quoted where needed.
func (f *csvFile) text(s string) *csvFile {
	f.sep()
	for i := 0; i < len(s); i++ {
		if s[i] == f.comma || s[i] == '"' || s[i] == '\n' {
			f.line = strconv.AppendQuote(f.line, s) // the company's words hold no backslashes
			return f
		}
	}
	f.line = append(f.line, s...)
	return f
}

// money appends cents as yuan.
func (f *csvFile) money(cents int64) *csvFile {
	f.sep()
	f.line = appendScaled(f.line, cents, 2)
	return f
}

// scaled appends v / 10^places.
func (f *csvFile) scaled(v int64, places int) *csvFile {
	f.sep()
	f.line = appendScaled(f.line, v, places)
	return f
}

func (f *csvFile) int(v int) *csvFile {
	f.sep()
	f.line = strconv.AppendInt(f.line, int64(v), 10)
	return f
}

func (f *csvFile) date(t time.Time) *csvFile {
	f.sep()
	if !t.IsZero() {
		f.line = t.AppendFormat(f.line, time.DateOnly)
	}
	return f
}

func (f *csvFile) format(t time.Time, layout string) *csvFile {
	f.sep()
	if !t.IsZero() {
		f.line = t.AppendFormat(f.line, layout)
	}
	return f
}

func (f *csvFile) bool(b bool) *csvFile {
	return f.text(map[bool]string{true: "true", false: "false"}[b])
}

func (f *csvFile) sep() {
	if f.n > 0 {
		f.line = append(f.line, f.comma)
	}
	f.n++
}

// end writes the row.
func (f *csvFile) end() {
	f.line = append(f.line, '\n')
	if _, err := f.out.Write(f.line); err != nil && f.err == nil {
		f.err = err
	}
	f.line, f.n = f.line[:0], 0
	f.rows++
}

// row writes text cells.
func (f *csvFile) row(cells ...string) {
	for _, c := range cells {
		f.text(c)
	}
	f.end()
}

func appendScaled(b []byte, v int64, places int) []byte {
	if v < 0 {
		b, v = append(b, '-'), -v
	}
	unit := int64(1)
	for range places {
		unit *= 10
	}
	b = strconv.AppendInt(b, v/unit, 10)
	if places == 0 {
		return b
	}
	b = append(b, '.')
	rest := v % unit
	for unit /= 10; unit > 0; unit /= 10 {
		b = append(b, byte('0'+rest/unit%10))
	}
	return b
}

// sheetFile is one .xlsx export with a title, a header and a total row.
type sheetFile struct {
	book   *excelize.File
	stream *excelize.StreamWriter
	path   string
	row    int
	rows   int64
	cents  int64 // for the total row
	err    error
}

func (s *sheetFile) write(cells ...any) {
	s.row++
	cell, err := excelize.CoordinatesToCellName(1, s.row)
	if err == nil {
		err = s.stream.SetRow(cell, cells)
	}
	if err != nil && s.err == nil {
		s.err = err
	}
}

// files are all exports, by name; a file is opened when it is first asked for.
type files struct {
	dir    string
	c      *company
	csv    map[string]*csvFile
	sheets map[string]*sheetFile
	order  []string
	errs   []error
}

func newFiles(dir string, c *company) *files {
	return &files{dir: dir, c: c, csv: map[string]*csvFile{}, sheets: map[string]*sheetFile{}}
}

// kind is how a text export is written.
type kind struct {
	comma   byte
	bom     bool
	gb18030 bool
	zip     string // name of the archive, the file being its member
}

func (w *files) text(name string, k kind, header ...string) *csvFile {
	if f := w.csv[name]; f != nil {
		return f
	}
	f := &csvFile{path: name, comma: k.comma}
	if f.comma == 0 {
		f.comma = ','
	}
	on := name
	if k.zip != "" {
		on = k.zip
	}
	file, err := os.Create(filepath.Join(w.dir, on))
	if err != nil {
		w.errs = append(w.errs, err)
	}
	var out io.Writer = file
	f.close = []io.Closer{file}
	if k.zip != "" {
		archive := zip.NewWriter(file)
		member, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: w.c.last()})
		if err != nil {
			w.errs = append(w.errs, err)
		}
		out, f.close = member, []io.Closer{archive, file}
	}
	if k.gb18030 {
		encoder := simplifiedchinese.GB18030.NewEncoder().Writer(out)
		out = encoder
		if c, ok := encoder.(io.Closer); ok {
			f.close = append([]io.Closer{c}, f.close...)
		}
	}
	f.out = bufio.NewWriterSize(out, 1<<16)
	if k.bom {
		f.out.WriteString("\ufeff")
	}
	if len(header) > 0 {
		f.row(header...)
		f.rows = 0
	}
	w.csv[name] = f
	w.order = append(w.order, name)
	return f
}

func (w *files) sheet(name, title string, header ...any) *sheetFile {
	return w.grouped(name, title, nil, header...)
}

// group is a word above some columns of a header.
type group struct {
	title string
	n     int // columns
}

// grouped opens a sheet whose header has a row of merged cells above it.
func (w *files) grouped(name, title string, groups []group, header ...any) *sheetFile {
	if s := w.sheets[name]; s != nil {
		return s
	}
	s := &sheetFile{book: excelize.NewFile(), path: filepath.Join(w.dir, name)}
	if err := s.book.SetSheetName("Sheet1", "明细"); err != nil {
		s.err = err
	}
	var err error
	if s.stream, err = s.book.NewStreamWriter("明细"); err != nil {
		s.err = err
	}
	s.write(title)
	last, _ := excelize.ColumnNumberToName(len(header))
	if err := s.stream.MergeCell("A1", last+"1"); err != nil {
		s.err = err
	}
	s.write()
	if groups != nil {
		above := make([]any, len(header))
		at := 0
		for _, g := range groups {
			above[at] = g.title
			from, _ := excelize.CoordinatesToCellName(at+1, s.row+1)
			at += g.n
			to, _ := excelize.CoordinatesToCellName(at, s.row+1)
			if err := s.stream.MergeCell(from, to); err != nil {
				s.err = err
			}
		}
		s.write(above...)
	}
	s.write(header...)
	w.sheets[name] = s
	return s
}

// close ends every file and returns all errors.
func (w *files) close() error {
	for _, name := range w.order {
		f := w.csv[name]
		w.errs = append(w.errs, f.err, f.out.Flush())
		for _, c := range f.close {
			w.errs = append(w.errs, c.Close())
		}
	}
	for name, s := range w.sheets {
		if s.err == nil {
			s.err = s.stream.Flush()
		}
		if s.err == nil {
			s.err = s.book.SaveAs(s.path)
		}
		s.err = errors.Join(s.err, s.book.Close())
		if s.err != nil {
			w.errs = append(w.errs, fmt.Errorf("%s: %w", name, s.err))
		}
	}
	return errors.Join(w.errs...)
}
