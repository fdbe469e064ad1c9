// Package plan reads plan files: the rules and numbers by which a company
// judges and pays, as strict YAML. Files in plans/ are versions of one plan,
// each from its starting month on. A plan becomes the tables plan.* that the
// SQL reads; a key of the file and the column it fills have the same name.
package plan

import (
	"embed"
	"encoding/json"
	"fmt"

	"github.com/invopop/jsonschema"
)

//go:embed presets/*.yaml
var presets embed.FS

// Presets are the names of the shipped plans.
var Presets = []string{"default", "small-team", "field-sales"}

// File is one version of a plan: one plan file. Keys left out keep the value
// of the shipped default; a list that is given replaces the default's list.
type File struct {
	place
	ID   string `yaml:"-"` // of the version: the file's name without .yaml
	Path string `yaml:"-"` // as messages name it, "" for a shipped plan

	Name        string             `yaml:"name" jsonschema:"required,description=Short name of the plan"`
	Starts      Month              `yaml:"starts" jsonschema:"description=First month judged by this file; from the beginning where left out"`
	Setting     Setting            `yaml:"setting"`
	RaterWeight map[string]float64 `yaml:"rater_weight" jsonschema:"minimum=0,maximum=1,description=Weight of each kind of rater: manager\\, peer\\, self"`
	Target      []Target           `yaml:"target" jsonschema:"description=Values shown beside indicators"`
	Scorecard   []Scorecard        `yaml:"scorecard" jsonschema:"description=How scores come about: trees of weights over indicators"`
	Pay         Pay                `yaml:"pay"`
	Rule        []Rule             `yaml:"rule" jsonschema:"description=Rewards and penalties"`
	Difficulty  Difficulty         `yaml:"difficulty"`
	Allocation  Allocation         `yaml:"allocation"`
}

// Setting is the one row of plan.setting. Base currency and first month of the
// fiscal year come from levelfield.yaml unless the plan names its own.
type Setting struct {
	place
	BaseCurrency           string  `yaml:"base_currency" jsonschema:"description=Currency of every amount; from levelfield.yaml where empty"`
	SalesSource            string  `yaml:"sales_source" jsonschema:"enum=finance,enum=deals"`
	AsOf                   Day     `yaml:"as_of_on" jsonschema:"description=Cash and replies count up to this day; last day of each month where empty"`
	CollectionGraceDays    int     `yaml:"collection_grace_days" jsonschema:"minimum=0,maximum=365"`
	ReplyHours             float64 `yaml:"reply_hours" jsonschema:"minimum=0,maximum=720"`
	ResolutionDays         float64 `yaml:"resolution_days" jsonschema:"minimum=0,maximum=365"`
	ActiveCustomerMonths   int     `yaml:"active_customer_months" jsonschema:"minimum=1,maximum=60"`
	TrainingMonths         int     `yaml:"training_months" jsonschema:"minimum=1,maximum=60"`
	FiscalYearStart        int     `yaml:"fiscal_year_start" jsonschema:"minimum=1,maximum=12"`
	ReconcileToleranceRate float64 `yaml:"reconcile_tolerance_rate" jsonschema:"minimum=0,maximum=1"`
	InnovationCap          float64 `yaml:"innovation_cap" jsonschema:"minimum=0,maximum=100"`
	ReviewGender           bool    `yaml:"review_gender" jsonschema:"description=The fairness review compares genders\\, where reps carry group_gender"`
	ReviewAge              bool    `yaml:"review_age" jsonschema:"description=The fairness review compares age bands\\, where reps carry group_age"`
	FirstMonth             Month   `yaml:"first_month" jsonschema:"description=First month calculated; the first with data where empty"`
	LastMonth              Month   `yaml:"last_month" jsonschema:"description=Last month calculated; the last with data where empty"`
}

// Target is one row of plan.target.
type Target struct {
	place
	Indicator string  `yaml:"indicator" jsonschema:"required"`
	Amount    float64 `yaml:"amount" jsonschema:"required"`
	UnitKind  string  `yaml:"unit_kind" jsonschema:"enum=company,enum=region,enum=team,enum=rep,description=Every kind of unit where left out"`
}

// Scorecard is one score: a tree of weights, and points added on top.
type Scorecard struct {
	place
	ID            string  `yaml:"id" jsonschema:"required,description=Name in rules and relations\\, such as pay"`
	Title         Words   `yaml:"title" jsonschema:"required"`
	StandardScore float64 `yaml:"standard_score" jsonschema:"minimum=1,maximum=1000,description=Score that pays exactly the commission; 80 where left out"`
	FullScore     float64 `yaml:"full_score" jsonschema:"minimum=1,maximum=1000,description=Most points a curve may give; 100 where left out"`
	Of            []Node  `yaml:"of" jsonschema:"required,description=Parts of the score; their weights add up to 1"`
	Bonus         []Bonus `yaml:"bonus" jsonschema:"description=Points added to the weighted sum"`
}

// Node is a part of a score: a branch with parts of its own, an indicator with
// its scoring standard, or the score of another card.
type Node struct {
	place
	ID           string  `yaml:"id" jsonschema:"description=Name among its siblings; the indicator's where left out"`
	Title        Words   `yaml:"title" jsonschema:"description=The indicator's title where left out"`
	Weight       float64 `yaml:"weight" jsonschema:"required,minimum=0,maximum=1,description=Share of the parent; siblings add up to 1"`
	Indicator    string  `yaml:"indicator"`
	Curve        Curve   `yaml:"curve" jsonschema:"description=Points for a value of the indicator"`
	WithoutValue string  `yaml:"without_value" jsonschema:"enum=share,enum=zero,description=share (default): siblings take the weight where there is no value; zero: no points"`
	Scorecard    string  `yaml:"scorecard" jsonschema:"description=Takes the score of this card"`
	Of           []Node  `yaml:"of"`
}

// Bonus adds the points of an indicator after the weighted sum, up to a cap.
type Bonus struct {
	place
	ID        string  `yaml:"id"`
	Title     Words   `yaml:"title"`
	Indicator string  `yaml:"indicator" jsonschema:"required"`
	Cap       float64 `yaml:"cap" jsonschema:"minimum=0,maximum=1000,description=Most points; innovation_cap of the settings where left out"`
	Curve     Curve   `yaml:"curve" jsonschema:"description=One point for each unit of the indicator where left out"`
}

// Pay is how sales, cash, expenses and the score become money.
type Pay struct {
	place
	BaseIndicator       string  `yaml:"base_indicator" jsonschema:"description=Amount that earns commission"`
	TierMethod          string  `yaml:"tier_method" jsonschema:"enum=marginal,enum=whole,description=marginal: each part of the amount at the rate of its tier; whole: all of it at the rate of the tier reached"`
	Tier                []Tier  `yaml:"tier"`
	ScoreScorecard      string  `yaml:"score_scorecard" jsonschema:"description=Card whose score over its standard score multiplies pay"`
	ReleaseScore        string  `yaml:"release_score" jsonschema:"enum=sale,enum=release,enum=none,description=Score factor of commission paid when its cash comes: of the month of sale or of release or none"`
	WaitsForCash        bool    `yaml:"waits_for_cash" jsonschema:"description=Whether commission is earned as the cash comes; false: all of it when sold"`
	BadDebtDays         int     `yaml:"bad_debt_days" jsonschema:"minimum=30,maximum=3650,description=Commission still unpaid by the customer after so many days is taken back; never where left out"`
	ExpenseStandardRate float64 `yaml:"expense_standard_rate" jsonschema:"minimum=0,maximum=1"`
	ExpenseCeilingRate  float64 `yaml:"expense_ceiling_rate" jsonschema:"minimum=0,maximum=1,description=Above it the commission is void unless an exception is approved"`
	SavingShare         float64 `yaml:"saving_share" jsonschema:"minimum=0,maximum=1"`
	IsSavingInside      bool    `yaml:"is_saving_inside" jsonschema:"description=Whether the score multiplies the reward for saving too"`
	OverrunShare        float64 `yaml:"overrun_share" jsonschema:"minimum=0,maximum=1"`
	IsCarriedForward    bool    `yaml:"is_carried_forward" jsonschema:"description=Whether a negative result is taken from later months"`
	PoolThreshold       float64 `yaml:"pool_threshold" jsonschema:"minimum=0,maximum=10,description=Attainment of a team from which it shares a pool"`
	PoolRate            float64 `yaml:"pool_rate" jsonschema:"minimum=0,maximum=1,description=Part of sales above target that goes into the pool"`
	PoolSharing         string  `yaml:"pool_sharing" jsonschema:"enum=equal,enum=score,enum=contribution"`
}

// Tier is a range of the base amount with its rate of commission.
type Tier struct {
	place
	FromAmount float64 `yaml:"from_amount" jsonschema:"required,minimum=0"`
	ToAmount   float64 `yaml:"to_amount" jsonschema:"minimum=0,description=Left out in the last tier"`
	Rate       float64 `yaml:"rate" jsonschema:"required,minimum=0,maximum=1"`
}

// Rule is a reward or a penalty: what happens when a condition holds for a
// number of months in a row.
type Rule struct {
	place
	ID         string  `yaml:"id" jsonschema:"required"`
	Title      Words   `yaml:"title" jsonschema:"required"`
	Indicator  string  `yaml:"indicator" jsonschema:"required,description=An indicator\\, or score"`
	Comparison string  `yaml:"comparison" jsonschema:"required,enum=>=,enum=>,enum=<,enum=<="`
	Value      float64 `yaml:"value" jsonschema:"required"`
	Months     int     `yaml:"months" jsonschema:"minimum=1,maximum=24,description=Months in a row; 1 where left out"`
	Effect     string  `yaml:"effect" jsonschema:"required,enum=bonus,enum=certificate,enum=promotion,enum=coaching,enum=reduced_rate"`
	Amount     float64 `yaml:"amount" jsonschema:"minimum=0,maximum=1000000000,description=Money of a bonus"`
	Rate       float64 `yaml:"rate" jsonschema:"minimum=0,maximum=1,description=What reduced_rate multiplies the commission with"`
}

// Difficulty is how the market's difficulty enters scores, and within which
// bounds.
type Difficulty struct {
	place
	Mode              string   `yaml:"mode" jsonschema:"enum=data,enum=policy,enum=blend,enum=override,description=Where coefficients come from: estimated; published by hand; both mixed by reliability; by hand where given and else estimated"`
	Channel           string   `yaml:"channel" jsonschema:"enum=attainment,enum=points,enum=none,description=The one way in which difficulty enters a score"`
	PointsMax         float64  `yaml:"points_max" jsonschema:"minimum=0,maximum=100"`
	PointsDown        float64  `yaml:"points_down" jsonschema:"minimum=0,maximum=100"`
	DMax              float64  `yaml:"d_max" jsonschema:"minimum=1.01,maximum=3,description=Coefficient that brings the most points"`
	AttainmentFloor   float64  `yaml:"attainment_floor" jsonschema:"minimum=0,maximum=10"`
	AttainmentCap     float64  `yaml:"attainment_cap" jsonschema:"minimum=0,maximum=10"`
	PayLowQuantile    float64  `yaml:"pay_low_quantile" jsonschema:"minimum=0,maximum=1"`
	PayHighQuantile   float64  `yaml:"pay_high_quantile" jsonschema:"minimum=0,maximum=1"`
	WindowMonths      int      `yaml:"window_months" jsonschema:"minimum=1,maximum=120"`
	HalfLifeMonths    int      `yaml:"half_life_months" jsonschema:"minimum=1,maximum=120"`
	MinMonths         int      `yaml:"min_months" jsonschema:"minimum=1,maximum=120"`
	MinDeals          int      `yaml:"min_deals" jsonschema:"minimum=0,maximum=10000"`
	PolicyCoefficient []Policy `yaml:"policy_coefficient" jsonschema:"description=Coefficients published by hand"`
}

// Policy is a coefficient published by hand, for everything it does not narrow
// down.
type Policy struct {
	place
	Region      string  `yaml:"region"`
	ProductLine string  `yaml:"product_line"`
	Segment     string  `yaml:"segment"`
	Coefficient float64 `yaml:"coefficient" jsonschema:"required,minimum=0.8,maximum=1.3,multipleOf=0.05"`
	Reason      string  `yaml:"reason" jsonschema:"required"`
	Approver    string  `yaml:"approver" jsonschema:"required"`
	StartsOn    Day     `yaml:"starts_on" jsonschema:"required"`
	EndsOn      Day     `yaml:"ends_on" jsonschema:"required"`
}

// Allocation is how a budget or people are split between regions, and when a
// change is recommended.
type Allocation struct {
	place
	PriorElasticity float64            `yaml:"prior_elasticity" jsonschema:"minimum=0.05,maximum=0.9,description=Elasticity of sales expected before any data of the company"`
	PriorSD         float64            `yaml:"prior_sd" jsonschema:"minimum=0.01,maximum=0.5,description=How sure that is: its standard deviation"`
	ChangeLimitRate float64            `yaml:"change_limit_rate" jsonschema:"minimum=0,maximum=1,description=Most that a region gains or loses at once where it has no bounds of its own"`
	Probability     float64            `yaml:"probability" jsonschema:"minimum=0.5,maximum=0.999,description=Of a gain; from it a change is recommended"`
	SwitchingCost   float64            `yaml:"switching_cost" jsonschema:"minimum=0,maximum=1000000000,description=Money of a month that a change must earn beyond itself"`
	PersonCost      float64            `yaml:"person_cost" jsonschema:"minimum=0,maximum=1000000000,description=Money of a month that one more person costs"`
	WindowMonths    int                `yaml:"window_months" jsonschema:"minimum=1,maximum=60,description=Months whose mean is today"`
	Bound           []AllocationBound  `yaml:"bound" jsonschema:"description=Bounds of a region"`
	Answer          []AllocationAnswer `yaml:"answer" jsonschema:"description=Judgement where there is no usable history"`
}

// AllocationBound bounds what a region may get of a resource.
type AllocationBound struct {
	place
	Resource string  `yaml:"resource" jsonschema:"required,enum=promotion,enum=headcount"`
	Region   string  `yaml:"region" jsonschema:"required,description=Id or name"`
	Low      float64 `yaml:"low" jsonschema:"minimum=0,maximum=1000000000000"`
	High     float64 `yaml:"high" jsonschema:"minimum=0,maximum=1000000000000,description=No bound where left out"`
	Together string  `yaml:"together" jsonschema:"description=Regions of one name keep their proportion"`
}

// AllocationAnswer is what people expect of a region's sales as shares of
// today's (decision calculus).
type AllocationAnswer struct {
	place
	Resource  string  `yaml:"resource" jsonschema:"required,enum=promotion,enum=headcount"`
	Region    string  `yaml:"region" jsonschema:"required,description=Id or name"`
	None      float64 `yaml:"none" jsonschema:"required,minimum=0,maximum=0.999,description=Without the resource"`
	More      float64 `yaml:"more" jsonschema:"required,minimum=1.001,maximum=10,description=With half as much again"`
	Unlimited float64 `yaml:"unlimited" jsonschema:"required,minimum=1.002,maximum=20,description=With as much as one likes"`
}

// Indicator is what a plan has to know of an indicator it names.
type Indicator struct {
	Title     Words
	Unit      string // rate, money, count, points, per_day, ratio, days, pieces
	Direction string // up, down, none: which way is better
}

// Indicators are those that a plan may name, by id; nil: they are not checked.
type Indicators map[string]Indicator

// measures are made for scores only and are no indicators of their own.
var measures = Indicators{
	adjustedAttainment: {Words{"Adjusted attainment", "调整后达成率"}, "rate", "up"},
	difficultyPoints:   {Words{"Points for market difficulty", "市场难度加分"}, "points", "up"},
}

const (
	adjustedAttainment = "adjusted_attainment"
	difficultyPoints   = "difficulty_points"
	score              = "score" // in rules: of the card that pay goes by
)

func (known Indicators) find(id string) (Indicator, bool) {
	if m, ok := measures[id]; ok {
		return m, true
	}
	i, ok := known[id]
	return i, ok
}

// Preset returns the text of a shipped plan, to start a plan file from.
func Preset(name string) ([]byte, error) {
	text, err := presets.ReadFile("presets/" + name + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("there is no shipped plan %q; there are %s", name, oneOf(Presets))
	}
	return text, nil
}

// Default returns the shipped plan named default.
func Default() *File {
	f := &File{ID: "default"}
	text, err := Preset("default")
	if err == nil {
		r := &reader{file: "presets/default.yaml"}
		r.read(text, f)
		r.check(f, nil)
		err = r.err()
	}
	if err != nil {
		panic(err)
	}
	return f
}

// Parse reads one version over the shipped default. known are the indicators
// it may name; nil leaves them unchecked. The error joins every mistake, each
// with its line.
func Parse(name string, text []byte, known Indicators) (*File, error) {
	f := Default()
	f.ID, f.Path = versionID(name), name
	f.place, f.Setting.place, f.Pay.place, f.Difficulty.place, f.Allocation.place = place{}, place{}, place{}, place{}, place{} // of the default's file
	r := &reader{file: name}
	r.read(text, f)
	r.check(f, known)
	if err := r.err(); err != nil {
		return nil, err
	}
	return f, nil
}

// Schema returns the JSON schema of plan files, for editors. known may be nil.
func Schema(known Indicators) []byte {
	r := &jsonschema.Reflector{FieldNameTag: "yaml", RequiredFromJSONSchemaTags: true, Anonymous: true}
	s := r.Reflect(&File{})
	s.Title = "levelfield plan"
	if known != nil {
		for _, place := range []string{"Node", "Bonus", "Target"} {
			if indicator, ok := s.Definitions[place].Properties.Get("indicator"); ok {
				for _, id := range sortedKeys(known) {
					indicator.Enum = append(indicator.Enum, id)
				}
				if place != "Target" {
					for _, id := range sortedKeys(measures) {
						indicator.Enum = append(indicator.Enum, id)
					}
				}
			}
		}
	}
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		panic(err)
	}
	return append(text, '\n')
}
