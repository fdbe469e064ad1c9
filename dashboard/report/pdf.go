package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"codeberg.org/go-pdf/fpdf"
)

// Missing returns an error that lists the characters of the report that the
// paper font does not have, nil if there are none. Each is printed as 〓; the
// document is complete otherwise.
func (r *Report) Missing() error {
	var all []string
	for _, c := range slices.Sorted(maps.Keys(r.runes())) {
		_, regular := r.press.fonts.regular.width(c)
		_, bold := r.press.fonts.bold.width(c)
		if !regular || !bold {
			all = append(all, fmt.Sprintf("%q (U+%04X)", c, c))
		}
	}
	if all == nil {
		return nil
	}
	return fmt.Errorf("%s: the paper font has no glyph for %s; printed as 〓: write these names with other characters", r.Name(), strings.Join(all, ", "))
}

// PDF writes the report for A4: the same words, tables and charts as HTML,
// with a cover, contents, bookmarks and page numbers.
func (r *Report) PDF(w io.Writer) error {
	pages, err := r.layout()
	if err != nil {
		return err
	}
	f := r.press.fonts
	regular, bold, err := f.holding(r.runes())
	if err != nil {
		return fmt.Errorf("pdf: %w", err)
	}
	pdf := fpdf.New("P", "pt", "A4", "")
	pdf.SetCatalogSort(true)
	pdf.SetCompression(true)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(0, 0, 0)
	pdf.SetTitle(r.Name(), true)
	pdf.SetSubject(r.Says, true)
	pdf.SetAuthor(r.Company, true)
	pdf.SetCreator("levelfield", false)
	pdf.SetProducer("levelfield", false)
	pdf.SetKeywords(r.Meta.RunID+" "+r.Meta.InputHash, false)
	pdf.SetLang(string(r.Lang))
	pdf.SetCreationDate(r.Meta.CreatedAt)
	pdf.SetModificationDate(r.Meta.CreatedAt)
	pdf.AddUTF8FontFromBytes(family, "", regular)
	pdf.AddUTF8FontFromBytes(family, "B", bold)
	p := &paper{pdf: pdf, fonts: f, ink: paperInk, total: len(pages.pages)}
	for _, m := range pages.marks {
		m.link = pdf.AddLink()
	}
	for i, boxes := range pages.pages {
		p.page()
		for _, m := range pages.marks {
			if m.page == i+1 {
				p.font(small)
				pdf.Bookmark(f.printable(m.title, false), m.level, m.y-8)
				pdf.SetLink(m.link, m.y-8, i+1)
			}
		}
		if i > 0 || !r.HasCover() {
			r.frame(p, pages, i)
		}
		for _, b := range boxes {
			b.draw(p, body.left, b.y)
		}
	}
	if err := pdf.Output(w); err != nil {
		return fmt.Errorf("pdf: %w", err)
	}
	return nil
}

// laid is a report on pages.
type laid struct {
	pages [][]placed
	marks []*mark
}

// frame prints what every page has: whose report it is, the chapter, the
// state and the run, the page number.
func (r *Report) frame(p *paper, l laid, i int) {
	chapter := ""
	for _, m := range l.marks {
		if !r.HasCover() { // one chapter, whose title stands on its first page
			break
		}
		if m.page < i+1 || m.page == i+1 && (m.y == body.top || chapter == "") {
			chapter = m.title
		}
	}
	f := r.press.fonts
	top := small.in("ink-3")
	p.text(body.left, 44, f.cutTo(r.Name(), top, body.width*.62), top)
	p.textRight(body.left+body.width, 44, f.cutTo(chapter, top, body.width*.36), top)
	p.rule(body.left, 54, body.width, .8, "ink")
	foot, y := tiny.in("ink-3"), pageHeight-34.0
	p.rule(body.left, y-10, body.width, .4, "c-axis")
	p.text(body.left, y, r.State+" · "+r.Meta.RunID+" · "+shortHash(r.Meta.InputHash), foot)
	number := fmt.Sprintf("%d / %d", i+1, len(l.pages))
	p.textRight(body.left+body.width, y, number, foot)
	if r.Reader != "" {
		p.textRight(body.left+body.width-f.width(number, foot)-14, y, f.cutTo(r.Lang.T("report.for", "name", r.Reader), foot, 150), foot)
	}
}

// shortHash is the part of a hash that is enough to compare by eye.
func shortHash(hash string) string { return hash[:min(16, len(hash))] }

// cutTo shortens a text to a width with an ellipsis.
func (f *fonts) cutTo(text string, s style, width float64) string {
	if f.width(text, s) <= width {
		return text
	}
	runes := []rune(text)
	n := f.fitting(text, s, width-f.width("…", s))
	return string(runes[:n]) + "…"
}

// runes collects every character that the report prints.
func (r *Report) runes() map[rune]bool {
	used := map[rune]bool{}
	add := func(texts ...string) {
		for _, t := range texts {
			for _, c := range t {
				if c >= ' ' {
					used[c] = true
				}
			}
		}
	}
	add("0123456789 /…·", r.Name(), r.Says, r.State, r.Reader, r.Meta.RunID, r.Meta.InputHash, r.Lang.T("report.for", "name", r.Reader), r.Lang.T("report.contents"))
	for _, f := range r.Facts {
		add(f.Label, f.Text)
	}
	for _, s := range r.Sections {
		add(s.Title, s.Side)
		for _, b := range s.Blocks {
			b.words(add)
		}
	}
	return used
}
