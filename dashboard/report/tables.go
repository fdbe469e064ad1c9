package report

import "math"

const (
	cellPad  = 2.6 // above and below the text of a cell
	cellGap  = 9.0 // between columns
	densePad = .85
)

// table sets a table, a box a row. Its heads are repeated where it goes on
// over a page; the first row stays with the heads and the last with the one
// before it, so that no page holds a line alone.
func (s *setter) table(t *Table, name string, width float64) []*box {
	if len(t.Rows) == 0 {
		return nil
	}
	widths := s.columns(t, width)
	pad := cellPad
	if t.Dense {
		pad = densePad
	}
	var boxes []*box
	var head *box
	if t.HasHeads() {
		head = s.heads(t, widths, name)
		head.stays = true
		boxes = append(boxes, head)
	}
	for i, r := range t.Rows {
		b := s.row(t, r, widths, pad)
		b.name, b.head = name, head
		if i == 0 || r.Total {
			b.above = 0
		}
		last := i == len(t.Rows)-1
		branch := !last && t.Rows[i+1].Depth > 1 // of a tree, as a whole
		b.stays = !last && (i == len(t.Rows)-2 || i == 0 && len(t.Rows) > 1 || branch)
		boxes = append(boxes, b)
	}
	return boxes
}

func (s *setter) heads(t *Table, widths []float64, name string) *box {
	var cells [][]line
	h := 0.0
	for i, head := range t.Heads {
		spans := []span{{head.Title, tiny}}
		if head.Unit != "" {
			between := " "
			if len(head.Unit) > 1 && s.fonts.width(head.Title+" "+head.Unit, tiny) > widths[i] { // is not cut in two
				between = "\n"
			}
			spans = append(spans, span{between + head.Unit, tiny})
		}
		cells = append(cells, s.fonts.breakText(spans, widths[i], false))
		h = max(h, height(cells[i]))
	}
	return &box{kind: "head", name: name, height: h + 4, draw: func(p *paper, x, y float64) {
		at := x
		for i, c := range cells {
			p.lines(c, at, y+h-height(c), widths[i], t.Numeric(i) || t.drawn(i))
			at += widths[i] + cellGap
		}
		p.rule(x, y+h+3, at-x-cellGap, .6, "c-axis")
	}}
}

// drawn reports whether column i holds drawings, which stand at its right.
func (t *Table) drawn(i int) bool {
	return len(t.Rows) > 0 && i < len(t.Rows[0].Cells) && t.Rows[0].Cells[i].SVG != ""
}

// spans are the words of a cell.
func (c Cell) spans() []span {
	st := cellText
	st.bold = c.Bold
	switch c.Tone {
	case "pos":
		st = st.strong().in("above-text")
	case "neg":
		st = st.strong().in("below-text")
	}
	if c.Mono {
		st = style{size: 7.5, color: "ink-2", leading: 1.4}
	}
	spans := []span{{delta(c.Arrow, c.Text), st}}
	if c.Small != "" {
		spans = append(spans, span{" " + c.Small, tiny})
	}
	return spans
}

func (s *setter) row(t *Table, r Row, widths []float64, pad float64) *box {
	type cell struct {
		lines []line
		pic   *picture
		scale float64
		in    float64 // of a tree
	}
	var cells []cell
	h := 0.0
	for i, c := range r.Cells {
		one := cell{pic: s.mark(c.SVG)}
		if i == 0 && r.Depth > 1 {
			one.in = 12 * float64(r.Depth-1)
		}
		if c.Text != "" {
			one.lines = s.fonts.breakText(c.spans(), widths[i]-one.in, false)
		}
		if one.pic != nil {
			one.scale = min(.75, widths[i]/one.pic.width)
			if t.Dense {
				one.scale = min(one.scale, 12/one.pic.height)
			}
			h = max(h, one.pic.height*one.scale)
		}
		h = max(h, height(one.lines))
		cells = append(cells, one)
	}
	h += 2 * pad
	return &box{kind: "row", height: h, draw: func(p *paper, x, y float64) {
		at := x
		for i, c := range cells {
			p.lines(c.lines, at+c.in, y+(h-height(c.lines))/2, widths[i]-c.in, t.Numeric(i))
			if c.pic != nil {
				p.picture(c.pic, at+widths[i]-c.pic.width*c.scale, y+(h-c.pic.height*c.scale)/2, c.scale)
			}
			at += widths[i] + cellGap
		}
		if r.Total {
			p.rule(x, y, at-x-cellGap, 1, "ink")
		} else {
			p.rule(x, y+h, at-x-cellGap, .4, "line")
		}
	}}
}

// columns shares the width among the columns: what their widest cell needs;
// too much goes to the first column and those of words, too little is taken
// from the widest columns of words.
func (s *setter) columns(t *Table, width float64) []float64 {
	n := len(t.Heads)
	for _, r := range t.Rows {
		n = max(n, len(r.Cells))
	}
	for len(t.Heads) < n {
		t.Heads = append(t.Heads, Head{})
	}
	need := make([]float64, n)
	for i, h := range t.Heads {
		// a head of two words may stand on two lines
		for _, p := range pieces(h.Title) {
			need[i] = max(need[i], s.fonts.width(p, tiny))
		}
		need[i] = max(need[i], s.fonts.width(h.Unit, tiny), math.Min(s.fonts.width(h.Title, tiny), 48))
		if words := pieces(h.Title); len(h.Unit) == 1 && len(words) > 0 { // a percent sign alone is no line
			need[i] = max(need[i], s.fonts.width(words[len(words)-1]+" "+h.Unit, tiny), math.Min(s.fonts.width(h.Title+" "+h.Unit, tiny), 48))
		}
	}
	for _, r := range t.Rows {
		for i, c := range r.Cells {
			w := 0.0
			for _, sp := range c.spans() {
				w += s.fonts.width(sp.text, sp.style)
			}
			if pic := s.mark(c.SVG); pic != nil {
				w = max(w, pic.width*.75)
			}
			if i == 0 && r.Depth > 1 {
				w += 12 * float64(r.Depth-1)
			}
			need[i] = max(need[i], math.Ceil(w)+.5)
		}
	}
	free := width - cellGap*float64(n-1)
	for _, w := range need {
		free -= w
	}
	words := func(i int) bool { return !t.Numeric(i) && !t.drawn(i) }
	if free >= 0 {
		need[0] += free * .4
		for i := range need {
			need[i] += free * .6 / float64(n)
		}
		return need
	}
	for free < -.5 { // take from the widest column of words
		widest := -1
		for i := range need {
			if words(i) && (widest < 0 || need[i] > need[widest]) {
				widest = i
			}
		}
		if widest < 0 || need[widest] <= 40 {
			break
		}
		cut := math.Min(-free, need[widest]*.1+1)
		need[widest] -= cut
		free += cut
	}
	if free < -.5 { // nothing more to take: every column gives
		share := 1 + free/(width-cellGap*float64(n-1)-free)
		for i := range need {
			need[i] *= share
		}
	}
	return need
}
