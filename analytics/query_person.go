package analytics

import (
	"context"
	"time"
)

// Band is a person's value beside bands over others, of whom there are at
// least five.
type Band struct {
	Indicator string  `db:"indicator"`
	Value     float64 `db:"value"`
	Peers     int64   `db:"n_peers"`
	P10       float64 `db:"p10"`
	P25       float64 `db:"p25"`
	P50       float64 `db:"p50"`
	P75       float64 `db:"p75"`
	P90       float64 `db:"p90"`
}

// PeerBands returns a person's values of indicators beside bands over others.
func (r *Run) PeerBands(ctx context.Context, scope Scope, rep string, month time.Time, indicators []string) ([]Band, error) {
	return collect[Band](ctx, r, "peer_bands", scope, map[string]any{"rep_id": rep, "month": month, "indicators": indicators})
}

// MarketPart is one part of a person's market coefficient, beside the whole.
type MarketPart struct {
	Expected     float64  `db:"expected"` // sales of an average person there
	Sold         float64  `db:"sold"`
	D            float64  `db:"d"` // coefficient in force
	Low          *float64 `db:"d_low"`
	High         *float64 `db:"d_high"`
	Reliability  *float64 `db:"reliability"`
	Attainment   *float64 `db:"attainment"`
	Adjusted     *float64 `db:"adjusted"`
	AdjustedLow  *float64 `db:"adjusted_low"`
	AdjustedHigh *float64 `db:"adjusted_high"`
	Verdict      string   `db:"verdict"`
	Channel      string   `db:"channel"`
	TitleEn      string   `db:"title_en"`
	TitleZh      string   `db:"title_zh"`
	Amount       float64  `db:"amount"` // in logs; the parts add up to that of D from data
}

// PersonMarket returns the parts of a person's market coefficient, the largest
// first; none where the market was not judged.
func (r *Run) PersonMarket(ctx context.Context, scope Scope, rep string, month time.Time) ([]MarketPart, error) {
	return collect[MarketPart](ctx, r, "person_market", scope, map[string]any{"rep_id": rep, "month": month})
}
