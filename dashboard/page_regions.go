package dashboard

import "context"

// regionsPage sets the regions side by side.
type regionsPage struct {
	View
	Finding string
}

// Cards lists the cards whose tables can be exported.
func (p *regionsPage) Cards() []*Card { return nil }

func regions(ctx context.Context, q *Query) (Page, error) {
	p := &regionsPage{View: q.view("regions")}
	p.Title = q.Lang.T("nav.regions")
	return p, nil
}
