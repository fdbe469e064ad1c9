package ingest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"levelfield/ingest/mapping"
	"levelfield/ingest/source"
	"levelfield/ingest/table"
)

// fastWorker reads sections one after another.
type fastWorker struct {
	*fast
	buf       []byte
	b         block
	vectors   []vector
	dicts     []*dict   // shared by all builders of the worker
	raw       []*dict   // cells as they stand, by field
	outcome   [][]int32 // code in dicts, or textNull, textRefuse
	status    []byte    // per row
	builders  map[month]*builder
	spare     []*builder // empty, with room
	order     []month    // months of builders
	lastDay   int64
	lastOf    month
	picked    map[month][]int32
	enc       *encoder
	key       []byte
	good      []int32 // rows of batchKeys
	batchKeys keyBatch
	cells     []string
	doubts    map[string]bool // texts seen before that might begin a row that is no data
	eval      *mapping.Evaluator
	file      []byte
	sheet     []byte
}

// What becomes of a row.
const (
	rowGood    byte = iota
	rowOdd          // a cell is out of the ordinary: ask the evaluator
	rowDropped      // left out or refused
)

func newFastWorker(f *fast) *fastWorker {
	w := &fastWorker{
		fast: f, buf: make([]byte, blockBytes), vectors: make([]vector, len(f.fields)),
		dicts: newDicts(f.schema), raw: make([]*dict, len(f.fields)), outcome: make([][]int32, len(f.fields)),
		doubts: map[string]bool{}, builders: map[month]*builder{}, picked: map[month][]int32{}, enc: newEncoder(),
		eval: f.block.Evaluator(), lastDay: -1 << 40,
		file: []byte(f.table.File), sheet: []byte(f.table.Sheet),
	}
	for i := range w.raw {
		w.raw[i] = newDict()
	}
	w.b.width = f.width
	return w
}

// section reads the lines of one section.
func (w *fastWorker) section(ctx context.Context, s *section) error {
	in, err := os.Open(w.path)
	if err != nil {
		return err
	}
	defer in.Close()
	var held int // bytes of an unfinished record at the front of buf
	for at, line := s.from, s.line; at < s.to; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := io.ReadFull(io.NewSectionReader(in, at, s.to-at), w.buf[held:])
		if err != nil && err != io.ErrUnexpectedEOF {
			return fmt.Errorf("read %s: %w", w.path, err)
		}
		at += int64(n)
		used, ok := w.b.split(w.buf[:held+n], w.delim, w.stop, at == s.to)
		if !ok {
			if s.alone {
				return errNotPlain
			}
			return errSections
		}
		if err := w.rows(s, line); err != nil {
			return err
		}
		line += int64(w.b.lines)
		if w.progress != nil {
			w.progress(int64(n))
		}
		rest := w.buf[used : held+n]
		if used == 0 && at < s.to {
			return errNotPlain // a record longer than a block
		}
		held = copy(w.buf, rest)
	}
	if len(s.notes) > 0 {
		if !s.alone {
			return errSections
		}
		s.settle("footnote")
	}
	for _, m := range w.order {
		if err := w.flush(s, m); err != nil {
			return err
		}
		w.spare = append(w.spare, w.builders[m])
		delete(w.builders, m)
	}
	w.order = w.order[:0]
	return nil
}

func (w *fastWorker) flush(s *section, m month) error {
	b := w.builders[m]
	if b == nil || b.rows == 0 {
		return nil
	}
	g, err := w.enc.encode(b)
	if err != nil {
		return err
	}
	if err := w.store.keep(&g); err != nil {
		return err
	}
	s.groups = append(s.groups, monthGroup{m, g})
	return nil
}

// rows takes the block's records.
func (w *fastWorker) rows(s *section, line int64) error {
	n := w.b.rows()
	w.status = resize(w.status, n)
	clear(w.status)
	s.count.seen += int64(n)
	for i := range n {
		if w.b.odd[i] || w.doubtful(i) {
			w.status[i] = rowOdd
		}
	}
	for i := range w.fields {
		if w.fields[i].Index >= 0 {
			w.column(i, n)
		}
	}
	for i := range n {
		if w.status[i] == rowOdd {
			if err := w.odd(s, i, line); err != nil {
				return err
			}
		}
		if w.status[i] == rowGood && len(s.notes) > 0 {
			s.settle("")
		}
	}
	if err := w.duplicates(s, n, line); err != nil {
		return err
	}
	return w.place(s, n, line)
}

// doubtful tells whether the row might be a total, a footnote, blank or the
// header again. It looks at the cells before the first figure.
func (w *fastWorker) doubtful(r int) bool {
	first := true
	for c := range w.width {
		cell := w.b.cell(r, c)
		if len(cell) == 0 {
			if c == 0 {
				return true
			}
			continue
		}
		if cell[0]-'0' <= 9 || cell[0] == '-' {
			if !first {
				return false
			}
			if w.header0 != nil && bytes.Equal(cell, w.header0) {
				return true
			}
			first = false
			continue
		}
		if w.doubtfulText(cell) {
			return true
		}
		first = false
	}
	return true
}

// isID recognises ids such as SO10023 and V-17, which no total or footnote looks
// like: a letter, a digit among the first four, a digit at the end.
func isID(s []byte) bool {
	n := len(s)
	if n < 2 || (s[0]|0x20)-'a' >= 26 || s[n-1]-'0' > 9 {
		return false
	}
	for _, c := range s[1:min(n, 4)] {
		if c-'0' <= 9 {
			return true
		}
	}
	return false
}

// doubtfulText asks the table, and remembers the answer for texts that repeat.
func (w *fastWorker) doubtfulText(cell []byte) bool {
	if w.plainIDs && isID(cell) && !bytes.Equal(cell, w.header0) {
		return false
	}
	doubtful, known := w.doubts[string(cell)]
	if !known {
		doubtful = w.table.Doubtful(string(cell))
		if len(w.doubts) < 1<<16 {
			w.doubts[string(cell)] = doubtful
		}
	}
	return doubtful
}

// odd reads a row the way the general route does.
func (w *fastWorker) odd(s *section, r int, line int64) error {
	cells := w.record(r)
	if cells == nil {
		return errNotPlain
	}
	row := w.table.Fit(line+int64(w.b.line[r]), cells)
	switch {
	case row.Skip != "":
		if row.Skip == "repeated header" {
			s.settle("footnote")
		}
		s.count.leave(row.Skip)
		w.status[r] = rowDropped
		return nil
	case row.Err != "":
		return w.refuse(s, r, row, []mapping.Problem{{Reason: row.Err}})
	}
	var err error
	w.eval.Row(row.Number, row.Cells, func(values []mapping.Value, problems []mapping.Problem) {
		switch {
		case len(problems) > 0:
			err = w.refuse(s, r, row, slices.Clone(problems))
		case w.table.MaybeFootnote(row):
			err = errNotPlain // whether it is data depends on what follows
		default:
			w.take(r, values)
		}
	})
	return err
}

// record returns all cells of a row, or nil when only the general route can.
func (w *fastWorker) record(r int) []string {
	w.cells = w.cells[:0]
	if int(w.b.cells[r]) <= w.width {
		for c := range int(w.b.cells[r]) {
			w.cells = append(w.cells, string(w.b.cell(r, c)))
		}
		return w.cells
	}
	text := w.b.text(r)
	if bytes.IndexByte(text, '"') >= 0 {
		return nil
	}
	for cell := range strings.SplitSeq(string(text), string(w.delim)) {
		w.cells = append(w.cells, cell)
	}
	return w.cells
}

// take puts the evaluator's values of a row where its cells would have gone.
func (w *fastWorker) take(r int, values []mapping.Value) {
	w.status[r] = rowGood
	for i := range w.fields {
		if w.fields[i].Index < 0 {
			continue
		}
		v, x := &w.vectors[i], values[i]
		v.present[r] = !x.Null
		switch {
		case x.Null:
			if v.ints != nil {
				v.ints[r] = 0
			}
		case w.fields[i].kind != table.Text:
			v.ints[r] = x.Int
		case w.schema.columns[i].dict:
			v.codes[r] = w.dicts[i].code([]byte(x.Text))
		default:
			v.own[r] = []byte(x.Text)
		}
	}
}

// refuse keeps a row out. One that may be a footnote waits for what follows.
func (w *fastWorker) refuse(s *section, r int, row source.Row, problems []mapping.Problem) error {
	w.status[r] = rowDropped
	raw := slices.Clone(row.Raw)
	for _, c := range raw {
		s.held += len(c) + 16
	}
	if s.held > mostRefused {
		return errNotPlain // the general route writes refused rows as it goes
	}
	refused := refusedRow{number: row.Number, raw: raw, problems: problems}
	if w.table.MaybeFootnote(row) {
		if s.notes = append(s.notes, refused); len(s.notes) > 50 {
			return errNotPlain
		}
		return nil
	}
	s.settle("")
	s.refused = append(s.refused, refused)
	s.count.refused++
	return nil
}

// settle decides the rows that may be footnotes: they are, when as says so, or
// else they are refused.
func (s *section) settle(as string) {
	for _, row := range s.notes {
		if as != "" {
			s.count.leave(as)
			continue
		}
		s.refused = append(s.refused, row)
		s.count.refused++
	}
	s.notes = s.notes[:0]
}
