package ingest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zeebo/xxh3"

	"levelfield/ingest/mapping"
	"levelfield/ingest/source"
)

// blockLoad reads one block of a table the general way.
type blockLoad struct {
	*tableCount
	block    *mapping.Block
	eval     *mapping.Evaluator
	dicts    []*dict
	builders map[month]*builder
	enc      *encoder
	month    int
}

// general reads a table row by row.
func (f *fileLoad) general(i int) error {
	t := &f.tables[i]
	blocks := make([]*blockLoad, len(t.plan.Blocks))
	for j := range t.plan.Blocks {
		b := &t.plan.Blocks[j]
		bl := &blockLoad{
			tableCount: &tableCount{table: i, entity: f.entity(b.Entity)},
			block:      b, eval: b.Evaluator(), dicts: newDicts(schemaOf(b.Entity)),
			builders: map[month]*builder{}, enc: newEncoder(), month: -1,
		}
		for k := range b.Columns {
			if b.Columns[k].Field.Month {
				bl.month = k
			}
		}
		blocks[j] = bl
	}
	var rows, pending int64
	for row, err := range t.Rows() {
		if err != nil {
			return fmt.Errorf("read %s: %w", t.File, err)
		}
		if rows++; rows%1024 == 0 {
			if err := f.ctx.Err(); err != nil {
				return err
			}
			f.progress(f.path, pending)
			pending = 0
		}
		for _, c := range row.Raw {
			pending += int64(len(c)) + 1
		}
		if err := f.row(t, i, blocks, row); err != nil {
			return err
		}
	}
	for _, b := range blocks {
		for _, m := range sortedMonths(b.builders) {
			if err := f.flush(b, m); err != nil {
				return err
			}
		}
		f.counts = append(f.counts, *b.tableCount)
	}
	return nil
}

func sortedMonths(builders map[month]*builder) []month {
	var ms []month
	for m := range builders {
		ms = append(ms, m)
	}
	slices.Sort(ms)
	return ms
}

// row takes one row of the table to all blocks.
func (f *fileLoad) row(t *opened, i int, blocks []*blockLoad, row source.Row) error {
	var problems []mapping.Problem
	var err error
	for _, b := range blocks {
		if row.Skip != "" {
			b.seen++
			b.leave(row.Skip)
			continue
		}
		if row.Err != "" {
			b.seen++
			b.refused++
			if len(problems) == 0 {
				problems = append(problems, mapping.Problem{Reason: row.Err})
			}
			continue
		}
		why := b.eval.Row(row.Number, row.Cells, func(values []mapping.Value, wrong []mapping.Problem) {
			b.seen++
			if err != nil {
				return
			}
			if len(wrong) == 0 {
				key := xxh3.Hash128(keyOf(nil, b.block, values))
				first, seen := b.entity.seen.add(key, newPlace(i, 0, row.Number))
				if !seen {
					err = f.take(b, t, values, row.Number)
					return
				}
				if b.block.Distinct {
					b.leave(mapping.LeftOutRepeat)
					return
				}
				wrong = []mapping.Problem{duplicate(b.block, f.where(first, i), keyCells(b.block, row.Cells))}
			}
			b.refused++
			for _, p := range wrong {
				if !slices.Contains(problems, p) {
					problems = append(problems, p)
				}
			}
		})
		if why != "" {
			b.seen++
			b.leave(why)
		}
		if err != nil {
			return err
		}
	}
	if len(problems) == 0 {
		return nil
	}
	raw := row.Raw
	if len(raw) == 0 {
		raw = row.Cells
	}
	return f.refuse(t, refusedRow{number: row.Number, raw: slices.Clone(raw), problems: problems})
}

// where names an earlier row as seen from the table.
func (f *fileLoad) where(p place, from int) string {
	if p.table() == from {
		return fmt.Sprintf("row %d", p.row())
	}
	t := f.tables[p.table()]
	if t.Sheet != "" {
		return fmt.Sprintf("row %d of sheet %s", p.row(), t.Sheet)
	}
	return fmt.Sprintf("row %d of %s", p.row(), t.File)
}

// keyCells returns the cells the natural key was read from.
func keyCells(b *mapping.Block, cells []string) string {
	var parts []string
	for i := range b.Columns {
		c := &b.Columns[i]
		if !c.Field.Key {
			continue
		}
		if c.Index >= 0 {
			parts = append(parts, cells[c.Index])
		}
		for _, at := range c.Key {
			parts = append(parts, cells[at])
		}
	}
	return strings.Join(parts, ", ")
}

// take appends a good row to its month.
func (f *fileLoad) take(b *blockLoad, t *opened, values []mapping.Value, number int64) error {
	m := monthAll
	if b.month >= 0 && !values[b.month].Null {
		m = monthOf(b.block.Columns[b.month].Field.Kind, values[b.month].Int)
	}
	to := b.builders[m]
	if to == nil {
		to = newBuilder(schemaOf(b.block.Entity), b.dicts)
		b.builders[m] = to
	}
	for i := range values {
		to.cols[i].add(values[i])
	}
	to.addOrigin([]byte(t.File), []byte(t.Sheet), number, f.batch)
	b.loaded++
	if to.rows >= groupRows {
		return f.flush(b, m)
	}
	return nil
}

func (f *fileLoad) flush(b *blockLoad, m month) error {
	if b.builders[m].rows == 0 {
		return nil
	}
	g, err := b.enc.encode(b.builders[m])
	if err != nil {
		return err
	}
	b.written += g.meta.NumRows
	if err := f.store.keep(&g); err != nil {
		return err
	}
	b.entity.groups = append(b.entity.groups, monthGroup{m, g})
	return nil
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
