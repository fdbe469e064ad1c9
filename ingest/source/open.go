package source

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

const (
	headBytes = 256 << 10 // of a text file, looked at to detect everything
	headRows  = 200       // of a table, looked at to find its header
)

// Open finds the tables of a file, workbook or archive: those with a header or
// data, in the order of the sheets and member names. It reads only the head of
// every table. Its error names the file, and all members of an archive that
// cannot be read.
func Open(path string, opt Options) (tables []*Table, err error) {
	defer func() {
		if p := recover(); p != nil {
			tables, err = nil, fmt.Errorf("%s: the file is damaged (%v)", path, p)
		}
	}()
	if opt.Limit <= 0 {
		opt.Limit = DefaultLimit
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fmt.Errorf("%s: a folder, not a file", path)
	case info.Size() == 0:
		return nil, fmt.Errorf("%s: the file is empty", path)
	}
	open := func() (io.ReadCloser, error) { return os.Open(path) }
	tables, err = openInput(input{label: path, disk: path, open: open, size: info.Size()}, opt)
	if err == nil && len(tables) == 0 {
		err = errors.New("no table in it: every sheet is empty")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return tables, nil
}

// openInput opens whatever the first bytes say it is; names are not believed.
func openInput(in input, opt Options) ([]*Table, error) {
	r, err := in.open()
	if err != nil {
		return nil, err
	}
	head, err := io.ReadAll(io.LimitReader(r, headBytes))
	r.Close()
	if err != nil {
		return nil, unpacking(err)
	}
	whole := len(head) < headBytes
	switch {
	case len(head) == 0:
		return nil, errors.New("the file is empty")
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return openPacked(in, opt)
	case bytes.HasPrefix(head, []byte("\x1F\x8B")):
		return openGzip(in, opt)
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return openXLS(in, opt)
	}
	if err := otherFormat(head); err != nil {
		return nil, err
	}
	return openText(in, head, whole, opt)
}

// otherFormat recognises files that only look like tables by their name.
func otherFormat(head []byte) error {
	start := strings.ToLower(string(bytes.TrimSpace(bytes.TrimPrefix(head[:min(len(head), 2000)], []byte("\xEF\xBB\xBF")))))
	switch {
	case strings.HasPrefix(start, "%pdf"):
		return errors.New("a PDF, not a table: export it as .xlsx or .csv")
	case strings.HasPrefix(start, "<?xml") && strings.Contains(start, "urn:schemas-microsoft-com:office:spreadsheet"):
		return errors.New("an XML spreadsheet: open it in Excel and save it as .xlsx")
	case strings.HasPrefix(start, "<html"), strings.HasPrefix(start, "<!doctype html"), strings.HasPrefix(start, "<table"), strings.HasPrefix(start, "<meta"), strings.HasPrefix(start, "<head"):
		return errors.New("a web page saved under the name of a table: open it in Excel and save it as .xlsx")
	case strings.HasPrefix(start, "<?xml"):
		return errors.New("an XML file, not a table: export it as .xlsx or .csv")
	case strings.HasPrefix(start, "rar!"), strings.HasPrefix(start, "7z\xbc\xaf"):
		return errors.New("an archive that is not supported: pack it as .zip")
	case strings.HasPrefix(start, "par1"):
		return errors.New("a Parquet file, not an export: export it as .csv")
	}
	return nil
}

// openPacked tells workbooks from archives.
func openPacked(in input, opt Options) ([]*Table, error) {
	at, size, closer, err := in.all()
	if err != nil {
		return nil, err
	}
	z, err := zip.NewReader(at, size)
	if err != nil {
		closer.Close()
		return nil, errArchive
	}
	if len(z.File) > 0 && z.File[0].Name == "mimetype" {
		closer.Close()
		return nil, errors.New("an OpenDocument file: save it as .xlsx")
	}
	for _, f := range z.File {
		if f.Name != "[Content_Types].xml" {
			continue
		}
		closer.Close()
		return openXLSX(in, opt)
	}
	defer closer.Close()
	return openZip(in, z, opt)
}

// sheetTables opens every wanted sheet of a workbook.
func sheetTables[S any](in input, format string, sheets []S, about func(S) (name string, hidden bool), open func(S) (rowReader, error), opt Options) ([]*Table, error) {
	var tables []*Table
	var notes, names []string
	found := false
	for _, s := range sheets {
		name, hidden := about(s)
		names = append(names, name)
		if opt.Sheet != "" && name != opt.Sheet {
			continue
		}
		found = true
		if hidden && opt.Sheet == "" {
			notes = append(notes, fmt.Sprintf("hidden sheet %q was left out", name))
			continue
		}
		t := &Table{File: in.label, Sheet: name, Format: format, total: totalWords(opt)}
		t.reader = func() (rowReader, error) { return open(s) }
		ok, err := t.find(opt)
		if err != nil {
			return nil, fmt.Errorf("sheet %q: %w", name, err)
		}
		if ok {
			tables = append(tables, t)
		}
	}
	if opt.Sheet != "" && !found {
		return nil, fmt.Errorf("no sheet %q: there are %s", opt.Sheet, quotedList(names))
	}
	if len(tables) > 0 {
		tables[0].Notes = append(notes, tables[0].Notes...)
	}
	if len(tables) == 0 && in.inner {
		return nil, errors.New("no table in it: every sheet is empty")
	}
	return tables, nil
}

func quotedList(names []string) string {
	var b strings.Builder
	for i, name := range names {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%q", name)
	}
	return b.String()
}

// openXLSX opens a workbook; every reading of a sheet opens the file again.
func openXLSX(in input, opt Options) ([]*Table, error) {
	at, size, closer, err := in.all()
	if err != nil {
		return nil, err
	}
	defer closer.Close()
	z, err := zip.NewReader(at, size)
	if err != nil {
		return nil, errArchive
	}
	book, err := readXLSX(z, opt.Limit)
	if err != nil {
		return nil, err
	}
	about := func(s xlsxSheet) (string, bool) { return s.name, s.hidden }
	open := func(s xlsxSheet) (rowReader, error) {
		shared, err := book.shared()
		if err != nil {
			return nil, err
		}
		at, size, closer, err := in.all()
		if err != nil {
			return nil, err
		}
		z, err := zip.NewReader(at, size)
		if err != nil {
			closer.Close()
			return nil, errArchive
		}
		again, err := readXLSX(z, opt.Limit)
		if err != nil {
			closer.Close()
			return nil, err
		}
		again.once.Do(func() { again.strings = shared })
		rows, err := again.sheet(s)
		if err != nil {
			closer.Close()
			return nil, err
		}
		rows.part = &chained{nil, []io.Closer{rows.part, closer}}
		return rows, nil
	}
	if _, err := book.shared(); err != nil {
		return nil, err
	}
	return sheetTables(in, "xlsx", book.sheets, about, open, opt)
}

// openXLS opens a workbook of the old format.
func openXLS(in input, opt Options) ([]*Table, error) {
	read := func() (*xlsBook, error) {
		at, size, closer, err := in.all()
		if err != nil {
			return nil, err
		}
		defer closer.Close()
		return readXLS(at, size)
	}
	book, err := read()
	if err != nil {
		return nil, err
	}
	about := func(s xlsSheet) (string, bool) { return s.name, s.hidden }
	open := func(s xlsSheet) (rowReader, error) {
		if book != nil { // still opening: the workbook is in memory anyway
			return book.sheet(s)
		}
		again, err := read()
		if err != nil {
			return nil, err
		}
		return again.sheet(s)
	}
	tables, err := sheetTables(in, "xls", book.sheets, about, open, opt)
	book = nil
	return tables, err
}

// openText opens delimited text.
func openText(in input, head []byte, whole bool, opt Options) ([]*Table, error) {
	t := &Table{File: in.label, Format: "csv", total: totalWords(opt)}
	var err error
	if opt.Encoding != "" {
		if t.Encoding, err = canonical(opt.Encoding); err != nil {
			return nil, err
		}
	} else if t.Encoding, err = encodingOf(in, head, whole); err != nil {
		return nil, err
	}
	decodedHead, err := io.ReadAll(decoded(bytes.NewReader(head), t.Encoding))
	if err != nil {
		return nil, fmt.Errorf("not readable as %s: %w", t.Encoding, err)
	}
	if bytes.IndexByte(decodedHead, 0) >= 0 {
		return nil, errors.New("not a table: the file is binary")
	}
	ending := lineEnding(decodedHead)
	if !whole { // the last line of the sample is cut
		if i := bytes.LastIndexByte(decodedHead, ending); i >= 0 {
			decodedHead = decodedHead[:i+1]
		}
	}
	first, _, _ := bytes.Cut(decodedHead, []byte{ending})
	first = bytes.TrimSuffix(first, []byte{'\r'})
	t.Delimiter = opt.Delimiter
	if sep, ok := bytes.CutPrefix(first, []byte("sep=")); ok && len(sep) > 0 {
		t.sepLine = true
		if t.Delimiter == "" {
			t.Delimiter = string(sep)
		}
	}
	if t.Delimiter == `\t` || t.Delimiter == "tab" {
		t.Delimiter = "\t"
	}
	if strings.ContainsAny(t.Delimiter, "\"\r\n") {
		return nil, fmt.Errorf("delimiter %q cannot be a quote or a line end", t.Delimiter)
	}
	if t.Delimiter == "" {
		t.Delimiter = detectDelimiter(decodedHead, ending)
	}
	t.reader = func() (rowReader, error) {
		r, err := in.open()
		if err != nil {
			return nil, err
		}
		return newDelimited(decoded(r, t.Encoding), r, t.Delimiter, ending), nil
	}
	if in.disk != "" && t.Encoding == utf8Name && len(t.Delimiter) == 1 && t.Delimiter[0] < 0x80 && ending == '\n' {
		t.disk, t.size = in.disk, in.size
		if bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")) {
			t.mark = 3
		}
	}
	ok, err := t.find(opt)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, errors.New("the file is empty")
	}
	return []*Table{t}, nil
}

// encodingOf detects the encoding. When the head is plain ASCII the rest is
// searched for the first other byte, for it decides.
func encodingOf(in input, head []byte, whole bool) (string, error) {
	if whole || !ascii(head) {
		return detectEncoding(head, whole), nil
	}
	r, err := in.open()
	if err != nil {
		return "", err
	}
	defer r.Close()
	buf := make([]byte, headBytes)
	for {
		n, err := io.ReadFull(r, buf)
		if part := buf[:n]; !ascii(part) {
			at := 0
			for part[at] < 0x80 {
				at++
			}
			at = max(0, at-1) // the letter before tells western encodings apart
			more := make([]byte, headBytes)
			m, err := io.ReadFull(r, more)
			sample := append(bytes.Clone(part[at:]), more[:m]...)
			return detectEncoding(sample, err != nil), nil
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return utf8Name, nil
		}
		if err != nil {
			return "", unpacking(err)
		}
	}
}

func ascii(b []byte) bool {
	for len(b) >= 8 {
		if (b[0]|b[1]|b[2]|b[3]|b[4]|b[5]|b[6]|b[7])&0x80 != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}
