package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path/filepath"
	"slices"
	"time"
)

// Table is one relation plan.<Name> with its rows, ready to be created.
type Table struct {
	Name    string
	Columns []Column
	Rows    [][]any // a value a column; nil is null
}

// Column is a column with its SQL type.
type Column struct{ Name, Type string }

// beginning is the first day of a version that names no starting month.
var beginning = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)

const (
	text   = "varchar"
	rate   = "decimal(18,6)"
	amount = "decimal(18,2)"
)

// Tables returns the plan as the relations that the SQL reads, in a fixed
// order with fixed rows: equal plans give equal tables. Settings, rater
// weights and targets are those of the version in force in month last; the
// zero time means the newest version. All other tables hold every version.
// change, if not nil, may fill in settings that the plan leaves to others.
func (p *Plan) Tables(last time.Time, change func(*Setting)) []Table {
	now := *p.At(last)
	if change != nil {
		change(&now.Setting)
	}
	out := []Table{now.setting(), now.raterWeight(), now.target(), {Name: "version", Columns: columns(
		"version_id", text, "name", text, "starts_on", "date", "ends_on", "date", "file", text, "hash", text)}}
	var parts [][]Table
	for i, f := range p.Versions {
		var ends any
		if i+1 < len(p.Versions) {
			ends = p.Versions[i+1].Starts.AddDate(0, 0, -1).Format(time.DateOnly)
		}
		starts := f.Starts.Time
		if starts.IsZero() {
			starts = beginning
		}
		tables := f.versioned()
		out[3].Rows = append(out[3].Rows, []any{f.ID, f.Name, starts.Format(time.DateOnly), ends, orNothing(f.file()), f.hash(tables)})
		parts = append(parts, tables)
	}
	for i := range parts[0] {
		t := parts[0][i]
		for _, more := range parts[1:] {
			t.Rows = append(t.Rows, more[i].Rows...)
		}
		out = append(out, t)
	}
	return out
}

// file is the plan file as every copy of the workspace has it.
func (f *File) file() string {
	if f.Path == "" {
		return ""
	}
	return "plans/" + filepath.Base(f.Path)
}

// Hash tells apart versions that say different things.
func (f *File) Hash() string { return f.hash(f.versioned()) }

// hash is over all that a version says; comments and order of keys are not part
// of it.
func (f *File) hash(tables []Table) string {
	all := append([]Table{f.setting(), f.raterWeight(), f.target()}, tables...)
	content, err := json.Marshal(all)
	if err != nil {
		panic(err) // tables hold texts and finite numbers only
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// versioned are the tables in which each version has rows of its own.
func (f *File) versioned() []Table {
	cards, nodes, curves := f.scorecards()
	pay, tiers := f.pay()
	difficulty, policy := f.difficulty()
	allocation, bounds, answers := f.allocation()
	return []Table{cards, nodes, curves, pay, tiers, f.rules(), difficulty, policy, allocation, bounds, answers}
}

// allocation returns plan.allocation, plan.allocation_bound and
// plan.allocation_answer.
func (f *File) allocation() (allocation, bounds, answers Table) {
	a := f.Allocation
	allocation = row("allocation",
		cell{"version_id", text, f.ID},
		cell{"prior_elasticity", "double", a.PriorElasticity},
		cell{"prior_sd", "double", a.PriorSD},
		cell{"change_limit_rate", "double", a.ChangeLimitRate},
		cell{"probability", "double", a.Probability},
		cell{"switching_cost_amount", amount, a.SwitchingCost},
		cell{"person_cost_amount", amount, a.PersonCost},
		cell{"window_months", "integer", a.WindowMonths},
	)
	bounds = Table{Name: "allocation_bound", Columns: columns("version_id", text, "resource", text, "region", text, "low", "double", "high", "double", "together", text)}
	for _, b := range a.Bound {
		var high any
		if b.High > 0 || b.has("high") {
			high = b.High
		}
		bounds.Rows = append(bounds.Rows, []any{f.ID, b.Resource, b.Region, b.Low, high, b.Together})
	}
	answers = Table{Name: "allocation_answer", Columns: columns("version_id", text, "resource", text, "region", text, "without", "double", "more", "double", "unlimited", "double")}
	for _, w := range a.Answer {
		answers.Rows = append(answers.Rows, []any{f.ID, w.Resource, w.Region, w.None, w.More, w.Unlimited})
	}
	return allocation, bounds, answers
}

func (f *File) setting() Table {
	s := f.Setting
	fiscal := s.FiscalYearStart
	if fiscal == 0 {
		fiscal = 1
	}
	return row("setting",
		cell{"base_currency", text, s.BaseCurrency},
		cell{"sales_source", text, s.SalesSource},
		cell{"as_of_on", "date", orNull(s.AsOf.Time)},
		cell{"collection_grace_days", "integer", s.CollectionGraceDays},
		cell{"reply_hours", rate, s.ReplyHours},
		cell{"resolution_days", rate, s.ResolutionDays},
		cell{"active_customer_months", "integer", s.ActiveCustomerMonths},
		cell{"training_months", "integer", s.TrainingMonths},
		cell{"fiscal_year_start", "integer", fiscal},
		cell{"reconcile_tolerance_rate", rate, s.ReconcileToleranceRate},
		cell{"innovation_cap", rate, s.InnovationCap},
		cell{"review_gender", "boolean", s.ReviewGender},
		cell{"review_age", "boolean", s.ReviewAge},
		cell{"first_month", "date", orNull(s.FirstMonth.Time)},
		cell{"last_month", "date", orNull(s.LastMonth.Time)},
	)
}

func (f *File) raterWeight() Table {
	t := Table{Name: "rater_weight", Columns: columns("rater_kind", text, "weight", rate)}
	for _, kind := range sortedKeys(f.RaterWeight) {
		t.Rows = append(t.Rows, []any{kind, f.RaterWeight[kind]})
	}
	return t
}

func (f *File) target() Table {
	out := Table{Name: "target", Columns: columns("indicator", text, "amount", rate, "unit_kind", text)}
	for _, t := range f.Target {
		kinds := []string{t.UnitKind}
		if t.UnitKind == "" {
			kinds = nil
			for _, k := range unitKinds { // a target for a kind of its own wins over the general one
				if !f.hasTarget(t.Indicator, k) {
					kinds = append(kinds, k)
				}
			}
		}
		for _, k := range kinds {
			out.Rows = append(out.Rows, []any{t.Indicator, t.Amount, k})
		}
	}
	return out
}

func (f *File) hasTarget(indicator, unitKind string) bool {
	return slices.ContainsFunc(f.Target, func(t Target) bool { return t.Indicator == indicator && t.UnitKind == unitKind })
}

// scorecards returns plan.scorecard, plan.node and plan.curve.
func (f *File) scorecards() (cards, nodes, curves Table) {
	cards = Table{Name: "scorecard", Columns: columns("version_id", text, "scorecard", text, "unit_kind", text, "title_en", text, "title_zh", text,
		"standard_score", "double", "full_score", "double", "sort", "integer")}
	nodes = Table{Name: "node", Columns: columns("version_id", text, "scorecard", text, "node", text, "parent", text, "sort", "integer", "depth", "integer",
		"kind", text, "indicator", text, "of_scorecard", text, "weight", "double", "without_value", text, "cap", "double", "title_en", text, "title_zh", text)}
	curves = Table{Name: "curve", Columns: columns("version_id", text, "scorecard", text, "node", text, "step", "integer", "value", "double", "points", "double")}
	for i, c := range f.Scorecard {
		cards.Rows = append(cards.Rows, []any{f.ID, c.ID, "rep", c.Title.En, c.Title.Zh, c.standard(), c.full(), i + 1})
		sort := 0
		add := func(node string, parent any, depth int, kind, indicator, of string, weight, without, limit any, title Words) {
			sort++
			nodes.Rows = append(nodes.Rows, []any{f.ID, c.ID, node, parent, sort, depth, kind, orNothing(indicator), orNothing(of), weight, without, limit, orNothing(title.En), orNothing(title.Zh)})
		}
		curve := func(node string, steps []CurveStep) {
			for j, s := range steps {
				curves.Rows = append(curves.Rows, []any{f.ID, c.ID, node, j + 1, s.Value, s.Points})
			}
		}
		add("", nil, 0, "branch", "", "", 1.0, "share", nil, c.Title)
		var walk func(parent string, depth int, list []Node)
		walk = func(parent string, depth int, list []Node) {
			for _, n := range list {
				path := n.name()
				if parent != "" {
					path = parent + "/" + path
				}
				without := n.WithoutValue
				if without == "" {
					without = "share"
				}
				kind := "leaf"
				switch {
				case n.Of != nil:
					kind = "branch"
				case n.Scorecard != "":
					kind = "scorecard"
				}
				add(path, parent, depth, kind, n.Indicator, n.Scorecard, n.Weight, without, nil, n.Title)
				curve(path, n.Curve.Steps)
				walk(path, depth+1, n.Of)
			}
		}
		walk("", 1, c.Of)
		for _, b := range c.Bonus {
			limit := b.cap(f)
			add(b.name(), "", 1, "bonus", b.Indicator, "", nil, "share", limit, b.Title)
			steps := b.Curve.Steps
			if steps == nil { // one point for each unit, up to the cap
				steps = []CurveStep{{Value: 0, Points: 0}, {Value: limit, Points: limit}}
			}
			curve(b.name(), steps)
		}
	}
	return cards, nodes, curves
}

// pay returns plan.pay and plan.tier.
func (f *File) pay() (pay, tiers Table) {
	p := f.Pay
	var badDebt any
	if p.BadDebtDays > 0 {
		badDebt = p.BadDebtDays
	}
	standard := 80.0
	if c := f.card(p.ScoreScorecard); c != nil {
		standard = c.standard()
	}
	pay = row("pay",
		cell{"version_id", text, f.ID},
		cell{"base_indicator", text, p.BaseIndicator},
		cell{"tier_method", text, p.TierMethod},
		cell{"score_scorecard", text, p.ScoreScorecard},
		cell{"standard_score", "double", standard},
		cell{"saving_share", rate, p.SavingShare},
		cell{"is_saving_inside", "boolean", p.IsSavingInside},
		cell{"expense_standard_rate", rate, p.ExpenseStandardRate},
		cell{"expense_ceiling_rate", rate, p.ExpenseCeilingRate},
		cell{"overrun_share", rate, p.OverrunShare},
		cell{"release_score", text, p.ReleaseScore},
		cell{"is_carried_forward", "boolean", p.IsCarriedForward},
		cell{"pool_threshold", rate, p.PoolThreshold},
		cell{"pool_rate", rate, p.PoolRate},
		cell{"pool_sharing", text, p.PoolSharing},
		cell{"bad_debt_days", "integer", badDebt},
		cell{"waits_for_cash", "boolean", p.WaitsForCash},
	)
	tiers = Table{Name: "tier", Columns: columns("version_id", text, "tier", "integer", "from_amount", amount, "to_amount", amount, "rate", rate)}
	for i, t := range p.Tier {
		var to any
		if i+1 < len(p.Tier) {
			to = t.ToAmount
		}
		tiers.Rows = append(tiers.Rows, []any{f.ID, i + 1, t.FromAmount, to, t.Rate})
	}
	return pay, tiers
}

func (f *File) rules() Table {
	t := Table{Name: "rule", Columns: columns("version_id", text, "rule", text, "sort", "integer", "indicator", text, "comparison", text, "value", "double",
		"months", "integer", "effect", text, "amount", amount, "rate", rate, "title_en", text, "title_zh", text)}
	for i, r := range f.Rule {
		var money, factor any
		if r.Effect == "bonus" {
			money = r.Amount
		}
		if r.Effect == "reduced_rate" {
			factor = r.Rate
		}
		t.Rows = append(t.Rows, []any{f.ID, r.ID, i + 1, r.Indicator, r.Comparison, r.Value, max(1, r.Months), r.Effect, money, factor, r.Title.En, r.Title.Zh})
	}
	return t
}

// difficulty returns plan.difficulty and plan.policy_coefficient.
func (f *File) difficulty() (bounds, policy Table) {
	d := f.Difficulty
	bounds = row("difficulty",
		cell{"version_id", text, f.ID},
		cell{"mode", text, d.Mode},
		cell{"channel", text, d.Channel},
		cell{"points_max", "double", d.PointsMax},
		cell{"points_down", "double", d.PointsDown},
		cell{"d_max", "double", d.DMax},
		cell{"attainment_floor", "double", d.AttainmentFloor},
		cell{"attainment_cap", "double", d.AttainmentCap},
		cell{"pay_low_quantile", "double", d.PayLowQuantile},
		cell{"pay_high_quantile", "double", d.PayHighQuantile},
		cell{"window_months", "integer", d.WindowMonths},
		cell{"half_life_months", "integer", d.HalfLifeMonths},
		cell{"min_months", "integer", d.MinMonths},
		cell{"min_deals", "integer", d.MinDeals},
	)
	policy = Table{Name: "policy_coefficient", Columns: columns("version_id", text, "region", text, "product_line", text, "segment", text,
		"coefficient", "double", "reason", text, "approver", text, "starts_on", "date", "ends_on", "date")}
	for _, p := range d.PolicyCoefficient {
		policy.Rows = append(policy.Rows, []any{f.ID, p.Region, p.ProductLine, p.Segment, p.Coefficient, p.Reason, p.Approver, orNull(p.StartsOn.Time), orNull(p.EndsOn.Time)})
	}
	return bounds, policy
}

// cell is one value of a table of one row.
type cell struct {
	name, kind string
	value      any
}

func row(name string, cells ...cell) Table {
	t := Table{Name: name, Rows: [][]any{nil}}
	for _, c := range cells {
		t.Columns = append(t.Columns, Column{c.name, c.kind})
		t.Rows[0] = append(t.Rows[0], c.value)
	}
	return t
}

func columns(pairs ...string) []Column {
	var out []Column
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, Column{pairs[i], pairs[i+1]})
	}
	return out
}

func orNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Format(time.DateOnly)
}

func orNothing(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
