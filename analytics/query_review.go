package analytics

import (
	"context"
	"time"
)

// Finding is one finding of the fairness review, or the answer of an item.
// Figures are in the unit of the item; nil where there is none.
type Finding struct {
	Item      string   `db:"item"` // F1 to F15
	Flag      string   `db:"flag"` // look, amber, none, cannot tell or withheld
	Measure   string   `db:"measure"`
	GroupKind string   `db:"group_kind"`
	GroupID   string   `db:"group_id"`
	GroupName string   `db:"group_name"`
	Effect    *float64 `db:"effect"`
	Low       *float64 `db:"effect_low"` // 95 %
	High      *float64 `db:"effect_high"`
	Before    *float64 `db:"effect_before"`
	N         int64    `db:"n"`
	P         *float64 `db:"p"`
	Q         *float64 `db:"q"` // p-value with all tests of the report counted
	Threshold *float64 `db:"threshold"`
	Unseen    *float64 `db:"unseen"` // gap that would go unseen one time in five
	Reason    string   `db:"reason"`
}

// Verdict is the answer of one item: its gravest finding and how many there are.
type Verdict struct {
	Item      string   `db:"item"`
	Flag      string   `db:"flag"`
	Measure   string   `db:"measure"`
	GroupKind string   `db:"group_kind"`
	GroupID   string   `db:"group_id"`
	GroupName string   `db:"group_name"`
	Effect    *float64 `db:"effect"`
	Low       *float64 `db:"effect_low"`
	High      *float64 `db:"effect_high"`
	Before    *float64 `db:"effect_before"`
	N         int64    `db:"n"`
	P         *float64 `db:"p"`
	Q         *float64 `db:"q"`
	Threshold *float64 `db:"threshold"`
	Unseen    *float64 `db:"unseen"`
	Reason    string   `db:"reason"`
	NLook     int64    `db:"n_look"`
	NAmber    int64    `db:"n_amber"`
	NWithheld int64    `db:"n_withheld"`
	NFindings int64    `db:"n_findings"`
}

// Verdicts returns the answers of the fairness review in the order of its
// items; none for a reader who does not see the whole company.
func (r *Run) Verdicts(ctx context.Context, scope Scope) ([]Verdict, error) {
	return collect[Verdict](ctx, r, "review_verdicts", scope, nil)
}

// Findings returns what one item of the review found, or all items for "".
func (r *Run) Findings(ctx context.Context, scope Scope, item string) ([]Finding, error) {
	return collect[Finding](ctx, r, "review_findings", scope, map[string]any{"item": item})
}

// FunnelPoint is one person in the funnel of sold over expected (F1).
type FunnelPoint struct {
	RepID     string  `db:"rep_id"`
	Expected  float64 `db:"expected"` // money over the window
	Events    float64 `db:"events"`   // effective number
	Ratio     float64 `db:"ratio"`
	InnerLow  float64 `db:"inner_low"` // 95 %
	InnerHigh float64 `db:"inner_high"`
	OuterLow  float64 `db:"outer_low"` // 99.8 %
	OuterHigh float64 `db:"outer_high"`
	Zone      string  `db:"zone"` // "", inner or outer: outside which limits
}

// ReviewFunnel returns the funnel, smallest first.
func (r *Run) ReviewFunnel(ctx context.Context, scope Scope) ([]FunnelPoint, error) {
	return collect[FunnelPoint](ctx, r, "review_funnel", scope, nil)
}

// ReviewPerson is one person under review, before and after the market is
// taken into account.
type ReviewPerson struct {
	Month        time.Time `db:"month"`
	RepID        string    `db:"rep_id"`
	Region       *string   `db:"region_name"`
	D            *float64  `db:"d"`
	Raw          *float64  `db:"raw"`
	Adjusted     *float64  `db:"adjusted"`
	Score        *float64  `db:"score"`
	RawRank      *int64    `db:"raw_rank"`
	AdjustedRank *int64    `db:"adjusted_rank"`
	IsBonus      *bool     `db:"is_bonus"`
	IsStandard   bool      `db:"is_standard"` // the bonus follows the standard score
	HasTargets   bool      `db:"has_targets"`
	HasScores    bool      `db:"has_scores"`
	NBonus       int64     `db:"n_bonus"`
	Depends      *bool     `db:"depends"` // the bonus depends on the coefficient
}

// ReviewPeople returns the people under review by adjusted rank.
func (r *Run) ReviewPeople(ctx context.Context, scope Scope) ([]ReviewPerson, error) {
	return collect[ReviewPerson](ctx, r, "review_people", scope, nil)
}

// LinePoint is one point of a fitted line, or the mean of a fifth of people.
type LinePoint struct {
	Item    string   `db:"item"`
	Measure string   `db:"measure"`
	Kind    string   `db:"kind"` // line or bin
	X       float64  `db:"x"`
	Y       float64  `db:"y"`
	Low     *float64 `db:"low"`
	High    *float64 `db:"high"`
}

// ReviewLines returns the fitted lines of the review's scatters.
func (r *Run) ReviewLines(ctx context.Context, scope Scope) ([]LinePoint, error) {
	return collect[LinePoint](ctx, r, "review_lines", scope, nil)
}

// MoverPoint is one cell of a person who sold in several, from his own mean.
type MoverPoint struct {
	RepID string  `db:"rep_id"`
	X     float64 `db:"x"` // expectation, log
	Y     float64 `db:"y"` // sales, log
}

// ReviewMovers returns the cells of people who sold in several (F4).
func (r *Run) ReviewMovers(ctx context.Context, scope Scope) ([]MoverPoint, error) {
	return collect[MoverPoint](ctx, r, "review_movers", scope, nil)
}

// Stratum is one stratum of like markets and products.
type Stratum struct {
	Market    string `db:"market"`
	Line      string `db:"line"`
	N         int64  `db:"n"`
	Bonus     int64  `db:"n_bonus"`
	Rest      int64  `db:"n_rest"`
	BonusRest int64  `db:"n_bonus_rest"`
}

// ReviewStrata returns the strata of one group (F8).
func (r *Run) ReviewStrata(ctx context.Context, scope Scope, kind, group string) ([]Stratum, error) {
	return collect[Stratum](ctx, r, "review_strata", scope, map[string]any{"group_kind": kind, "group_id": group})
}

// Inequality is how unequal one measure is (F10).
type Inequality struct {
	Measure  string   `db:"measure"`
	N        int64    `db:"n"`
	Excluded int64    `db:"n_excluded"`
	Theil    *float64 `db:"theil"`
	Between  *float64 `db:"between_regions"`
	Within   *float64 `db:"within_regions"`
	Share    *float64 `db:"between_share"`
	Atkinson *float64 `db:"atkinson"`
	Gini     *float64 `db:"gini"`
}

// ReviewInequality returns raw and adjusted results, score and pay.
func (r *Run) ReviewInequality(ctx context.Context, scope Scope) ([]Inequality, error) {
	return collect[Inequality](ctx, r, "review_inequality", scope, nil)
}

// GroupGap is one gap and its parts (F11). Sales are logs a month, scores points.
type GroupGap struct {
	Measure     string   `db:"measure"` // sales or score
	GroupKind   string   `db:"group_kind"`
	GroupID     string   `db:"group_id"`
	GroupName   string   `db:"group_name"`
	OtherName   string   `db:"other_name"` // "" for the rest of the kind
	N           int64    `db:"n"`
	NOther      int64    `db:"n_other"`
	Mean        float64  `db:"mean"`
	MeanOther   float64  `db:"mean_other"`
	Gap         float64  `db:"gap"`
	ByResult    float64  `db:"by_result"`
	ByMarket    float64  `db:"by_market"`
	ByTenure    float64  `db:"by_tenure"`
	Unexplained float64  `db:"unexplained"`
	Low         *float64 `db:"unexplained_low"`
	High        *float64 `db:"unexplained_high"`
}

// ReviewGaps returns all gaps, the largest unexplained of a kind first.
func (r *Run) ReviewGaps(ctx context.Context, scope Scope) ([]GroupGap, error) {
	return collect[GroupGap](ctx, r, "review_gaps", scope, nil)
}

// Rater is one rater's severity (F12), in points of the rating scale.
type Rater struct {
	Kind       string   `db:"rater_kind"`
	ID         string   `db:"rater_id"`
	People     int64    `db:"n_people"`
	Shared     int64    `db:"n_shared"` // of them rated by others too
	Effect     float64  `db:"effect"`   // + lenient, - strict
	Low        float64  `db:"effect_low"`
	High       float64  `db:"effect_high"`
	EffectSD   float64  `db:"effect_sd"`
	Z          float64  `db:"z"`
	Correction float64  `db:"correction"`
	Evidence   string   `db:"evidence"` // shared, index or team
	ICC21      *float64 `db:"icc21"`
	ICC31      *float64 `db:"icc31"`
	SharedRate *float64 `db:"shared_rate"`
	SD         *float64 `db:"sd"`
	SDRatio    *float64 `db:"sd_ratio"`
	Halo       *float64 `db:"halo"`
	Leniency   *float64 `db:"leniency_amount"` // money a month
}

// ReviewRaters returns the raters, the most lenient first.
func (r *Run) ReviewRaters(ctx context.Context, scope Scope) ([]Rater, error) {
	return collect[Rater](ctx, r, "review_raters", scope, nil)
}

// RankInterval is one person's rank and its interval (F13); 1 is best.
type RankInterval struct {
	RepID     string  `db:"rep_id"`
	Median    float64 `db:"median_rank"`
	Low       float64 `db:"rank_low"`
	High      float64 `db:"rank_high"`
	TopFifth  float64 `db:"top_fifth_rate"`
	BeatsNext float64 `db:"beats_next_rate"`
	Band      string  `db:"band"` // A, B or C
}

// ReviewRanks returns the rank intervals, best first.
func (r *Run) ReviewRanks(ctx context.Context, scope Scope) ([]RankInterval, error) {
	return collect[RankInterval](ctx, r, "review_ranks", scope, nil)
}

// Source is one choice behind the score (F14).
type Source struct {
	Kind    string  `db:"kind"` // source, without or all
	Name    string  `db:"name"`
	TitleEn string  `db:"title_en"`
	TitleZh string  `db:"title_zh"`
	Value   float64 `db:"value"`
}

// ReviewSources returns what moves the ranks.
func (r *Run) ReviewSources(ctx context.Context, scope Scope) ([]Source, error) {
	return collect[Source](ctx, r, "review_sources", scope, nil)
}

// TargetPoint is one person's target and expectation, money a month (F15).
type TargetPoint struct {
	RepID    string  `db:"rep_id"`
	Manager  *string `db:"manager_id"`
	Expected float64 `db:"expected"`
	Target   float64 `db:"target"`
}

// ReviewTargets returns targets against expectations.
func (r *Run) ReviewTargets(ctx context.Context, scope Scope) ([]TargetPoint, error) {
	return collect[TargetPoint](ctx, r, "review_targets", scope, nil)
}

// ReviewRule is one threshold and who set it.
type ReviewRule struct {
	Item  string  `db:"item"`
	Rule  string  `db:"rule"`
	Value float64 `db:"value"`
	SetBy string  `db:"set_by"`
}

// ReviewRules returns the thresholds of the review.
func (r *Run) ReviewRules(ctx context.Context, scope Scope) ([]ReviewRule, error) {
	return collect[ReviewRule](ctx, r, "review_rules", scope, nil)
}

// ReviewFacts is what the review rests on.
type ReviewFacts struct {
	Month        *time.Time `db:"month"` // reviewed
	People       int64      `db:"n_people"`
	Regions      int64      `db:"n_regions"`
	Verdict      *string    `db:"verdict"` // separable, partly or not separable
	SharedRate   *float64   `db:"shared_rate"`
	MoverRate    *float64   `db:"mover_rate"`
	IsSorting    *bool      `db:"is_sorting_alarm"`
	SortingRatio *float64   `db:"sorting_ratio"`
	PricedSlope  *float64   `db:"priced_slope"`
	Overrides    int64      `db:"n_overrides"` // last 12 months
	Appeals      int64      `db:"n_appeals"`   // decided
	Upheld       int64      `db:"n_upheld"`
	Hard         int64      `db:"n_hard"` // decided appeals from hard markets
	HardUpheld   int64      `db:"n_hard_upheld"`
	Easy         int64      `db:"n_easy"`
	EasyUpheld   int64      `db:"n_easy_upheld"`
}

// ReviewFacts returns what was checked before the review; nil for a reader who
// does not see the whole company.
func (r *Run) ReviewFacts(ctx context.Context, scope Scope) (*ReviewFacts, error) {
	rows, err := collect[ReviewFacts](ctx, r, "review_facts", scope, nil)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// SpecialCases are the appeals and overrides of one group of the review over 12
// months; of a group that may not be shown the counts are nil.
type SpecialCases struct {
	GroupKind     string   `db:"group_kind"`
	GroupID       string   `db:"group_id"`
	GroupName     string   `db:"group_name"`
	IsShown       bool     `db:"is_shown"`
	People        *int64   `db:"n_people"`
	Sent          *int64   `db:"n_sent"`
	Decided       *int64   `db:"n_decided"`
	Upheld        *int64   `db:"n_upheld"`
	Overrides     *int64   `db:"n_overrides"`
	UpheldRate    *float64 `db:"upheld_rate"`    // of those decided
	OverridesRate *float64 `db:"overrides_rate"` // for each person
}

// ReviewSpecial returns the special cases by group, regions first; none for a
// reader who does not see the whole company.
func (r *Run) ReviewSpecial(ctx context.Context, scope Scope) ([]SpecialCases, error) {
	return collect[SpecialCases](ctx, r, "review_special", scope, nil)
}
