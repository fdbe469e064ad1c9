package chart

import (
	"fmt"
	"html/template"
	"math"
)

// CellBands draws the middle 80 % and the middle 50 % of others as two bands
// with their median, and one's own value as a block.
func CellBands(p10, p25, p50, p75, p90, own float64, width int) template.HTML {
	lo, hi := math.Min(p10, own), math.Max(p90, own)
	if hi <= lo {
		hi = lo + 1
	}
	pad := (hi - lo) * .06
	lo, hi = lo-pad, hi+pad
	x := func(v float64) float64 { return (v - lo) / (hi - lo) * float64(width) }
	rect := func(class string, from, to, y, h float64) string {
		return fmt.Sprintf(`<rect class="%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>`, class, from, y, math.Max(1, to-from), h)
	}
	return template.HTML(fmt.Sprintf(`<svg class="bands" viewBox="0 0 %d 20" preserveAspectRatio="none" aria-hidden="true">`, width) +
		rect("band", x(p10), x(p90), 5, 10) + rect("half", x(p25), x(p75), 5, 10) +
		rect("mid", x(p50)-.75, x(p50)+.75, 2, 16) + rect("own", x(own)-3, x(own)+3, 3, 14) + `</svg>`)
}

// CellPoints draws points as a bar on the scale of the full score, with a tick
// at the standard.
func CellPoints(points *float64, standard, full float64, width int) template.HTML {
	if full <= 0 {
		return ""
	}
	x := func(v float64) float64 { return math.Max(0, math.Min(1, v/full)) * float64(width) }
	bar := ""
	if points != nil {
		bar = fmt.Sprintf(`<rect class="fill" x="0" y="5" width="%.1f" height="6" rx="1"/>`, x(*points))
	}
	return template.HTML(fmt.Sprintf(
		`<svg class="points" viewBox="0 0 %d 16" preserveAspectRatio="none" aria-hidden="true"><rect class="track" x="0" y="5" width="%d" height="6" rx="1"/>%s<rect class="mark" x="%.1f" y="2" width="1.5" height="12"/></svg>`,
		width, width, bar, x(standard)-.75))
}
