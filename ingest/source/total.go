package source

import (
	"strings"
	"unicode/utf8"
)

// The built-in words of total rows.
var (
	totalZh = []string{"合计", "小计", "总计", "总合计", "共计", "累计", "汇总"}
	totalEn = []string{"total", "totals", "grandtotal", "subtotal", "sub-total"}
)

// totals says which rows are totals.
type totals struct {
	off   bool
	words map[string]bool
	ends  [256]bool // last bytes of the words, to pass over other cells quickly
}

func totalWords(opt Options) totals {
	if opt.TotalWords != nil && len(opt.TotalWords) == 0 {
		return totals{off: true}
	}
	t := totals{words: map[string]bool{}}
	for _, list := range [][]string{totalZh, totalEn, opt.TotalWords} {
		for _, w := range list {
			if w = squeezed(w); w == "" {
				continue
			}
			t.words[w] = true
			end := w[len(w)-1]
			t.ends[end], t.ends[end&^0x20] = true, true
		}
	}
	return t
}

// squeezed drops spaces and colons and lowers the case.
func squeezed(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\u3000', '\u00a0', ':', '：':
			return -1
		}
		return r
	}, s))
}

// row says whether cells are a total row. The first filled cell says so with a
// word of its own (合计, Grand total:) or a Chinese ending (华东小计); other
// texts before the first figure do with a Chinese word, or with an English one
// or an ending when a quarter of the row is blank, since Total is also a name.
func (t *totals) row(cells []string) bool {
	if t.off {
		return false
	}
	blanks := len(cells) - count(cells)
	first := true
	for _, c := range cells {
		if c = strings.TrimSpace(c); c == "" {
			continue
		}
		if len(c) > 60 {
			return false
		}
		if b := c[0]; b >= '0' && b <= '9' || b == '-' {
			if !first {
				return false
			}
			first = false
			continue
		}
		if end := strings.TrimRight(c, ":： \u3000"); end == "" || !t.ends[end[len(end)-1]] && c[0]|0x20 != 't' {
			first = false
			continue
		}
		word := squeezed(c)
		chinese := word != "" && word[len(word)-1] >= utf8.RuneSelf
		switch {
		case t.words[word] && (first || chinese || blanks*4 >= len(cells)):
			return true
		case chinese && (strings.HasSuffix(word, "小计") || strings.HasSuffix(word, "合计") || strings.HasSuffix(word, "总计")) && (first || blanks*4 >= len(cells)):
			return true
		case blanks*4 >= len(cells) && blanks > 0 && (strings.HasSuffix(word, "total") || strings.HasPrefix(word, "totalfor")) && strings.Contains(c, " "):
			return true
		}
		first = false
	}
	return false
}
