package dashboard

import (
	"regexp"
	"strings"

	"levelfield/dashboard/i18n"
	"levelfield/dashboard/store"
)

// The log is written in English, in the words of package store, so that it
// reads the same in every export; a page tells it in the reader's language.

// phrase is one form of words in the log; its named groups fill the text of
// the catalogue, a word in the reader's language.
type phrase struct {
	form *regexp.Regexp
	key  string
}

// loggedPhrases are tried in their order. What has none of these forms, such as
// a reason that somebody wrote, is shown as it is.
var loggedPhrases = []phrase{
	{regexp.MustCompile(`^user (?P<name>.+)$`), "logged.user"},
	{regexp.MustCompile(`^view (?P<name>.+)$`), "logged.view"},
	{regexp.MustCompile(`^token (?P<name>.+)$`), "logged.token"},
	{regexp.MustCompile(`^month (?P<month>\d{4}-\d\d)$`), "logged.month"},
	{regexp.MustCompile(`^check (?P<name>\S+) of (?P<month>\d{4}-\d\d)$`), "logged.check"},
	{regexp.MustCompile(`^expenses of (?P<name>.+) in (?P<month>\d{4}-\d\d)$`), "logged.expenses"},
	{regexp.MustCompile(`^override (?P<name>\S+)$`), "logged.override"},
	{regexp.MustCompile(`^innovation (?P<name>\S+)$`), "logged.innovation"},
	{regexp.MustCompile(`^delivery (?P<name>\d+)$`), "logged.delivery"},
	{regexp.MustCompile(`^appeal (?P<name>\S+)$`), "logged.appeal"},
	{regexp.MustCompile(`^mail of reports$`), "logged.mail"},
	{regexp.MustCompile(`^groups by (?P<word>.+)$`), "logged.groups"},
	{regexp.MustCompile(`^(?P<item>\S.*) of (?:rep|cell|region|team) (?P<name>.+) in (?P<month>\d{4}-\d\d)$`), "logged.item_of"},
	{regexp.MustCompile(`^(?P<item>\S.*) of (?P<name>.+) in (?P<month>\d{4}-\d\d)$`), "logged.item_of"},
	{regexp.MustCompile(`^(?P<item>\S.*) of (?P<month>\d{4}-\d\d)$`), "logged.item_in"},
	{regexp.MustCompile(`^(?P<n>\d+) reports of run (?P<run>\S+)$`), "logged.reports"},
	{regexp.MustCompile(`^(?P<reason>.*) \(run (?P<run>\S+), seal (?P<seal>[0-9a-f]*)\)$`), "logged.sealed"},
	{regexp.MustCompile(`^to be decided by (?P<name>.+)$`), "logged.to_be_decided"},
	{regexp.MustCompile(`^as (?P<word>\S+)$`), "logged.rated_as"},
	{regexp.MustCompile(`^scopes (?P<name>.*), until (?P<day>\S+)$`), "logged.scopes"},
	{regexp.MustCompile(`^(?P<total>[0-9.]+) by (?P<way>\S+) over (?P<n>\d+) people: (?P<reason>.*)$`), "logged.targets"},
	{regexp.MustCompile(`^role (?P<word>\w+)$`), "logged.role"},
	{regexp.MustCompile(`^role (?P<word>\w+), (?P<units>.+)$`), "logged.role_units"},
	{regexp.MustCompile(`^(?P<word>password|wrong password|disabled|begin|end|no account|no group is a role)$`), "logged.word"},
}

// toldLog tells a text of the log in the reader's language.
func (q *Query) toldLog(text string) string {
	for _, p := range loggedPhrases {
		m := p.form.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		var args []any
		for i, name := range p.form.SubexpNames() {
			if name == "word" {
				m[i] = q.loggedWord(m[i])
			}
			if name != "" {
				args = append(args, name, m[i])
			}
		}
		return q.Lang.T(p.key, args...)
	}
	return text
}

// loggedWord tells a single word, or each of several, where the catalogue has
// it: a role, a way of rating, how somebody came in.
func (q *Query) loggedWord(word string) string {
	if words := strings.Split(word, ", "); len(words) > 1 {
		for i := range words {
			words[i] = q.loggedWord(words[i])
		}
		return strings.Join(words, ", ")
	}
	for _, key := range []string{"logged.word." + strings.ReplaceAll(word, " ", "_"), "role." + word} {
		if i18n.Has(key) {
			return q.Lang.T(key)
		}
	}
	return word
}

// logged is what an audit row was about; people whose pay was read are counted
// where they are many.
func (q *Query) logged(r store.AuditRow) string {
	list, isPay := strings.CutPrefix(r.Object, payOf)
	people := strings.Split(list, ", ")
	switch {
	case !isPay:
		return q.toldLog(r.Object)
	case len(people) <= mostNamed:
		return q.Lang.T("audit.pay_of", "people", q.Lang.List(people))
	}
	return q.Lang.T("audit.pay_of_many", "people", q.Lang.List(people[:mostNamed]), "n", len(people)-mostNamed)
}
