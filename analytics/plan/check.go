package plan

import (
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

var unitKinds = []string{"company", "region", "team", "rep"}

var isID = regexp.MustCompile(`^[a-z][a-z0-9_]*$`).MatchString

// check finds what is wrong with a plan beyond the form of its values.
func (r *reader) check(f *File, known Indicators) {
	r.checkSetting(f)
	r.inherited = !f.has("target")
	r.checkTargets(f, known)
	r.inherited = !f.has("scorecard")
	r.checkScorecards(f, known)
	r.inherited = !f.Pay.has("base_indicator")
	r.checkPay(f, known)
	r.inherited = !f.has("rule")
	r.checkRules(f, known)
	r.checkDifficulty(f)
	r.checkAllocation(f)
}

// indicator reports a name that is no indicator; ok tells whether it is one.
func (r *reader) indicator(line int, id string, known, more Indicators) (i Indicator, ok bool) {
	if id == "" {
		return i, false // said as a missing key
	}
	if i, ok = more[id]; ok {
		return i, true
	}
	if i, ok = known[id]; ok || known == nil {
		return i, ok
	}
	names := append(sortedKeys(known), sortedKeys(more)...)
	if !r.inherited { // what the default names has no line in this file
		r.say(line, "there is no indicator %q%s", id, didYouMean(id, names))
	}
	return i, false
}

// unique reports a name given twice and one that SQL and URLs cannot carry.
func (r *reader) unique(line int, what, id string, seen map[string]int) {
	if id == "" {
		return
	}
	if !isID(id) {
		r.say(line, "%s %q: write small letters, digits and _, beginning with a letter", what, id)
	}
	if first, twice := seen[id]; twice {
		r.say(line, "%s %q is given twice, first on line %d", what, id, first)
		return
	}
	seen[id] = line
}

func (r *reader) checkSetting(f *File) {
	s := &f.Setting
	if s.BaseCurrency != "" && !regexp.MustCompile(`^[A-Z]{3}$`).MatchString(s.BaseCurrency) {
		r.say(s.at("base_currency"), "base_currency is %q; write three capital letters such as CNY", s.BaseCurrency)
	}
	if !s.FirstMonth.IsZero() && !s.LastMonth.IsZero() && s.LastMonth.Before(s.FirstMonth.Time) {
		r.say(s.at("last_month"), "last_month %s is before first_month %s", s.LastMonth.Format("2006-01"), s.FirstMonth.Format("2006-01"))
	}
	sum := 0.0
	for kind, w := range f.RaterWeight {
		sum += w
		if !slices.Contains([]string{"manager", "peer", "self"}, kind) {
			r.say(f.at("rater_weight"), "rater_weight names %q; raters are manager, peer or self", kind)
		}
	}
	if sum <= 0 {
		r.say(f.at("rater_weight"), "rater_weight needs at least one weight above 0")
	}
}

func (r *reader) checkTargets(f *File, known Indicators) {
	seen := map[string]int{}
	for i := range f.Target {
		t := &f.Target[i]
		r.indicator(t.at("indicator"), t.Indicator, known, nil)
		key := t.Indicator + "/" + t.UnitKind
		if first, twice := seen[key]; twice {
			r.say(t.line, "target of %s is given twice, first on line %d", t.Indicator, first)
			continue
		}
		seen[key] = t.line
	}
}

func (r *reader) checkScorecards(f *File, known Indicators) {
	if len(f.Scorecard) == 0 {
		r.say(f.at("scorecard"), "the plan needs at least one scorecard")
	}
	seen := map[string]int{}
	for i := range f.Scorecard {
		c := &f.Scorecard[i]
		r.unique(c.at("id"), "scorecard", c.ID, seen)
		if c.standard() > c.full() {
			r.say(c.at("standard_score"), "standard_score %s of %s is above its full_score %s", plain(c.standard()), c.ID, plain(c.full()))
		}
		uses := map[string]int{} // ways in which difficulty enters this card
		names := r.checkNodes(f, c, c.Of, c.ID, c.at("of"), known, uses)
		if len(uses) > 1 {
			r.say(max(uses[adjustedAttainment], uses[difficultyPoints]), "scorecard %s counts difficulty twice, as %s and as %s; keep one", c.ID, adjustedAttainment, difficultyPoints)
		}
		for j := range c.Bonus {
			r.checkBonus(f, c, &c.Bonus[j], known, names)
		}
	}
	r.checkCircles(f)
}

// checkNodes checks siblings and returns their names with their lines.
func (r *reader) checkNodes(f *File, c *Scorecard, nodes []Node, parent string, line int, known Indicators, uses map[string]int) map[string]int {
	seen := map[string]int{}
	sum, whole := 0.0, true
	for i := range nodes {
		n := &nodes[i]
		r.unique(n.line, "part of "+parent, n.name(), seen)
		whole = whole && n.good("weight")
		sum += n.Weight
		if n.good("weight") && n.Weight == 0 {
			r.say(n.at("weight"), "weight of %s is 0; leave the part out instead", n.name())
		}
		var kinds []string
		for _, key := range []string{"indicator", "scorecard", "of"} {
			if n.has(key) {
				kinds = append(kinds, key)
			}
		}
		if len(kinds) != 1 {
			r.say(n.line, "part %q of %s must have either indicator, scorecard or of%s", n.name(), parent, found(kinds))
			continue
		}
		switch kinds[0] {
		case "of":
			if n.ID == "" {
				r.say(n.line, "a part with parts of its own needs an id")
			}
			if n.Title == (Words{}) {
				r.say(n.line, "part %q of %s needs a title", n.name(), parent)
			}
			r.only(n, "of", "curve", "without_value")
			r.checkNodes(f, c, n.Of, n.name(), n.at("of"), known, uses)
		case "scorecard":
			r.only(n, "scorecard", "curve")
			if other := f.card(n.Scorecard); other != nil {
				if n.Title == (Words{}) {
					n.Title = other.Title
				}
			} else {
				r.say(n.at("scorecard"), "there is no scorecard %q%s", n.Scorecard, didYouMean(n.Scorecard, f.cards()))
			}
		case "indicator":
			measure, ok := r.indicator(n.at("indicator"), n.Indicator, known, measures)
			if !n.has("curve") {
				r.say(n.line, "%s needs a curve: points for its values, such as {0: 0, 3: 60, 5: 100}", n.name())
			}
			r.checkCurve(&n.Curve, n.name(), c.full(), measure.Unit, ok)
			if n.Title == (Words{}) {
				n.Title = measure.Title
			}
			if n.Indicator == adjustedAttainment || n.Indicator == difficultyPoints {
				uses[n.Indicator] = n.line
			}
			if want := map[string]string{adjustedAttainment: "attainment", difficultyPoints: "points"}[n.Indicator]; want != "" && f.Difficulty.Channel != want {
				r.say(n.at("indicator"), "%s never has a value while channel of difficulty is %s; set it to %s", n.Indicator, f.Difficulty.Channel, want)
			}
		}
	}
	if len(nodes) == 0 {
		r.say(line, "%s has no parts", parent)
	} else if whole && math.Abs(sum-1) > 1e-6 {
		r.say(line, "weights of the parts of %s add up to %s; they must add up to 1", parent, plain(math.Round(sum*1e6)/1e6))
	}
	return seen
}

// only reports keys that mean nothing for a kind of node.
func (r *reader) only(n *Node, kind string, keys ...string) {
	for _, key := range keys {
		if n.has(key) {
			r.say(n.at(key), "%s means nothing for part %q: it has %s, not an indicator", key, n.name(), kind)
		}
	}
}

func found(kinds []string) string {
	if len(kinds) == 0 {
		return "; it has none of them"
	}
	return "; it has " + strings.Join(kinds, " and ")
}

func (r *reader) checkCurve(c *Curve, name string, full float64, unit string, isKnown bool) {
	for _, s := range c.Steps {
		if s.Points < 0 || s.Points > full {
			r.say(s.line, "curve of %s gives %s points at %s; points are from 0 to %s", name, plain(s.Points), plain(s.Value), plain(full))
		}
		if isKnown && unit == "rate" && math.Abs(s.Value) > 10 {
			r.say(s.line, "curve of %s has the value %s; it is a share: write %s for %s %%", name, plain(s.Value), plain(s.Value/100), plain(s.Value))
		}
	}
	if len(c.Steps) > 1 && !slices.ContainsFunc(c.Steps, func(s CurveStep) bool { return s.Points != c.Steps[0].Points }) {
		r.say(c.line, "curve of %s gives the same points for every value", name)
	}
}

func (r *reader) checkBonus(f *File, c *Scorecard, b *Bonus, known Indicators, names map[string]int) {
	r.unique(b.line, "part of "+c.ID, b.name(), names)
	measure, ok := r.indicator(b.at("indicator"), b.Indicator, known, measures)
	r.checkCurve(&b.Curve, b.name(), c.full(), measure.Unit, ok)
	if b.Title == (Words{}) {
		b.Title = measure.Title
	}
	if b.cap(f) == 0 && b.good("cap") {
		r.say(b.at("cap"), "cap of %s is 0; leave the bonus out instead", b.name())
	}
}

// checkCircles reports cards that take their own score, directly or not.
func (r *reader) checkCircles(f *File) {
	takes := map[string][]*Node{}
	var walk func(card string, nodes []Node)
	walk = func(card string, nodes []Node) {
		for i := range nodes {
			if nodes[i].Scorecard != "" {
				takes[card] = append(takes[card], &nodes[i])
			}
			walk(card, nodes[i].Of)
		}
	}
	for i := range f.Scorecard {
		walk(f.Scorecard[i].ID, f.Scorecard[i].Of)
	}
	said := map[string]bool{} // circles by their cards
	var visit func(card string, trail []string)
	visit = func(card string, trail []string) {
		trail = append(trail, card)
		for _, n := range takes[card] {
			if at := slices.Index(trail, n.Scorecard); at >= 0 {
				circle := slices.Sorted(slices.Values(trail[at:]))
				if key := strings.Join(circle, " "); !said[key] {
					said[key] = true
					r.say(n.at("scorecard"), "scorecard %s takes its own score: %s", n.Scorecard, strings.Join(append(slices.Clone(trail[at:]), n.Scorecard), " -> "))
				}
				continue
			}
			visit(n.Scorecard, slices.Clone(trail))
		}
	}
	for i := range f.Scorecard {
		visit(f.Scorecard[i].ID, nil)
	}
}

func (r *reader) checkPay(f *File, known Indicators) {
	p := &f.Pay
	if i, ok := r.indicator(p.at("base_indicator"), p.BaseIndicator, known, nil); ok && i.Unit != "money" {
		r.say(p.at("base_indicator"), "base_indicator is %s, which is no amount of money", p.BaseIndicator)
	}
	if f.card(p.ScoreScorecard) == nil {
		line := p.at("score_scorecard")
		if !p.has("score_scorecard") {
			line = f.at("scorecard")
		}
		r.say(line, "score_scorecard is %q, but there is no such scorecard%s", p.ScoreScorecard, didYouMean(p.ScoreScorecard, f.cards()))
	}
	if p.ExpenseCeilingRate < p.ExpenseStandardRate {
		key := "expense_ceiling_rate"
		if !p.has(key) {
			key = "expense_standard_rate"
		}
		r.say(p.at(key), "expense_ceiling_rate %s is below expense_standard_rate %s", plain(p.ExpenseCeilingRate), plain(p.ExpenseStandardRate))
	}
	if len(p.Tier) == 0 {
		r.say(p.at("tier"), "pay needs at least one tier; a plan without commission has one of rate 0")
	}
	for i := range p.Tier {
		r.checkTier(p.Tier, i)
	}
}

// checkTier compares a tier with the one before it and with its place.
func (r *reader) checkTier(tiers []Tier, i int) {
	t, last := &tiers[i], i == len(tiers)-1
	if t.good("from_amount") {
		switch {
		case i == 0 && t.FromAmount != 0:
			r.say(t.at("from_amount"), "tiers leave a gap from 0 to %s; the first begins at 0", plain(t.FromAmount))
		case i > 0 && tiers[i-1].good("to_amount") && t.FromAmount > tiers[i-1].ToAmount:
			r.say(t.at("from_amount"), "tiers leave a gap from %s to %s", plain(tiers[i-1].ToAmount), plain(t.FromAmount))
		case i > 0 && tiers[i-1].good("to_amount") && t.FromAmount < tiers[i-1].ToAmount:
			r.say(t.at("from_amount"), "tiers overlap from %s to %s", plain(t.FromAmount), plain(tiers[i-1].ToAmount))
		}
	}
	switch {
	case t.good("from_amount") && t.good("to_amount") && t.ToAmount <= t.FromAmount:
		r.say(t.at("to_amount"), "tier ends at %s, which is not above its beginning %s", plain(t.ToAmount), plain(t.FromAmount))
	case last && t.good("to_amount"):
		r.say(t.at("to_amount"), "amounts above %s have no tier; the last has no to_amount", plain(t.ToAmount))
	case !last && !t.has("to_amount"):
		r.say(t.line, "tier from %s has no to_amount, so it overlaps all that follow", plain(t.FromAmount))
	}
}

func (r *reader) checkRules(f *File, known Indicators) {
	seen := map[string]int{}
	for i := range f.Rule {
		u := &f.Rule[i]
		r.unique(u.at("id"), "rule", u.ID, seen)
		if u.Indicator != score {
			measure, ok := r.indicator(u.at("indicator"), u.Indicator, known, measures)
			if ok && measure.Unit == "rate" && math.Abs(u.Value) > 10 {
				r.say(u.at("value"), "value of rule %s is %s; %s is a share: write %s for %s %%", u.ID, plain(u.Value), u.Indicator, plain(u.Value/100), plain(u.Value))
			}
		} else if c := f.card(f.Pay.ScoreScorecard); c != nil && (u.Value < 0 || u.Value > 2*c.full()) {
			r.say(u.at("value"), "value of rule %s is %s; scores of %s are from 0 to %s and bonus points", u.ID, plain(u.Value), c.ID, plain(c.full()))
		}
		for _, pair := range [][2]string{{"amount", "bonus"}, {"rate", "reduced_rate"}} {
			key, effect := pair[0], pair[1]
			switch {
			case u.Effect == effect && !u.has(key):
				r.say(u.line, "rule %s needs %s: its effect is %s", u.ID, key, effect)
			case u.Effect == effect && key == "amount" && u.good(key) && u.Amount == 0:
				r.say(u.at(key), "amount of rule %s is 0; a bonus pays something", u.ID)
			case u.Effect == effect && key == "rate" && u.Rate == 1:
				r.say(u.at(key), "rate of rule %s is 1; that reduces nothing", u.ID)
			case u.good("effect") && u.Effect != effect && u.has(key):
				r.say(u.at(key), "%s of rule %s means nothing: its effect is %s, not %s", key, u.ID, u.Effect, effect)
			}
		}
	}
}

func (r *reader) checkAllocation(f *File) {
	for i := range f.Allocation.Bound {
		if b := &f.Allocation.Bound[i]; b.has("high") && b.High < b.Low {
			r.say(b.at("high"), "high %s of %s is below its low %s", plain(b.High), b.Region, plain(b.Low))
		}
	}
	for i := range f.Allocation.Answer {
		if a := &f.Allocation.Answer[i]; a.good("more") && a.good("unlimited") && a.Unlimited <= a.More {
			r.say(a.at("unlimited"), "unlimited %s of %s is not above more %s; no effort sells less than more of it", plain(a.Unlimited), a.Region, plain(a.More))
		}
	}
}

func (r *reader) checkDifficulty(f *File) {
	d := &f.Difficulty
	if d.AttainmentCap <= d.AttainmentFloor {
		r.say(d.at("attainment_cap"), "attainment_cap %s is not above attainment_floor %s", plain(d.AttainmentCap), plain(d.AttainmentFloor))
	}
	if d.PayHighQuantile <= d.PayLowQuantile {
		r.say(d.at("pay_high_quantile"), "pay_high_quantile %s is not above pay_low_quantile %s", plain(d.PayHighQuantile), plain(d.PayLowQuantile))
	}
	if d.MinMonths > d.WindowMonths {
		r.say(d.at("min_months"), "min_months %d is more than the window_months %d looked at", d.MinMonths, d.WindowMonths)
	}
	if d.Mode == "policy" && len(d.PolicyCoefficient) == 0 {
		r.say(d.at("mode"), "mode is policy, but policy_coefficient is empty")
	}
	for i := range d.PolicyCoefficient {
		p := &d.PolicyCoefficient[i]
		if steps := p.Coefficient * 20; p.has("coefficient") && p.Coefficient != 0 && math.Abs(steps-math.Round(steps)) > 1e-6 {
			r.say(p.at("coefficient"), "coefficient is %s; coefficients go in steps of 0.05", plain(p.Coefficient))
		}
		for _, key := range []string{"reason", "approver"} {
			if text := map[string]string{"reason": p.Reason, "approver": p.Approver}[key]; p.has(key) && strings.TrimSpace(text) == "" {
				r.say(p.at(key), "%s is empty; a coefficient published by hand says why and who approved it", key)
			}
		}
		if !p.StartsOn.IsZero() && !p.EndsOn.IsZero() && p.EndsOn.Before(p.StartsOn.Time) {
			r.say(p.at("ends_on"), "ends_on %s is before starts_on %s", p.EndsOn.Format(time.DateOnly), p.StartsOn.Format(time.DateOnly))
		}
		for j := range i {
			o := &d.PolicyCoefficient[j]
			if o.Region != p.Region || o.ProductLine != p.ProductLine || o.Segment != p.Segment {
				continue
			}
			if from, to := latest(o.StartsOn.Time, p.StartsOn.Time), earliest(o.EndsOn.Time, p.EndsOn.Time); !to.Before(from) {
				r.say(p.line, "coefficient for %s overlaps the one on line %d from %s to %s", p.covers(), o.line, from.Format(time.DateOnly), to.Format(time.DateOnly))
			}
		}
	}
}

// covers says in words where a coefficient holds.
func (p *Policy) covers() string {
	var parts []string
	for _, part := range []struct{ key, value string }{{"region", p.Region}, {"product_line", p.ProductLine}, {"segment", p.Segment}} {
		if part.value != "" {
			parts = append(parts, part.key+" "+part.value)
		}
	}
	if parts == nil {
		return "everything"
	}
	return strings.Join(parts, ", ")
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// card returns a scorecard by id, or nil.
func (f *File) card(id string) *Scorecard {
	for i := range f.Scorecard {
		if f.Scorecard[i].ID == id && id != "" {
			return &f.Scorecard[i]
		}
	}
	return nil
}

func (f *File) cards() []string {
	var out []string
	for _, c := range f.Scorecard {
		out = append(out, c.ID)
	}
	return out
}

func (c *Scorecard) standard() float64 { return orElse(c.StandardScore, 80) }
func (c *Scorecard) full() float64     { return orElse(c.FullScore, 100) }

func (n *Node) name() string {
	switch {
	case n.ID != "":
		return n.ID
	case n.Indicator != "":
		return n.Indicator
	}
	return n.Scorecard
}

func (b *Bonus) name() string {
	if b.ID != "" {
		return b.ID
	}
	return b.Indicator
}

// cap is the most points of a bonus.
func (b *Bonus) cap(f *File) float64 {
	if b.has("cap") {
		return b.Cap
	}
	return f.Setting.InnovationCap
}

func orElse(x, other float64) float64 {
	if x == 0 {
		return other
	}
	return x
}

// versionID is the name of a plan file without folder and ending.
func versionID(path string) string {
	return strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
}

func monthName(t time.Time) string {
	if t.IsZero() {
		return "at the beginning"
	}
	return "in " + t.Format("2006-01")
}
