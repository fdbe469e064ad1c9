package ingest

import (
	"bytes"
	"unicode/utf8"
)

// Splitting delimited text into cells. This is the fast route only: text that
// is not cleanly quoted makes it give up, and the file goes the general way.

// block is a run of whole records of a delimited file cut into cells.
type block struct {
	data  []byte
	width int      // cells a record should have
	start []uint32 // first byte of a cell, width per row
	end   []uint32 // byte after a cell
	line  []uint32 // physical line of a row's start, counted from the block's first line as 0
	cells []uint32 // cells the row really has; cells beyond width are not kept
	odd   []bool   // the row has another number of cells, or bytes that are no text
	raw   []uint32 // first byte of the row's text
	lines uint32   // physical lines in the block
	used  uint32   // bytes of whole records

	doubled []uint32 // cells of the record being read that hold doubled quotes
}

func (b *block) rows() int { return len(b.line) }

// cell returns the text of a cell.
func (b *block) cell(row, col int) []byte {
	i := row*b.width + col
	return b.data[b.start[i]:b.end[i]:b.end[i]]
}

// text returns the row's text without its line end.
func (b *block) text(row int) []byte {
	end := b.used
	if row+1 < len(b.raw) {
		end = b.raw[row+1]
	}
	text := bytes.TrimSuffix(b.data[b.raw[row]:end], []byte{'\n'})
	return bytes.TrimSuffix(text, []byte{'\r'})
}

// stops marks the bytes that end an unquoted cell or make it suspicious.
type stops [256]bool

func newStops(delim byte) *stops {
	var s stops
	s[delim], s['\n'], s['\r'], s['"'] = true, true, true, true
	return &s
}

// split cuts data, which it may rewrite, into the records it holds. With last
// set data ends the file and a final record needs no line end; otherwise the
// bytes of an unfinished record are left. It returns the bytes used and false
// when the quoting is not clean.
func (b *block) split(data []byte, delim byte, stop *stops, last bool) (used int, ok bool) {
	b.data = data
	b.start, b.end, b.line = b.start[:0], b.end[:0], b.line[:0]
	b.cells, b.odd, b.raw, b.lines = b.cells[:0], b.odd[:0], b.raw[:0], 0
	p, n := 0, len(data)
	for p < n {
		row, line, kept := p, b.lines, len(b.start)
		cells := 0
		for {
			var from, to int
			if p < n && data[p] == '"' {
				p++
				from = p
				doubled := false
				for {
					if p == n {
						if last {
							return row, false // the quote is never closed
						}
						b.undo(kept, line)
						b.finish(row)
						return row, true
					}
					c := data[p]
					p++
					if c == '\n' {
						b.lines++
					} else if c == '\r' {
						return row, false // the general route reads line ends in cells
					}
					if c != '"' {
						continue
					}
					if p == n && !last {
						b.undo(kept, line)
						b.finish(row)
						return row, true
					}
					if p == n || data[p] != '"' {
						break
					}
					doubled = true
					p++
				}
				to = p - 1
				if doubled && cells < b.width {
					b.doubled = append(b.doubled, uint32(len(b.start)))
				}
				if p < n && !stop[data[p]] || p < n && data[p] == '"' {
					return row, false // text after the closing quote
				}
			} else {
				from = p
				for p < n && !stop[data[p]] {
					p++
				}
				to = p
				if p < n && data[p] == '"' {
					return row, false // a quote inside a cell
				}
			}
			if p == n && !last {
				b.undo(kept, line)
				b.finish(row)
				return row, true
			}
			if cells < b.width {
				b.start = append(b.start, uint32(from))
				b.end = append(b.end, uint32(to))
			}
			cells++
			if p < n && data[p] == delim {
				p++
				continue
			}
			break
		}
		if p < n && data[p] == '\r' {
			if p+1 == n && !last {
				b.undo(kept, line)
				b.finish(row)
				return row, true
			}
			if p+1 < n && data[p+1] != '\n' {
				return row, false // a lone carriage return
			}
			p++
		}
		if p < n { // '\n'
			p++
		}
		b.lines++
		for _, i := range b.doubled {
			b.end[i] = closeUp(data, b.start[i], b.end[i])
		}
		b.doubled = b.doubled[:0]
		for i := cells; i < b.width; i++ {
			b.start = append(b.start, uint32(p))
			b.end = append(b.end, uint32(p))
		}
		b.line = append(b.line, line)
		b.cells = append(b.cells, uint32(cells))
		b.odd = append(b.odd, cells != b.width)
		b.raw = append(b.raw, uint32(row))
		if p-row > longestRecord {
			return row, false
		}
	}
	b.finish(p)
	return p, true
}

// finish marks the rows that hold bytes that are no text.
func (b *block) finish(used int) {
	b.used = uint32(used)
	data := b.data[:used]
	if utf8.Valid(data) && !bytes.Contains(data, []byte("\uFFFD")) {
		return
	}
	for r := range b.raw {
		text := b.text(r)
		b.odd[r] = b.odd[r] || !utf8.Valid(text) || bytes.Contains(text, []byte("\uFFFD"))
	}
}

// undo drops the record being read, which is not whole.
func (b *block) undo(kept int, line uint32) {
	b.start, b.end, b.lines = b.start[:kept], b.end[:kept], line
	b.doubled = b.doubled[:0]
}

// closeUp makes one quote of every two between start and end, in place, and
// returns the new end. Only whole records are closed up: an unfinished one is
// read again.
func closeUp(data []byte, start, end uint32) uint32 {
	to := start
	for from := start; from < end; from++ {
		data[to] = data[from]
		to++
		if data[from] == '"' {
			from++
		}
	}
	return to
}
