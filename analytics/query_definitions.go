package analytics

import "context"

// Definition names an indicator, its unit and which way is better.
type Definition struct {
	ID        string `db:"indicator"`
	Class     string `db:"class"`     // result, customer, activity, process, quality, team or bonus
	Unit      string `db:"unit"`      // rate, money, count, points, per_day, ratio, days or pieces
	Direction string `db:"direction"` // up, down or none
	TitleEn   string `db:"title_en"`
	TitleZh   string `db:"title_zh"`
}

// Better returns 1 if a rise of the value is good, -1 if bad, 0 if neither.
func (d Definition) Better() float64 {
	switch d.Direction {
	case "up":
		return 1
	case "down":
		return -1
	}
	return 0
}

// Definitions returns the indicators of the run in their order.
func (r *Run) Definitions(ctx context.Context) ([]Definition, error) {
	return collectOnce[Definition](ctx, r, "definitions", Scope{}, nil)
}
