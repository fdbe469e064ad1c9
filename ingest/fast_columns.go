package ingest

import (
	"bytes"

	"levelfield/ingest/table"
	"levelfield/ingest/value"
)

// Outcomes of a text seen before.
const (
	textNull   = -1 // means no value
	textRefuse = -2 // the evaluator must say what is wrong
)

// vector is one field of a block's rows.
type vector struct {
	ints    []int64  // numbers, dates, times, yes/no
	codes   []uint32 // text of a dictionary column
	from    []uint32 // other text: where it begins and ends in the block
	to      []uint32
	own     [][]byte // other text that is not in the block as it stands; nil otherwise
	present []bool
}

func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/2)
	}
	return s[:n]
}

// column parses one column of the block.
func (w *fastWorker) column(i, n int) {
	f, v := &w.fields[i], &w.vectors[i]
	v.present = resize(v.present, n)
	switch {
	case f.kind == table.Text && w.schema.columns[i].dict:
		v.codes = resize(v.codes, n)
		w.dictColumn(i, n)
	case f.kind == table.Text:
		v.from, v.to, v.own = resize(v.from, n), resize(v.to, n), resize(v.own, n)
		clear(v.own)
		w.textColumn(i, n)
	case f.kind == table.Date:
		v.ints = resize(v.ints, n)
		w.dateColumn(i, n)
	case f.kind == table.Money || f.kind == table.Number || f.kind == table.Int:
		v.ints = resize(v.ints, n)
		w.numberColumn(i, n)
	default:
		v.ints = resize(v.ints, n)
		w.otherColumn(i, n)
	}
}

func (w *fastWorker) dictColumn(i, n int) {
	f, v, raw := &w.fields[i], &w.vectors[i], w.raw[i]
	for r := range n {
		if w.status[r] != rowGood {
			continue
		}
		code := raw.code(w.b.cell(r, f.Index))
		if int(code) == len(w.outcome[i]) {
			w.outcome[i] = append(w.outcome[i], w.textOutcome(i, raw.value(code)))
		}
		switch out := w.outcome[i][code]; out {
		case textNull:
			v.present[r] = false
		case textRefuse:
			w.status[r] = rowOdd
		default:
			v.codes[r], v.present[r] = uint32(out), true
		}
	}
}

// textOutcome reads a text of a dictionary column at its first sight.
func (w *fastWorker) textOutcome(i int, cell []byte) int32 {
	if f := &w.fields[i]; f.Values == nil && clean(cell, f.Format.Nulls) {
		return int32(w.dicts[i].code(cell))
	}
	v, problem := w.eval.Cell(i, string(cell))
	switch {
	case problem != nil:
		return textRefuse
	case v.Null:
		return textNull
	}
	return int32(w.dicts[i].code([]byte(v.Text)))
}

func (w *fastWorker) textColumn(i, n int) {
	f, v := &w.fields[i], &w.vectors[i]
	for r := range n {
		if w.status[r] != rowGood {
			continue
		}
		at := r*w.b.width + f.Index
		from, to := w.b.start[at], w.b.end[at]
		if !clean(w.b.data[from:to], f.Format.Nulls) {
			w.status[r] = rowOdd
			continue
		}
		v.from[r], v.to[r], v.present[r] = from, to, true
	}
}

// clean tells whether text is taken as it stands: printable ASCII that neither
// begins nor ends with a space nor could be a word for "no value".
func clean(s []byte, nulls []string) bool {
	if len(s) == 0 || s[0] == ' ' || s[len(s)-1] == ' ' {
		return false
	}
	for _, c := range s {
		if c-' ' > '~'-' ' {
			return false
		}
	}
	for _, word := range nulls {
		if len(word) == len(s) {
			return false
		}
	}
	return true
}

func (w *fastWorker) dateColumn(i, n int) {
	f, v := &w.fields[i], &w.vectors[i]
	var last []byte
	var days int64
	for r := range n {
		if w.status[r] != rowGood {
			continue
		}
		cell := w.b.cell(r, f.Index)
		if last == nil || !bytes.Equal(cell, last) {
			if len(cell) == 0 && !f.required {
				v.present[r], v.ints[r] = false, 0
				continue
			}
			d, ok := isoDate(cell)
			if !ok {
				w.status[r] = rowOdd
				continue
			}
			last, days = cell, d
		}
		v.ints[r], v.present[r] = days, true
	}
}

// isoDate reads 2026-10-31, the only form that needs no decision and no care.
func isoDate(s []byte) (days int64, ok bool) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return 0, false
	}
	var y, m, d int
	for i, c := range s {
		if i == 4 || i == 7 {
			continue
		}
		if c-'0' > 9 {
			return 0, false
		}
		switch {
		case i < 4:
			y = 10*y + int(c-'0')
		case i < 7:
			m = 10*m + int(c-'0')
		default:
			d = 10*d + int(c-'0')
		}
	}
	if y < 1970 || y > 2099 || m < 1 || m > 12 || d < 1 || d > daysIn(y, m) {
		return 0, false
	}
	return daysFrom(y, m, d), true
}

func (w *fastWorker) numberColumn(i, n int) {
	f, v := &w.fields[i], &w.vectors[i]
	for r := range n {
		if w.status[r] != rowGood {
			continue
		}
		cell := w.b.cell(r, f.Index)
		if f.simple {
			if x, ok := plainNumber(cell, f.places); ok {
				v.ints[r], v.present[r] = x, true
				continue
			}
		}
		if len(cell) == 0 && !f.required {
			v.present[r], v.ints[r] = false, 0
			continue
		}
		w.status[r] = rowOdd
	}
}

var powers = [...]int64{1, 10, 100, 1000, 10_000, 100_000, 1_000_000}

// plainNumber reads -123.45 in units of the last of the given places.
func plainNumber(s []byte, places int) (v int64, ok bool) {
	p := 0
	if len(s) > 0 && s[0] == '-' {
		p = 1
	}
	if len(s) == p || len(s)-p > 12 || s[p] == '.' {
		return 0, false
	}
	for ; p < len(s); p++ {
		c := s[p] - '0'
		if c > 9 {
			break
		}
		v = 10*v + int64(c)
	}
	digits := 0
	if p < len(s) {
		if s[p] != '.' {
			return 0, false
		}
		p++
		digits = len(s) - p
		if digits == 0 || digits > places {
			return 0, false
		}
		for ; p < len(s); p++ {
			c := s[p] - '0'
			if c > 9 {
				return 0, false
			}
			v = 10*v + int64(c)
		}
	}
	v *= powers[places-digits]
	if s[0] == '-' {
		v = -v
	}
	return v, true
}

func (w *fastWorker) otherColumn(i, n int) {
	f, v := &w.fields[i], &w.vectors[i]
	for r := range n {
		if w.status[r] != rowGood {
			continue
		}
		cell := w.b.cell(r, f.Index)
		var x int64
		var null bool
		var err error
		if f.kind == table.Bool {
			var yes bool
			if yes, null, err = value.Bool(cell, &f.Format); yes {
				x = 1
			}
		} else {
			if len(cell) < 10 || cell[4] != '-' || cell[7] != '-' {
				w.status[r] = rowOdd
				continue
			}
			x, null, err = value.Time(cell, &f.Format)
		}
		if err != nil || null && f.required {
			w.status[r] = rowOdd
			continue
		}
		v.ints[r], v.present[r] = x, !null
	}
}
