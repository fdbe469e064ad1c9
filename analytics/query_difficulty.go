package analytics

import (
	"context"
	"time"
)

// DifficultyState is what a run can say of market difficulty in a month, and
// what it cannot.
type DifficultyState struct {
	NJudged               int64      `db:"n_judged"`  // people with a coefficient
	Evaluated             *time.Time `db:"evaluated"` // last month of the evaluation used; nil for none
	Verdict               string     `db:"verdict"`   // separable, partly, not separable or ""
	MultiShare            float64    `db:"multi_share"`
	MoverShare            float64    `db:"mover_share"`
	LargestComponent      float64    `db:"largest_component"`
	NPeople               int64      `db:"n_people"`
	NCells                int64      `db:"n_cells"`
	IsSortingAlarm        bool       `db:"is_sorting_alarm"`
	ColleagueWeight       *float64   `db:"colleague_weight"` // the most that one colleague weighs in a cell effect; nil where nobody has one
	NNegative             int64      `db:"n_negative"`       // months of people in which returns were more than sales
	TargetSlope           *float64   `db:"target_slope"`     // 0: targets ignore the market; 1: they price it
	IsTargetAlarm         bool       `db:"is_target_alarm"`
	Drift                 *float64   `db:"drift"` // all sales over all frozen expectations
	IsDriftAlarm          bool       `db:"is_drift_alarm"`
	Mode                  string     `db:"mode"`    // data, policy, blend or override
	Channel               string     `db:"channel"` // attainment, points or none
	MinMonths             int64      `db:"min_months"`
	NMonthsBefore         int64      `db:"n_months_before"`
	HasSales              bool       `db:"has_sales"`
	HasMarket             bool       `db:"has_market"`
	HasTargets            bool       `db:"has_targets"`
	HasDeals              bool       `db:"has_deals"`
	HasPolicy             bool       `db:"has_policy"`
	PolicySlope           *float64   `db:"policy_slope"`
	PolicyRankCorrelation *float64   `db:"policy_rank_correlation"`
	NPolicyOutside        int64      `db:"n_policy_outside"`
}

// DifficultyState returns what is known of a month's market difficulty.
func (r *Run) DifficultyState(ctx context.Context, month time.Time) (DifficultyState, error) {
	rows, err := collect[DifficultyState](ctx, r, "difficulty_state", Scope{}, map[string]any{"month": month})
	if err != nil || len(rows) == 0 {
		return DifficultyState{}, err
	}
	return rows[0], nil
}

// DifficultyPerson is one person's market coefficient of a month.
type DifficultyPerson struct {
	ID               string   `db:"unit_id"`
	Name             string   `db:"unit_name"`
	Region           string   `db:"region_name"`
	ProductLine      string   `db:"product_line"`
	Segment          string   `db:"segment"`
	Level            string   `db:"level_used"` // segment, region or company
	Data             float64  `db:"d_data"`
	Low              float64  `db:"d_low"`
	High             float64  `db:"d_high"`
	Policy           float64  `db:"d_policy"`
	D                float64  `db:"d"`     // in force
	Pay              float64  `db:"d_pay"` // damped and bounded
	Points           float64  `db:"points"`
	Reliability      float64  `db:"reliability"`
	NeedsApproval    bool     `db:"needs_approval"`
	OverrideReason   string   `db:"override_reason"`
	OverrideApprover string   `db:"override_approver"`
	Sold             float64  `db:"sold"`
	Expected         float64  `db:"expected"`
	HasTarget        bool     `db:"has_target"`
	Attainment       float64  `db:"attainment"`
	Adjusted         float64  `db:"adjusted"`
	AdjustedLow      float64  `db:"adjusted_low"`
	AdjustedHigh     float64  `db:"adjusted_high"`
	PlaceBefore      int64    `db:"place_before"`
	PlaceAfter       int64    `db:"place_after"`
	NPeople          int64    `db:"n_people"`
	Index            *float64 `db:"index"`
	IndexLow         *float64 `db:"index_low"`
	IndexHigh        *float64 `db:"index_high"`
	IndexReliability float64  `db:"index_reliability"`
	IsThin           bool     `db:"is_thin"`
	Whale            *float64 `db:"whale_rate"`
}

// DifficultyPeople returns the people judged in a month, the hardest market
// first; region limits them unless it is "".
func (r *Run) DifficultyPeople(ctx context.Context, scope Scope, region string, month time.Time) ([]DifficultyPerson, error) {
	return collect[DifficultyPerson](ctx, r, "difficulty_people", scope, map[string]any{"region_id": region, "month": month})
}

// DifficultyCell is the coefficient of one market cell.
type DifficultyCell struct {
	ID          string  `db:"cell_id"`
	Region      string  `db:"region_name"`
	ProductLine string  `db:"product_line"`
	Segment     string  `db:"segment"`
	NPeople     int64   `db:"n_people"`
	Data        float64 `db:"d_data"`
	Low         float64 `db:"d_low"`
	High        float64 `db:"d_high"`
	Policy      float64 `db:"d_policy"`
	Attainment  float64 `db:"attainment"`
	// Of a published coefficient; "" and nil without one.
	Reason      string     `db:"reason"`
	Approver    string     `db:"approver"`
	StartsOn    *time.Time `db:"starts_on"`
	EndsOn      *time.Time `db:"ends_on"`
	PublishedIn string     `db:"published_in"` // version of the plan
}

// DifficultyCells returns the coefficients of the market cells of a month, the
// hardest first.
func (r *Run) DifficultyCells(ctx context.Context, scope Scope, region string, month time.Time) ([]DifficultyCell, error) {
	return collect[DifficultyCell](ctx, r, "difficulty_cells", scope, map[string]any{"region_id": region, "month": month})
}

// DifficultyMoved is what a coefficient set by hand moved against the data.
type DifficultyMoved struct {
	ID          string     `db:"unit_id"`
	Name        string     `db:"unit_name"`
	Source      string     `db:"source"` // override or policy
	Approver    string     `db:"approver"`
	Reason      string     `db:"reason"`
	ExpiresOn   *time.Time `db:"expires_on"`
	PublishedIn string     `db:"published_in"` // version of the plan; "" for an override
	D           float64    `db:"d"`
	Data        float64    `db:"d_data"`
	Low         float64    `db:"d_low"`
	High        float64    `db:"d_high"`
	Points      float64    `db:"points_moved"`
	Pay         float64    `db:"pay_moved"`
}

// DifficultyMoved returns the people of a month whose coefficient was set by
// hand, by who approved it, the most money first.
func (r *Run) DifficultyMoved(ctx context.Context, scope Scope, region string, month time.Time) ([]DifficultyMoved, error) {
	return collect[DifficultyMoved](ctx, r, "difficulty_moved", scope, map[string]any{"region_id": region, "month": month})
}

// DifficultyAudited is a person whom the audit places far from where the paid
// index does.
type DifficultyAudited struct {
	ID        string  `db:"unit_id"`
	Name      string  `db:"unit_name"`
	Index     float64 `db:"index"`
	Audit     float64 `db:"audit_index"`
	RankShift float64 `db:"rank_shift"` // share of all people; above 0: higher by the audit
}

// DifficultyAudited returns the people whose places by the paid index and by
// the audit are more than a tenth of all people apart, the furthest first.
func (r *Run) DifficultyAudited(ctx context.Context, scope Scope, region string, month time.Time) ([]DifficultyAudited, error) {
	return collect[DifficultyAudited](ctx, r, "difficulty_audit", scope, map[string]any{"region_id": region, "month": month})
}

// DifficultyPart is a part of coefficients: a driver, the cell effect, the
// target, the mix of cells or the reference.
type DifficultyPart struct {
	Item    string  `db:"item"`
	TitleEn string  `db:"title_en"` // of a driver
	TitleZh string  `db:"title_zh"`
	Amount  float64 `db:"amount"` // what it adds to ln d
	// Of a driver: its value as fitted, the mean of people, the coefficient of
	// the person's fit. Of the target: for whole attendance, and the average
	// one. nil where there is none.
	Value     *float64 `db:"value"`
	MeanValue *float64 `db:"mean_value"`
	Weight    *float64 `db:"weight"`
}

// DifficultyParts returns what makes a person's coefficient of a month; the
// parts add up to its logarithm.
func (r *Run) DifficultyParts(ctx context.Context, scope Scope, rep string, month time.Time) ([]DifficultyPart, error) {
	return collect[DifficultyPart](ctx, r, "difficulty_parts", scope, map[string]any{"rep_id": rep, "month": month})
}

// DifficultyDriver is how far one part moves coefficients between people.
type DifficultyDriver struct {
	Item    string  `db:"item"`
	TitleEn string  `db:"title_en"`
	TitleZh string  `db:"title_zh"`
	Low     float64 `db:"low"` // the least it adds to ln d
	High    float64 `db:"high"`
	Reach   float64 `db:"reach"`
}

// DifficultyDrivers returns the parts of a month's coefficients, the widest
// first.
func (r *Run) DifficultyDrivers(ctx context.Context, month time.Time) ([]DifficultyDriver, error) {
	return collect[DifficultyDriver](ctx, r, "difficulty_drivers", Scope{}, map[string]any{"month": month})
}

// AdjustedUnit is a unit's attainment before and after market difficulty.
type AdjustedUnit struct {
	ID           string  `db:"unit_id"`
	Name         string  `db:"unit_name"`
	Sold         float64 `db:"sold"`
	Expected     float64 `db:"expected"`
	Attainment   float64 `db:"attainment"`
	Adjusted     float64 `db:"adjusted"`
	AdjustedLow  float64 `db:"adjusted_low"`
	AdjustedHigh float64 `db:"adjusted_high"`
	HasTarget    bool    `db:"has_target"`
	Verdict      string  `db:"verdict"`
	PlaceBefore  int64   `db:"place_before"`
	PlaceAfter   int64   `db:"place_after"`
}

// UnitsAdjusted returns regions, or the people of a region, by attainment
// after market difficulty, the best first.
func (r *Run) UnitsAdjusted(ctx context.Context, scope Scope, kind, parent string, month time.Time) ([]AdjustedUnit, error) {
	return collect[AdjustedUnit](ctx, r, "units_adjusted", scope, map[string]any{"unit_kind": kind, "parent_id": parent, "month": month})
}
