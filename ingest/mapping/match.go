package mapping

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"levelfield/ingest/source"
	"levelfield/ingest/table"
)

// Open opens the tables of a file and finds the mapping of each. Where a
// mapping says how to read the file, the table is opened again in that way.
// File is nil for a table that no mapping takes.
func Open(name string, files []*File, base source.Options) ([]Opened, error) {
	tables, err := source.Open(name, base)
	if err != nil {
		return nil, err
	}
	again := map[*File][]*source.Table{}
	reread := func(f *File, t *source.Table) (*source.Table, error) {
		opt, changed := f.Options(base)
		if !changed {
			return t, nil
		}
		if again[f] == nil {
			if again[f], err = source.Open(name, opt); err != nil {
				return nil, fmt.Errorf("as mapping %s reads it: %w", f.Name, err)
			}
		}
		for _, other := range again[f] {
			if other.File == t.File && other.Sheet == t.Sheet {
				return other, nil
			}
		}
		return t, nil
	}
	opened := make([]Opened, len(tables))
	for i, t := range tables {
		opened[i].Table = t
		best := 0
		for _, f := range files {
			if !f.Match.takesName(t) {
				continue
			}
			as, err := reread(f, t)
			if err != nil {
				return nil, err
			}
			if score := f.score(as); score > best {
				best, opened[i] = score, Opened{as, f}
			}
		}
		if opened[i].File == nil {
			opened[i].File, _ = Find(nil, t)
		}
	}
	return opened, nil
}

// Find returns the mapping of an open table: the workspace's own files first,
// then a header that is exactly an entity's field names, then the presets,
// then a header that names an entity's fields by their titles and synonyms. Of
// several that match, the one with the most conditions wins, then the first.
func Find(files []*File, t *source.Table) (*File, bool) {
	if f := best(files, t); f != nil {
		return f, true
	}
	if f := canonical(t); f != nil {
		return f, true
	}
	if f := best(Presets(), t); f != nil {
		return f, true
	}
	if f := bySynonyms(t); f != nil {
		return f, true
	}
	return nil, false
}

func best(files []*File, t *source.Table) *File {
	var found *File
	most := 0
	for _, f := range files {
		if score := f.score(t); score > most {
			found, most = f, score
		}
	}
	return found
}

// score counts the conditions of the mapping that hold, 0 when one fails.
func (f *File) score(t *source.Table) int {
	m := &f.Match
	if !m.takesName(t) {
		return 0
	}
	if len(m.Headers) > 0 {
		h := newHeaders(t.Header)
		for _, name := range m.Headers {
			if h.find(name) < 0 {
				return 0
			}
		}
	}
	score := len(m.Headers)
	if m.File != "" {
		score++
	}
	if m.Sheet != "" {
		score++
	}
	return score
}

// takesName holds the conditions that need no header.
func (m *Match) takesName(t *source.Table) bool {
	if m.File != "" && !globs(m.File, baseName(t.File)) {
		return false
	}
	return m.Sheet == "" || globs(m.Sheet, t.Sheet)
}

// baseName is the file's own name, of the member in an archive.
func baseName(file string) string {
	if at := strings.LastIndex(file, "!"); at >= 0 {
		file = file[at+1:]
	}
	return path.Base(strings.ReplaceAll(file, `\`, "/"))
}

// canonical maps a table whose header consists of an entity's field names.
func canonical(t *source.Table) *File {
	var found *table.Entity
	for _, e := range table.All {
		if !exactly(e, t.Header) {
			continue
		}
		if found == nil || strings.Contains(fold(baseName(t.File)), fold(e.Name)) && len(e.Name) > 0 {
			found = e
		}
	}
	if found == nil {
		return nil
	}
	columns := map[string]ColumnSpec{}
	for _, name := range t.Header {
		columns[name] = ColumnSpec{From: []string{name}}
	}
	return &File{
		Name: "canonical:" + found.Name, Path: "canonical:" + found.Name,
		Rows: []Rows{{Entity: found.Name, Columns: columns}},
	}
}

func exactly(e *table.Entity, header []string) bool {
	for _, name := range header {
		if e.Field(name) == nil {
			return false
		}
	}
	for _, f := range e.Fields {
		if f.Required && !slices.Contains(header, f.Name) {
			return false
		}
	}
	return len(header) > 0
}

// fit is how well a header names the fields of an entity.
type fit struct {
	entity  *table.Entity
	columns map[string]string // field: header
	guessed map[string]bool   // fields whose header only contains a synonym
	missing []string          // required fields without a header
	score   float64           // 0..1: share of headers and of required fields found, more for a telling file name
}

// rate scores a fit: n is how many headers name a field, a guess counting half.
func (f *fit) rate(t *source.Table, n float64) {
	required := 0
	for _, field := range f.entity.Fields {
		if field.Required {
			required++
		}
	}
	f.score = 0.5*n/float64(max(1, len(t.Header))) + 0.4*float64(required-len(f.missing))/float64(max(1, required))
	if telling(f.entity, t) {
		f.score += 0.1
	}
}

// fits ranks the entities by how well the header names their fields, best
// first.
func fits(t *source.Table) []fit {
	h := newHeaders(t.Header)
	var all []fit
	for _, e := range table.All {
		f := fit{entity: e, columns: map[string]string{}}
		used := map[int]bool{}
		for i := range e.Fields {
			field := &e.Fields[i]
			for _, name := range names(field) {
				if j := h.find(name); j >= 0 && !used[j] {
					used[j] = true
					f.columns[field.Name] = t.Header[j]
					break
				}
			}
			if _, found := f.columns[field.Name]; found || !field.Required {
				continue
			}
			// A list of customers by name only: the name is the id too.
			if j := reused(h, field); j >= 0 && field.Kind == table.Text && strings.HasSuffix(field.Name, "name") {
				f.columns[field.Name] = t.Header[j]
			} else {
				f.missing = append(f.missing, field.Name)
			}
		}
		f.rate(t, float64(len(used)))
		all = append(all, f)
	}
	slices.SortStableFunc(all, func(a, b fit) int { return cmp.Compare(b.score, a.score) })
	return all
}

func reused(h *headers, field *table.Field) int {
	for _, name := range names(field) {
		if j := h.find(name); j >= 0 {
			return j
		}
	}
	return -1
}

// telling reports whether the file or sheet name holds the entity's name.
func telling(e *table.Entity, t *source.Table) bool {
	place := fold(baseName(t.File)) + " " + fold(t.Sheet)
	return strings.Contains(place, fold(e.Name)) || strings.Contains(place, fold(e.Zh)) || strings.Contains(place, fold(e.En))
}

// bySynonyms maps a table whose header names an entity's fields by titles and
// synonyms. It stays silent unless one entity stands out: all required fields,
// at least half of the columns, and no other entity as good.
func bySynonyms(t *source.Table) *File {
	all := slices.DeleteFunc(fits(t), func(f fit) bool { return len(f.missing) > 0 || len(f.columns) == 0 })
	if len(all) == 0 || 2*len(all[0].columns) < len(t.Header) || len(all[0].columns) < 2 {
		return nil
	}
	if len(all) > 1 && all[1].score == all[0].score {
		return nil
	}
	columns := map[string]ColumnSpec{}
	for field, header := range all[0].columns {
		columns[field] = ColumnSpec{From: []string{header}}
	}
	name := "synonyms:" + all[0].entity.Name
	return &File{Name: name, Path: name, Rows: []Rows{{Entity: all[0].entity.Name, Columns: columns}}}
}
