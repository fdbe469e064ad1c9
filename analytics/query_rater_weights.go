package analytics

import "context"

// RaterWeights returns by kind of rater (manager, peer, self) which share of a
// rating the plan gives to its word, 0 to 1.
func (r *Run) RaterWeights(ctx context.Context) (map[string]float64, error) {
	rows, err := collect[struct {
		RaterKind string  `db:"rater_kind"`
		Weight    float64 `db:"weight"`
	}](ctx, r, "rater_weights", Scope{}, nil)
	weights := map[string]float64{}
	for _, row := range rows {
		weights[row.RaterKind] = row.Weight
	}
	return weights, err
}
