// Package i18n holds every word and number format a person sees, in Chinese
// and English.
//
// Texts live in catalog/<area>.yaml, both languages of a key side by side:
//
//	overview.gap_closing: {en: "Gap is closing.", zh-CN: 差额在收窄。}
//
// {name} is replaced by an argument; {n:region|regions} picks the second form
// unless n is 1 and prints no number.
package i18n

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Lang is a language of the product.
type Lang string

// The languages, complete by test.
const (
	ZhCN Lang = "zh-CN"
	En   Lang = "en"
)

// Langs lists the languages; the first is used where nothing else is known.
var Langs = []Lang{ZhCN, En}

// Parse reads a language tag such as "en", "en-GB" or "zh".
func Parse(tag string) (Lang, bool) {
	base, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
	switch base {
	case "zh":
		return ZhCN, true
	case "en":
		return En, true
	}
	return "", false
}

// Accepted picks the first language of an Accept-Language header that the
// product speaks.
func Accepted(header string) (Lang, bool) {
	for part := range strings.SplitSeq(header, ",") {
		tag, _, _ := strings.Cut(part, ";")
		if lang, ok := Parse(tag); ok {
			return lang, true
		}
	}
	return "", false
}

//go:embed catalog/*.yaml
var files embed.FS

var catalog = mustLoad()

func mustLoad() map[string]map[Lang]string {
	all := map[string]map[Lang]string{}
	names, err := fs.Glob(files, "catalog/*.yaml")
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		data, err := files.ReadFile(name)
		if err != nil {
			panic(err)
		}
		var area map[string]map[Lang]string
		if err := yaml.Unmarshal(data, &area); err != nil {
			panic(fmt.Sprintf("%s: %v", path.Base(name), err))
		}
		for key, texts := range area {
			if _, twice := all[key]; twice {
				panic(fmt.Sprintf("%s: key %s is already in another file", path.Base(name), key))
			}
			all[key] = texts
		}
	}
	return all
}

// Keys returns every key of the catalogue with its texts, for tests.
func Keys() map[string]map[Lang]string { return catalog }

var placeholder = regexp.MustCompile(`\{([a-z_0-9]+)(?::([^|{}]*)\|([^{}]*))?\}`)

// T returns the text of a key. args are name, value pairs for its
// placeholders. An unknown key comes back in brackets, so that it is seen.
func (l Lang) T(key string, args ...any) string {
	text, ok := catalog[key][l]
	if !ok {
		return "[" + key + "]"
	}
	if len(args) == 0 && !strings.Contains(text, "{") {
		return text
	}
	return placeholder.ReplaceAllStringFunc(text, func(found string) string {
		m := placeholder.FindStringSubmatch(found)
		for i := 0; i+1 < len(args); i += 2 {
			if args[i] != m[1] {
				continue
			}
			value := fmt.Sprint(args[i+1])
			if !strings.Contains(found, ":") {
				return value
			}
			if value == "1" {
				return m[2]
			}
			return m[3]
		}
		return found
	})
}

// Has reports whether the catalogue has the key.
func Has(key string) bool { _, ok := catalog[key]; return ok }

// Pick returns the text of this language from a pair written elsewhere, such
// as an indicator's titles.
func (l Lang) Pick(en, zh string) string {
	if l == ZhCN {
		return zh
	}
	return en
}
