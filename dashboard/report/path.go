package report

import (
	"fmt"
	"math"
	"strconv"
)

// kappa places the control points of a curve that follows a quarter circle.
const kappa = .5522847498

func circle(x, y, r float64) []segment { return roundedRect(x-r, y-r, 2*r, 2*r, r) }

// roundedRect is a rectangle with corners of radius r.
func roundedRect(x, y, w, h, r float64) []segment {
	r = min(r, w/2, h/2)
	if r <= 0 {
		return []segment{{'M', [6]float64{x, y}}, {'L', [6]float64{x + w, y}}, {'L', [6]float64{x + w, y + h}}, {'L', [6]float64{x, y + h}}, {op: 'Z'}}
	}
	k := r * (1 - kappa)
	return []segment{
		{'M', [6]float64{x + r, y}},
		{'L', [6]float64{x + w - r, y}}, {'C', [6]float64{x + w - k, y, x + w, y + k, x + w, y + r}},
		{'L', [6]float64{x + w, y + h - r}}, {'C', [6]float64{x + w, y + h - k, x + w - k, y + h, x + w - r, y + h}},
		{'L', [6]float64{x + r, y + h}}, {'C', [6]float64{x + k, y + h, x, y + h - k, x, y + h - r}},
		{'L', [6]float64{x, y + r}}, {'C', [6]float64{x, y + k, x + k, y, x + r, y}},
		{op: 'Z'},
	}
}

// readPath reads the d attribute of an SVG path into moves, lines and curves.
func readPath(d string) ([]segment, error) {
	r := pathReader{text: d}
	for {
		r.space()
		if r.at == len(d) {
			return r.out, r.err
		}
		op := r.op
		if c := d[r.at]; c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			op = c
			r.at++
		}
		if r.step(op); r.err != nil {
			return nil, fmt.Errorf("path %q: %w", d, r.err)
		}
	}
}

type pathReader struct {
	text         string
	at           int
	op           byte
	x, y         float64 // where the pen is
	startX       float64
	startY       float64
	cx, cy       float64 // control point that a smooth curve mirrors
	out          []segment
	err          error
	afterControl bool
}

func (r *pathReader) space() {
	for r.at < len(r.text) && (r.text[r.at] == ' ' || r.text[r.at] == ',' || r.text[r.at] == '\n' || r.text[r.at] == '\t') {
		r.at++
	}
}

// number reads the next number; SVG lets "1-2" and ".5.5" be two each.
func (r *pathReader) number() float64 {
	r.space()
	start, dot, exponent := r.at, false, false
	for ; r.at < len(r.text); r.at++ {
		c := r.text[r.at]
		switch {
		case c >= '0' && c <= '9':
		case (c == '-' || c == '+') && (r.at == start || r.text[r.at-1] == 'e'):
		case c == '.' && !dot && !exponent:
			dot = true
		case c == 'e' && !exponent:
			exponent = true
		default:
			goto done
		}
	}
done:
	v, err := strconv.ParseFloat(r.text[start:r.at], 64)
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("no number at byte %d", start)
	}
	return v
}

// flag reads the 0 or 1 of an arc, which may touch the next number.
func (r *pathReader) flag() bool {
	r.space()
	if r.at < len(r.text) && (r.text[r.at] == '0' || r.text[r.at] == '1') {
		r.at++
		return r.text[r.at-1] == '1'
	}
	if r.err == nil {
		r.err = fmt.Errorf("no flag at byte %d", r.at)
	}
	return false
}

func (r *pathReader) lineTo(x, y float64) {
	r.x, r.y = x, y
	r.out = append(r.out, segment{'L', [6]float64{x, y}})
}

func (r *pathReader) curveTo(x1, y1, x2, y2, x, y float64) {
	r.x, r.y, r.cx, r.cy = x, y, x2, y2
	r.out = append(r.out, segment{'C', [6]float64{x1, y1, x2, y2, x, y}})
	r.afterControl = true
}

func (r *pathReader) step(op byte) {
	relative := op >= 'a'
	ox, oy := 0.0, 0.0
	if relative {
		ox, oy = r.x, r.y
	}
	smooth := r.afterControl
	r.afterControl = false
	r.op = op
	switch upper := op &^ 0x20; upper {
	case 'M':
		r.x, r.y = ox+r.number(), oy+r.number()
		r.startX, r.startY = r.x, r.y
		r.out = append(r.out, segment{'M', [6]float64{r.x, r.y}})
		r.op = op - 'M' + 'L' // further pairs are lines
	case 'L':
		x := ox + r.number()
		r.lineTo(x, oy+r.number())
	case 'H':
		r.lineTo(ox+r.number(), r.y)
	case 'V':
		r.lineTo(r.x, oy+r.number())
	case 'C', 'S':
		x1, y1 := r.x, r.y
		if upper == 'C' {
			x1 = ox + r.number()
			y1 = oy + r.number()
		} else if smooth {
			x1, y1 = 2*r.x-r.cx, 2*r.y-r.cy
		}
		x2 := ox + r.number()
		y2 := oy + r.number()
		x := ox + r.number()
		r.curveTo(x1, y1, x2, y2, x, oy+r.number())
	case 'Q':
		qx := ox + r.number()
		qy := oy + r.number()
		x := ox + r.number()
		y := oy + r.number()
		r.curveTo(r.x+2./3*(qx-r.x), r.y+2./3*(qy-r.y), x+2./3*(qx-x), y+2./3*(qy-y), x, y)
	case 'A':
		rx, ry, turn := r.number(), r.number(), r.number()
		large, sweep := r.flag(), r.flag()
		x := ox + r.number()
		r.arcTo(rx, ry, turn, large, sweep, x, oy+r.number())
	case 'Z':
		r.x, r.y = r.startX, r.startY
		r.out = append(r.out, segment{op: 'Z'})
		r.op = 0
	default:
		r.err = fmt.Errorf("unknown step %q at byte %d", op, r.at)
	}
}

// arcTo draws an elliptic arc as curves of at most a quarter turn, by the
// conversion from end points to centre of the SVG 1.1 specification, F.6.5.
func (r *pathReader) arcTo(rx, ry, turn float64, large, sweep bool, x, y float64) {
	x0, y0 := r.x, r.y
	if rx == 0 || ry == 0 {
		r.lineTo(x, y)
		return
	}
	if x0 == x && y0 == y {
		return
	}
	rx, ry = math.Abs(rx), math.Abs(ry)
	sin, cos := math.Sincos(turn * math.Pi / 180)
	dx, dy := (x0-x)/2, (y0-y)/2
	px, py := cos*dx+sin*dy, -sin*dx+cos*dy
	if l := px*px/(rx*rx) + py*py/(ry*ry); l > 1 {
		rx, ry = rx*math.Sqrt(l), ry*math.Sqrt(l)
	}
	q := math.Sqrt(math.Max(0, (rx*rx*ry*ry-rx*rx*py*py-ry*ry*px*px)/(rx*rx*py*py+ry*ry*px*px)))
	if large == sweep {
		q = -q
	}
	cxp, cyp := q*rx*py/ry, -q*ry*px/rx
	cx, cy := cos*cxp-sin*cyp+(x0+x)/2, sin*cxp+cos*cyp+(y0+y)/2
	a0 := math.Atan2((py-cyp)/ry, (px-cxp)/rx)
	a1 := math.Atan2((-py-cyp)/ry, (-px-cxp)/rx)
	delta := a1 - a0
	if sweep && delta < 0 {
		delta += 2 * math.Pi
	} else if !sweep && delta > 0 {
		delta -= 2 * math.Pi
	}
	n := int(math.Ceil(math.Abs(delta) / (math.Pi / 2) * .999))
	n = max(n, 1)
	part := delta / float64(n)
	k := 4. / 3 * math.Tan(part/4)
	at := func(u, v float64) (float64, float64) { return cx + cos*rx*u - sin*ry*v, cy + sin*rx*u + cos*ry*v }
	for i := range n {
		a, b := a0+part*float64(i), a0+part*float64(i+1)
		sa, ca := math.Sincos(a)
		sb, cb := math.Sincos(b)
		x1, y1 := at(ca-k*sa, sa+k*ca)
		x2, y2 := at(cb+k*sb, sb-k*cb)
		ex, ey := at(cb, sb)
		r.curveTo(x1, y1, x2, y2, ex, ey)
	}
	r.afterControl = false
}
