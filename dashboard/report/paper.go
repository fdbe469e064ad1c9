package report

import (
	"strings"

	"codeberg.org/go-pdf/fpdf"
)

// A4 in points, and the part of a page that sections fill.
const (
	pageWidth  = 595.28
	pageHeight = 841.89
	margin     = 45.0
)

var body = frame{left: margin, top: 82, width: pageWidth - 2*margin, bottom: pageHeight - 58}

const family = "NotoSansSC"

// paper is a PDF being drawn. Positions are points from the upper left.
type paper struct {
	pdf   *fpdf.Fpdf
	fonts *fonts
	ink   map[string]color // tokens of report.css
	now   style            // as last set in the file
	set   bool
	total int     // pages
	alpha float64 // as last set; 0 where unknown
}

func (p *paper) font(s style) {
	if p.set && p.now == s {
		return
	}
	weight := ""
	if s.bold {
		weight = "B"
	}
	p.pdf.SetFont(family, weight, s.size)
	c := p.ink[s.color]
	p.pdf.SetTextColor(c.r, c.g, c.b)
	p.now, p.set = s, true
}

// printable replaces the characters that the font does not have.
func (f *fonts) printable(text string, bold bool) string {
	return strings.Map(func(r rune) rune {
		if _, ok := f.face(bold).width(r); !ok {
			return missing
		}
		return r
	}, text)
}

// text prints a text with its left end at x and the middle of its line at y.
func (p *paper) text(x, y float64, text string, s style) {
	if text == "" {
		return
	}
	p.font(s)
	p.pdf.Text(x, y+s.size*.36, p.fonts.printable(text, s.bold))
}

// textRight prints a text that ends at x.
func (p *paper) textRight(x, y float64, text string, s style) {
	p.text(x-p.fonts.width(text, s), y, text, s)
}

// lines prints broken text; right aligns it to the end of width.
func (p *paper) lines(lines []line, x, y, width float64, right bool) {
	for _, l := range lines {
		at := x
		if right {
			at = x + width - l.width
		}
		foot := 0.0 // runs of different sizes stand on one line
		for _, r := range l.runs {
			foot = max(foot, r.size*.36)
		}
		for _, r := range l.runs {
			p.font(r.style)
			p.pdf.Text(at+r.x, y+l.height/2+foot, p.fonts.printable(r.text, r.bold))
		}
		y += l.height
	}
}

// rule draws a horizontal line.
func (p *paper) rule(x, y, width, thickness float64, token string) {
	c := p.ink[token]
	p.pdf.SetDrawColor(c.r, c.g, c.b)
	p.pdf.SetLineWidth(thickness)
	p.pdf.Line(x, y, x+width, y)
}

// frame draws a dashed box around what has nothing to show.
func (p *paper) frame(x, y, width, height float64, token string) {
	c := p.ink[token]
	p.pdf.SetDrawColor(c.r, c.g, c.b)
	p.pdf.SetLineWidth(.6)
	p.pdf.SetDashPattern([]float64{3, 2}, 0)
	p.pdf.Rect(x, y, width, height, "D")
	p.pdf.SetDashPattern(nil, 0)
}

// picture prints a drawing with its upper left corner at x, y.
func (p *paper) picture(pic *picture, x, y, scale float64) {
	at := func(s segment, i int) (float64, float64) { return x + s.p[i]*scale, y + s.p[i+1]*scale }
	for _, s := range pic.shapes {
		if s.clip != nil {
			p.clip(s.clip, at)
		}
		if s.text != "" {
			p.word(s, x, y, scale)
		} else {
			p.path(s, at, scale)
		}
		if s.clip != nil {
			p.pdf.ClipEnd() // and with it what was set inside
			p.set, p.alpha = false, 0
		}
	}
	p.opacity(1)
}

func (p *paper) clip(outline []segment, at func(segment, int) (float64, float64)) {
	var points []fpdf.PointType
	for _, s := range outline {
		if s.op == 'M' || s.op == 'L' {
			x, y := at(s, 0)
			points = append(points, fpdf.PointType{X: x, Y: y})
		}
	}
	p.pdf.ClipPolygon(points, false)
}

func (p *paper) path(s shape, at func(segment, int) (float64, float64), scale float64) {
	how := ""
	if s.fill.on {
		p.pdf.SetFillColor(s.fill.r, s.fill.g, s.fill.b)
		how = "F"
	}
	if s.stroke.on && s.strokeWidth > 0 {
		p.pdf.SetDrawColor(s.stroke.r, s.stroke.g, s.stroke.b)
		p.pdf.SetLineWidth(s.strokeWidth * scale)
		caps := "butt"
		if s.roundCap {
			caps = "round"
		}
		p.pdf.SetLineCapStyle(caps)
		p.pdf.SetLineJoinStyle("round")
		how = map[string]string{"": "D", "F": "DF"}[how]
	}
	alpha := s.stroke.alpha
	if s.fill.on {
		alpha = s.fill.alpha
	}
	p.opacity(alpha)
	if len(s.dash) > 0 {
		dash := make([]float64, len(s.dash))
		for i, d := range s.dash {
			dash[i] = d * scale
		}
		p.pdf.SetDashPattern(dash, 0)
	}
	for _, step := range s.path {
		switch step.op {
		case 'M':
			p.pdf.MoveTo(at(step, 0))
		case 'L':
			p.pdf.LineTo(at(step, 0))
		case 'C':
			x1, y1 := at(step, 0)
			x2, y2 := at(step, 2)
			x3, y3 := at(step, 4)
			p.pdf.CurveBezierCubicTo(x1, y1, x2, y2, x3, y3)
		case 'Z':
			p.pdf.ClosePath()
		}
	}
	p.pdf.DrawPath(how)
	if len(s.dash) > 0 {
		p.pdf.SetDashPattern(nil, 0)
	}
}

// word prints a text of a drawing. y is the middle of its height.
func (p *paper) word(s shape, x, y, scale float64) {
	st := style{size: s.size * scale, bold: s.bold}
	text := p.fonts.printable(s.text, s.bold)
	width := p.fonts.width(text, st)
	left := map[string]float64{"middle": width / 2, "end": width}[s.anchor]
	cx, cy := x+s.x*scale, y+s.y*scale
	weight := ""
	if s.bold {
		weight = "B"
	}
	p.pdf.SetFont(family, weight, st.size)
	p.pdf.SetTextColor(s.fill.r, s.fill.g, s.fill.b)
	p.opacity(s.fill.alpha)
	p.set = false
	if s.turn != 0 {
		p.pdf.TransformBegin()
		p.pdf.TransformRotate(-s.turn, cx, cy)
	}
	p.pdf.Text(cx-left, cy+st.size*.36, text)
	if s.turn != 0 {
		p.pdf.TransformEnd()
	}
}

// opacity sets how far what follows covers what is below it.
func (p *paper) opacity(alpha float64) {
	if p.alpha != alpha {
		p.pdf.SetAlpha(alpha, "Normal")
		p.alpha = alpha
	}
}

// page begins a page, where nothing is set.
func (p *paper) page() {
	p.pdf.AddPage()
	p.set, p.alpha = false, 1
}
