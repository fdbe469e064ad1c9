package ingest

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/zeebo/xxh3"

	"levelfield/ingest/mapping"
	"levelfield/ingest/table"
)

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
