package dashboard

import (
	"context"
	"math"

	"levelfield/analytics"
	"levelfield/dashboard/chart"
	"levelfield/dashboard/i18n"
)

// levelCard ranks regions, or the people of the chosen region or of a
// manager's own team, before and
// after market difficulty: hollow as booked, solid after, with the interval.
// It prints no place where skill and market cannot be told apart.
func (q *Query) levelCard(ctx context.Context) (*Card, error) {
	kind, parent := "region", ""
	if q.Region != nil {
		kind, parent = "rep", q.Region.ID
	} else if own, _ := q.Unit(); own == "team" {
		kind = "rep"
	}
	c := &Card{ID: "level", Title: q.Lang.T("level_card.title")}
	units, err := q.Run.UnitsAdjusted(ctx, q.Scope, kind, parent, q.Month)
	if err != nil {
		return nil, err
	}
	if len(units) < 2 {
		c.State = &State{"empty", q.Lang.T("state.empty.title"), q.Lang.T("level_card.none", "month", q.Lang.Month(q.Month)), &Choice{Title: q.Lang.T("level_card.more"), URL: q.Link("/difficulty")}}
		return q.card(c), nil
	}
	ranked := units[0].Verdict != "not separable"
	c.How = q.Link("/difficulty")
	c.Table.Columns = []Column{{Title: q.Lang.T("col." + kind)}, {Title: q.Lang.T("level_card.before"), Numeric: true}, {Title: q.Lang.T("level_card.value"), Numeric: true},
		{Title: q.Lang.T("cells.low"), Numeric: true}, {Title: q.Lang.T("cells.high"), Numeric: true}, {Title: q.Lang.T("coefficients.place_before"), Numeric: true}, {Title: q.Lang.T("coefficients.place"), Numeric: true}}
	var dots []chart.LevelRow
	reference := q.levelReference(units)
	for _, u := range units {
		dot := chart.LevelRow{Name: u.Name, Value: u.Adjusted, Text: q.Lang.Decimal(u.Adjusted*100, 1), Low: &u.AdjustedLow, High: &u.AdjustedHigh,
			LowText: q.Lang.Percent(u.AdjustedLow, 0), HighText: q.Lang.Percent(u.AdjustedHigh, 0)}
		before := Cell{Text: i18n.Dash}
		if u.HasTarget {
			dot.Before, before = &u.Attainment, number(q.Lang.Percent(u.Attainment, 1), &u.Attainment)
		}
		places := []Cell{{Text: i18n.Dash}, {Text: i18n.Dash}}
		if ranked {
			dot.Place = q.Lang.T("coefficients.moved", "before", u.PlaceBefore, "after", u.PlaceAfter)
			places = []Cell{{Text: q.Lang.Count(u.PlaceBefore), Raw: u.PlaceBefore}, {Text: q.Lang.Count(u.PlaceAfter), Raw: u.PlaceAfter}}
			switch {
			case u.AdjustedLow > reference:
				dot.Tone = "above"
			case u.AdjustedHigh < reference:
				dot.Tone = "below"
			}
		}
		if len(dots) < 24 {
			dots = append(dots, dot)
		}
		c.Table.Rows = append(c.Table.Rows, append([]Cell{text(u.Name), before, number(q.Lang.Percent(u.Adjusted, 1), &u.Adjusted),
			number(q.Lang.Percent(u.AdjustedLow, 1), &u.AdjustedLow), number(q.Lang.Percent(u.AdjustedHigh, 1), &u.AdjustedHigh)}, places...))
	}
	c.Title = q.levelTitle(units, ranked)
	sub := "level_card.sub"
	if !ranked {
		sub = "level_card.sub_plain"
	}
	c.Sub = q.Lang.T(sub, "n", len(units), "units", q.Lang.T("units."+kind), "month", q.Lang.Month(q.Month))
	height := 400
	if len(dots) < 5 {
		height = 240
	} else if len(dots) > 12 {
		height = 520
	}
	c.Plots = []Plot{{Option: chart.Levels(dots, reference, "@pct0", "@pct1", chart.LevelWords{
		Value: q.Lang.T("level_card.value"), Before: q.Lang.T("level_card.before"), Place: q.Lang.T("col.place"),
		Reference: q.Lang.T("level_card.company", "value", q.Lang.Percent(reference, 1)),
	}), Label: c.Title, Height: height}}
	return q.card(c), nil
}

// levelReference is the attainment of all units together.
func (q *Query) levelReference(units []analytics.AdjustedUnit) float64 {
	var sold, expected float64
	for _, u := range units {
		sold, expected = sold+u.Adjusted*u.Expected, expected+u.Expected
	}
	return sold / expected
}

// levelTitle says what difficulty changes, and no more than the intervals
// allow.
func (q *Query) levelTitle(units []analytics.AdjustedUnit, ranked bool) string {
	if !ranked {
		return q.Lang.T("level_card.apart_not")
	}
	low, high := math.Inf(-1), math.Inf(1)
	moved := units[0]
	for _, u := range units {
		low, high = math.Max(low, u.AdjustedLow), math.Min(high, u.AdjustedHigh)
		if shift(u) > shift(moved) {
			moved = u
		}
	}
	switch {
	case low <= high:
		return q.Lang.T("level_card.overlap", "n", len(units))
	case shift(moved) == 0:
		return q.Lang.T("level_card.same", "best", units[0].Name)
	}
	return q.Lang.T("level_card.finding", "best", units[0].Name, "moved", moved.Name, "from", moved.PlaceBefore, "to", moved.PlaceAfter)
}

func shift(u analytics.AdjustedUnit) int64 {
	if u.PlaceAfter > u.PlaceBefore {
		return u.PlaceAfter - u.PlaceBefore
	}
	return u.PlaceBefore - u.PlaceAfter
}
