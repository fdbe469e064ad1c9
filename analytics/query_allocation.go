package analytics

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"levelfield/analytics/stat"
)

// AllocationRegion is a region with a resource as it stands, how its sales
// respond, and the plan's settings.
type AllocationRegion struct {
	ID              string   `db:"region_id"`
	Name            string   `db:"region_name"`
	Today           float64  `db:"today"`  // resource of a month
	Sales           float64  `db:"sales"`  // of a month
	Margin          float64  `db:"margin"` // gross profit over sales
	HasMargin       bool     `db:"has_margin"`
	Elasticity      float64  `db:"elasticity"`
	Low             float64  `db:"elasticity_low"` // 5 %
	High            float64  `db:"elasticity_high"`
	SE              float64  `db:"se"`
	SharedSE        float64  `db:"shared_se"`
	LevelSE         float64  `db:"level_se"`
	Own             *float64 `db:"own_elasticity"`
	OwnSE           *float64 `db:"own_se"`
	SD              float64  `db:"resource_sd"`
	Leverage        float64  `db:"leverage"`
	LowSeen         float64  `db:"low_seen"` // least resource of a month
	HighSeen        float64  `db:"high_seen"`
	MonthsFitted    int64    `db:"months_fitted"`
	IsPriorOnly     bool     `db:"is_prior_only"`
	IsConflict      bool     `db:"is_conflict"`
	ConflictZ       float64  `db:"conflict_z"`
	Pooled          *float64 `db:"pooled_elasticity"`
	MeanElasticity  float64  `db:"mean_elasticity"`
	Tau             float64  `db:"tau"`
	ChaseP          float64  `db:"chase_p"`
	Carry           float64  `db:"carry"`
	CarrySE         *float64 `db:"carry_se"`
	Residual        float64  `db:"residual"`
	PriorElasticity float64  `db:"prior_elasticity"`
	PriorSD         float64  `db:"prior_sd"`
	ChangeLimit     float64  `db:"change_limit_rate"`
	Probability     float64  `db:"probability"`
	SwitchingCost   float64  `db:"switching_cost"`
	PersonCost      float64  `db:"person_cost"`
	WindowMonths    int64    `db:"window_months"`
	BoundLow        *float64 `db:"bound_low"`
	BoundHigh       *float64 `db:"bound_high"`
	Together        string   `db:"together"`
	Without         *float64 `db:"without"` // answers of decision calculus
	More            *float64 `db:"more"`
	Unlimited       *float64 `db:"unlimited"`
	Attainment      *float64 `db:"attainment"`
}

// AllocationRegions returns the regions between which a resource can be split;
// empty where no region has both the resource and sales.
func (r *Run) AllocationRegions(ctx context.Context, scope Scope, resource string, month time.Time) ([]AllocationRegion, error) {
	return collect[AllocationRegion](ctx, r, "allocation_regions", scope, map[string]any{"resource": resource, "month": month})
}

// SplitQuestion is what a reader asks for: a total and bounds that replace the plan's.
type SplitQuestion struct {
	Resource  string
	Total     float64            // 0: as today
	IsFree    bool               // the best total instead
	Change    float64            // most relative change of a region; 0: the plan's
	Low, High map[string]float64 // by region id
}

// Question makes the areas and the budget of a split.
func (q SplitQuestion) Question(regions []AllocationRegion) ([]Area, Budget, error) {
	var areas []Area
	var wrong []error
	var total float64
	for _, g := range regions {
		limit := g.ChangeLimit
		if q.Change > 0 {
			limit = q.Change
		}
		a := Area{
			ID: g.ID, Name: g.Name, Today: g.Today, Sales: g.Sales, Margin: g.Margin, Elasticity: g.Elasticity,
			SE: g.SE, Shared: g.SharedSE, LevelSE: g.LevelSE, Low: g.Today * (1 - limit), High: g.Today * (1 + limit), Together: g.Together,
		}
		if g.BoundLow != nil {
			a.Low = *g.BoundLow
		}
		if g.BoundHigh != nil {
			a.High = *g.BoundHigh
		}
		if v, ok := q.Low[g.ID]; ok {
			a.Low = v
		}
		if v, ok := q.High[g.ID]; ok {
			a.High = v
		}
		if q.Resource == Headcount {
			a.Low, a.High = math.Floor(a.Low), math.Ceil(a.High)
		}
		if g.Without != nil && g.More != nil && g.Unlimited != nil {
			curve, err := stat.AskAdbudg(*g.Without, *g.Unlimited, *g.More)
			if err != nil {
				wrong = append(wrong, fmt.Errorf("%s: %w", g.Name, err))
			}
			a.Answers = &curve
		}
		total += a.Today
		areas = append(areas, a)
	}
	if len(regions) == 0 {
		return nil, Budget{}, errors.New("allocation: no region has both the resource and sales; load market data with promotion_amount, or expenses of kind promotion")
	}
	g := regions[0]
	b := Budget{Total: q.Total, IsFree: q.IsFree, UnitCost: 1, SwitchingCost: g.SwitchingCost, Probability: g.Probability, Seed: 20}
	if q.Total == 0 {
		b.Total = total
	}
	if q.Resource == Headcount {
		b.Unit, b.UnitCost = 1, g.PersonCost
		b.Total = math.Round(b.Total)
	}
	return areas, b, errors.Join(wrong...)
}

// Experiment is the smallest relative effect on sales that a trial of pairs
// would show: 2.8 sqrt(2 s2 / (pairs x months)) (methods: allocation 3.4).
func Experiment(residual float64, pairs, months int) float64 {
	return 2.8 * math.Sqrt(2*residual*residual/float64(pairs*months))
}
