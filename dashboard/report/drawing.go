package report

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// picture is a drawing read from SVG: what charts and the marks of tables are
// on every page, made of paths and words that any paper can print.
type picture struct {
	width, height float64 // of its view box
	shapes        []shape
}

// shape is one path or one word, in the units of the view box.
type shape struct {
	path         []segment
	text         string
	x, y         float64 // of the text's anchor and the middle of its height
	turn         float64 // of the text, degrees clockwise
	anchor       string  // "start", "middle" or "end"
	size         float64 // of the text
	bold         bool
	fill, stroke color
	strokeWidth  float64
	dash         []float64
	roundCap     bool
	clip         []segment // outline that hides the rest; nil for none
}

// segment is one step of a path: a move, a line, a curve or the way back.
type segment struct {
	op byte // 'M', 'L', 'C' or 'Z'
	p  [6]float64
}

// color is red, green, blue and how far it covers; on is false for none.
type color struct {
	r, g, b int
	alpha   float64
	on      bool
}

// matrix maps x, y to a·x + c·y + e, b·x + d·y + f.
type matrix [6]float64

var identity = matrix{1, 0, 0, 1, 0, 0}

func (m matrix) at(x, y float64) (float64, float64) {
	return m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]
}

func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[2]*n[1], m[1]*n[0] + m[3]*n[1],
		m[0]*n[2] + m[2]*n[3], m[1]*n[2] + m[3]*n[3],
		m[0]*n[4] + m[2]*n[5] + m[4], m[1]*n[4] + m[3]*n[5] + m[5],
	}
}

// scale is how much the matrix stretches lengths.
func (m matrix) scale() float64 { return math.Sqrt(math.Abs(m[0]*m[3] - m[1]*m[2])) }

// readPicture reads the part of SVG that the charts and marks use. Anything
// else is an error, so that no mark is lost on paper without notice. sheet
// styles the classes, as report.css does on screen.
func readPicture(svg string, sheet stylesheet) (*picture, error) {
	d := &svgReader{sheet: sheet, clips: map[string][]segment{}}
	dec := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read drawing: %w", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := d.start(t); err != nil {
				return nil, fmt.Errorf("read drawing: <%s>: %w", t.Name.Local, err)
			}
		case xml.CharData:
			if n := len(d.stack); n > 0 && d.stack[n-1].word != nil {
				d.stack[n-1].word.text += string(t)
			}
		case xml.EndElement:
			if e := d.stack[len(d.stack)-1]; e.word != nil && e.word.text != "" {
				d.put(*e.word)
			}
			d.stack = d.stack[:len(d.stack)-1]
		}
	}
	// clip paths may be defined after their use
	for i := range d.shapes {
		if name := d.clipOf[i]; name != "" {
			outline, ok := d.clips[name]
			if !ok {
				return nil, fmt.Errorf("read drawing: clip path %s is not defined", name)
			}
			d.shapes[i].clip = outline
		}
	}
	return &d.picture, nil
}

type svgReader struct {
	picture
	sheet  stylesheet
	stack  []element
	clips  map[string][]segment
	clipOf []string // by shape
}

// element is an open element with what its children inherit.
type element struct {
	tag     string
	classes []string
	attr    map[string]string // own and inherited
	m       matrix
	clip    string // name
	defines string // name of the clip path being defined
	word    *shape
}

func (d *svgReader) put(s shape) {
	d.shapes = append(d.shapes, s)
	clip := ""
	if n := len(d.stack); n > 0 {
		clip = d.stack[n-1].clip
	}
	d.clipOf = append(d.clipOf, clip)
}

// inherited are the attributes that children take from their parents.
var inherited = map[string]bool{
	"fill": true, "stroke": true, "stroke-width": true, "stroke-dasharray": true, "stroke-linecap": true,
	"fill-opacity": true, "stroke-opacity": true, "font-size": true, "font-weight": true, "text-anchor": true,
}

func (d *svgReader) start(t xml.StartElement) error {
	e := element{tag: t.Name.Local, attr: map[string]string{}, m: identity}
	opacity := 1.0
	if n := len(d.stack); n > 0 {
		parent := d.stack[n-1]
		e.m, e.clip, e.defines = parent.m, parent.clip, parent.defines
		for name, value := range parent.attr {
			if inherited[name] || name == "opacity" {
				e.attr[name] = value
			}
		}
		if o, err := strconv.ParseFloat(e.attr["opacity"], 64); err == nil {
			opacity = o
		}
	}
	own := map[string]string{}
	for _, a := range t.Attr {
		own[a.Name.Local] = a.Value
	}
	e.classes = strings.Fields(own["class"])
	for name, value := range own {
		if name != "style" {
			e.attr[name] = value
		}
	}
	root := e
	if len(d.stack) > 0 {
		root = d.stack[0]
	}
	for name, value := range d.sheet.match(root.classes, e.tag, e.classes) {
		e.attr[name] = value
		own[name] = value
	}
	for _, part := range strings.Split(own["style"], ";") {
		if name, value, ok := strings.Cut(part, ":"); ok {
			e.attr[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	if o, err := strconv.ParseFloat(own["opacity"], 64); err == nil {
		e.attr["opacity"] = strconv.FormatFloat(o*opacity, 'g', -1, 64)
	}
	if text := own["transform"]; text != "" {
		m, err := readTransform(text)
		if err != nil {
			return err
		}
		e.m = e.m.times(m)
	}
	if c := own["clip-path"]; c != "" {
		e.clip = strings.TrimSuffix(strings.TrimPrefix(c, "url(#"), ")")
	}
	err := d.element(&e, own)
	d.stack = append(d.stack, e)
	return err
}

func (d *svgReader) element(e *element, own map[string]string) error {
	n := func(name string) float64 { v, _ := strconv.ParseFloat(own[name], 64); return v }
	var path []segment
	switch e.tag {
	case "svg":
		if len(d.stack) > 0 {
			return errors.New("a drawing inside a drawing")
		}
		box := strings.Fields(own["viewBox"])
		if len(box) == 4 {
			d.width, _ = strconv.ParseFloat(box[2], 64)
			d.height, _ = strconv.ParseFloat(box[3], 64)
		} else {
			d.width, d.height = n("width"), n("height")
		}
		if d.width <= 0 || d.height <= 0 {
			return errors.New("no size")
		}
		return nil
	case "g", "defs", "title":
		return nil
	case "clipPath":
		e.defines = own["id"]
		return nil
	case "text":
		e.word = d.word(e, own)
		return nil
	case "rect":
		path = roundedRect(n("x"), n("y"), n("width"), n("height"), n("rx"))
	case "circle":
		path = circle(n("cx"), n("cy"), n("r"))
	case "line":
		path = []segment{{'M', [6]float64{n("x1"), n("y1")}}, {'L', [6]float64{n("x2"), n("y2")}}}
	case "path":
		var err error
		if path, err = readPath(own["d"]); err != nil {
			return err
		}
	default:
		return errors.New("unknown element; charts on paper print svg, g, path, rect, circle, line and text")
	}
	for i := range path {
		for j := 0; j < 6; j += 2 {
			path[i].p[j], path[i].p[j+1] = e.m.at(path[i].p[j], path[i].p[j+1])
		}
	}
	if e.defines != "" {
		d.clips[e.defines] = append(d.clips[e.defines], path...)
		return nil
	}
	s := shape{path: path, strokeWidth: 1, roundCap: e.attr["stroke-linecap"] == "round"}
	var err error
	if s.fill, err = e.color("fill", "#000"); err != nil {
		return err
	}
	if s.stroke, err = e.color("stroke", "none"); err != nil {
		return err
	}
	if w, err := strconv.ParseFloat(strings.TrimSuffix(e.attr["stroke-width"], "px"), 64); err == nil {
		s.strokeWidth = w
	}
	s.strokeWidth *= e.m.scale()
	for _, part := range strings.FieldsFunc(e.attr["stroke-dasharray"], func(r rune) bool { return r == ',' || r == ' ' }) {
		if v, err := strconv.ParseFloat(part, 64); err == nil {
			s.dash = append(s.dash, v*e.m.scale())
		}
	}
	if s.fill.on || s.stroke.on && s.strokeWidth > 0 {
		d.stack = append(d.stack, *e) // its clip path counts
		d.put(s)
		d.stack = d.stack[:len(d.stack)-1]
	}
	return nil
}

func (d *svgReader) word(e *element, own map[string]string) *shape {
	n := func(name string) float64 { v, _ := strconv.ParseFloat(own[name], 64); return v }
	s := &shape{anchor: e.attr["text-anchor"], size: 12}
	if v, err := strconv.ParseFloat(strings.TrimSuffix(e.attr["font-size"], "px"), 64); err == nil {
		s.size = v
	}
	y := n("y")
	if e.attr["dominant-baseline"] != "central" { // y is the foot of the letters
		y -= s.size * .36
	}
	s.x, s.y = e.m.at(n("x"), y)
	s.turn = math.Atan2(e.m[1], e.m[0]) * 180 / math.Pi
	s.size *= e.m.scale()
	weight := e.attr["font-weight"]
	s.bold = weight == "bold" || weight >= "600" && weight <= "900"
	s.fill, _ = e.color("fill", "#000")
	return s
}

// color reads a paint with its opacity.
func (e *element) color(name, otherwise string) (color, error) {
	text := e.attr[name]
	if text == "" {
		text = otherwise
	}
	c, err := readColor(text)
	for _, o := range []string{name + "-opacity", "opacity"} {
		if v, err := strconv.ParseFloat(e.attr[o], 64); err == nil {
			c.alpha *= v
		}
	}
	c.on = c.on && c.alpha > 0
	return c, err
}

func readColor(text string) (color, error) {
	switch {
	case text == "none" || text == "transparent" || text == "":
		return color{}, nil
	case strings.HasPrefix(text, "#"):
		hex := text[1:]
		if len(hex) == 3 {
			hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
		}
		v, err := strconv.ParseUint(hex, 16, 32)
		if err != nil || len(hex) != 6 {
			return color{}, fmt.Errorf("%s is no colour", text)
		}
		return color{int(v >> 16), int(v >> 8 & 255), int(v & 255), 1, true}, nil
	case strings.HasPrefix(text, "rgb"):
		inside := text[strings.Index(text, "(")+1:]
		parts := strings.FieldsFunc(strings.TrimSuffix(inside, ")"), func(r rune) bool { return r == ',' || r == ' ' })
		c := color{alpha: 1, on: true}
		if len(parts) < 3 {
			return color{}, fmt.Errorf("%s is no colour", text)
		}
		for i, to := range []*int{&c.r, &c.g, &c.b} {
			v, err := strconv.ParseFloat(parts[i], 64)
			if err != nil {
				return color{}, fmt.Errorf("%s is no colour", text)
			}
			*to = int(math.Round(v))
		}
		if len(parts) == 4 {
			c.alpha, _ = strconv.ParseFloat(parts[3], 64)
		}
		return c, nil
	case text == "white":
		return color{255, 255, 255, 1, true}, nil
	case text == "black":
		return color{0, 0, 0, 1, true}, nil
	}
	return color{}, fmt.Errorf("%s is no colour", text)
}

var transformPart = regexp.MustCompile(`([a-z]+)\(([^)]*)\)`)

func readTransform(text string) (matrix, error) {
	m := identity
	for _, part := range transformPart.FindAllStringSubmatch(text, -1) {
		var v []float64
		for _, field := range strings.FieldsFunc(part[2], func(r rune) bool { return r == ',' || r == ' ' }) {
			x, err := strconv.ParseFloat(field, 64)
			if err != nil {
				return m, fmt.Errorf("transform %s: %w", text, err)
			}
			v = append(v, x)
		}
		switch {
		case part[1] == "matrix" && len(v) == 6:
			m = m.times(matrix(v))
		case part[1] == "translate" && len(v) == 2:
			m = m.times(matrix{1, 0, 0, 1, v[0], v[1]})
		case part[1] == "translate" && len(v) == 1:
			m = m.times(matrix{1, 0, 0, 1, v[0], 0})
		case part[1] == "scale" && len(v) >= 1:
			m = m.times(matrix{v[0], 0, 0, v[len(v)-1], 0, 0})
		case part[1] == "rotate" && len(v) >= 1:
			sin, cos := math.Sincos(v[0] * math.Pi / 180)
			if len(v) == 3 {
				m = m.times(matrix{1, 0, 0, 1, v[1], v[2]})
			}
			m = m.times(matrix{cos, sin, -sin, cos, 0, 0})
			if len(v) == 3 {
				m = m.times(matrix{1, 0, 0, 1, -v[1], -v[2]})
			}
		default:
			return m, fmt.Errorf("transform %s is not one of matrix, translate, scale, rotate", text)
		}
	}
	return m, nil
}
