package report

import (
	"strings"
	"unicode"
)

// style is how a run of text is printed. Sizes are points.
type style struct {
	size    float64
	bold    bool
	color   string  // a token of the light theme
	leading float64 // height of a line as a multiple of size; 0 for 1.5
}

func (s style) line() float64 {
	if s.leading == 0 {
		return s.size * 1.5
	}
	return s.size * s.leading
}

func (s style) in(color string) style { s.color = color; return s }
func (s style) strong() style         { s.bold = true; return s }

// span is text of one style.
type span struct {
	text string
	style
}

// run is a span placed in a line, x points from its left end.
type run struct {
	span
	x, width float64
}

// line is one line of broken text.
type line struct {
	runs   []run
	width  float64
	height float64
}

// width returns the width of a text in points.
func (f *fonts) width(text string, s style) float64 {
	w, face := 0.0, f.face(s.bold)
	for _, r := range text {
		one, ok := face.width(r)
		if !ok {
			one, _ = face.width(missing)
		}
		w += one
	}
	return w * s.size
}

// Marks that may not begin a line, and those that may not end one.
const (
	closing = "，。、；：？！）】》」』”’,.;:?!)]}%‰·"
	opening = "（【《「『“‘([{"
)

// pieces cuts text where a line may end: after a space, around a Chinese
// character, never before a closing mark nor after an opening one.
func pieces(text string) []string {
	var all []string
	var now strings.Builder
	var before rune
	for _, r := range text {
		wide := unicode.In(r, unicode.Han) || r >= 0x3000 && r <= 0x30FF || r >= 0xFF00 && r <= 0xFF60
		wasWide := unicode.In(before, unicode.Han) || before >= 0x3000 && before <= 0x30FF || before >= 0xFF00 && before <= 0xFF60
		breaks := before == ' ' || wide || wasWide || before == '–' || before == '→'
		if before == 0 || strings.ContainsRune(closing, r) || strings.ContainsRune(opening, before) || r == ' ' {
			breaks = false
		}
		if breaks && now.Len() > 0 {
			all = append(all, now.String())
			now.Reset()
		}
		now.WriteRune(r)
		before = r
	}
	if now.Len() > 0 {
		all = append(all, now.String())
	}
	return all
}

// breakText breaks spans into lines of at most width points. A word longer
// than a line is cut. Where tidy is set, a line rather ends after a comma or
// stop than inside a phrase, if at least two fifths of it are used.
func (f *fonts) breakText(spans []span, width float64, tidy bool) []line {
	var lines []line
	var now line
	stop := -1 // run of now after which a phrase ends
	flush := func(runs []run) {
		l := line{}
		for _, r := range runs {
			r.x = l.width
			l.width += r.width
			l.height = max(l.height, r.line())
			l.runs = append(l.runs, r)
		}
		if n := len(l.runs); n > 0 { // a space at the end is not printed
			last := &l.runs[n-1]
			trimmed := strings.TrimRight(last.text, " ")
			cut := f.width(last.text, last.style) - f.width(trimmed, last.style)
			last.text, last.width, l.width = trimmed, last.width-cut, l.width-cut
		}
		lines = append(lines, l)
	}
	add := func(s span) {
		w := f.width(s.text, s.style)
		trimmed := f.width(strings.TrimRight(s.text, " "), s.style)
		if now.width+trimmed > width && len(now.runs) > 0 {
			keep := len(now.runs)
			if used := 0.0; tidy && stop >= 0 && stop+1 < keep {
				for _, r := range now.runs[:stop+1] {
					used += r.width
				}
				if used >= width*.4 {
					keep = stop + 1
				}
			}
			rest := now.runs[keep:]
			flush(now.runs[:keep])
			now, stop = line{}, -1
			for _, r := range rest {
				now.runs = append(now.runs, r)
				now.width += r.width
			}
		}
		now.runs = append(now.runs, run{span: s, width: w})
		now.width += w
		if end := strings.TrimRight(s.text, " "); end != "" && (strings.ContainsRune("，。；、：？！,;", []rune(end)[len([]rune(end))-1]) || strings.HasSuffix(s.text, ". ")) {
			stop = len(now.runs) - 1
		}
	}
	for _, s := range spans {
		for i, paragraph := range strings.Split(s.text, "\n") {
			if i > 0 {
				flush(now.runs)
				now, stop = line{}, -1
			}
			for _, p := range pieces(paragraph) {
				for f.width(strings.TrimRight(p, " "), s.style) > width && len([]rune(p)) > 1 {
					n := f.fitting(p, s.style, width)
					add(span{string([]rune(p)[:n]), s.style})
					p = string([]rune(p)[n:])
				}
				add(span{p, s.style})
			}
		}
	}
	if len(now.runs) > 0 {
		flush(now.runs)
	}
	return join(lines)
}

// fitting is how many characters of a text fit, at least one.
func (f *fonts) fitting(text string, s style, width float64) int {
	n, w := 0, 0.0
	for _, r := range text {
		if w += f.width(string(r), s); w > width && n > 0 {
			break
		}
		n++
	}
	return n
}

// join makes one run of neighbours of the same style, so that a line is
// written, and found in the text of the file, as a whole.
func join(lines []line) []line {
	for i, l := range lines {
		var runs []run
		for _, r := range l.runs {
			if n := len(runs); n > 0 && runs[n-1].style == r.style {
				runs[n-1].text += r.text
				runs[n-1].width += r.width
			} else {
				runs = append(runs, r)
			}
		}
		lines[i].runs = runs
	}
	return lines
}

// height is the height of broken text.
func height(lines []line) float64 {
	h := 0.0
	for _, l := range lines {
		h += l.height
	}
	return h
}
