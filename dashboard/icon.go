package dashboard

import "html/template"

// icons are 16 by 16 line drawings.
var icons = map[string]template.HTML{
	"overview":   `<path d="M2.5 7.2 8 2.6l5.500 4.600v6.300h-4v-3.500h-3v3.500h-4z"/>`,
	"regions":    `<path d="M2.500 4.200 6 2.800l4 1.600 3.500-1.400v8.800L10 13.200l-4-1.600-3.500 1.400zM6 2.800v8.800M10 4.400v8.800"/>`,
	"indicators": `<path d="M5.800 4h7.700M5.800 8h7.700M5.800 12h7.700M2.600 4h.1M2.600 8h.1M2.600 12h.1"/>`,
	"data":       `<ellipse cx="8" cy="4" rx="5" ry="1.900"/><path d="M3 4v8c0 1 2.200 1.900 5 1.900s5-.9 5-1.900V4M3 8c0 1 2.200 1.900 5 1.900S13 9 13 8"/>`,
	"report":     `<path d="M3.600 2.500h8.800v11H3.600zM6 5.500h4M6 8h4M6 10.500h2.500"/>`,
	"account":    `<circle cx="8" cy="5.600" r="2.600"/><path d="M2.900 13.400c.6-2.700 2.600-4 5.100-4s4.500 1.300 5.100 4"/>`,
	"admin":      `<circle cx="5.800" cy="5.600" r="2.300"/><path d="M1.800 12.800c.4-2.300 1.900-3.500 4-3.500s3.600 1.200 4 3.500M10.300 3.600a2.200 2.200 0 0 1 0 4.200M11.800 9.600c1.300.5 2.100 1.600 2.400 3.200"/>`,
	"audit":      `<path d="M3.500 2.500h6l3 3v8h-9zM9.500 2.500v3h3M5.600 8.300h4.800M5.600 10.800h3"/>`,
	"appeals":    `<path d="M3.700 14V2.600M3.700 3.200h8.600l-2 2.700 2 2.700H3.700"/>`,
	"ratings":    `<path d="m8 2.600 1.700 3.400 3.700.5-2.700 2.600.7 3.700L8 11l-3.400 1.800.7-3.700L2.600 6.500l3.700-.5z"/>`,
	"person":     `<path d="M3.500 2.500h9v11h-9zM6 5.500h4M6 8h4M6 10.500h2"/>`,
	"find":       `<circle cx="7" cy="7" r="4.200"/><path d="m10.200 10.200 3.300 3.300"/>`,
	"chevron":    `<path d="m4.200 6.200 3.800 3.800 3.800-3.800"/>`,
	"theme":      `<circle cx="8" cy="8" r="5.500"/><path d="M8 2.500v11a5.500 5.500 0 0 0 0-11z" fill="currentColor"/>`,
	"more":       `<path d="M3.500 8h.01M8 8h.01M12.500 8h.01" stroke-width="2.200"/>`,
	"download":   `<path d="M8 2.500v7.500M5 7.200l3 3 3-3M3 12.800h10"/>`,
	"left":       `<path d="M9.800 4.200 6 8l3.800 3.800"/>`,
	"right":      `<path d="M6.200 4.200 10 8l-3.800 3.800"/>`,
	"keys":       `<rect x="2" y="4" width="12" height="8" rx="1.500"/><path d="M4.800 6.800h.01M8 6.800h.01M11.200 6.800h.01M5.500 9.500h5"/>`,
	"language":   `<circle cx="8" cy="8" r="5.500"/><path d="M2.500 8h11M8 2.500c2 1.600 2.800 3.400 2.800 5.500S10 11.900 8 13.500C6 11.900 5.200 10.100 5.200 8S6 4.100 8 2.500z"/>`,
}

// icon draws an icon as inline SVG, hidden from screen readers.
func icon(name string) template.HTML {
	return `<svg class="i" viewBox="0 0 16 16" aria-hidden="true">` + icons[name] + `</svg>`
}
