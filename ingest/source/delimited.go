package source

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// rawRow is a row as it stands in the file.
type rawRow struct {
	number int64 // as the person sees it
	last   int64 // the same, or the last physical line of a text record
	end    int64 // text: bytes of the decoded text up to the next record
	cells  []string
	err    string // why it must be refused
}

// rowReader reads the rows of one table one by one; io.EOF ends it.
type rowReader interface {
	next() (rawRow, error)
	close() error
}

const (
	longestLine   = 4 << 20   // bytes of one physical line
	longestRecord = 256 << 10 // bytes a quoted cell may span over several lines
	mostLines     = 2000      // lines it may span
)

// line is one physical line without its end.
type line struct {
	text   []byte
	number int64
	end    int64 // offset behind its line end
	long   bool
}

// delimited reads delimited text, UTF-8 already.
type delimited struct {
	in     *bufio.Reader
	file   io.Closer
	delim  []byte
	ending byte // '\n' or '\r'
	number int64
	offset int64
	back   []line // lines looked at and given back, next one last
	buf    []byte // a line longer than the buffer of in
	failed int    // quotes that were never closed
	fields [][]byte
}

func newDelimited(r io.Reader, file io.Closer, delim string, ending byte) *delimited {
	return &delimited{in: bufio.NewReaderSize(r, 64<<10), file: file, delim: []byte(delim), ending: ending}
}

func (d *delimited) close() error { return d.file.Close() }

// line returns the next physical line, valid until the next call.
func (d *delimited) line() (line, error) {
	if n := len(d.back); n > 0 {
		l := d.back[n-1]
		d.back = d.back[:n-1]
		d.number, d.offset = l.number, l.end
		return l, nil
	}
	text, err := d.in.ReadSlice(d.ending)
	read := int64(len(text))
	long := false
	if err == bufio.ErrBufferFull {
		d.buf = append(d.buf[:0], text...)
		for err == bufio.ErrBufferFull {
			text, err = d.in.ReadSlice(d.ending)
			read += int64(len(text))
			if len(d.buf) < longestLine {
				d.buf = append(d.buf, text...)
			} else {
				long = true
			}
		}
		text = d.buf
	}
	if err != nil && (err != io.EOF || read == 0) {
		return line{}, err
	}
	d.number++
	d.offset += read
	text = bytes.TrimSuffix(text, []byte{d.ending})
	if d.ending == '\n' {
		text = bytes.TrimSuffix(text, []byte{'\r'})
	}
	return line{text: text, number: d.number, end: d.offset, long: long}, nil
}

// next reads one record. A quote that is never closed spoils only the line it
// stands in: reading goes on with the next line.
func (d *delimited) next() (rawRow, error) {
	first, err := d.line()
	if err != nil {
		return rawRow{}, err
	}
	row := rawRow{number: first.number, last: first.number, end: first.end}
	if first.long {
		row.err = fmt.Sprintf("a line of more than %d MB", longestLine>>20)
		return row, nil
	}
	if bytes.IndexByte(first.text, '"') < 0 {
		text := string(first.text)
		row.cells = strings.Split(text, string(d.delim))
		row.err = badText(text)
		return row, nil
	}
	p := record{text: first.text, delim: d.delim, fields: d.fields[:0]}
	var extra []line
	lines, bytesLeft := mostLines, longestRecord
	if d.failed > 100 {
		lines = 16 // a file full of stray quotes must not be read again and again
	}
	for p.parse() == quoteOpen {
		if len(extra) == 0 {
			p.text = bytes.Clone(p.text) // the reader's buffer is about to change
			p.rebase()
		}
		more, err := d.line()
		if err != nil && err != io.EOF {
			return rawRow{}, err
		}
		bytesLeft -= len(more.text)
		if err == io.EOF || more.long || len(extra) == lines || bytesLeft < 0 {
			if err == nil {
				extra = append(extra, copied(more))
			}
			p.state = quoteBroken
			break
		}
		extra = append(extra, copied(more))
		p.extend(more.text)
	}
	d.fields = p.fields
	if p.state == quoteBroken && len(extra) > 0 || p.state == quoteOpen {
		d.failed++
		for i := len(extra) - 1; i >= 0; i-- {
			d.back = append(d.back, extra[i])
		}
		d.number, d.offset = first.number, first.end
	}
	if p.state == quoteDone {
		if n := len(extra); n > 0 {
			row.last, row.end = extra[n-1].number, extra[n-1].end
		}
		for _, f := range p.fields {
			row.cells = append(row.cells, string(f))
		}
		row.err = badText(row.cells...)
		return row, nil
	}
	head := p.text
	if i := bytes.IndexByte(head, '\n'); i >= 0 && len(extra) > 0 {
		head = head[:i]
	}
	row.cells = strings.Split(string(head), string(d.delim))
	row.err = fmt.Sprintf("the quote opened in cell %d is not closed", p.cell+1)
	if p.state == quoteStray {
		row.err = fmt.Sprintf("text after the closing quote of cell %d", p.cell+1)
	}
	return row, nil
}

func copied(l line) line {
	l.text = bytes.Clone(l.text)
	return l
}

// badText says when a cell holds bytes that are no text in the encoding.
func badText(cells ...string) string {
	for _, c := range cells {
		if !utf8.ValidString(c) || strings.ContainsRune(c, utf8.RuneError) {
			return "bytes that are no text in the encoding of the file"
		}
	}
	return ""
}

// The states of a record.
type quoteState uint8

const (
	quoteDone   quoteState = iota // complete
	quoteOpen                     // a quoted cell goes on in the next line
	quoteStray                    // text behind a closing quote on the same line
	quoteBroken                   // the quote was not closed where it should
)

// record splits one record into cells; it can be extended line by line.
type record struct {
	text   []byte
	delim  []byte
	fields [][]byte
	state  quoteState
	cell   int  // the cell of the open or wrong quote
	start  int  // where the open cell begins, behind its quote
	scan   int  // how far it has been searched
	spans  bool // the open cell spans several lines
}

// rebase makes the cells read so far point into the copied text again; they are
// few, so reading them again is simplest.
func (p *record) rebase() {
	p.fields = p.fields[:0]
	p.state, p.start, p.scan = quoteDone, 0, 0
	p.parse()
}

func (p *record) extend(more []byte) {
	p.text = append(append(p.text, '\n'), more...)
	p.spans = true
}

// parse goes on splitting and returns the state.
func (p *record) parse() quoteState {
	i := 0
	if p.state == quoteOpen {
		var ok bool
		if i, ok = p.quoted(); !ok {
			return p.state
		}
	}
	for {
		if p.state == quoteDone && i > len(p.text) {
			return p.state
		}
		at := i
		for at < len(p.text) && p.text[at] == ' ' && p.delim[0] != ' ' {
			at++
		}
		if at < len(p.text) && p.text[at] == '"' {
			p.cell, p.start, p.scan, p.spans = len(p.fields), at+1, at+1, false
			var ok bool
			if i, ok = p.quoted(); !ok {
				return p.state
			}
			continue
		}
		end := bytes.Index(p.text[i:], p.delim)
		if end < 0 {
			p.fields = append(p.fields, p.text[i:])
			p.state = quoteDone
			return p.state
		}
		p.fields = append(p.fields, p.text[i:i+end])
		i += end + len(p.delim)
	}
}

// quoted reads the rest of a quoted cell and returns where the next one begins,
// beyond the text when it was the last.
func (p *record) quoted() (next int, ok bool) {
	for {
		q := bytes.IndexByte(p.text[p.scan:], '"')
		if q < 0 {
			p.scan = len(p.text)
			p.state = quoteOpen
			return 0, false
		}
		q += p.scan
		if q+1 < len(p.text) && p.text[q+1] == '"' {
			p.scan = q + 2
			continue
		}
		after := q + 1
		for after < len(p.text) && p.text[after] == ' ' && p.delim[0] != ' ' {
			after++
		}
		if after < len(p.text) && !bytes.HasPrefix(p.text[after:], p.delim) {
			p.state = quoteStray
			if p.spans {
				p.state = quoteBroken
			}
			return 0, false
		}
		field := p.text[p.start:q]
		if bytes.Contains(field, []byte(`""`)) {
			field = bytes.ReplaceAll(field, []byte(`""`), []byte(`"`))
		}
		p.fields = append(p.fields, field)
		p.state = quoteDone
		if after >= len(p.text) {
			return len(p.text) + 1, true
		}
		return after + len(p.delim), true
	}
}

// delimiters are tried in this order.
var delimiters = [...]string{",", "\t", ";", "|", "^", "~", "¦", "\x01", "，"}

// detectDelimiter returns the delimiter under which most records of the sample
// have the same number of cells, and more than one. A single column is read
// with commas.
func detectDelimiter(sample []byte, ending byte) string {
	best, bestScore := ",", 0.0
	for _, delim := range delimiters {
		if !bytes.Contains(sample, []byte(delim)) {
			continue
		}
		d := newDelimited(bytes.NewReader(sample), io.NopCloser(nil), delim, ending)
		widths, n := map[int]int{}, 0
		for n < 100 {
			row, err := d.next()
			if err != nil {
				break
			}
			if len(row.cells) == 1 && strings.TrimSpace(row.cells[0]) == "" {
				continue
			}
			n++
			if row.err == "" {
				widths[len(row.cells)]++
			}
		}
		common, width := 0, 1
		for w, c := range widths {
			if w > 1 && (c > common || c == common && w > width) {
				common, width = c, w
			}
		}
		if n == 0 || common == 0 {
			continue
		}
		// How regular the records are counts most, how many cells they have little.
		score := float64(common)/float64(n) + float64(min(width, 50))/500
		if score > bestScore {
			best, bestScore = delim, score
		}
	}
	return best
}

// lineEnding returns '\r' for files of old Macs, else '\n'.
func lineEnding(sample []byte) byte {
	if bytes.IndexByte(sample, '\n') < 0 && bytes.IndexByte(sample, '\r') >= 0 {
		return '\r'
	}
	return '\n'
}
