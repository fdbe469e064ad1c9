package report

import (
	"html"
	"html/template"
	"regexp"
	"strings"

	"levelfield/dashboard/i18n"
)

// Styles of paper.
var (
	plainText = style{size: 9.5, color: "ink"}
	lede      = style{size: 9.5, color: "ink-2"}
	finding   = style{size: 13, bold: true, color: "ink", leading: 1.4}
	heading1  = style{size: 17, bold: true, color: "ink", leading: 1.3}
	heading2  = style{size: 11, bold: true, color: "ink", leading: 1.35}
	small     = style{size: 8, color: "ink-2", leading: 1.45}
	tiny      = style{size: 7, color: "ink-3", leading: 1.4}
	cellText  = style{size: 8.5, color: "ink", leading: 1.35}
)

// paperInk are the colours of report.css, which paper has only once.
var paperInk = func() map[string]color {
	all := map[string]color{}
	for name, text := range paperTokens() {
		if c, err := readColor(text); err == nil {
			all[name] = c
		}
	}
	return all
}()

// paperTokens reads the values of report.css.
func paperTokens() map[string]string {
	_, root, _ := strings.Cut(reportCSS, ":root")
	return lightTokens(root)
}

// HasCover reports whether the report begins with a cover and contents.
func (r *Report) HasCover() bool { return len(r.Sections) > 1 }

// layout makes the boxes of a report and places them.
func (r *Report) layout() (laid, error) {
	s := setter{report: r, fonts: r.press.fonts, pictures: map[template.HTML]*picture{}}
	var marks []*mark
	var boxes []*box
	for _, section := range r.Sections {
		m := &mark{title: section.Title}
		marks = append(marks, m)
		boxes = append(boxes, s.section(section, m)...)
	}
	if s.err != nil {
		return laid{}, s.err
	}
	pages := paginate(boxes, body)
	if r.HasCover() {
		for _, m := range marks {
			m.page++
		}
		cover := &box{kind: "cover", draw: func(p *paper, x, y float64) { r.cover(p, marks) }}
		pages = append([][]placed{{{cover, 0}}}, pages...)
	}
	return laid{pages, marks}, nil
}

// setter sets blocks into boxes. The first failure is kept.
type setter struct {
	report   *Report
	fonts    *fonts
	pictures map[template.HTML]*picture
	err      error
}

func (s *setter) section(section *Section, m *mark) []*box {
	title := heading1
	if !s.report.HasCover() { // a sentence
		title.size = 15
	}
	spans := []span{{section.Title, title}}
	if section.Side != "" {
		spans = append(spans, span{"  " + section.Side, small.in("ink-3")})
	}
	head := s.paragraph("heading", spans, body.width, true)
	head.fresh, head.stays, head.mark, head.name, head.above = true, true, m, section.Title, 34
	boxes := []*box{head}
	for _, b := range section.Blocks {
		boxes = append(boxes, s.block(b, body.width)...)
	}
	return boxes
}

// paragraph is broken text as one box.
func (s *setter) paragraph(kind string, spans []span, width float64, tidy bool) *box {
	lines := s.fonts.breakText(spans, width, tidy)
	return &box{kind: kind, height: height(lines), draw: func(p *paper, x, y float64) { p.lines(lines, x, y, width, false) }}
}

// block sets one block at a width. Its heading stays with what follows.
func (s *setter) block(b *Block, width float64) []*box {
	var boxes []*box
	if b.Title != "" {
		h := s.paragraph("heading", []span{{b.Title, heading2}}, width, true)
		h.above, h.stays, h.name = 16, true, b.Title
		boxes = append(boxes, h)
	}
	if b.Sub != "" {
		sub := s.paragraph("sub", []span{{b.Sub, small.in("ink-3")}}, width, false)
		sub.above, sub.stays = 1, true
		boxes = append(boxes, sub)
	}
	add := func(above float64, all ...*box) {
		if len(all) > 0 {
			all[0].above = above
			boxes = append(boxes, all...)
		}
	}
	if b.Finding != "" {
		add(6, s.paragraph("finding", []span{{b.Finding, finding}}, width, true))
	}
	if b.Text != "" {
		add(6, s.paragraph("text", []span{{b.Text, lede}}, width, false))
	}
	if b.Empty != nil {
		add(8, s.empty(b.Empty.Title, b.Empty.Text, width))
	}
	if len(b.Ledes) > 0 {
		add(12, s.ledes(b.Ledes, width))
	}
	if len(b.Figures) > 0 {
		add(14, s.figures(b.Figures, width)...)
	}
	if len(b.Strip) > 0 {
		add(10, s.strip(b.Strip, width))
	}
	for _, d := range b.Drawings {
		add(6, s.drawing(d, width))
	}
	if len(b.Smalls) > 0 {
		add(8, s.smalls(b.Smalls, width)...)
	}
	if b.Table != nil {
		add(8, s.table(b.Table, b.Title, width)...)
	}
	if len(b.Lines) > 0 {
		add(4, s.lines(b.Lines, width)...)
	}
	if len(b.Beside) > 0 {
		add(10, s.beside(b.Beside, width))
	}
	if b.Note != "" {
		add(6, s.paragraph("note", []span{{b.Note, tiny}}, width, false))
	}
	if len(b.Signs) > 0 {
		if n := len(boxes); n > 0 {
			boxes[n-1].stays = true
		}
		add(22, s.signs(b.Signs, width))
	}
	return boxes
}

// strip sets values in one row below a rule.
func (s *setter) strip(all []Figure, width float64) *box {
	const gap = 12
	each := (width - gap*float64(len(all)-1)) / float64(len(all))
	var stacks [][]*box
	var widths []float64
	for _, f := range all {
		value := style{size: 12, bold: true, color: "ink", leading: 1.35}
		stacks = append(stacks, []*box{
			s.paragraph("", []span{{f.Label, small}}, each, false),
			s.paragraph("", []span{{f.Value, value}, {" " + f.Unit, tiny}}, each, false),
			s.paragraph("", []span{{f.Note, tiny}}, each, false),
		})
		widths = append(widths, each)
	}
	b := beside("figures", gap, widths, stacks...)
	inner, h := b.draw, b.height
	b.height = h + 8
	b.draw = func(p *paper, x, y float64) {
		p.rule(x, y, width, 1, "ink")
		inner(p, x, y+6)
	}
	return b
}

// lines sets lines of pay: what and how much, below it the formula; a rule
// above a subtotal, a thicker one above the total.
func (s *setter) lines(all []Line, width float64) []*box {
	var boxes []*box
	for _, l := range all {
		what, why := cellText, tiny
		what.bold = l.Level > 0
		if l.Level == 2 {
			what.size = 12
		}
		amount := s.fonts.width(l.Amount, what)
		first := s.fonts.breakText([]span{{l.What, what}}, width-amount-10, false)
		second := s.fonts.breakText([]span{{l.Why, why}}, width, false)
		if l.Why == "" {
			second = nil
		}
		h := height(first) + height(second) + 5
		boxes = append(boxes, &box{kind: "line", height: h, draw: func(p *paper, x, y float64) {
			if l.Level > 0 {
				p.rule(x, y, width, .4+.5*float64(l.Level), "ink")
			}
			p.lines(first, x, y+2.5, width, false)
			p.textRight(x+width, y+2.5+first[0].height/2, l.Amount, what)
			p.lines(second, x, y+2.5+height(first), width, false)
		}})
	}
	return boxes
}

// beside sets columns of blocks side by side; they stay on one page.
func (s *setter) beside(columns [][]*Block, width float64) *box {
	const gap = 26
	each := (width - gap*float64(len(columns)-1)) / float64(len(columns))
	var stacks [][]*box
	var widths []float64
	for _, blocks := range columns {
		var stack []*box
		for _, b := range blocks {
			stack = append(stack, s.block(b, each)...)
		}
		stacks = append(stacks, stack)
		widths = append(widths, each)
	}
	return beside("columns", gap, widths, stacks...)
}

func (s *setter) signs(all []string, width float64) *box {
	const gap = 26
	each := (width - gap*float64(len(all)-1)) / float64(len(all))
	return &box{kind: "signs", height: 14, draw: func(p *paper, x, y float64) {
		for i, name := range all {
			at := x + float64(i)*(each+gap)
			p.rule(at, y, each, .4, "ink-3")
			p.text(at, y+8, name, tiny)
		}
	}}
}

// empty says why there is nothing to show.
func (s *setter) empty(title, text string, width float64) *box {
	const pad = 9
	lines := s.fonts.breakText([]span{{title + " ", lede.strong()}, {text, lede}}, width-2*pad, false)
	h := height(lines) + 2*pad
	return &box{kind: "empty", height: h, draw: func(p *paper, x, y float64) {
		p.frame(x, y, width, h, "c-axis")
		p.lines(lines, x+pad, y+pad, width, false)
	}}
}

// ledes sets short texts side by side, a rule above each.
func (s *setter) ledes(all []Lede, width float64) *box {
	const gap = 16
	each := (width - gap*float64(len(all)-1)) / float64(len(all))
	var stacks [][]*box
	var widths []float64
	for _, l := range all {
		lines := s.fonts.breakText([]span{{l.Head + " ", small.strong().in("ink")}, {l.Text, small}}, each, false)
		stacks = append(stacks, []*box{{height: height(lines) + 6, draw: func(p *paper, x, y float64) {
			p.rule(x, y, each, 1.2, "ink")
			p.lines(lines, x, y+6, each, false)
		}}})
		widths = append(widths, each)
	}
	return beside("ledes", gap, widths, stacks...)
}

// figures sets indicators four in a row.
func (s *setter) figures(all []Figure, width float64) []*box {
	const columns, gap = 4, 12
	each := (width - gap*(columns-1)) / columns
	var rows []*box
	for i := 0; i < len(all); i += columns {
		var stacks [][]*box
		var widths []float64
		label := 0.0 // the highest: values stand on one line
		for _, f := range all[i:min(i+columns, len(all))] {
			stacks = append(stacks, s.figure(f, each))
			widths = append(widths, each)
			label = max(label, stacks[len(stacks)-1][0].height)
		}
		for _, stack := range stacks {
			stack[0].height = label
		}
		row := beside("figures", gap, widths, stacks...)
		inner, h := row.draw, row.height
		row.height = h + 14
		row.draw = func(p *paper, x, y float64) {
			p.rule(x, y, width, .4, "line")
			inner(p, x, y+6)
		}
		rows = append(rows, row)
	}
	return rows
}

func (s *setter) figure(f Figure, width float64) []*box {
	label := []span{{f.Label, small.in("ink")}}
	if f.Note != "" {
		label = append(label, span{"  " + f.Note, tiny})
	}
	stack := []*box{s.paragraph("", label, width, false)}
	value := style{size: 14, bold: true, color: "ink", leading: 1.35}
	if f.Empty != "" {
		return append(stack, s.paragraph("", []span{{i18n.Dash, value}}, width, false), s.paragraph("", []span{{f.Empty, tiny}}, width, false))
	}
	number := s.paragraph("", []span{{f.Value, value}, {" " + f.Unit, tiny}}, width, false)
	if pic := s.mark(f.Spark); pic != nil {
		inner := number.draw
		number.draw = func(p *paper, x, y float64) {
			inner(p, x, y)
			scale := min(48/pic.width, number.height/pic.height)
			p.picture(pic, x+width-pic.width*scale, y, scale)
		}
	}
	stack = append(stack, number)
	for _, c := range f.Changes {
		stack = append(stack, s.paragraph("", []span{{c.Label + " ", tiny}, {delta(c.Arrow, c.Text), tinyDelta(c.Tone)}}, width, false))
	}
	if f.Goal != "" {
		stack = append(stack, s.paragraph("", []span{{f.Goal, tiny}}, width, false))
	}
	return stack
}

func delta(arrow, text string) string {
	if arrow == "" {
		return text
	}
	return arrow + " " + text
}

func tinyDelta(tone string) style {
	st := tiny.in("ink-2")
	switch tone {
	case "pos":
		return st.strong().in("above-text")
	case "neg":
		return st.strong().in("below-text")
	}
	return st
}

// mark reads a small drawing; nil where there is none.
func (s *setter) mark(svg template.HTML) *picture {
	if svg == "" {
		return nil
	}
	if pic := s.pictures[svg]; pic != nil { // a table asks for its width first
		return pic
	}
	pic, err := readPicture(string(svg), s.report.press.sheet)
	if err != nil && s.err == nil {
		s.err = err
	}
	s.pictures[svg] = pic
	return pic
}

// drawing is a chart over the full width with the line above it.
func (s *setter) drawing(d Drawing, width float64) *box {
	pic := s.mark(d.SVG)
	if pic == nil {
		return &box{kind: "chart", draw: func(*paper, float64, float64) {}}
	}
	scale := width / pic.width
	note := s.fonts.breakText([]span{{d.Note, small}}, width, false)
	if d.Note == "" {
		note = nil
	}
	top := height(note)
	return &box{kind: "chart", height: top + pic.height*scale, draw: func(p *paper, x, y float64) {
		p.lines(note, x, y, width, false)
		p.picture(pic, x, y+top, scale)
	}}
}

// smalls sets small charts three in a row, each row a box.
func (s *setter) smalls(all []Drawing, width float64) []*box {
	const columns, gap = 3, 16
	each := (width - gap*(columns-1)) / columns
	var rows []*box
	for i := 0; i < len(all); i += columns {
		var stacks [][]*box
		var widths []float64
		for _, d := range all[i:min(i+columns, len(all))] {
			head := s.paragraph("", []span{{d.Name + " ", small.strong().in("ink")}, {d.Side, tiny}}, each, false)
			stacks = append(stacks, []*box{head, s.drawing(Drawing{SVG: d.SVG}, each)})
			widths = append(widths, each)
		}
		row := beside("chart", gap, widths, stacks...)
		row.above = 6
		rows = append(rows, row)
	}
	return rows
}

// words gives every text of the block to add, in drawings too.
func (b *Block) words(add func(...string)) {
	drawing := func(svg template.HTML) {
		for _, m := range svgText.FindAllStringSubmatch(string(svg), -1) {
			add(html.UnescapeString(m[1]))
		}
	}
	add(b.Title, b.Sub, b.Finding, b.Text, b.Note, i18n.Dash)
	if b.Empty != nil {
		add(b.Empty.Title, b.Empty.Text)
	}
	for _, l := range b.Ledes {
		add(l.Head, l.Text)
	}
	for _, f := range append(b.Figures[:len(b.Figures):len(b.Figures)], b.Strip...) {
		add(f.Label, f.Note, f.Value, f.Unit, f.Goal, f.Empty)
		for _, c := range f.Changes {
			add(c.Label, c.Arrow, c.Text)
		}
	}
	for _, d := range append(b.Drawings[:len(b.Drawings):len(b.Drawings)], b.Smalls...) {
		add(d.Note, d.Name, d.Side)
		drawing(d.SVG)
	}
	for _, l := range b.Lines {
		add(l.What, l.Amount, l.Why)
	}
	add(b.Signs...)
	for _, column := range b.Beside {
		for _, each := range column {
			each.words(add)
		}
	}
	if b.Table == nil {
		return
	}
	for _, h := range b.Table.Heads {
		add(h.Title, h.Unit)
	}
	for _, r := range b.Table.Rows {
		for _, c := range r.Cells {
			add(c.Text, c.Small, c.Arrow)
		}
	}
}

var svgText = regexp.MustCompile(`>([^<]+)</text>`)
