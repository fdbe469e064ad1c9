package dashboard

import (
	"context"
	"net/url"

	"levelfield/analytics"
	"levelfield/dashboard/i18n"
)

// ReviewLine is one answer of the fairness review in words.
type ReviewLine struct {
	Item     string // F1 to F15
	Question string
	Result   string
	Flag     string // look, amber, none or cannot: the class of the badge
	Answer   string // the badge's word
}

// ReviewSummary returns the review's first sentence and its answers, as the
// page gives them; "" and no lines for a scope that does not see the whole
// company, or where nothing was reviewed. Reports and overviews print it.
func ReviewSummary(ctx context.Context, run *analytics.Run, scope analytics.Scope, lang i18n.Lang) (finding string, lines []ReviewLine, err error) {
	q := &Query{Page: "fairness", Run: run, Scope: scope, Lang: lang, URL: &url.URL{Path: "/fairness"}, Params: url.Values{}}
	d, err := q.reviewAnswers(ctx)
	if err != nil || d == nil || d.facts.People == 0 {
		return "", nil, err
	}
	for _, item := range reviewItems {
		v, ok := d.verdicts[item]
		if !ok {
			continue
		}
		l := ReviewLine{Item: item, Question: lang.T("fairness.q." + item), Result: i18n.Dash}
		l.Flag, l.Answer = q.flagBadge(v.Flag)
		if v.Flag != "cannot tell" && v.Flag != "withheld" {
			_, l.Result, _ = q.answer(d, v)
		}
		lines = append(lines, l)
	}
	return q.reviewFinding(d), lines, nil
}
