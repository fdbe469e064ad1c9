package report

import "fmt"

// cover prints the first page: whose report, the finding, the contents and
// where the numbers come from.
func (r *Report) cover(p *paper, marks []*mark) {
	f := r.press.fonts
	x, width := body.left, body.width
	y := 96.0
	logo(p, x, y-9)
	p.text(x+24, y-3, "levelfield", style{size: 10, bold: true, color: "ink"})
	p.text(x+24, y+8, r.Company, small.in("ink-3"))

	y += 120
	p.text(x, y, r.Lang.Month(r.Month), style{size: 12, color: "ink-2"})
	y += 14
	title := f.breakText([]span{{r.Title, style{size: 30, bold: true, color: "ink", leading: 1.25}}}, width, true)
	p.lines(title, x, y, width, false)
	y += height(title) + 18
	p.rule(x, y, width, 2.2, "ink")
	y += 16
	says := f.breakText([]span{{r.Says, style{size: 13, color: "ink-2", leading: 1.55}}}, width*.86, true)
	p.lines(says, x, y, width, false)
	y += height(says) + 48

	entry := style{size: 9.5, color: "ink"}
	for _, m := range marks {
		p.text(x, y, f.cutTo(m.title, entry, 270), entry)
		p.textRight(x+300, y, fmt.Sprint(m.page), entry)
		p.pdf.Link(x, y-9, 300, 18, m.link)
		y += 10
		p.rule(x, y, 300, .4, "c-axis")
		y += 10
	}

	facts := 0.0
	type fact struct{ label, text []line }
	var all []fact
	for _, each := range r.Facts {
		st := small
		one := fact{
			f.breakText([]span{{each.Label, small.in("ink-3")}}, 86, false),
			f.breakText([]span{{each.Text, st}}, width-98, false),
		}
		all = append(all, one)
		facts += max(height(one.label), height(one.text)) + 2
	}
	y = pageHeight - 58 - facts
	for _, one := range all {
		p.lines(one.label, x, y, 86, false)
		p.lines(one.text, x+98, y, width, false)
		y += max(height(one.label), height(one.text)) + 2
	}
	foot := tiny.in("ink-3")
	p.textRight(x+width, pageHeight-34, fmt.Sprintf("1 / %d", p.total), foot)
}

// logo is the mark of the product: two unequal bars between two levels.
func logo(p *paper, x, y float64) {
	const svg = `<svg viewBox="0 0 22 22"><path d="M3 17.5h16" stroke="#13191d" stroke-width="2" stroke-linecap="round" fill="none"/><rect x="4.5" y="6" width="4" height="9" fill="#13191d" opacity=".35"/><rect x="4.5" y="9.5" width="4" height="5.5" fill="#13191d"/><rect x="13.5" y="6" width="4" height="9" fill="#13191d"/><path d="M3 6h16" stroke="#0f6b62" stroke-width="2" stroke-linecap="round" fill="none"/></svg>`
	pic, err := readPicture(svg, nil)
	if err != nil { // a constant: cannot fail
		panic(err)
	}
	p.picture(pic, x, y, .9)
}
