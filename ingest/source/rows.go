package source

import (
	"fmt"
	"io"
	"iter"
	"strings"
)

// The reasons for which a row is no data.
const (
	skipBlank    = "blank"
	skipTotal    = "total"
	skipFootnote = "footnote"
	skipRepeated = "repeated header"
)

// mostHeld is how many rows that may be footnotes wait for what follows them.
const mostHeld = 100

// Rows returns the rows after the header, also those to skip or to refuse. It
// may be called again; every call reads the file anew. An error ends the table.
func (t *Table) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) { t.read(yield) }
}

// guarded turns the panic of a parser into an error.
type guarded struct{ rowReader }

func (g guarded) next() (row rawRow, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the file is damaged (%v)", p)
		}
	}()
	return g.rowReader.next()
}

// start opens the table at the top of the file.
func (t *Table) start() (r rowReader, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the file is damaged (%v)", p)
		}
	}()
	r, err = t.reader()
	if err != nil {
		return nil, unpacking(err)
	}
	return guarded{r}, nil
}

func (t *Table) wrap(err error) error {
	if t.Sheet != "" {
		return fmt.Errorf("%s, sheet %q: %w", t.File, t.Sheet, err)
	}
	return fmt.Errorf("%s: %w", t.File, err)
}

// read yields the rows of the table; one that no file stands behind has none.
func (t *Table) read(yield func(Row, error) bool) {
	if t.reader == nil {
		return
	}
	r, err := t.start()
	if err != nil {
		yield(Row{}, t.wrap(err))
		return
	}
	defer r.close()
	var held []Row // blank rows and possible footnotes, until data follows
	release := func(as string) bool {
		for _, row := range held {
			if row.Skip == "" && as != "" {
				row.Skip, row.Err = as, ""
			}
			if !yield(row, nil) {
				return false
			}
		}
		held = held[:0]
		return true
	}
	for {
		raw, err := r.next()
		if err == io.EOF {
			release(skipFootnote)
			return
		}
		if err != nil {
			if release("") {
				yield(Row{}, t.wrap(unpacking(err)))
			}
			return
		}
		if raw.number < t.FirstRow {
			continue
		}
		row := t.row(raw)
		switch {
		case row.Skip == skipRepeated || row.Skip == skipTotal:
			// What stands before a repeated header or a total was no data.
			if row.Skip == skipRepeated && !release(skipFootnote) {
				return
			}
			if len(held) > 0 {
				held = append(held, row.copied())
				continue
			}
		case len(held) > 0 && row.Skip == skipBlank, t.maybeFootnote(row):
			if len(held) < mostHeld {
				held = append(held, row.copied())
				continue
			}
			fallthrough
		default:
			if !release("") {
				return
			}
		}
		if !yield(row, nil) {
			return
		}
	}
}

func (r Row) copied() Row {
	r.Cells = append([]string(nil), r.Cells...)
	r.Raw = append([]string(nil), r.Raw...)
	return r
}

// row fits a raw row to the header and judges it.
func (t *Table) row(raw rawRow) Row {
	row := Row{Number: raw.number, Raw: raw.cells, Err: raw.err}
	cells := raw.cells
	if !t.identity() || len(cells) != len(t.columns) {
		cells = make([]string, len(t.columns))
		for i, c := range t.columns {
			if c < len(raw.cells) {
				cells[i] = raw.cells[c]
			}
		}
	}
	row.Cells = cells
	if row.Skip = t.Judge(cells); row.Skip == skipBlank && count(raw.cells) > 0 {
		row.Skip = ""
	}
	if row.Skip == "" && row.Err == "" {
		row.Err = t.misfit(raw.cells)
	}
	if row.Skip != "" {
		row.Err = ""
	}
	return row
}

// identity says whether column i of the header is cell i of a row.
func (t *Table) identity() bool {
	n := len(t.columns)
	return n > 0 && t.columns[n-1] == n-1
}

// misfit says why the cells do not fit the header.
func (t *Table) misfit(cells []string) string {
	if len(t.columns) == 0 {
		return ""
	}
	width := t.columns[len(t.columns)-1] + 1
	if len(cells) < width && !t.shortRows {
		return cellsText(len(cells), width)
	}
	next := 0
	for i, c := range cells {
		if next < len(t.columns) && t.columns[next] == i {
			next++
			continue
		}
		if strings.TrimSpace(c) == "" {
			continue
		}
		if t.Format == "csv" && i >= width {
			return cellsText(len(cells), width)
		}
		return fmt.Sprintf("a value in column %d, which has no header", i+1)
	}
	return ""
}

func cellsText(n, width int) string {
	if n == 1 {
		return fmt.Sprintf("1 cell, the header has %d", width)
	}
	return fmt.Sprintf("%d cells, the header has %d", n, width)
}

// Judge returns why a row is no data: "blank", "total", "repeated header", or
// "". Footnotes need the rows after them and are found by Rows only.
func (t *Table) Judge(cells []string) string {
	if count(cells) == 0 {
		return skipBlank
	}
	if t.repeatsHeader(cells) {
		return skipRepeated
	}
	if t.total.row(cells) {
		return skipTotal
	}
	return ""
}

// repeatsHeader compares with every row of the header.
func (t *Table) repeatsHeader(cells []string) bool {
rows:
	for _, head := range t.headRows {
		same := 0
		for i, c := range t.columns {
			want := ""
			if c < len(head) {
				want = head[c]
			}
			if cells[i] != want && (isClean(cells[i]) || clean(cells[i]) != want) {
				continue rows
			}
			if want != "" {
				same++
			}
		}
		if same > 1 || same == 1 && len(t.columns) == 1 {
			return true
		}
	}
	return false
}

// footnoteStarts begin what is written under a table.
var footnoteStarts = [...]string{"注:", "注：", "注1", "备注:", "备注：", "说明:", "说明：", "制表", "制单", "审核", "审批", "打印", "导出", "数据来源", "来源:", "来源：", "note:", "notes:", "source:", "printed", "generated", "prepared by", "exported", "*"}

// maybeFootnote says whether a row is a footnote if no data follows it: it
// begins like one while half of the row is blank, or it is one cell alone in a
// table of three columns or more. A single word alone is none: it is what is
// left of the last row of a file that was cut off.
func (t *Table) maybeFootnote(row Row) bool {
	if row.Skip != "" {
		return false
	}
	n := count(row.Raw)
	if n*2 > len(t.columns) && n > 1 {
		return false
	}
	for i, c := range row.Raw {
		if c = strings.ToLower(strings.TrimSpace(c)); c == "" {
			continue
		}
		for _, start := range footnoteStarts {
			if strings.HasPrefix(c, start) {
				return true
			}
		}
		return n == 1 && len(t.columns) >= 3 && (i > 0 || strings.ContainsAny(c, " :：，。；（("))
	}
	return false
}

// Sample returns the first n data rows, those to skip or to refuse left out.
// What cannot be read ends it.
func (t *Table) Sample(n int) [][]string {
	var rows [][]string
	for row, err := range t.Rows() {
		if err != nil || len(rows) >= n {
			break
		}
		if row.Skip == "" && row.Err == "" {
			rows = append(rows, append([]string(nil), row.Cells...))
		}
	}
	return rows
}

// Plain says whether the table is UTF-8 text on disk that may be read in pieces
// cut at line ends that are outside quotes: its path, the offset of the line
// FirstRow, the bytes from there to the end of the file, and the delimiter.
// Cell i of a line then belongs to Header[i].
func (t *Table) Plain() (path string, offset, size int64, delim byte, ok bool) {
	if t.disk == "" || !t.identity() || t.shortRows {
		return "", 0, 0, 0, false
	}
	offset = t.offset + t.mark
	return t.disk, offset, t.size - offset, t.Delimiter[0], true
}
