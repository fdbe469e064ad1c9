package dashboard

import (
	"context"
	"html/template"
	"maps"

	"levelfield/analytics"
)

// overviewPage is the executive's first page: the finding, the indicators,
// who did well, what changed and why, and whether the data can be trusted.
type overviewPage struct {
	View
	Finding  string
	Ledes    []lede
	KPIs     []kpi
	Rank     *Card
	Level    *Card // before and after market difficulty
	Review   *reviewCard
	Trend    *Card
	Bridge   *Card
	Moves    movesCard
	Others   othersCard
	Data     dataCard
	Compared string // "with September 2026"
	// Short rows of cards keep their own height instead of leaving a hole.
	ShortChange, ShortRest bool
}

// lede is one of the three sentences under the finding.
type lede struct{ Head, Text, Link, URL string }

// Cards lists the cards whose tables can be exported.
func (p *overviewPage) Cards() []*Card {
	cards := []*Card{p.Rank, p.Level, p.Trend, p.Bridge, p.Moves.Card, p.Others.Card, p.Data.Card}
	if p.Review != nil {
		cards = append(cards, p.Review.Card)
	}
	return cards
}

// overviewData is what the panels answered for one overview.
type overviewData struct {
	kind, id    string // unit shown
	partKind    string // units it is compared over: regions, teams of a region or people of a team
	causeKind   string // units that explain a move of a part; "" where a part has none
	region      string // that holds the parts; "" for none
	own         map[string]analytics.Series
	parts       []analytics.Unit
	series      analytics.SeriesSet // of the parts: the month alone, of ranked indicators the 13 months up to it
	basePlaces  map[string]int      // place of each part in the base month, by attainment
	definitions []analytics.Definition
	targets     map[string]float64 // of the unit's kind
	bridge      *analytics.SalesBridge
	nPeople     int64
}

func overview(ctx context.Context, q *Query) (Page, error) {
	p := &overviewPage{View: q.view("overview")}
	var d *overviewData
	err := analytics.Together(ctx,
		func(ctx context.Context) (err error) {
			if d, err = q.overviewData(ctx); err == nil {
				p.Moves, err = q.movesCard(ctx, d)
			}
			return
		},
		analytics.Into(&p.Level, q.levelCard),
		analytics.Into(&p.Review, q.reviewCard),
		analytics.Into(&p.Data, q.dataCard),
	)
	if err != nil {
		return nil, err
	}
	p.Title = q.Lang.T("nav.overview")
	p.Crumbs = []Crumb{{Title: p.Company}, {Title: q.Lang.T("nav.overview")}}
	if q.Region != nil {
		p.Crumbs = []Crumb{{p.Company, ""}, {q.Lang.T("nav.overview"), q.Here("region", "")}, {q.Region.Name, ""}}
	}
	p.Compared = q.Lang.T("overview.compared", "month", q.Lang.Month(q.Base()))
	p.Finding = q.finding(d)
	p.KPIs = q.kpis(d)
	p.Rank = q.card(q.rankCard(d))
	p.Trend = q.card(q.trendCard(d))
	p.Bridge = q.card(q.bridgeCard(d))
	p.Others = q.othersCard(d)
	p.ShortChange = len(p.Moves.Rows) > 0 && len(p.Moves.Rows) < 4
	p.ShortRest = len(p.Others.Rows) > 0 && len(p.Others.Rows) < 12
	p.Ledes = q.ledes(d, p)
	return p, nil
}

// rankedIndicators are those by which parts are ranked and drawn over months.
var rankedIndicators = []string{"sales_amount", "target_attainment"}

func (q *Query) overviewData(ctx context.Context) (*overviewData, error) {
	d := &overviewData{partKind: "region", causeKind: "team"}
	d.kind, d.id = q.Unit()
	parent := ""
	switch {
	case q.Region != nil:
		d.partKind, d.causeKind, parent, d.region = "team", "rep", d.id, d.id
	case d.kind == "team": // a reader's own
		d.partKind, d.causeKind, parent = "rep", "", d.id
	}
	var own, months analytics.SeriesSet
	var units, self []analytics.Unit
	err := analytics.Together(ctx,
		analytics.Into(&d.definitions, q.Run.Definitions),
		analytics.Into(&own, func(ctx context.Context) (analytics.SeriesSet, error) {
			return q.Run.UnitSeries(ctx, q.Scope, d.kind, d.id, "", q.Month)
		}),
		analytics.Into(&d.series, func(ctx context.Context) (analytics.SeriesSet, error) {
			return q.Run.UnitMonth(ctx, q.Scope, d.partKind, d.region, q.Month)
		}),
		analytics.Into(&months, func(ctx context.Context) (analytics.SeriesSet, error) {
			return q.Run.UnitSeries(ctx, q.Scope, d.partKind, "", d.region, q.Month, rankedIndicators...)
		}),
		analytics.Into(&units, func(ctx context.Context) ([]analytics.Unit, error) {
			return q.Run.Units(ctx, q.Scope, d.partKind, parent, q.Month)
		}),
		analytics.Into(&self, func(ctx context.Context) ([]analytics.Unit, error) {
			return q.Run.Units(ctx, q.Scope, d.kind, "", q.Month)
		}),
		analytics.Into(&d.targets, func(ctx context.Context) (map[string]float64, error) { return q.Run.Thresholds(ctx, d.kind) }),
		analytics.Into(&d.bridge, func(ctx context.Context) (*analytics.SalesBridge, error) {
			return q.Run.SalesBridge(ctx, q.Scope, d.kind, d.id, q.Base(), q.Month)
		}),
	)
	if err != nil {
		return nil, err
	}
	d.own = own[d.id]
	for id, of := range months {
		if d.series[id] == nil {
			d.series[id] = map[string]analytics.Series{}
		}
		maps.Copy(d.series[id], of)
	}
	for _, u := range units {
		if d.series[u.ID] != nil {
			d.parts = append(d.parts, u)
		}
	}
	for _, u := range self {
		if u.ID == d.id {
			d.nPeople = u.NPeople
		}
	}
	return d, nil
}

// change returns a point's change against the chosen comparison and its usual
// variation.
func (q *Query) change(p analytics.Point) (change, usual *float64) {
	if q.Compare == CompareYear {
		return p.YearChange, p.YearUsual
	}
	return p.PrevChange, p.PrevUsual
}

// before returns the value a point is compared with.
func (q *Query) before(p analytics.Point) *float64 {
	if q.Compare == CompareYear {
		return p.Year
	}
	return p.Prev
}

// definition finds an indicator by id.
func definition(all []analytics.Definition, id string) (analytics.Definition, bool) {
	for _, d := range all {
		if d.ID == id {
			return d, true
		}
	}
	return analytics.Definition{ID: id}, false
}

// delta is a change as shown: arrow, size, and a tone only where it lies
// outside its own variation.
type delta struct {
	Label string // "against last month"
	Arrow string // ▲ or ▼; "" for none
	Text  string
	Tone  string // "pos", "neg" or ""
}

func (q *Query) delta(label string, def analytics.Definition, change, usual *float64) delta {
	d := delta{Label: label, Text: q.Lang.T("dash")}
	if change == nil {
		return d
	}
	d.Text = q.Lang.Change(def.Unit, *change)
	switch {
	case *change > 0:
		d.Arrow = "▲"
	case *change < 0:
		d.Arrow = "▼"
	}
	if analytics.IsNews(change, usual) {
		d.Tone = tone(*change * def.Better())
	}
	return d
}

// tone says whether a signed good is favourable.
func tone(good float64) string {
	switch {
	case good > 0:
		return "pos"
	case good < 0:
		return "neg"
	}
	return ""
}

// kpi is one indicator card.
type kpi struct {
	ID, Title, Note string
	URL             string
	Value, Unit     string
	Spark           template.HTML
	Changes         []delta
	Bullet          template.HTML
	Goal            string
	Empty           string // why there is no value; "" if there is one
}
