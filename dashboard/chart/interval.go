package chart

import (
	"fmt"
	"html/template"
)

// Interval draws low..high as a band with a dot at value and a line at
// reference, on the scale from..to. tone is "pos", "neg" or "".
func Interval(low, high, value, reference, from, to float64, tone string, width int) template.HTML {
	if to <= from {
		return ""
	}
	x := func(v float64) float64 { return (v - from) / (to - from) * float64(width) }
	return template.HTML(fmt.Sprintf(
		`<svg class="cell-bar" width="%d" height="16" aria-hidden="true"><rect class="z" x="%.1f" y="0" width="1" height="16"/><rect class="iv %s" x="%.1f" y="5" width="%.1f" height="6" rx="3"/><circle class="dot %s" cx="%.1f" cy="8" r="4.5"/></svg>`,
		width, x(reference), tone, x(low), x(high)-x(low), tone, x(value)))
}
