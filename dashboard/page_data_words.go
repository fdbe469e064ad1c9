package dashboard

import (
	"regexp"
	"strings"

	"levelfield/dashboard/i18n"
)

// phrases translates what ingest writes about a file, in English, into the
// reader's language. The groups of a pattern are the arguments a, b and c of
// its text. What no pattern knows is shown as written.
var phrases = []struct {
	pattern *regexp.Regexp
	key     string
}{
	{regexp.MustCompile(`^read as (.+)$`), "note.encoding"},
	{regexp.MustCompile(`^cells separated by "(.+)"$`), "note.delimiter"},
	{regexp.MustCompile(`^no header found: the first row is data$`), "note.no_header"},
	{regexp.MustCompile(`^header in rows (\d+) to (\d+), joined$`), "note.header_rows"},
	{regexp.MustCompile(`^header found in row (\d+)$`), "note.header_row"},
	{regexp.MustCompile(`^(\d+) rows? above the header left out$`), "note.above"},
	{regexp.MustCompile(`^rows with fewer cells than the header are filled up`), "note.short_rows"},
	{regexp.MustCompile(`^(.+): left empty, the file has no column for (.+)$`), "note.empty_fields"},
	{regexp.MustCompile(`^(.+): in percent, as its header says$`), "note.percent"},
	{regexp.MustCompile(`^(.+): in (.+), as its header says$`), "note.unit"},
	{regexp.MustCompile(`^the same content was loaded on (.+) from (.+): nothing changed$`), "note.same"},
	{regexp.MustCompile(`^total$`), "left.total"},
	{regexp.MustCompile(`^blank$`), "left.blank"},
	{regexp.MustCompile(`^footnote$`), "left.footnote"},
	{regexp.MustCompile(`^repeated header$`), "left.header"},
	{regexp.MustCompile(`^where$`), "left.where"},
	{regexp.MustCompile(`^repeat$`), "left.repeat"},
	{regexp.MustCompile(`^is empty$`), "reason.empty"},
	{regexp.MustCompile(`^"(.*)" not a number$`), "reason.number"},
	{regexp.MustCompile(`^"(.*)" not a whole number$`), "reason.integer"},
	{regexp.MustCompile(`^"(.*)" not a date$`), "reason.date"},
	{regexp.MustCompile(`^"(.*)" not a time of day$`), "reason.time"},
	{regexp.MustCompile(`^"(.*)" month (\d+)$`), "reason.month"},
	{regexp.MustCompile(`^"(.*)" no such month$`), "reason.no_month"},
	{regexp.MustCompile(`^"(.*)" no such day in that month$`), "reason.day"},
	{regexp.MustCompile(`^"(.*)" neither yes nor no$`), "reason.bool"},
	{regexp.MustCompile(`^"(.*)" an amount with more than 2 decimal places`), "reason.places"},
	{regexp.MustCompile(`^"(.*)" an error value of the spreadsheet`), "reason.sheet_error"},
	{regexp.MustCompile(`^"(.*)" (?:number too large|too large a number)`), "reason.large"},
	{regexp.MustCompile(`^"(.*)" is already in row (\d+)`), "reason.twice"},
	{regexp.MustCompile(`^"(.*)" is not in the mapping's list of values`), "reason.unknown"},
}

// phrase writes a note, a reason to leave a row out or a reason to refuse it
// in the reader's language.
func (q *Query) phrase(words string) string {
	for _, p := range phrases {
		m := p.pattern.FindStringSubmatch(words)
		if m == nil {
			continue
		}
		var args []any
		for i, name := range []string{"a", "b", "c"} {
			if i+1 < len(m) {
				args = append(args, name, m[i+1])
			}
		}
		if i18n.Has(p.key) {
			return q.Lang.T(p.key, args...)
		}
	}
	return words
}

// reasons writes the reasons of one row, joined with "; ".
func (q *Query) reasons(joined string) string {
	parts := strings.Split(joined, "; ")
	for i := range parts {
		parts[i] = q.phrase(parts[i])
	}
	return strings.Join(parts, "; ")
}
