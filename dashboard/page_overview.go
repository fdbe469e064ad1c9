package dashboard

import "context"

// overviewPage is the executive's first page.
type overviewPage struct {
	View
	Finding string
}

// Cards lists the cards whose tables can be exported.
func (p *overviewPage) Cards() []*Card { return nil }

func overview(ctx context.Context, q *Query) (Page, error) {
	p := &overviewPage{View: q.view("overview")}
	p.Title = q.Lang.T("nav.overview")
	return p, nil
}
