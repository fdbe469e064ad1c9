package ingest

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"github.com/parquet-go/parquet-go"
	"github.com/zeebo/xxh3"

	"levelfield/ingest/mapping"
	"levelfield/ingest/table"
)

// An overlapping export replaces rows by natural key. A live file that holds
// replaced rows is written again without them; the replaced versions go to a
// retired file, and the old file stays on disk for whoever is reading it.

// rewrite is what becomes of one live file.
type rewrite struct {
	old     LakeFile
	kept    []*group
	retired []*group
}

// replace finds the live rows of the entity whose key the new load holds.
// replaced is called with the place of the new row for each.
func (ws Workspace) replace(e *table.Entity, live []LakeFile, seen *keyset, low, high []byte, st *store, replaced func(place)) ([]rewrite, error) {
	var out []rewrite
	for _, lf := range live {
		if lf.Entity != e.Name || lf.Schema || lf.Rows == 0 {
			continue
		}
		r, err := ws.replaceIn(e, lf, seen, low, high, st, replaced)
		if err != nil {
			return nil, fmt.Errorf("compare with %s: %w", ws.lake(lf.Path), err)
		}
		if r != nil {
			out = append(out, *r)
		}
	}
	return out, nil
}

func (ws Workspace) replaceIn(e *table.Entity, lf LakeFile, seen *keyset, low, high []byte, st *store, replaced func(place)) (*rewrite, error) {
	in, err := os.Open(ws.lake(lf.Path))
	if err != nil {
		return nil, err
	}
	defer in.Close()
	f, err := parquet.OpenFile(in, lf.Bytes, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return nil, err
	}
	if apart(e, f, low, high) {
		return nil, nil
	}
	hits := make([][]bool, len(f.RowGroups()))
	any := false
	for i, g := range f.RowGroups() {
		hits[i], err = keyHits(e, g, seen, replaced)
		if err != nil {
			return nil, err
		}
		any = any || hits[i] != nil
	}
	if !any {
		return nil, nil
	}
	s := schemaOf(e)
	dicts, enc := newDicts(s), newEncoder()
	r := &rewrite{old: lf}
	kept, gone := newBuilder(s, dicts), newBuilder(s, dicts)
	flush := func(b *builder, to *[]*group) error {
		if b.rows == 0 {
			return nil
		}
		g, err := enc.encode(b)
		if err != nil {
			return err
		}
		*to = append(*to, &g)
		return st.keep(&g)
	}
	for i, g := range f.RowGroups() {
		rows := g.Rows()
		buf := make([]parquet.Row, 256)
		for at := 0; ; {
			n, err := rows.ReadRows(buf)
			for _, row := range buf[:n] {
				to := kept
				if hits[i] != nil && hits[i][at] {
					to = gone
				}
				at++
				for _, v := range row {
					to.cols[v.Column()].addParquet(v)
				}
				to.rows++
			}
			if err == io.EOF {
				break
			}
			if err != nil {
				rows.Close()
				return nil, err
			}
			if kept.rows >= groupRows {
				if err := flush(kept, &r.kept); err != nil {
					return nil, err
				}
			}
			if gone.rows >= groupRows {
				if err := flush(gone, &r.retired); err != nil {
					return nil, err
				}
			}
		}
		if err := rows.Close(); err != nil {
			return nil, err
		}
	}
	if err := flush(kept, &r.kept); err != nil {
		return nil, err
	}
	return r, flush(gone, &r.retired)
}

func (c *column) addParquet(v parquet.Value) {
	if v.IsNull() {
		c.null()
		return
	}
	switch c.physical {
	case asText:
		c.addText(v.ByteArray())
		return
	case asInt64:
		c.ints = append(c.ints, v.Int64())
	case asInt32:
		c.days = append(c.days, v.Int32())
	case asBool:
		b := byte(0)
		if v.Boolean() {
			b = 1
		}
		c.bools = append(c.bools, b)
	}
	c.here()
}

// keyHits marks the rows of a group whose key the load holds; nil if none.
func keyHits(e *table.Entity, g parquet.RowGroup, seen *keyset, replaced func(place)) ([]bool, error) {
	rows := int(g.NumRows())
	var columns [][]parquet.Value
	var kinds []table.Kind
	for i := range e.Fields {
		f := &e.Fields[i]
		if !f.Key {
			continue
		}
		values := make([]parquet.Value, 0, rows)
		pages := g.ColumnChunks()[i].Pages()
		for {
			page, err := pages.ReadPage()
			if err == io.EOF {
				break
			}
			if err != nil {
				pages.Close()
				return nil, err
			}
			from := len(values)
			values = values[:from+int(page.NumValues())]
			n, err := page.Values().ReadValues(values[from:])
			if err != nil && err != io.EOF {
				pages.Close()
				return nil, err
			}
			values = values[:from+n]
			for j := from; j < len(values); j++ { // the page's memory is used again
				if f.Kind == table.Text && !values[j].IsNull() {
					values[j] = values[j].Clone()
				}
			}
		}
		pages.Close()
		if len(values) != rows {
			return nil, fmt.Errorf("column %s has %d values for %d rows", f.Name, len(values), rows)
		}
		columns, kinds = append(columns, values), append(kinds, f.Kind)
	}
	var hits []bool
	var key []byte
	for r := range rows {
		key = key[:0]
		for c, values := range columns {
			v := values[r]
			switch {
			case kinds[c] == table.Text && v.IsNull():
				key = appendKeyText(key, nil)
			case kinds[c] == table.Text:
				key = appendKeyText(key, v.ByteArray())
			case v.IsNull():
				key = appendKeyInt(key, 0)
			case kinds[c] == table.Date:
				key = appendKeyInt(key, int64(v.Int32()))
			default:
				key = appendKeyInt(key, v.Int64())
			}
		}
		if at, ok := seen.find(xxh3.Hash128(key)); ok {
			if hits == nil {
				hits = make([]bool, rows)
			}
			hits[r] = true
			replaced(at)
		}
	}
	return hits, nil
}

// keyOf appends the natural key of a row.
func keyOf(key []byte, b *mapping.Block, values []mapping.Value) []byte {
	for i := range b.Columns {
		f := b.Columns[i].Field
		switch {
		case !f.Key:
		case f.Kind == table.Text:
			key = appendKeyText(key, []byte(values[i].Text))
		default:
			key = appendKeyInt(key, values[i].Int)
		}
	}
	return key
}

// firstKey returns the position of the first key field when it is text, whose
// bounds tell files apart, or -1.
func firstKey(e *table.Entity) int {
	for i := range e.Fields {
		if e.Fields[i].Key {
			if e.Fields[i].Kind == table.Text {
				return i
			}
			return -1
		}
	}
	return -1
}

// keyBounds returns the smallest and largest first key part of the groups, nil
// if unknown.
func keyBounds(e *table.Entity, groups []monthGroup) (low, high []byte) {
	at := firstKey(e)
	if at < 0 {
		return nil, nil
	}
	for i, g := range groups {
		s := g.group.meta.Columns[at].MetaData.Statistics
		if s.MinValue == nil || s.MaxValue == nil {
			return nil, nil
		}
		if i == 0 || bytes.Compare(s.MinValue, low) < 0 {
			low = s.MinValue
		}
		if i == 0 || bytes.Compare(s.MaxValue, high) > 0 {
			high = s.MaxValue
		}
	}
	return low, high
}

// apart tells whether no key of the file lies between the bounds.
func apart(e *table.Entity, f *parquet.File, low, high []byte) bool {
	at := firstKey(e)
	if at < 0 || low == nil {
		return false
	}
	for _, g := range f.Metadata().RowGroups {
		s := g.Columns[at].MetaData.Statistics
		if s.MinValue == nil || s.MaxValue == nil || bytes.Compare(s.MaxValue, low) >= 0 && bytes.Compare(s.MinValue, high) <= 0 {
			return false
		}
	}
	return true
}
