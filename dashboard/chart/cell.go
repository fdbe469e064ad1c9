package chart

import (
	"fmt"
	"html/template"
	"math"
)

// CellBar draws an amount as a bar from 0 in a table cell, on the scale of
// the column's largest.
func CellBar(value *float64, max float64, width int) template.HTML {
	if value == nil || max <= 0 {
		return template.HTML(fmt.Sprintf(`<svg class="cell-bar" width="%d" height="14" aria-hidden="true"></svg>`, width))
	}
	w := math.Max(0, math.Min(1, *value/max)) * float64(width)
	return template.HTML(fmt.Sprintf(
		`<svg class="cell-bar" width="%d" height="14" aria-hidden="true"><rect class="b" x="0" y="2" width="%.1f" height="10"/></svg>`, width, w))
}

// CellGap draws how far a value is from a reference as a bar to the left or
// right of a line; reach is the distance that fills half the width. tone is
// "pos", "neg" or "" and sets the colour.
func CellGap(gap *float64, reach float64, tone string, width int) template.HTML {
	mid := float64(width) / 2
	bar := ""
	if gap != nil && reach > 0 {
		w := math.Min(1, math.Abs(*gap)/reach) * mid
		x := mid
		if *gap < 0 {
			x = mid - w
		}
		bar = fmt.Sprintf(`<rect class="b %s" x="%.1f" y="3" width="%.1f" height="8"/>`, tone, x, w)
	}
	return template.HTML(fmt.Sprintf(
		`<svg class="cell-bar" width="%d" height="14" aria-hidden="true">%s<rect class="z" x="%.1f" y="0" width="1" height="14"/></svg>`, width, bar, mid-.5))
}
