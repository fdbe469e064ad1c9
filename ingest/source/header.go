package source

import (
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"levelfield/ingest/value"
)

// kind is what a cell looks like.
type kind uint8

const (
	blank kind = iota
	words
	figure // a number or a date
)

func kindOf(cell string) kind {
	cell = strings.TrimSpace(cell)
	if cell == "" {
		return blank
	}
	if len(cell) > 64 {
		return words
	}
	if _, null, err := value.Decimal(cell, 6, nil); err == nil && !null {
		return figure
	}
	if _, null, err := value.Decimal(cell, 6, &value.Format{Decimal: ','}); err == nil && !null {
		return figure
	}
	if _, null, err := value.Date(cell, nil); err == nil && !null || err == value.ErrOrder {
		return figure
	}
	return words
}

// clean trims a title and joins its lines.
func clean(cell string) string {
	return strings.Join(strings.Fields(strings.TrimPrefix(cell, "\uFEFF")), " ")
}

// isClean says that clean would return the cell as it is; cells of other
// scripts may be clean without it.
func isClean(cell string) bool {
	space := true
	for i := range len(cell) {
		c := cell[i]
		if c >= utf8.RuneSelf || c < ' ' || c == ' ' && space {
			return false
		}
		space = c == ' '
	}
	return !space || cell == ""
}

// find reads the head of the table, detects the header and fills t; false means
// that the table is empty.
func (t *Table) find(opt Options) (ok bool, err error) {
	r, err := t.start()
	if err != nil {
		return false, err
	}
	defer r.close()
	var head []rawRow
	wanted := headRows
	if opt.Header > 0 {
		wanted = opt.Header + headRows
	}
	for len(head) < wanted {
		row, err := r.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return false, unpacking(err)
		}
		if t.sepLine && row.number == 1 {
			t.offset = row.end
			continue
		}
		row.cells = append([]string(nil), row.cells...)
		head = append(head, row)
		if opt.Header > 0 && row.number > int64(opt.Header)+headRows {
			break
		}
	}
	filled := 0
	for _, row := range head {
		filled = max(filled, count(row.cells))
	}
	if filled == 0 {
		return false, nil
	}
	first, last := -1, -1 // rows of the header
	switch {
	case len(opt.Columns) > 0 || opt.Header < 0:
	case opt.Header > 0:
		for i, row := range head {
			if row.number <= int64(opt.Header) && int64(opt.Header) <= row.last {
				last = i
			}
		}
		if last < 0 {
			return false, fmt.Errorf("no row %d to be the header", opt.Header)
		}
		first = upward(head, last)
	default:
		first, last = headerRows(head)
	}
	t.layout(head, first, last, opt)
	return true, nil
}

func count(cells []string) (n int) {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}

// usualWidth is how many cells a full row has: 9 rows in 10 have no more.
func usualWidth(head []rawRow) int {
	var widths []int
	for _, row := range head {
		if n := count(row.cells); n > 0 && row.err == "" {
			widths = append(widths, n)
		}
	}
	if len(widths) == 0 {
		return 1
	}
	sort.Ints(widths)
	return widths[(len(widths)*9-1)/10]
}

// headerRows returns the first and the last row of the header, -1 for a table
// that begins with data.
//
// The header is the first row that is nearly as wide as the table and holds
// titles only. When a wide row with figures stands more than once before it,
// these rows are data, and there is no header.
func headerRows(head []rawRow) (first, last int) {
	width := usualWidth(head)
	before := 0
	for i, row := range head {
		n := count(row.cells)
		if n == 0 || n*10 < width*6 {
			continue
		}
		if titles(row.cells) {
			return extent(head, i)
		}
		if before++; before > 1 || i > 30 {
			return -1, -1
		}
	}
	return -1, -1
}

// titles says whether a row can be a header: words only, or words and a
// sequence of periods as in wide tables (2025, 2026 or 2026-01, 2026-02 ...).
func titles(cells []string) bool {
	text := 0
	var periods []string
	for _, c := range cells {
		switch kindOf(c) {
		case words:
			text++
			if c = strings.TrimSpace(c); strings.HasSuffix(c, ":") || strings.HasSuffix(c, "：") {
				return false // a label before its value, as in a title block
			}
		case figure:
			periods = append(periods, c)
		}
	}
	return len(periods) == 0 && text > 0 || len(periods) > 1 && text > 0 && rising(periods)
}

// rising says whether figures are periods in a row: different years, or months,
// days or numbers of them, each larger than the one before.
func rising(cells []string) bool {
	years := map[string]bool{}
	for _, c := range cells {
		if c = strings.TrimSpace(c); len(c) == 4 && c >= "1990" && c <= "2100" {
			years[c] = true
		}
	}
	if len(years) == len(cells) {
		return true
	}
	at := int64(-1)
	step := int64(0)
	for i, c := range cells {
		c = strings.TrimSpace(c)
		v := int64(-1)
		if n, err := strconv.ParseInt(c, 10, 64); err == nil {
			if n > 2100 || n > 53 && n < 1990 || n < 1 {
				return false
			}
			v = n
		} else if d, null, err := value.Date(c, nil); err == nil && !null {
			v = int64(d)
		} else {
			return false
		}
		if v <= at && i > 0 {
			return false
		}
		// Years and small numbers must follow one another closely: a data row
		// such as 3, 2016 is none.
		if i > 0 {
			if step = v - at; step > 366 || v < 3000 && step > 1 {
				return false
			}
		}
		at = v
	}
	return true
}

// extent finds the other rows of a header of several rows, one of which is row i.
func extent(head []rawRow, i int) (first, last int) {
	first, last = upward(head, i), i
	for last+1 < len(head) && last-first < 3 {
		up, down := head[last].cells, head[last+1].cells
		if !titles(down) || !fills(up, down) || !figuresBelow(head, last+1) {
			break
		}
		last++
	}
	return first, last
}

// upward returns the first row of the header whose last row is i: the row above
// belongs to it when it holds several titles and tells apart what the row below
// leaves blank or says twice.
func upward(head []rawRow, i int) int {
	for first := i; ; first-- {
		if first == 0 || i-first == 3 || head[first-1].last+1 != head[first].number {
			return first
		}
		up, down := head[first-1].cells, head[first].cells
		if count(up) < 2 || labelled(up) || !titles(up) || !fills(down, up) && !repeats(down) {
			return first
		}
	}
}

// labelled says whether a cell is a label with its value, such as 单位：万元.
func labelled(cells []string) bool {
	for _, c := range cells {
		if strings.ContainsAny(c, ":：") && !strings.ContainsAny(c, "(（") {
			return true
		}
	}
	return false
}

// fills says whether row b has a title where row a is blank, within a's table.
func fills(a, b []string) bool {
	width := max(len(a), len(b))
	for i := range width {
		if cellAt(a, i) == "" && cellAt(b, i) != "" {
			return true
		}
	}
	return false
}

func repeats(cells []string) bool {
	seen := map[string]bool{}
	for _, c := range cells {
		if c = clean(c); c != "" {
			if seen[c] {
				return true
			}
			seen[c] = true
		}
	}
	return false
}

// figuresBelow says whether some column has a title in row i and a figure in
// the rows after it, so that row i is no data.
func figuresBelow(head []rawRow, i int) bool {
	for _, row := range head[i+1 : min(len(head), i+6)] {
		for c, cell := range row.cells {
			if kindOf(cell) == figure && kindOf(cellAt(head[i].cells, c)) == words {
				return true
			}
		}
	}
	return false
}

func cellAt(cells []string, i int) string {
	if i < len(cells) {
		return strings.TrimSpace(cells[i])
	}
	return ""
}

// layout fills in header, columns, first row and notes.
func (t *Table) layout(head []rawRow, first, last int, opt Options) {
	body := head[last+1:]
	width := 0
	if last >= 0 {
		for _, row := range head[first : last+1] {
			for i := range row.cells {
				if cellAt(row.cells, i) != "" {
					width = max(width, i+1)
				}
			}
			t.headRows = append(t.headRows, cleaned(row.cells))
		}
	}
	// A column without a title counts when one row in five has something there.
	filled := map[int]int{}
	full, lengths := 0, map[int]int{}
	for _, row := range body {
		if count(row.cells) < 2 && len(row.cells) != 1 || row.err != "" {
			continue
		}
		full++
		lengths[len(row.cells)]++
		for i := range row.cells {
			if cellAt(row.cells, i) != "" {
				filled[i]++
			}
		}
	}
	for i, n := range filled {
		if n*5 >= full {
			width = max(width, i+1)
		}
	}
	if len(opt.Columns) > 0 {
		width = max(len(opt.Columns), 1)
	} else if last < 0 {
		usual := 0
		for w, n := range lengths {
			if n > lengths[usual] || n == lengths[usual] && w > usual {
				usual = w
			}
		}
		width = max(width, usual)
		if t.Format != "csv" {
			width = max(width, 1)
		}
	}
	names := map[string]int{}
	for i := range width {
		name := ""
		switch {
		case len(opt.Columns) > 0:
			name = clean(opt.Columns[i])
		case last >= 0:
			name = t.title(i)
			if name == "" && filled[i] == 0 {
				continue
			}
		}
		if name == "" {
			name = fmt.Sprintf("column %d", i+1)
		}
		names[name]++
		if n := names[name]; n > 1 {
			for names[fmt.Sprintf("%s (%d)", name, n)] > 0 {
				n++
			}
			name = fmt.Sprintf("%s (%d)", name, n)
			names[name]++
		}
		t.Header = append(t.Header, name)
		t.columns = append(t.columns, i)
	}
	short := 0
	for n, rows := range lengths {
		if n < width {
			short += rows
		}
	}
	t.shortRows = t.Format != "csv" || short*5 > full && full > 0
	switch {
	case last >= 0:
		t.HeaderRow = int(head[last].number)
		t.FirstRow = head[last].last + 1
		t.offset = head[last].end
	case len(head) > 0:
		t.FirstRow = head[0].number
	}
	t.say(head, first, last, opt)
}

func cleaned(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = clean(c)
	}
	return out
}

// title joins the titles of column i from top to bottom. A group title stands
// over the first of its columns only and is carried to the right, but not over
// a column that has a title of its own at that height or none below.
func (t *Table) title(i int) string {
	var parts []string
	for level, row := range t.headRows {
		text := cellAt(row, i)
		if text == "" && level+1 < len(t.headRows) && t.below(level, i) != "" {
			for left := i - 1; left >= 0 && text == ""; left-- {
				if t.below(level, left) == "" {
					break
				}
				text = cellAt(row, left)
			}
		}
		if text != "" && (len(parts) == 0 || parts[len(parts)-1] != text) {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, " ")
}

func (t *Table) below(level, i int) string {
	for _, row := range t.headRows[level+1:] {
		if text := cellAt(row, i); text != "" {
			return text
		}
	}
	return ""
}

// say notes what was decided.
func (t *Table) say(head []rawRow, first, last int, opt Options) {
	note := func(format string, args ...any) { t.Notes = append(t.Notes, fmt.Sprintf(format, args...)) }
	if t.Format == "csv" {
		if opt.Encoding == "" && t.Encoding != utf8Name {
			note("read as %s", t.Encoding)
		}
		if opt.Delimiter == "" && t.Delimiter != "," {
			note("cells separated by %q", t.Delimiter)
		}
	}
	switch {
	case len(opt.Columns) > 0, opt.Header < 0:
	case last < 0:
		note("no header found: the first row is data")
	case first < last:
		note("header in rows %d to %d, joined", head[first].number, head[last].number)
	case last > 0 && opt.Header == 0:
		note("header found in row %d", head[last].number)
	}
	switch above := filledRows(head[:max(first, 0)]); above {
	case 0:
	case 1:
		note("1 row above the header left out")
	default:
		note("%d rows above the header left out", above)
	}
	if t.Format == "csv" && t.shortRows {
		note("rows with fewer cells than the header are filled up with blanks: they are common in this file")
	}
}

func filledRows(rows []rawRow) (n int) {
	for _, row := range rows {
		if count(row.cells) > 0 {
			n++
		}
	}
	return n
}
