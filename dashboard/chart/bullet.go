package chart

import (
	"fmt"
	"html/template"
	"math"
)

// Bullet draws a value as a bar on a track with a tick at its target, both on
// a scale from 0. off paints the bar in the colour for a missed target.
func Bullet(value, target float64, off bool) template.HTML {
	top := math.Max(value, target) * 1.1
	if top <= 0 {
		return ""
	}
	class := "fill"
	if off {
		class = "fill off"
	}
	w := math.Max(0, value/top*100)
	return template.HTML(fmt.Sprintf(
		`<svg class="bullet" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="track" x="0" y="1" width="100" height="6"/><rect class="%s" x="0" y="2.5" width="%.1f" height="3"/><rect class="mark" x="%.1f" y="0" width="1" height="8"/></svg>`,
		class, w, math.Max(0, target/top*100)))
}
