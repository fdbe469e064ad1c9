package report

import (
	"regexp"
	"slices"
	"strings"
)

// stylesheet is the part of report.css that styles marks inside drawings:
// rules such as ".spark path" and ".cell-bar .b.pos". Reading it here keeps
// colours of marks written once, for HTML and for PDF.
type stylesheet []styleRule

type styleRule struct {
	root    string   // class of the drawing
	tag     string   // of the mark; "" for any
	classes []string // all of which the mark must have
	set     map[string]string
}

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	cssMedia   = regexp.MustCompile(`(?s)@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}`)
	cssRule    = regexp.MustCompile(`([^{}]+)\{([^{}]*)\}`)
	cssVar     = regexp.MustCompile(`var\(--([a-z0-9-]+)\)`)
)

// readStylesheet reads the rules of two steps that begin with a class;
// var(--name) takes its value from tokens.
func readStylesheet(css string, tokens map[string]string) stylesheet {
	css = cssMedia.ReplaceAllString(cssComment.ReplaceAllString(css, ""), "")
	var sheet stylesheet
	for _, m := range cssRule.FindAllStringSubmatch(css, -1) {
		steps := strings.Fields(m[1])
		if len(steps) != 2 || !strings.HasPrefix(steps[0], ".") || strings.ContainsAny(m[1], ">:,[") {
			continue
		}
		parts := strings.Split(steps[1], ".")
		rule := styleRule{root: steps[0][1:], tag: parts[0], classes: parts[1:], set: map[string]string{}}
		for declaration := range strings.SplitSeq(m[2], ";") {
			if name, value, ok := strings.Cut(declaration, ":"); ok {
				rule.set[strings.TrimSpace(name)] = cssVar.ReplaceAllStringFunc(strings.TrimSpace(value), func(v string) string {
					return tokens[cssVar.FindStringSubmatch(v)[1]]
				})
			}
		}
		sheet = append(sheet, rule)
	}
	return sheet
}

// match returns what the rules set on a mark in a drawing; later rules win.
func (s stylesheet) match(root []string, tag string, classes []string) map[string]string {
	set := map[string]string{}
	for _, rule := range s {
		if !slices.Contains(root, rule.root) || rule.tag != "" && rule.tag != tag {
			continue
		}
		if slices.ContainsFunc(rule.classes, func(c string) bool { return !slices.Contains(classes, c) }) {
			continue
		}
		for name, value := range rule.set {
			set[name] = value
		}
	}
	return set
}
