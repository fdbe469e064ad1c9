package mapping

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"levelfield/ingest/table"
)

// fold reduces a header to what two spellings of it have in common: case,
// full and half width, spaces and punctuation are gone. "Account ID",
// "account_id" and "ＡｃｃｏｕｎｔＩｄ" are one header.
func fold(header string) string {
	var b strings.Builder
	for _, r := range norm.NFKC.String(header) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '#' || unicode.Is(unicode.Mn, r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// foldValue reduces a cell to the spelling by which a value map knows it:
// case, width and outer spaces are gone, the rest stays.
func foldValue(cell string) string {
	if plainLower(cell) {
		return cell
	}
	return strings.ToLower(strings.TrimSpace(norm.NFKC.String(cell)))
}

func plainLower(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c >= 0x80 || c >= 'A' && c <= 'Z' || c <= ' ' {
			return false
		}
	}
	return true
}

// splitUnit takes the last parenthesis off a header: "金额(万元)" gives "金额"
// and "万元".
func splitUnit(header string) (name, unit string) {
	h := strings.TrimSpace(norm.NFKC.String(header))
	for _, pair := range [][2]string{{"(", ")"}, {"[", "]"}, {"【", "】"}} {
		inside, closed := strings.CutSuffix(h, pair[1])
		if at := strings.LastIndex(inside, pair[0]); closed && at > 0 {
			return strings.TrimSpace(inside[:at]), strings.TrimSpace(inside[at+len(pair[0]):])
		}
	}
	return h, ""
}

// units holds how much one unit is worth. The keys are folded.
var units = map[string]int64{
	"元": 1, "人民币元": 1, "人民币": 1, "yuan": 1, "rmb": 1, "cny": 1, "usd": 1, "eur": 1, "ones": 1,
	"百": 100, "百元": 100, "hundreds": 100,
	"千": 1e3, "千元": 1e3, "thousands": 1e3, "thousand": 1e3, "k": 1e3, "000": 1e3, "000s": 1e3, "tsd": 1e3,
	"万": 1e4, "万元": 1e4, "人民币万元": 1e4, "萬元": 1e4, "10k": 1e4,
	"十万": 1e5, "十万元": 1e5,
	"百万": 1e6, "百万元": 1e6, "millions": 1e6, "million": 1e6, "m": 1e6, "mn": 1e6, "mio": 1e6,
	"千万": 1e7, "千万元": 1e7,
	"亿": 1e8, "亿元": 1e8, "億元": 1e8,
	"billions": 1e9, "billion": 1e9, "bn": 1e9,
}

// unitScale says how much one unit is worth: 万元 is 10000. ok is false for a
// word that is no unit of money.
func unitScale(unit string) (scale int64, ok bool) {
	word := fold(unit)
	if scale, ok = units[word]; ok {
		return scale, true
	}
	for _, currency := range []string{"人民币", "rmb", "cny", "usd", "eur"} {
		if rest, found := strings.CutPrefix(word, currency); found {
			if scale, ok = units[rest]; ok {
				return scale, true
			}
		}
		if rest, found := strings.CutSuffix(word, currency); found {
			if scale, ok = units[rest]; ok {
				return scale, true
			}
		}
	}
	for _, prefix := range []string{"in", "单位"} {
		if rest, found := strings.CutPrefix(word, prefix); found {
			if scale, ok = units[rest]; ok {
				return scale, true
			}
		}
	}
	return 0, false
}

// headers finds columns of one table by the names people give them.
type headers struct {
	names  []string
	folded map[string]int // folded header: first column that has it
	bare   map[string]int // the same without the unit in parentheses
	exact  map[string]int
}

func newHeaders(names []string) *headers {
	h := &headers{names: names, folded: map[string]int{}, bare: map[string]int{}, exact: map[string]int{}}
	put := func(m map[string]int, key string, i int) {
		if _, taken := m[key]; !taken && key != "" {
			m[key] = i
		}
	}
	for i, name := range names {
		put(h.exact, name, i)
		put(h.folded, fold(name), i)
		if short, unit := splitUnit(name); unit != "" {
			put(h.bare, fold(short), i)
		}
	}
	return h
}

// find returns the column of that name, or -1. A header with a unit in
// parentheses is found with and without it.
func (h *headers) find(name string) int {
	if i, ok := h.exact[name]; ok {
		return i
	}
	key := fold(name)
	if i, ok := h.folded[key]; ok {
		return i
	}
	if i, ok := h.bare[key]; ok {
		return i
	}
	return -1
}

// like returns the headers nearest to a name that is not there, for a hint.
func (h *headers) like(name string) string {
	return didYouMean(name, h.names)
}

// didYouMean returns ` (did you mean "x"?)` for the nearest of the words, or
// "" when none is near.
func didYouMean(word string, words []string) string {
	best, bestAway := "", 1<<30
	w := fold(word)
	for _, candidate := range words {
		c := fold(candidate)
		if c == "" {
			continue
		}
		away := distance(w, c)
		if len(w) >= 4 && len(c) >= 4 && (strings.Contains(c, w) || strings.Contains(w, c)) {
			away = min(away, 1+max(len(w), len(c))/8)
		}
		if away < bestAway {
			best, bestAway = candidate, away
		}
	}
	if best == "" || bestAway > max(1, len([]rune(w))/3) {
		return ""
	}
	return ` (did you mean "` + best + `"?)`
}

// distance counts the letters to insert, remove, replace or swap with their
// neighbour to get from one word to the other.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 64 || len(y) > 64 {
		return 1 << 20
	}
	before, above, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range above {
		above[j] = j
	}
	for i := range x {
		row[0] = i + 1
		for j := range y {
			if x[i] == y[j] {
				row[j+1] = above[j]
			} else {
				row[j+1] = 1 + min(above[j], row[j], above[j+1])
			}
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], 1+before[j-1])
			}
		}
		before, above, row = above, row, before
	}
	return above[len(y)]
}

// names returns the title and synonyms of a field, its canonical name first.
func names(f *table.Field) []string {
	return slices.Concat([]string{f.Name}, f.Zh, f.En)
}
