package dashboard

import (
	"context"
	"net/url"
	"strings"
	"unicode/utf8"

	"levelfield/analytics"
)

// findPage lists what fits the words typed: people, teams, regions and
// customers the reader may see, and indicators.
type findPage struct {
	View
	Finding string
	Typed   string
	List    *Card
	Rows    []findRow
	More    string
}

// findRow is one thing found.
type findRow struct{ Kind, Name, ID, URL, Of string }

// Cards lists the cards whose tables can be exported.
func (p *findPage) Cards() []*Card { return []*Card{p.List} }

// mostFound is how many results are shown; mostTyped limits what is looked for,
// in characters.
const mostFound, mostTyped = 30, 60

func find(ctx context.Context, q *Query) (Page, error) {
	typed := strings.TrimSpace(q.Params.Get("q"))
	if utf8.RuneCountInString(typed) > mostTyped {
		typed = string([]rune(typed)[:mostTyped])
	}
	p := &findPage{View: q.view("find"), Typed: typed}
	p.Title, p.Filters = q.Lang.T("nav.find"), nil
	found, err := q.Run.Find(ctx, q.Scope, typed, mostFound)
	if err != nil {
		return nil, err
	}
	indicators, err := q.findIndicators(ctx, typed)
	if err != nil {
		return nil, err
	}
	for _, f := range found {
		row := findRow{Kind: q.Lang.T("find.kind_" + f.Kind), Name: f.Name, ID: f.ID, URL: q.foundAt(f)}
		for _, name := range []*string{f.Parent, f.Region} {
			if name != nil && *name != row.Of && *name != f.Name {
				row.Of = strings.Trim(row.Of+" · "+*name, " ·")
			}
		}
		p.Rows = append(p.Rows, row)
	}
	p.Rows = append(p.Rows, indicators...)
	n := len(indicators)
	if len(found) > 0 {
		n += int(found[0].NFound)
	}
	c := &Card{ID: "found", Title: q.Lang.T("find.list"), Sub: q.Lang.T("find.list_sub")}
	for _, key := range []string{"find.name", "find.kind", "find.of", "find.id"} {
		c.Table.Columns = append(c.Table.Columns, Column{Title: q.Lang.T(key)})
	}
	for _, row := range p.Rows {
		c.Table.Rows = append(c.Table.Rows, []Cell{text(row.Name), text(row.Kind), text(row.Of), text(row.ID)})
	}
	switch {
	case typed == "":
		p.Finding = q.Lang.T("find.finding_empty")
	case n == 0:
		p.Finding = q.Lang.T("find.finding_none", "text", typed)
		c.State = &State{"empty", q.Lang.T("find.none"), q.Lang.T("find.none_text"), nil}
	default:
		p.Finding = q.Lang.T("find.finding", "text", typed, "n", n)
	}
	if len(found) > 0 && found[0].NFound > mostFound {
		p.More = q.Lang.T("find.most", "n", mostFound)
	}
	p.List = q.card(c)
	return p, nil
}

// foundAt is the page of what was found that the reader's role may open.
func (q *Query) foundAt(f analytics.Found) string {
	switch {
	case f.RepID != nil:
		return q.Link("/people/" + url.PathEscape(*f.RepID))
	case f.Kind == "team" && q.Reader.Opens("people"):
		return q.Link("/people", "region", "", "q", f.Name)
	case f.Kind == "region" && q.Reader.Opens("overview"):
		return q.Link("/", "region", f.Name)
	case f.Region != nil && q.Reader.Opens("overview"):
		return q.Link("/", "region", *f.Region)
	}
	return ""
}

// findIndicators returns the indicators whose title or id fits.
func (q *Query) findIndicators(ctx context.Context, text string) ([]findRow, error) {
	typed := analytics.Typed(text)
	if typed == "" {
		return nil, nil
	}
	all, err := q.Run.Definitions(ctx)
	var rows []findRow
	for _, d := range all {
		fits := strings.HasPrefix(d.ID, typed)
		for _, title := range []string{d.TitleEn, d.TitleZh} {
			fits = fits || strings.Contains(analytics.Typed(title), typed)
		}
		for _, s := range analytics.SpellingsOf(d.TitleZh) {
			fits = fits || strings.HasPrefix(s.Full, typed) || strings.HasPrefix(s.Initials, typed)
		}
		if fits {
			rows = append(rows, findRow{Kind: q.Lang.T("find.kind_indicator"), Name: q.Lang.Pick(d.TitleEn, d.TitleZh), ID: d.ID, URL: q.Link("/indicators/" + d.ID)})
		}
	}
	return rows, err
}
