package analytics

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
)

// Spelling is one way to type a name on a Latin keyboard.
type Spelling struct {
	Full     string // letters and digits only: wangwei
	Initials string // ww
}

// mostSpellings is how many ways one name is kept in; most characters have one
// reading, and the first of a name is tried in all of its own before the others.
const mostSpellings = 8

// SpellingsOf returns the ways to type a name: Chinese characters in pinyin
// without tones, each in the readings the dictionary of go-pinyin has (曾 is
// zeng and ceng), Latin letters and digits as they are.
func SpellingsOf(name string) []Spelling {
	if s, isLatin := latinSpelling(name); isLatin {
		return s
	}
	args := pinyin.NewArgs()
	args.Heteronym = true
	all := []Spelling{{}}
	inWord := false
	for _, r := range strings.ToLower(name) {
		readings := pinyin.SinglePinyin(r, args)
		isLatin := len(readings) == 0 && (unicode.IsLetter(r) || unicode.IsDigit(r))
		switch {
		case isLatin:
			readings = []string{string(r)}
		case len(readings) == 0:
			inWord = false
			continue
		}
		slices.Sort(readings[1:]) // the first is the usual one
		readings = unique(readings)
		if len(all)*len(readings) > mostSpellings {
			readings = readings[:1]
		}
		next := make([]Spelling, 0, len(all)*len(readings))
		for _, reading := range readings {
			for _, s := range all {
				s.Full += reading
				if !isLatin || !inWord || unicode.IsDigit(r) {
					s.Initials += string([]rune(reading)[:1])
				}
				next = append(next, s)
			}
		}
		all, inWord = next, isLatin
	}
	if all[0].Full == "" {
		return nil
	}
	return all
}

// latinSpelling is SpellingsOf for a name without characters to look up; most
// customers of some companies have one.
func latinSpelling(name string) (all []Spelling, isLatin bool) {
	var full, initials []byte
	inWord := false
	for i := range len(name) {
		c := name[i]
		if c >= utf8.RuneSelf {
			return nil, false
		}
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		isDigit := c >= '0' && c <= '9'
		if !isDigit && (c < 'a' || c > 'z') {
			inWord = false
			continue
		}
		if !inWord || isDigit {
			initials = append(initials, c)
		}
		full = append(full, c)
		inWord = true
	}
	if len(full) == 0 {
		return nil, true
	}
	return []Spelling{{string(full), string(initials)}}, true
}

// unique leaves the first of equal texts.
func unique(all []string) []string {
	var out []string
	for _, text := range all {
		if !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

// searchKeys spells the names of units and customers.
func searchKeys(ctx context.Context, conn *sql.Conn) error {
	type named struct{ kind, id, name string }
	names, err := collectRows(ctx, conn, `select unit_kind, unit_id, coalesce(unit_name, '') from core.unit where unit_kind <> 'company'
union all
select 'customer', customer_id, coalesce(customer_name, '') from core.customer
order by 1, 2`, func(rows *sql.Rows) (n named, err error) {
		return n, rows.Scan(&n.kind, &n.id, &n.name)
	})
	if err != nil {
		return err
	}
	var rows [][]any
	for _, n := range names {
		spellings := SpellingsOf(n.name)
		if spellings == nil {
			spellings = []Spelling{{}}
		}
		for i, s := range spellings {
			name := ""
			if i == 0 {
				name = Typed(n.name)
			}
			rows = append(rows, []any{n.kind, n.id, name, s.Full, s.Initials})
		}
	}
	return writeRows(ctx, conn, "core.search_key", "kind varchar, id varchar, name varchar, spelling varchar, initials varchar", rows)
}
