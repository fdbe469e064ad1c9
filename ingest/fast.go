package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"

	"levelfield/ingest/mapping"
	"levelfield/ingest/source"
	"levelfield/ingest/table"
)

// The fast route reads a plain delimited file whose columns feed one entity as
// they stand. The file is cut at line ends into sections that are read side by
// side; a block of records is cut into cells, each column of the block is
// parsed in one loop, and only rows with a cell out of the ordinary are read by
// the general route's evaluator. Anything the fast route cannot judge alone
// (quotes out of place, a duplicate across sections) makes it give up before
// anything is visible; the rows it yields are those of the general route.

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
		return 4
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
