package report

import (
	"context"
	"fmt"
	"html/template"
	"time"

	"levelfield/analytics"
	"levelfield/dashboard"
	"levelfield/dashboard/i18n"
)

// Report is one month for one reader, its charts drawn.
type Report struct {
	*dashboard.Monthly
	Charts map[string][]Drawing // drawings of a card, by its id
	Smalls []Drawing            // small multiples, one a region
}

// Drawing is one chart on paper.
type Drawing struct {
	Note string // line above it
	Name string // of a small multiple
	Side string // number beside the name of a small multiple
	SVG  template.HTML
}

// Widths of drawings in CSS pixels: a column, half of it, a small multiple.
const (
	wideWidth  = 680
	smallWidth = 222
)

// Build makes the report of a month from a published run, as a reader of the
// given scope may see it. Charts are drawn with the given canvas.
func Build(ctx context.Context, canvas *Canvas, run *analytics.Run, scope analytics.Scope, month time.Time, lang i18n.Lang, now time.Time) (*Report, error) {
	m, err := dashboard.NewMonthly(ctx, run, scope, month, lang, now)
	if err != nil {
		return nil, err
	}
	r := &Report{Monthly: m, Charts: map[string][]Drawing{}}
	draw := func(p dashboard.Plot, width, height int) (Drawing, error) {
		svg, err := canvas.SVG(p.Option, lang, width, height, p.Label)
		if err != nil {
			return Drawing{}, fmt.Errorf("%s: %w", p.Label, err)
		}
		return Drawing{Note: p.Note, SVG: svg}, nil
	}
	for _, card := range []*dashboard.Card{m.Overview.Rank, m.Overview.Trend, m.Overview.Bridge} {
		for _, p := range card.Plots {
			d, err := draw(p, wideWidth, p.Height)
			if err != nil {
				return nil, err
			}
			r.Charts[card.ID] = append(r.Charts[card.ID], d)
		}
	}
	for _, s := range m.Regions.Smalls.Smalls {
		d, err := draw(s.Plot, smallWidth, 110)
		if err != nil {
			return nil, err
		}
		d.Name, d.Side = s.Name, s.Note
		r.Smalls = append(r.Smalls, d)
	}
	return r, nil
}

// Drawn is a card with its charts on paper.
type Drawn struct {
	Card     *dashboard.Card
	Drawings []Drawing
}

// Draw joins a card and its drawings, for the template.
func (r *Report) Draw(card *dashboard.Card) Drawn { return Drawn{card, r.Charts[card.ID]} }
