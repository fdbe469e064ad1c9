package chart

import (
	"fmt"
	"html/template"
	"math"
	"strings"
)

// Spark draws a line of months as a small SVG, its last point marked, with a
// dashed line at goal if goal is given. Months without a value are gaps. The
// SVG has no inline style, so a strict content policy holds.
func Spark(values []*float64, goal *float64, width, height int) template.HTML {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range append([]*float64{goal}, values...) {
		if v != nil {
			lo, hi = math.Min(lo, *v), math.Max(hi, *v)
		}
	}
	if math.IsInf(lo, 1) || len(values) < 2 {
		return ""
	}
	if hi == lo {
		hi, lo = hi+1, lo-1
	}
	const pad = 3.0
	x := func(i int) float64 { return pad + (float64(width)-2*pad)*float64(i)/float64(len(values)-1) }
	y := func(v float64) float64 { return float64(height) - pad - (float64(height)-2*pad)*(v-lo)/(hi-lo) }
	var path strings.Builder
	pen, last := "M", -1
	for i, v := range values {
		if v == nil {
			pen = "M"
			continue
		}
		fmt.Fprintf(&path, "%s%.1f %.1f", pen, x(i), y(*v))
		pen, last = "L", i
	}
	if last < 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="spark" viewBox="0 0 %d %d" preserveAspectRatio="xMaxYMid" aria-hidden="true">`, width, height)
	if goal != nil {
		fmt.Fprintf(&b, `<line class="goal" x1="0" x2="%d" y1="%.1f" y2="%.1f"/>`, width, y(*goal), y(*goal))
	}
	fmt.Fprintf(&b, `<path d="%s"/><circle cx="%.1f" cy="%.1f" r="2.5"/></svg>`, path.String(), x(last), y(*values[last]))
	return template.HTML(b.String())
}
