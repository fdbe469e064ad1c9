package dashboard

import "context"

// reviewCard says what the fairness review found: its first sentence and its
// answers, first those that deserve a look, or whose rule is crossed.
type reviewCard struct {
	*Card
	Lines []ReviewLine
	URL   string
}

// shownAnswers is how many answers of the review stand on the overview.
const shownAnswers = 8

// reviewCard returns nil for a region, and for a reader who may not open the
// review or where nothing was reviewed.
func (q *Query) reviewCard(ctx context.Context) (*reviewCard, error) {
	if q.Region != nil || !q.Reader.Opens("fairness") {
		return nil, nil
	}
	finding, lines, err := ReviewSummary(ctx, q.Run, q.Scope, q.Lang)
	if err != nil || len(lines) == 0 {
		return nil, err
	}
	c := &reviewCard{Card: &Card{ID: "review", Title: finding, Sub: q.Lang.T("overview.review_sub")}, URL: q.Link("/fairness")}
	c.Table.Columns = []Column{{Title: q.Lang.T("fairness.col.question")}, {Title: q.Lang.T("overview.review_result"), Numeric: true}, {Title: q.Lang.T("overview.review_answer")}}
	for _, l := range lines {
		c.Table.Rows = append(c.Table.Rows, []Cell{text(l.Question), text(l.Result), text(l.Answer)})
	}
	for _, flag := range []string{"look", "amber", "cannot", "none"} {
		for _, l := range lines {
			if l.Flag == flag && len(c.Lines) < shownAnswers {
				c.Lines = append(c.Lines, l)
			}
		}
	}
	q.card(c.Card)
	return c, nil
}
