package source

import (
	"archive/zip"
	"encoding/xml"
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
	err := b.walk("xl/_rels/workbook.xml.rels", func(d *xmlReader, e xml.StartElement) error {
		if e.Name.Local == "Relationship" && strings.HasSuffix(attr(e, "Type"), "/worksheet") {
			target := attr(e, "Target")
			if !strings.HasPrefix(target, "/") {
				target = "xl/" + target
			}
			targets[attr(e, "Id")] = path.Clean(strings.TrimPrefix(target, "/"))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = b.walk(main, func(d *xmlReader, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			b.epoch = epoch(isTrue(attr(e, "date1904")))
		case "sheet":
			if part, ok := targets[attr(e, "id")]; ok {
				state := attr(e, "state")
				b.sheets = append(b.sheets, xlsxSheet{name: attr(e, "name"), part: part, hidden: state == "hidden" || state == "veryHidden"})
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

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (b *xlsxBook) readStyles() error {
	if b.parts["xl/styles.xml"] == nil {
		return nil
	}
	codes := map[int]string{}
	inCells := false
	return b.walk("xl/styles.xml", func(d *xmlReader, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			if id, err := strconv.Atoi(attr(e, "numFmtId")); err == nil {
				codes[id] = attr(e, "formatCode")
			}
		case "cellXfs":
			inCells = true
		case "cellStyles", "dxfs", "tableStyles":
			inCells = false
		case "xf":
			if inCells {
				id, _ := strconv.Atoi(attr(e, "numFmtId"))
				b.styles = append(b.styles, styleOf(id, codes[id]))
			}
		}
		return nil
	})
}

// xmlReader reads the elements of a part.
type xmlReader struct {
	*xml.Decoder
	part io.Closer
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
	d := xml.NewDecoder(r)
	d.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		name, err := canonical(label)
		if err != nil {
			return nil, err
		}
		return decoded(in, name), nil
	}
	return &xmlReader{d, r}, nil
}

// walk calls f for every start element of a part.
func (b *xlsxBook) walk(name string, f func(*xmlReader, xml.StartElement) error) error {
	d, err := b.open(name)
	if err != nil {
		return err
	}
	defer d.part.Close()
	for {
		token, err := d.RawToken()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return damaged(err)
		}
		if e, ok := token.(xml.StartElement); ok {
			if err := f(d, e); err != nil {
				return err
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

// text reads the characters up to the end of the element; phonetic hints are
// no part of it.
func (d *xmlReader) text(end string) (string, error) {
	var text string
	var more []string
	inText, phonetic := end == "v" || end == "t", 0
	depth := 1
	for depth > 0 {
		token, err := d.RawToken()
		if err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return "", damaged(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			depth++
			switch t.Name.Local {
			case "t":
				inText = true
			case "rPh":
				phonetic++
			}
		case xml.EndElement:
			depth--
			switch t.Name.Local {
			case "t":
				inText = false
			case "rPh":
				phonetic--
			}
		case xml.CharData:
			if inText && phonetic == 0 {
				if text == "" && more == nil {
					text = string(t)
				} else {
					if more == nil {
						more = []string{text}
					}
					more = append(more, string(t))
				}
			}
		}
	}
	if more != nil {
		text = strings.Join(more, "")
	}
	return unescaped(text), nil
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
		b.failed = b.walk("xl/sharedStrings.xml", func(d *xmlReader, e xml.StartElement) error {
			if e.Name.Local != "si" {
				return nil
			}
			s, err := d.text("si")
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
}

func (r *xlsxRows) close() error { return r.part.Close() }

func (b *xlsxBook) sheet(s xlsxSheet) (*xlsxRows, error) {
	shared, err := b.shared()
	if err != nil {
		return nil, err
	}
	d, err := b.open(s.part)
	if err != nil {
		return nil, err
	}
	for {
		token, err := d.RawToken()
		if err != nil {
			d.part.Close()
			return nil, damaged(err)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "sheetData" {
			return &xlsxRows{xmlReader: d, book: b, shared: shared}, nil
		}
	}
}

func (r *xlsxRows) next() (rawRow, error) {
	for {
		token, err := r.RawToken()
		if err != nil { // the sheet must not end before its </sheetData>
			return rawRow{}, damaged(err)
		}
		switch e := token.(type) {
		case xml.EndElement:
			if e.Name.Local == "sheetData" {
				return rawRow{}, io.EOF
			}
		case xml.StartElement:
			if e.Name.Local != "row" {
				continue
			}
			r.row++
			if n, err := strconv.Atoi(attr(e, "r")); err == nil {
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
}

// cells reads the cells of a row; refusal is why it must be refused.
func (r *xlsxRows) cells() (cells []string, refusal string, err error) {
	col := 0
	for {
		token, err := r.RawToken()
		if err != nil {
			return nil, "", damaged(err)
		}
		switch e := token.(type) {
		case xml.EndElement:
			if e.Name.Local == "row" {
				return cells, refusal, nil
			}
		case xml.StartElement:
			if e.Name.Local != "c" {
				continue
			}
			if ref := attr(e, "r"); ref != "" {
				if col = columnOf(ref); col < 0 {
					return nil, "", errDamaged
				}
			}
			if col >= mostColumns {
				return nil, "", errDamaged
			}
			text, waits, err := r.cell(attr(e, "t"), attr(e, "s"))
			if err != nil {
				return nil, "", err
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
}

// columnOf returns the column of a reference such as B7, from 0; -1 is none.
func columnOf(ref string) int {
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

// cell reads the inside of a <c> element of type kind and style index s; waits
// says that it is a formula without a result.
func (r *xlsxRows) cell(kind, s string) (text string, waits bool, err error) {
	formula, found := false, false
	for {
		token, err := r.RawToken()
		if err != nil {
			return "", false, damaged(err)
		}
		switch e := token.(type) {
		case xml.EndElement:
			if e.Name.Local != "c" {
				continue
			}
			if formula && (!found || text == "" && kind != "str") {
				return "", true, nil
			}
			if !found {
				return "", false, nil
			}
			text, err = r.typed(text, kind, s)
			return text, false, err
		case xml.StartElement:
			switch e.Name.Local {
			case "f":
				formula = true
			case "v", "is":
				if text, err = r.text(e.Name.Local); err != nil {
					return "", false, err
				}
				found = true
			}
		}
	}
}

func (r *xlsxRows) typed(text, kind, s string) (string, error) {
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
	style := plainNumber
	if i, err := strconv.Atoi(s); err == nil && i >= 0 && i < len(r.book.styles) {
		style = r.book.styles[i]
	}
	return numberText(v, style, r.book.epoch), nil
}
