package ingest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/zeebo/xxh3"

	"levelfield/ingest/mapping"
	"levelfield/ingest/source"
	"levelfield/ingest/table"
	"levelfield/ingest/value"
)

// The fast route reads a plain delimited file whose columns feed one entity as
// they stand. The file is cut at line ends into sections that are read side by
// side; a block of records is cut into cells, each column of the block is
// parsed in one loop, and only rows with a cell out of the ordinary are read by
// the general route's evaluator. Anything the fast route cannot judge alone
// (quotes out of place, a duplicate across
// sections) makes it give up before anything is visible; the rows it yields are
// those of the general route.

// Sizes of the fast route.
const (
	sectionBytes  = 48 << 20
	blockBytes    = 256 << 10
	longestRecord = 128 << 10 // bytes; the general route has more patience
	mostRefused   = 64 << 20  // text of refused rows held until they are written
)

// errNotPlain makes the load go the general way.
var errNotPlain = errors.New("needs the general route")

// errSections makes the fast route start again with the file in one section.
var errSections = errors.New("sections depend on each other")

// fast is one fast load of one table.
type fast struct {
	table    *source.Table
	block    *mapping.Block
	schema   *schema
	fields   []fastField
	plainIDs bool   // no total row is marked by a word that looks like an id
	header0  []byte // first header cell: a row that begins so may be the header again
	keys     []int  // fields of the natural key
	month    int    // field that decides the lake month, or -1
	path     string
	delim    byte
	stop     *stops
	width    int
	number   int // of the table in the file
	batch    int64
	seen     *keyset
	store    *store
	progress func(n int64)
}

// fastField is one field of the entity and the column it comes from.
type fastField struct {
	*mapping.Column
	kind     table.Kind
	required bool
	places   int  // digits after the decimal sign in the lake
	simple   bool // numbers of the plainest form need no Format
	constant mapping.Value
}

// section is a run of the file's lines.
type section struct {
	no       int
	from, to int64
	line     int64 // physical line number of the first line
	alone    bool  // the file is one section
	groups   []monthGroup
	refused  []refusedRow
	notes    []refusedRow // rows that are footnotes unless data follows
	held     int
	count    counts
}

// monthGroup is an encoded row group of one lake month.
type monthGroup struct {
	month month
	group group
}

// newFast tells whether the fast route may try the table, and where its lines are.
func newFast(t *source.Table, plan *mapping.Plan) (f *fast, offset, size int64, ok bool) {
	path, offset, size, delim, ok := t.Plain()
	if ok {
		f, ok = newFastAt(t, plan, path, delim)
	}
	return f, offset, size, ok
}

func newFastAt(t *source.Table, plan *mapping.Plan, path string, delim byte) (*fast, bool) {
	if len(plan.Blocks) != 1 || len(t.Header) < 2 || delim == '"' || delim == '\n' || delim == '\r' {
		return nil, false
	}
	b := &plan.Blocks[0]
	if b.Where != nil || b.Unpivot != nil || b.Distinct {
		return nil, false
	}
	f := &fast{
		table: t, block: b, schema: schemaOf(b.Entity), month: -1,
		header0: []byte(t.Header[0]), plainIDs: !t.TotalsWithDigits(),
		path: path, delim: delim, stop: newStops(delim), width: len(t.Header),
	}
	for i := range b.Columns {
		c := &b.Columns[i]
		ff := fastField{Column: c, kind: c.Field.Kind, required: c.Field.Required, places: places(c.Field.Kind)}
		switch {
		case !c.Mapped():
			ff.constant.Null = true
			if ff.required {
				return nil, false
			}
		case c.IsConst:
			v, problem := b.Evaluator().Cell(i, "")
			if problem != nil {
				return nil, false
			}
			ff.constant = v
		case !c.Plain() && (c.Values == nil || c.Index < 0 || c.Else != nil || c.Field.Kind != table.Text || !f.schema.columns[i].dict):
			return nil, false
		}
		sign := c.Format.Decimal
		ff.simple = (sign == 0 || sign == '.') && (c.Format.Scale == 0 || c.Format.Scale == 1) && !c.Format.Percent
		if c.Field.Key {
			f.keys = append(f.keys, i)
		}
		if c.Field.Month {
			f.month = i
		}
		f.fields = append(f.fields, ff)
	}
	return f, true
}

func places(k table.Kind) int {
	switch k {
	case table.Money:
		return 2
	case table.Number:
		return 6
	}
	return 0
}

// run reads the whole table. The result's groups are in file order.
func (f *fast) run(ctx context.Context, offset, size int64, sectionSize int64) ([]*section, error) {
	sections, err := f.cut(offset, size, sectionSize)
	if err != nil {
		return nil, err
	}
	f.seen.reserve(f.rows(offset, size))
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next := make(chan *section)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(sections)) {
		wg.Go(func() {
			w := newFastWorker(f)
			for s := range next {
				if err := w.section(ctx, s); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	wg.Go(func() {
		defer close(next)
		in, err := os.Open(f.path)
		if err != nil {
			cancel(err)
			return
		}
		defer in.Close()
		line, err := countLines(in, 0, offset)
		buf := make([]byte, 1<<20)
		for i, s := range sections {
			if err != nil {
				cancel(err)
				return
			}
			s.line = line + 1
			select {
			case next <- s:
			case <-ctx.Done():
				return
			}
			if i+1 < len(sections) {
				var n int64
				n, err = countLinesWith(in, s.from, s.to, buf)
				line += n
			}
		}
	})
	wg.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return sections, nil
}

// rows estimates the rows of the table from its beginning.
func (f *fast) rows(offset, size int64) int64 {
	in, err := os.Open(f.path)
	if err != nil {
		return 0
	}
	defer in.Close()
	head := make([]byte, min(size, 64<<10))
	n, _ := in.ReadAt(head, offset)
	lines := int64(bytes.Count(head[:n], []byte{'\n'}))
	return min(lines*size/int64(max(n, 1)), 20_000_000)
}

// cut divides the lines into sections of about the given size.
func (f *fast) cut(offset, size, sectionSize int64) ([]*section, error) {
	in, err := os.Open(f.path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	var sections []*section
	end := offset + size
	buf := make([]byte, 64<<10)
	for from := offset; from < end || len(sections) == 0; {
		to := end
		if from+sectionSize < end {
			if to, err = lineEnd(in, from+sectionSize, end, buf); err != nil {
				return nil, err
			}
		}
		sections = append(sections, &section{no: len(sections), from: from, to: to})
		from = to
	}
	sections[0].alone = len(sections) == 1
	if len(sections) > 1<<12 {
		return nil, errNotPlain
	}
	return sections, nil
}

// lineEnd returns the offset after the first line feed at or after from.
func lineEnd(in io.ReaderAt, from, end int64, buf []byte) (int64, error) {
	for from < end {
		n, err := in.ReadAt(buf[:min(int64(len(buf)), end-from)], from)
		if i := bytes.IndexByte(buf[:n], '\n'); i >= 0 {
			return from + int64(i) + 1, nil
		}
		from += int64(n)
		if err != nil && err != io.EOF || n == 0 {
			return 0, fmt.Errorf("read %d bytes at %d: %w", len(buf), from, err)
		}
	}
	return end, nil
}

func countLines(in io.ReaderAt, from, to int64) (int64, error) {
	return countLinesWith(in, from, to, make([]byte, 64<<10))
}

func countLinesWith(in io.ReaderAt, from, to int64, buf []byte) (lines int64, err error) {
	for from < to {
		n, err := in.ReadAt(buf[:min(int64(len(buf)), to-from)], from)
		lines += int64(bytes.Count(buf[:n], []byte{'\n'}))
		from += int64(n)
		if err != nil && err != io.EOF || n == 0 {
			return 0, fmt.Errorf("read at %d: %w", from, err)
		}
	}
	return lines, nil
}

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

// fastWorker reads sections one after another.
type fastWorker struct {
	*fast
	in        *os.File
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

// text returns the value of a text field.
func (w *fastWorker) text(i, r int) []byte {
	v := &w.vectors[i]
	if w.fields[i].Index < 0 {
		return []byte(w.fields[i].constant.Text)
	}
	if w.schema.columns[i].dict {
		return w.dicts[i].value(v.codes[r])
	}
	if v.own[r] != nil {
		return v.own[r]
	}
	return w.b.data[v.from[r]:v.to[r]]
}

func (w *fastWorker) null(i, r int) bool {
	if w.fields[i].Index < 0 {
		return w.fields[i].constant.Null
	}
	return !w.vectors[i].present[r]
}

// duplicates refuses rows whose natural key the file had before.
func (w *fastWorker) duplicates(s *section, n int, line int64) error {
	w.batchKeys.reset()
	w.good = w.good[:0]
	for r := range n {
		if w.status[r] != rowGood {
			continue
		}
		w.key = w.key[:0]
		for _, i := range w.keys {
			if w.fields[i].kind == table.Text {
				var text []byte
				if !w.null(i, r) {
					text = w.text(i, r)
				}
				w.key = appendKeyText(w.key, text)
				continue
			}
			x := w.fields[i].constant.Int
			if w.fields[i].Index >= 0 {
				x = w.vectors[i].ints[r]
			}
			w.key = appendKeyInt(w.key, x)
		}
		w.good = append(w.good, int32(r))
		w.batchKeys.keys = append(w.batchKeys.keys, xxh3.Hash128(w.key))
		w.batchKeys.places = append(w.batchKeys.places, newPlace(w.number, s.no, line+int64(w.b.line[r])))
	}
	w.seen.addAll(&w.batchKeys)
	late := false
	for k, first := range w.batchKeys.first {
		if first == 0 {
			continue
		}
		if first.section() != s.no || first.table() != w.number {
			return errSections
		}
		r := int(w.good[k])
		cells := slices.Clone(w.record(r))
		problem := duplicate(w.block, fmt.Sprintf("row %d", first.row()), keyCells(w.block, cells))
		s.refused = append(s.refused, refusedRow{number: line + int64(w.b.line[r]), raw: cells, problems: []mapping.Problem{problem}})
		s.count.refused++
		w.status[r] = rowDropped
		for _, c := range cells {
			s.held += len(c) + 16
		}
		late = true
	}
	if s.held > mostRefused {
		return errNotPlain
	}
	if late {
		slices.SortStableFunc(s.refused, func(a, b refusedRow) int { return cmp.Compare(a.number, b.number) })
	}
	return nil
}

// place appends the good rows to the builders of their months.
func (w *fastWorker) place(s *section, n int, line int64) error {
	for m := range w.picked {
		w.picked[m] = w.picked[m][:0]
	}
	var (
		pick []int32
		of   month
		any  bool
	)
	for r := range n {
		if w.status[r] != rowGood {
			continue
		}
		m := monthAll
		if w.month >= 0 && !w.null(w.month, r) {
			m = w.monthOf(r)
		}
		if !any || m != of {
			if any {
				w.picked[of] = pick
			}
			pick, of, any = w.picked[m], m, true
		}
		pick = append(pick, int32(r))
	}
	if any {
		w.picked[of] = pick
	}
	s.count.loaded += w.append(line)
	for _, m := range w.order {
		if w.builders[m].rows >= groupRows {
			if err := w.flush(s, m); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *fastWorker) monthOf(r int) month {
	f := &w.fields[w.month]
	x := f.constant.Int
	if f.Index >= 0 {
		x = w.vectors[w.month].ints[r]
	}
	if x != w.lastDay {
		w.lastDay, w.lastOf = x, monthOf(f.kind, x)
	}
	return w.lastOf
}

// append moves the picked rows of the block into the builders.
func (w *fastWorker) append(line int64) (rows int64) {
	months := w.order
	for m, pick := range w.picked {
		if len(pick) > 0 && w.builders[m] == nil {
			if n := len(w.spare); n > 0 {
				w.builders[m], w.spare = w.spare[n-1], w.spare[:n-1]
			} else {
				w.builders[m] = newBuilder(w.schema, w.dicts)
			}
			months = append(months, m)
		}
	}
	sortMonths(months)
	w.order = months
	for _, m := range months {
		pick := w.picked[m]
		if len(pick) == 0 {
			continue
		}
		b := w.builders[m]
		for i := range w.fields {
			w.appendColumn(&b.cols[i], i, pick)
		}
		o := b.cols[len(b.cols)-originColumns:]
		file, sheet := o[originFile].dict.code(w.file), o[originSheet].dict.code(w.sheet)
		for _, r := range pick {
			o[originFile].codes = append(o[originFile].codes, file)
			o[originSheet].codes = append(o[originSheet].codes, sheet)
			o[originRow].ints = append(o[originRow].ints, line+int64(w.b.line[r]))
			o[originBatch].ints = append(o[originBatch].ints, w.batch)
		}
		b.rows += len(pick)
		rows += int64(len(pick))
	}
	return rows
}

func (w *fastWorker) appendColumn(c *column, i int, pick []int32) {
	f, v := &w.fields[i], &w.vectors[i]
	if f.Index < 0 {
		for range pick {
			c.add(f.constant)
		}
		return
	}
	if c.optional {
		c.present = slices.Grow(c.present, len(pick))
		for _, r := range pick {
			if v.present[r] {
				c.present = append(c.present, 1)
			} else {
				c.present = append(c.present, 0)
				c.nulls++
			}
		}
	}
	switch c.physical {
	case asText:
		if c.layout.dict {
			c.codes = slices.Grow(c.codes, len(pick))
			for _, r := range pick {
				if v.present[r] {
					c.codes = append(c.codes, v.codes[r])
				}
			}
			return
		}
		for _, r := range pick {
			if v.present[r] {
				c.appendText(w.text(i, int(r)))
			}
		}
	case asInt64:
		c.ints = slices.Grow(c.ints, len(pick))
		for _, r := range pick {
			if v.present[r] {
				c.ints = append(c.ints, v.ints[r])
			}
		}
	case asInt32:
		for _, r := range pick {
			if v.present[r] {
				c.days = append(c.days, int32(v.ints[r]))
			}
		}
	case asBool:
		for _, r := range pick {
			if v.present[r] {
				c.bools = append(c.bools, byte(v.ints[r]))
			}
		}
	}
}

// add appends one value.
func (c *column) add(v mapping.Value) {
	if v.Null {
		if c.optional {
			c.null()
			return
		}
		v = mapping.Value{} // a key part that may be empty
	}
	switch c.physical {
	case asText:
		c.addText([]byte(v.Text))
		return
	case asInt64:
		c.ints = append(c.ints, v.Int)
	case asInt32:
		c.days = append(c.days, int32(v.Int))
	case asBool:
		c.bools = append(c.bools, byte(v.Int))
	}
	c.here()
}
