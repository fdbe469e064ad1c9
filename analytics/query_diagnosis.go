package analytics

import (
	"context"
	"time"
)

// Themes are what people can be trained in, in the order they are listed.
func Themes() []string { return themes }

// Coachee is a person on duty with one theme to coach him in, or without any.
type Coachee struct {
	RepID     string   `db:"rep_id"`
	Name      string   `db:"rep_name"`
	Team      *string  `db:"team_name"`
	Region    *string  `db:"region_name"`
	NJudged   int64    `db:"n_judged"` // indicators in which he can be compared
	Theme     *string  `db:"theme"`
	Place     *int64   `db:"place"`     // among his themes, 1 first
	NWeak     *int64   `db:"n_weak"`    // indicators of the theme that are surely weaker than the peers'
	Shortfall *float64 `db:"shortfall"` // in spreads between peers
	Indicator *string  `db:"indicator"` // the weakest of the theme, with the numbers that follow
	Value     *float64 `db:"value"`
	Months    *int64   `db:"n_months"`
	Peers     *int64   `db:"n_peers"`
	PeerValue *float64 `db:"peer_value"`
	GapLow    *float64 `db:"gap_low"`
	GapHigh   *float64 `db:"gap_high"`
	Spreads   *float64 `db:"spreads"`
	Movement  *string  `db:"movement"` // better, worse or ""
}

// Coachees returns everybody on duty in a month with the themes to coach them
// in, a row a theme.
func (r *Run) Coachees(ctx context.Context, scope Scope, month time.Time) ([]Coachee, error) {
	return collect[Coachee](ctx, r, "diagnosis_people", scope, map[string]any{"month": month})
}

// PeerLine is one indicator of a person beside people whose markets hold about
// as much.
type PeerLine struct {
	Indicator   string   `db:"indicator"`
	Theme       string   `db:"theme"`
	Unit        string   `db:"unit"`
	Direction   string   `db:"direction"`
	Denominator float64  `db:"denominator"` // over the months
	Months      int64    `db:"n_months"`
	Value       float64  `db:"value"`
	Peers       int64    `db:"n_peers"`
	PeerValue   float64  `db:"peer_value"`
	PeerSpread  *float64 `db:"peer_spread"` // standard deviation between peers
	Gap         float64  `db:"gap"`
	GapLow      float64  `db:"gap_low"` // three standard errors
	GapHigh     float64  `db:"gap_high"`
	Spreads     *float64 `db:"spreads"` // gap in spreads, below 0 worse; nil where peers are all alike
	IsWeak      bool     `db:"is_weak"`
	IsStrong    bool     `db:"is_strong"`
	This        *float64 `db:"this_value"`
	Last        *float64 `db:"last_value"`
	Moved       *float64 `db:"moved"` // since last month
	MovedLow    *float64 `db:"moved_low"`
	MovedHigh   *float64 `db:"moved_high"`
	Movement    string   `db:"movement"`
}

// PeerLines compares a person with peers, weakest indicator first; empty for a
// person outside the scope or with too few months.
func (r *Run) PeerLines(ctx context.Context, scope Scope, rep string, month time.Time) ([]PeerLine, error) {
	return collect[PeerLine](ctx, r, "diagnosis_lines", scope, map[string]any{"rep": rep, "month": month})
}

// RegionFactor is one factor of the gap in cash (or sales) for each person and
// month between a region and another one, or all others together. Effects of a
// pair add up to Gap to the cent.
type RegionFactor struct {
	ID          string  `db:"region_id"`
	Name        string  `db:"region_name"`
	OtherID     string  `db:"other_id"` // "": all others together
	Other       string  `db:"other_name"`
	NOthers     int64   `db:"n_others"`
	Factor      string  `db:"factor"` // market, leads, win_rate, orders, ticket or collection
	Value       float64 `db:"value"`
	OtherValue  float64 `db:"other_value"`
	Result      float64 `db:"result"`
	OtherResult float64 `db:"other_result"`
	Gap         float64 `db:"gap"`
	Effect      float64 `db:"effect"`
}

// RegionFactors splits the gaps of the regions in a scope.
func (r *Run) RegionFactors(ctx context.Context, scope Scope, month time.Time) ([]RegionFactor, error) {
	return collect[RegionFactor](ctx, r, "diagnosis_regions", scope, map[string]any{"month": month})
}
