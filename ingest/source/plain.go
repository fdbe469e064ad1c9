package source

import "strings"

// Fit fits cells to the header and judges them as Rows does; for those who read
// a Plain table themselves. Footnotes need the rows after them: see MaybeFootnote.
func (t *Table) Fit(number int64, cells []string) Row {
	return t.row(rawRow{number: number, last: number, cells: cells, err: badText(cells...)})
}

// MaybeFootnote says whether the row is a footnote unless data follows it.
func (t *Table) MaybeFootnote(row Row) bool { return t.maybeFootnote(row) }

// Doubtful says whether a row that begins with this cell, or holds it before
// its first figure, may be a total, a footnote, the header again or blank.
func (t *Table) Doubtful(cell string) bool {
	word := squeezed(cell)
	if word == "" {
		return true
	}
	if !t.total.off {
		if t.total.words[word] || strings.HasPrefix(word, "totalfor") {
			return true
		}
		for _, ending := range [...]string{"小计", "合计", "总计", "total"} {
			if strings.HasSuffix(word, ending) {
				return true
			}
		}
	}
	title := clean(cell)
	for _, head := range t.headRows {
		for _, h := range head {
			if h == title {
				return true
			}
		}
	}
	lower := strings.ToLower(strings.TrimSpace(cell))
	for _, start := range footnoteStarts {
		if strings.HasPrefix(lower, start) {
			return true
		}
	}
	return false
}

// TotalsWithDigits says whether one of the words that mark a total row ends in
// a digit, so that an id might be one.
func (t *Table) TotalsWithDigits() bool {
	for word := range t.total.words {
		if word == "" {
			continue
		}
		if c := word[len(word)-1:]; c >= "0" && c <= "9" {
			return true
		}
	}
	return false
}
