package i18n_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"levelfield/dashboard/i18n"
)

// a form such as {n:region|regions} prints nothing of its own; a language without plurals has none
var placeholder = regexp.MustCompile(`\{([a-z_0-9]+)\}`)

func TestEveryTextIsInEveryLanguageWithTheSamePlaceholders(t *testing.T) {
	for key, texts := range i18n.Keys() {
		want := names(texts[i18n.En])
		for _, lang := range i18n.Langs {
			text, ok := texts[lang]
			if !ok || text == "" && !mayBeEmpty[key] {
				t.Errorf("%s has no text in %s", key, lang)
			}
			if got := names(text); !slices.Equal(got, want) {
				t.Errorf("%s has placeholders %v in %s and %v in en", key, got, lang, want)
			}
			if strings.ContainsAny(text, "’‘“”") && lang == i18n.En {
				t.Errorf("%s has a curly quotation mark in en, which Chinese fonts draw full width", key)
			}
		}
		if len(texts) != len(i18n.Langs) {
			t.Errorf("%s has %d languages, want %d: is a text with a comma unquoted?", key, len(texts), len(i18n.Langs))
		}
	}
}

// mayBeEmpty lists units that one language does not write.
var mayBeEmpty = map[string]bool{"unit.customers": true}

func names(text string) []string {
	var all []string
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(all, m[1]) {
			all = append(all, m[1])
		}
	}
	slices.Sort(all)
	return all
}

var (
	inGo       = regexp.MustCompile(`(?:\.T\(|badFilter\(|problem\{[^"]*)"([a-z_0-9]+(?:\.[a-z_0-9]+)*)"[,)]`)
	inTemplate = regexp.MustCompile(`\bt "([a-z_0-9.]+)"`)
)

func TestEveryTextThatPagesAskForExists(t *testing.T) {
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && d.Name() == "node_modules" {
			return fs.SkipDir
		}
		find := map[string]*regexp.Regexp{".go": inGo, ".tmpl": inTemplate}[filepath.Ext(path)]
		if find == nil || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range find.FindAllStringSubmatch(string(text), -1) {
			if !i18n.Has(m[1]) {
				t.Errorf("%s asks for %s, which no catalogue holds", path, m[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTextsTakeArgumentsAndForms(t *testing.T) {
	for name, c := range map[string]struct{ got, want string }{
		"an argument":    {i18n.ZhCN.T("run.calculated", "date", "11月4日"), "已计算11月4日"},
		"one":            {i18n.En.T("kpi.people", "n", "1"), "1 person"},
		"many":           {i18n.En.T("kpi.people", "n", "1,048"), "1,048 people"},
		"an unknown key": {i18n.En.T("no.such"), "[no.such]"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.got != c.want {
				t.Errorf("got %q, want %q", c.got, c.want)
			}
		})
	}
}

func TestLanguagesAreRecognised(t *testing.T) {
	for header, want := range map[string]i18n.Lang{
		"zh-CN,zh;q=0.9": i18n.ZhCN, "en-GB,en;q=0.8,zh;q=0.5": i18n.En, "fr,zh-TW": i18n.ZhCN, "fr": "", "": "",
	} {
		if got, _ := i18n.Accepted(header); got != want {
			t.Errorf("Accept-Language %q gives %q, want %q", header, got, want)
		}
	}
}
