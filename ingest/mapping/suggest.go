package mapping

import (
	"bytes"
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"levelfield/ingest/source"
	"levelfield/ingest/table"
	"levelfield/ingest/value"
)

// Explanation is what inspection of a table found.
type Explanation struct {
	File, Sheet         string
	Format              string // csv, xlsx or xls
	Encoding, Delimiter string // of a text file
	HeaderRow           int    // 0 without header
	Notes               []string
	Columns             []Seen
	Mapping             string // mapping that takes the table today, "" for none
	Entity              string // entity that the header names best, "" for none
	Score               int    // how well, 0 to 100
	Missing             []string
	Other               []string // other entities that fit, best first
}

// Seen is what a column looks like.
type Seen struct {
	Header   string
	Kind     string // date, number, integer, yes/no, text or empty
	Evidence string // order of dates, decimal sign, unit
	Filled   int    // rows of the sample with a value
	Rows     int    // rows of the sample
	Examples []string
	Field    string // field of the suggested entity, "" for none
	Guess    bool   // the header only contains a name of the field

	order value.Order
	fine  bool // a number with more than four decimals
}

// Suggest explains a table and writes a mapping to start from: YAML with
// comments that Parse reads. Required fields without a column and columns
// without a field stand in it as comments. files are the workspace's mappings.
func Suggest(t *source.Table, files []*File) ([]byte, Explanation, error) {
	x := Explanation{
		File: t.File, Sheet: t.Sheet, Format: t.Format, Encoding: t.Encoding,
		Delimiter: t.Delimiter, HeaderRow: t.HeaderRow, Notes: t.Notes,
	}
	if f, ok := Find(files, t); ok {
		x.Mapping = f.Name
	}
	x.Columns = seen(t)
	ranking := loosely(t, x.Columns)
	var bestFit *fit
	if len(ranking) > 0 {
		bestFit = &ranking[0]
		x.Entity, x.Score, x.Missing = bestFit.entity.Name, int(100*bestFit.score+0.5), bestFit.missing
		for _, other := range ranking[1:min(4, len(ranking))] {
			x.Other = append(x.Other, other.entity.Name)
		}
		for field, header := range bestFit.columns {
			for i := range x.Columns {
				if x.Columns[i].Header == header && x.Columns[i].Field == "" {
					x.Columns[i].Field, x.Columns[i].Guess = field, bestFit.guessed[field]
				}
			}
		}
	}
	text, err := suggestion(t, &x, bestFit)
	if err != nil {
		return nil, x, err
	}
	if _, err := Parse(path.Base(t.File)+".yaml", text); err != nil {
		return nil, x, fmt.Errorf("write a mapping for %s: %w", t.File, err)
	}
	return text, x, nil
}

// loosely ranks the entities as fits does, and also lets a header that contains
// a name of a field, such as InvoiceAmount, stand for it when its cells suit.
func loosely(t *source.Table, columns []Seen) []fit {
	ranking := fits(t)
	for i := range ranking {
		f := &ranking[i]
		f.guessed = map[string]bool{}
		taken := map[string]bool{}
		for _, header := range f.columns {
			taken[header] = true
		}
		exact := float64(len(f.columns))
		for j := range f.entity.Fields {
			field := &f.entity.Fields[j]
			if _, found := f.columns[field.Name]; found {
				continue
			}
			for k := range columns {
				if s := &columns[k]; !taken[s.Header] && s.suits(field) && contains(s.Header, field) {
					f.columns[field.Name], f.guessed[field.Name], taken[s.Header] = s.Header, true, true
					f.missing = slices.DeleteFunc(f.missing, func(name string) bool { return name == field.Name })
					break
				}
			}
		}
		f.rate(t, exact+float64(len(f.guessed))/2)
	}
	ranking = slices.DeleteFunc(ranking, func(f fit) bool { return len(f.columns) == 0 })
	slices.SortStableFunc(ranking, func(a, b fit) int { return cmp.Compare(b.score, a.score) })
	return ranking
}

// contains reports whether a header contains a name of the field.
func contains(header string, field *table.Field) bool {
	h := fold(header)
	for _, name := range names(field) {
		n := fold(name)
		if short := fold(strings.TrimSuffix(name, "号")); len(short) >= 6 && len(short) < len(n) {
			n = short // 订单号 in 订单 ID
		}
		if len(n) >= 4 && strings.Contains(h, n) {
			return true
		}
	}
	return false
}

// suits reports whether the cells of a column can be read as the field.
func (s *Seen) suits(field *table.Field) bool {
	switch field.Kind {
	case table.Text:
		return s.Kind == "text" || s.Kind == "integer"
	case table.Date, table.Time:
		return s.Kind == "date"
	case table.Money, table.Number:
		return s.Kind == "number" || s.Kind == "integer"
	case table.Int:
		return s.Kind == "integer"
	}
	return s.Kind == "yes/no"
}

// seen looks at the first rows of every column.
func seen(t *source.Table) []Seen {
	rows := t.Sample(sampleRows)
	columns := make([]Seen, len(t.Header))
	for i, header := range t.Header {
		cells := make([]string, 0, len(rows))
		for _, row := range rows {
			if i < len(row) && !isNull(row[i], commonNulls) {
				cells = append(cells, row[i])
			}
		}
		s := Seen{Header: header, Filled: len(cells), Rows: len(rows)}
		for _, cell := range cells {
			if len(s.Examples) < 3 && !slices.Contains(s.Examples, cell) {
				s.Examples = append(s.Examples, cell)
			}
		}
		s.look(cells)
		columns[i] = s
	}
	return columns
}

// commonNulls are words that exports write into empty cells.
var commonNulls = []string{"NULL", "N/A", "#N/A", "-", "--", "无"}

func (s *Seen) look(cells []string) {
	if len(cells) == 0 {
		s.Kind = "empty"
		return
	}
	order, evidence, ambiguous := value.DecideDates(cells, nil)
	sign, signEvidence, signAmbiguous := value.DecideDecimal(cells)
	f := &value.Format{Dates: order, Decimal: sign, Nulls: commonNulls}
	if ambiguous {
		f.Dates = value.DMY
	}
	all := func(reads func(string) error) bool {
		return !slices.ContainsFunc(cells, func(c string) bool { return reads(c) != nil })
	}
	integer := all(func(c string) error { _, _, err := value.Int(c, f); return err })
	number := integer || all(func(c string) error { _, _, err := value.Decimal(c, 6, f); return err })
	date := all(func(c string) error { _, _, err := value.Date(c, f); return err })
	header := strings.ToLower(s.Header)
	named := strings.Contains(header, "日期") || strings.Contains(header, "时间") || strings.Contains(header, "date")
	switch {
	case date && (!number || named):
		s.Kind, s.order = "date", order
		switch {
		case ambiguous:
			s.Evidence = "the order of day and month is open, say dates: dmy or mdy: " + evidence
		case order != value.Unknown:
			s.Evidence = evidence
		}
	case integer && leadingZero(cells):
		s.Kind, s.Evidence = "text", "leading zeros are kept"
	case integer:
		s.Kind = "integer"
	case number:
		s.Kind = "number"
		s.fine = !all(func(c string) error { _, _, err := value.Decimal(c, 4, f); return err })
		if sign == ',' || signAmbiguous {
			s.Evidence = "decimal sign " + string(sign) + ", " + signEvidence
		}
	case all(func(c string) error { _, _, err := value.Bool(c, f); return err }):
		s.Kind = "yes/no"
	default:
		s.Kind = "text"
	}
	if _, unit := splitUnit(s.Header); unitOf(unit) > 1 && (s.Kind == "number" || s.Kind == "integer") {
		s.Evidence = strings.TrimPrefix(s.Evidence+", in "+unit, ", ")
	}
}

func leadingZero(cells []string) bool {
	return slices.ContainsFunc(cells, func(c string) bool { return len(c) > 1 && c[0] == '0' && c[1] >= '0' && c[1] <= '9' })
}

// suggestion writes the mapping.
func suggestion(t *source.Table, x *Explanation, best *fit) ([]byte, error) {
	var b bytes.Buffer
	place := baseName(t.File)
	if t.Sheet != "" {
		place += ", sheet " + t.Sheet
	}
	comment(&b, "", fmt.Sprintf("Mapping for %s, written by levelfield inspect: check it, then save it in mappings/.", place))
	stem := strings.TrimSuffix(baseName(t.File), path.Ext(baseName(t.File)))
	name := stem
	if t.Sheet != "" {
		name += "-" + t.Sheet
	}
	fmt.Fprintf(&b, "name: %s\n", quote(name))
	b.WriteString("match:\n")
	fmt.Fprintf(&b, "  file: %s\n", quote(pattern(baseName(t.File))))
	if t.Sheet != "" {
		fmt.Fprintf(&b, "  sheet: %s\n", quote(literal(t.Sheet)))
	}
	entity := table.Find("order_line")
	if best != nil {
		entity = best.entity
	}
	var headers []string
	for _, s := range x.Columns {
		if s.Field != "" && fold(s.Header) != "" && entity.Field(s.Field).Required {
			headers = append(headers, quote(s.Header))
		}
	}
	if len(headers) > 0 && t.HeaderRow > 0 {
		fmt.Fprintf(&b, "  headers: [%s]\n", strings.Join(headers, ", "))
	}
	writeRead(&b, t, x)
	b.WriteString("rows:\n")
	fmt.Fprintf(&b, "  - entity: %s", entity.Name)
	switch {
	case best == nil:
		b.WriteString("  # a guess: no header names a field; levelfield entities lists all entities\n")
	default:
		fmt.Fprintf(&b, "  # %s; fits to %d of 100", entity.En, x.Score)
		if len(x.Other) > 0 {
			fmt.Fprintf(&b, "; else %s", strings.Join(x.Other, ", "))
		}
		b.WriteString("\n")
	}
	b.WriteString("    columns:\n")
	mapped := writeColumns(&b, x, entity)
	if !mapped {
		b.WriteString("      {}\n")
	}
	return b.Bytes(), nil
}

func writeRead(b *bytes.Buffer, t *source.Table, x *Explanation) {
	var lines []string
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf("  "+format+"\n", args...)) }
	if t.Encoding != "" && t.Encoding != "utf-8" && t.Encoding != "ascii" {
		add("encoding: %s", quote(t.Encoding))
	}
	if t.Delimiter != "" && t.Delimiter != "," && len(t.Delimiter) == 1 {
		add("delimiter: %s", quote(t.Delimiter))
	}
	if t.HeaderRow == 0 && len(t.Header) > 0 {
		var names []string
		for _, h := range t.Header {
			name := quote(h)
			for n := 2; slices.Contains(names, name); n++ {
				name = quote(fmt.Sprintf("%s %d", h, n))
			}
			names = append(names, name)
		}
		add("header: none")
		add("columns: [%s]  # give the columns their real names", strings.Join(names, ", "))
	}
	var nulls []string
	for _, row := range t.Sample(sampleRows) {
		for _, cell := range row {
			if cell != "" && isNull(cell, commonNulls) && !slices.Contains(nulls, strings.TrimSpace(cell)) {
				nulls = append(nulls, strings.TrimSpace(cell))
			}
		}
	}
	if nulls = slices.DeleteFunc(nulls, func(n string) bool { return n == "" }); len(nulls) > 0 {
		for i := range nulls {
			nulls[i] = quote(nulls[i])
		}
		add("nulls: [%s]  # words found in cells", strings.Join(nulls, ", "))
	}
	if len(lines) > 0 {
		b.WriteString("read:\n" + strings.Join(lines, ""))
	}
}

// writeColumns writes one line for each field found, then the open ends as
// comments. It reports whether any field was found.
func writeColumns(b *bytes.Buffer, x *Explanation, entity *table.Entity) bool {
	found := map[string]*Seen{}
	for i := range x.Columns {
		if s := &x.Columns[i]; s.Field != "" {
			found[s.Field] = s
		}
	}
	for _, f := range entity.Fields {
		s := found[f.Name]
		switch {
		case s != nil:
			line := quote(s.Header)
			if (f.Kind == table.Date || f.Kind == table.Time) && (s.order == value.DMY || s.order == value.MDY) {
				line = fmt.Sprintf("{from: %s, dates: %s}", line, s.order)
			}
			if f.Kind == table.Money && s.fine {
				line = fmt.Sprintf("{from: %s, round: true}", line)
			}
			fmt.Fprintf(b, "      %s: %s", f.Name, line)
			about := s.Kind
			if s.Guess {
				about = "a guess: " + about
			}
			if s.Evidence != "" {
				about += ", " + s.Evidence
			}
			if len(s.Examples) > 0 {
				about += ", such as " + s.Examples[0]
			}
			comment(b, "  ", about)
		case f.Required && slices.Contains(x.Missing, f.Name):
			comment(b, "      ", fmt.Sprintf("%s:   is required (%s, %s): name its column, or {const: ...}", f.Name, f.En[0], f.Zh[0]))
		}
	}
	var free []string
	for _, s := range x.Columns {
		if s.Field == "" && s.Kind != "empty" {
			free = append(free, fmt.Sprintf("%s (%s)", s.Header, s.Kind))
		}
	}
	if len(free) > 0 {
		comment(b, "      ", "not used: "+strings.Join(free, ", "))
	}
	return len(found) > 0
}

// clean replaces what YAML does not allow: broken UTF-8 and control characters.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r <= 0x9f || r == '\u2028' || r == '\u2029' || r == '\ufeff' || r >= 0xfffe && r <= 0xffff {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
}

// comment writes text as one YAML comment; a cell may hold any character.
func comment(b *bytes.Buffer, indent, text string) {
	text = clean(text)
	if runes := []rune(text); len(runes) > 400 {
		text = string(runes[:400]) + "..."
	}
	b.WriteString(indent + "# " + strings.TrimSpace(text) + "\n")
}

// quote writes a word as YAML, quoted only where it must be.
func quote(word string) string {
	word = clean(word)
	odd := strings.ContainsFunc(word, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" _-./()（）*", r)
	})
	if text, err := yaml.Marshal(word); err == nil && !odd && string(text) == word+"\n" {
		return word
	}
	return strconv.Quote(word)
}

// pattern turns the digits of a file name into *, so that next month's file
// matches too.
func pattern(name string) string {
	var out []rune
	for _, r := range literal(name) {
		if r >= '0' && r <= '9' {
			if len(out) == 0 || out[len(out)-1] != '*' {
				out = append(out, '*')
			}
			continue
		}
		out = append(out, r)
	}
	if strings.HasPrefix(string(out), "*.") {
		return literal(name) // nothing but digits: the pattern would take every file
	}
	return string(out)
}

// literal turns a name into a pattern that matches it.
func literal(name string) string {
	return strings.NewReplacer("[", "?", "]", "?", "*", "?", `\`, "?").Replace(strings.ToValidUTF8(name, "?"))
}
