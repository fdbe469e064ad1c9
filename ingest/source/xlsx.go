package source

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
	"sync"
)

// The .xlsx format is read here as a stream of its parts: the meaning of a
// number needs the style of its cell, which the row iterators of libraries do
// not give without loading the sheet, and a broken part must be an error and
// not the end of the table.

const (
	mostColumns = 16384
	mostRows    = 1048576
)

// xlsxBook is an open .xlsx workbook.
type xlsxBook struct {
	parts  map[string]*zip.File
	limit  int64
	epoch  epoch
	styles []cellStyle
	sheets []xlsxSheet

	once    sync.Once
	strings []string
	failed  error
}

type xlsxSheet struct {
	name   string
	part   string
	hidden bool
}

// readXLSX reads the directory, the sheets and the styles of a workbook.
func readXLSX(z *zip.Reader, limit int64) (*xlsxBook, error) {
	b := &xlsxBook{parts: map[string]*zip.File{}, limit: limit}
	for _, f := range z.File {
		b.parts[strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"))] = f
	}
	main := "xl/workbook.xml"
	if b.parts[main] == nil {
		if b.parts["xl/workbook.bin"] != nil {
			return nil, errors.New("a binary workbook (.xlsb): save it as .xlsx")
		}
		return nil, errDamaged
	}
	targets := map[string]string{}
	err := b.walk("xl/_rels/workbook.xml.rels", func(x *xmlReader) error {
		if string(x.name) == "Relationship" && strings.HasSuffix(x.attr("Type"), "/worksheet") {
			target := x.attr("Target")
			if !strings.HasPrefix(target, "/") {
				target = "xl/" + target
			}
			targets[x.attr("Id")] = path.Clean(strings.TrimPrefix(target, "/"))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = b.walk(main, func(x *xmlReader) error {
		switch string(x.name) {
		case "workbookPr":
			b.epoch = epoch(isTrue(x.attr("date1904")))
		case "sheet":
			if part, ok := targets[x.attr("id")]; ok {
				state := x.attr("state")
				b.sheets = append(b.sheets, xlsxSheet{name: x.attr("name"), part: part, hidden: state == "hidden" || state == "veryHidden"})
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return b, b.readStyles()
}

func isTrue(s string) bool { return s == "1" || s == "true" }

func (b *xlsxBook) readStyles() error {
	if b.parts["xl/styles.xml"] == nil {
		return nil
	}
	codes := map[int]string{}
	inCells := false
	return b.walk("xl/styles.xml", func(x *xmlReader) error {
		switch string(x.name) {
		case "numFmt":
			if id, err := strconv.Atoi(x.attr("numFmtId")); err == nil {
				codes[id] = x.attr("formatCode")
			}
		case "cellXfs":
			inCells = true
		case "cellStyles", "dxfs", "tableStyles":
			inCells = false
		case "xf":
			if inCells {
				id, _ := strconv.Atoi(x.attr("numFmtId"))
				b.styles = append(b.styles, styleOf(id, codes[id]))
			}
		}
		return nil
	})
}

// open opens a part for reading; its bytes are counted against the limit.
func (b *xlsxBook) open(name string) (*xmlReader, error) {
	f := b.parts[strings.ToLower(name)]
	if f == nil {
		return nil, errDamaged
	}
	r, err := openMember(f, b.limit)
	if err != nil {
		return nil, err
	}
	return newXMLReader(r), nil
}

// walk calls f at every start tag of a part.
func (b *xlsxBook) walk(name string, f func(*xmlReader) error) error {
	x, err := b.open(name)
	if err != nil {
		return err
	}
	defer x.part.Close()
	for {
		event, err := x.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return damaged(err)
		}
		if event == xmlStart {
			if err := f(x); err != nil {
				return damaged(err)
			}
		}
	}
}

// damaged keeps an error about the size and replaces what a parser says.
func damaged(err error) error {
	var size sizeError
	if errors.As(err, &size) {
		return size
	}
	return errDamaged
}

// unescaped replaces _x000D_ and the like, the way a workbook writes characters
// that XML cannot hold.
func unescaped(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(s, "_x")
		if i < 0 || i+7 > len(s) {
			break
		}
		code, err := strconv.ParseUint(s[i+2:i+6], 16, 16)
		if err != nil || s[i+6] != '_' {
			b.WriteString(s[:i+2])
			s = s[i+2:]
			continue
		}
		b.WriteString(s[:i])
		b.WriteRune(rune(code))
		s = s[i+7:]
	}
	b.WriteString(s)
	return b.String()
}

// shared returns the strings all sheets share, read once.
func (b *xlsxBook) shared() ([]string, error) {
	b.once.Do(func() {
		if b.parts["xl/sharedstrings.xml"] == nil {
			return
		}
		b.failed = b.walk("xl/sharedStrings.xml", func(x *xmlReader) error {
			if string(x.name) != "si" {
				return nil
			}
			s, err := x.inside()
			b.strings = append(b.strings, s)
			return err
		})
	})
	return b.strings, b.failed
}

// xlsxRows reads the rows of a sheet.
type xlsxRows struct {
	*xmlReader
	book   *xlsxBook
	shared []string
	row    int
	width  int // cells of the widest row so far
}

func (r *xlsxRows) close() error { return r.part.Close() }

func (b *xlsxBook) sheet(s xlsxSheet) (*xlsxRows, error) {
	shared, err := b.shared()
	if err != nil {
		return nil, err
	}
	x, err := b.open(s.part)
	if err != nil {
		return nil, err
	}
	for {
		event, err := x.next()
		if err != nil {
			x.part.Close()
			return nil, damaged(err)
		}
		if event == xmlStart && string(x.name) == "sheetData" {
			return &xlsxRows{xmlReader: x, book: b, shared: shared}, nil
		}
	}
}

func (r *xlsxRows) next() (rawRow, error) {
	for {
		event, err := r.xmlReader.next()
		switch {
		case err != nil: // the sheet must not end before its </sheetData>
			return rawRow{}, damaged(err)
		case event == xmlEnd && string(r.name) == "sheetData":
			return rawRow{}, io.EOF
		case event != xmlStart || string(r.name) != "row":
			continue
		}
		r.row++
		if n, err := strconv.Atoi(r.attr("r")); err == nil {
			r.row = n
		}
		if r.row < 1 || r.row > mostRows {
			return rawRow{}, errDamaged
		}
		row := rawRow{number: int64(r.row), last: int64(r.row)}
		row.cells, row.err, err = r.cells()
		return row, err
	}
}

// cells reads the cells of a row; refusal is why it must be refused.
func (r *xlsxRows) cells() (cells []string, refusal string, err error) {
	col := 0
	cells = make([]string, 0, r.width)
	for {
		event, err := r.xmlReader.next()
		switch {
		case err != nil:
			return nil, "", damaged(err)
		case event == xmlEnd && string(r.name) == "row":
			r.width = max(r.width, len(cells))
			return cells, refusal, nil
		case event != xmlStart || string(r.name) != "c":
			continue
		}
		if ref := r.attrBytes("r"); len(ref) > 0 {
			if col = columnOf(ref); col < 0 {
				return nil, "", errDamaged
			}
		}
		if col >= mostColumns {
			return nil, "", errDamaged
		}
		text, waits, err := r.cell()
		if err != nil {
			return nil, "", damaged(err)
		}
		if waits && refusal == "" {
			refusal = fmt.Sprintf("the formula in column %d was never calculated: open the file and save it again", col+1)
		}
		for len(cells) <= col {
			cells = append(cells, "")
		}
		cells[col] = text
		col++
	}
}

// columnOf returns the column of a reference such as B7, from 0; -1 is none.
func columnOf(ref []byte) int {
	col := 0
	for i := range len(ref) {
		c := ref[i]
		if c < 'A' || c > 'Z' {
			break
		}
		if col = col*26 + int(c-'A'+1); col > mostColumns {
			return -1
		}
	}
	return col - 1
}

// cell reads the cell whose start tag is current; waits says that it is a
// formula without a result.
func (r *xlsxRows) cell() (text string, waits bool, err error) {
	kind, style := r.attr("t"), -1
	if n, err := strconv.Atoi(r.attr("s")); err == nil {
		style = n
	}
	formula, found := false, false
	for {
		event, err := r.xmlReader.next()
		if err != nil {
			return "", false, damaged(err)
		}
		switch {
		case event == xmlEnd && string(r.name) == "c":
			if formula && (!found || text == "" && kind != "str") {
				return "", true, nil
			}
			if !found {
				return "", false, nil
			}
			text, err = r.typed(text, kind, style)
			return text, false, err
		case event != xmlStart:
		case string(r.name) == "f":
			formula = true
		case string(r.name) == "v", string(r.name) == "is":
			if text, err = r.inside(); err != nil {
				return "", false, err
			}
			found = true
		}
	}
}

// typed turns the stored text of a cell into what it means.
func (r *xlsxRows) typed(text, kind string, style int) (string, error) {
	switch kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || i < 0 || i >= len(r.shared) {
			return "", errDamaged
		}
		return r.shared[i], nil
	case "b":
		return strings.ToUpper(fmt.Sprint(isTrue(text))), nil
	case "str", "inlineStr", "e":
		return text, nil
	case "d":
		return strings.Replace(strings.TrimSuffix(text, "T00:00:00"), "T", " ", 1), nil
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text, nil
	}
	meaning := plainNumber
	if style >= 0 && style < len(r.book.styles) {
		meaning = r.book.styles[style]
	}
	return numberText(v, meaning, r.book.epoch), nil
}
