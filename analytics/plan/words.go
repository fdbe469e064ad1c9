package plan

import (
	_ "embed"
	"fmt"
	"math"
	"path"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

//go:embed words.yaml
var wordsFile []byte

// bilingual is a text of words.yaml.
type bilingual struct {
	En string `yaml:"en"`
	Zh string `yaml:"zh-CN"`
}

var words = func() (w struct{ Section, Sentence, Word, Change, Cliff map[string]bilingual }) {
	if err := yaml.Unmarshal(wordsFile, &w); err != nil {
		panic(err)
	}
	return w
}()

// Section is a part of a plan in sentences.
type Section struct {
	Key        string // the same in two plans for the same part
	Title      Words
	Statements []Statement
}

// Statement is one sentence of a plan. Statements of two plans with the same
// key speak of the same thing.
type Statement struct {
	Key      string
	Sentence string // of words.yaml
	Args     []Arg
}

// Arg is a word or number in a sentence.
type Arg struct {
	Name  string
	Value Words
}

// Text is the sentence in a language, en or zh-CN.
func (s Statement) Text(lang string) string { return fill(words.Sentence, s.Sentence, lang, s.Args) }

func fill(from map[string]bilingual, id, lang string, args []Arg) string {
	w, ok := from[id]
	if !ok {
		panic("plan: words.yaml lacks " + id)
	}
	out := Words(w).In(lang)
	var pairs []string
	for _, a := range args {
		pairs = append(pairs, "{"+a.Name+"}", a.Value.In(lang))
	}
	return strings.NewReplacer(pairs...).Replace(out)
}

// word fills a word or part of a sentence.
func word(id string, args ...Arg) Words {
	return Words{fill(words.Word, id, "en", args), fill(words.Word, id, "zh-CN", args)}
}

func same(s string) Words { return Words{s, s} }

func arg(name string, v Words) Arg { return Arg{name, v} }

// percent writes a share: 8 % in English, 8% in Chinese.
func percent(x float64) Words {
	s := figure(x * 100).En
	return Words{s + " %", s + "%"}
}

// figure writes a number to four places, with a true minus sign.
func figure(x float64) Words {
	return same(strings.Replace(plain(math.Round(x*1e4)/1e4), "-", "−", 1))
}

func whole(n int) Words { return same(strconv.Itoa(n)) }

// money writes an amount with separators: 300,000.
func money(x float64) Words {
	s := plain(math.Round(x*100) / 100)
	digits, rest, _ := strings.Cut(s, ".")
	minus := strings.HasPrefix(digits, "-")
	digits = strings.TrimPrefix(digits, "-")
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	if rest != "" {
		digits += "." + rest
	}
	if minus {
		digits = "−" + digits
	}
	return same(digits)
}

func date(t time.Time) Words { return same(t.Format(time.DateOnly)) }

func monthWords(t time.Time) Words {
	if t.IsZero() {
		return word("beginning")
	}
	return Words{t.Format("2006-01"), t.Format("2006年1月")}
}

func join(parts []Words) Words {
	var en, zh []string
	for _, p := range parts {
		en, zh = append(en, p.En), append(zh, p.Zh)
	}
	return Words{strings.Join(en, words.Word["join"].En), strings.Join(zh, words.Word["join"].Zh)}
}

// amountOf writes a value of an indicator in its unit.
func amountOf(unit string, x float64) Words {
	switch unit {
	case "rate":
		return percent(x)
	case "money":
		return money(x)
	}
	return figure(x)
}

// Sentences says the plan in plain sentences. known gives indicators their
// titles and units; one that it lacks is called by its id.
func (f *File) Sentences(known Indicators) []Section {
	out := []Section{{"general", title("general"), f.generalWords()}}
	for i := range f.Scorecard {
		c := &f.Scorecard[i]
		out = append(out, Section{"scorecard " + c.ID, title("scorecard", arg("title", c.Title)), f.cardWords(c, known)})
	}
	return append(out,
		Section{"pay", title("pay"), f.payWords(known)},
		Section{"rule", title("rule"), f.ruleWords(known)},
		Section{"difficulty", title("difficulty"), f.difficultyWords()},
		Section{"allocation", title("allocation"), f.allocationWords()},
		Section{"target", title("target"), f.targetWords(known)},
	)
}

func title(id string, args ...Arg) Words {
	return Words{fill(words.Section, id, "en", args), fill(words.Section, id, "zh-CN", args)}
}

func say(key, sentence string, args ...Arg) Statement { return Statement{key, sentence, args} }

// called is the title and unit of an indicator.
func (known Indicators) called(id string) (Words, string) {
	if i, ok := known.find(id); ok {
		return i.Title, i.Unit
	}
	return same(id), ""
}

func (f *File) generalWords() []Statement {
	s := f.Setting
	out := []Statement{
		say("name", "name", arg("name", same(f.Name)), arg("starts", monthWords(f.Starts.Time))),
		say("sales_source", "sales_source_"+s.SalesSource),
	}
	if s.BaseCurrency != "" {
		out = append(out, say("currency", "currency", arg("currency", same(s.BaseCurrency))))
	}
	if s.FiscalYearStart > 0 {
		out = append(out, say("fiscal", "fiscal", arg("month", whole(s.FiscalYearStart))))
	}
	if !s.FirstMonth.IsZero() {
		out = append(out, say("first_month", "first_month", arg("month", monthWords(s.FirstMonth.Time))))
	}
	if !s.LastMonth.IsZero() {
		out = append(out, say("last_month", "last_month", arg("month", monthWords(s.LastMonth.Time))))
	}
	if !s.AsOf.IsZero() {
		out = append(out, say("as_of", "as_of", arg("day", date(s.AsOf.Time))))
	}
	if s.CollectionGraceDays > 0 {
		out = append(out, say("grace", "grace", arg("days", whole(s.CollectionGraceDays))))
	}
	var raters []Words
	for _, kind := range []string{"manager", "peer", "self"} {
		if w, ok := f.RaterWeight[kind]; ok {
			raters = append(raters, word(kind, arg("x", percent(w))))
		}
	}
	if s.ReviewGender {
		out = append(out, say("review_gender", "review_gender"))
	}
	if s.ReviewAge {
		out = append(out, say("review_age", "review_age"))
	}
	return append(out,
		say("complaints", "complaints", arg("hours", figure(s.ReplyHours)), arg("days", figure(s.ResolutionDays))),
		say("active", "active", arg("months", whole(s.ActiveCustomerMonths)), arg("training", whole(s.TrainingMonths))),
		say("tolerance", "tolerance", arg("rate", percent(s.ReconcileToleranceRate))),
		say("innovation", "innovation", arg("points", figure(s.InnovationCap))),
		say("raters", "raters", arg("weights", join(raters))),
	)
}

func curveWords(c []CurveStep, unit string) Words {
	var parts []Words
	for i, s := range c {
		id := "more_points"
		if i == 0 {
			id = "points"
		}
		parts = append(parts, word(id, arg("value", amountOf(unit, s.Value)), arg("points", figure(s.Points))))
	}
	return join(parts)
}

func (f *File) cardWords(c *Scorecard, known Indicators) []Statement {
	out := []Statement{say(c.ID, "standard", arg("title", c.Title), arg("standard", figure(c.standard())), arg("full", figure(c.full())))}
	var walk func(path string, parent Words, share float64, nodes []Node)
	walk = func(within string, parent Words, share float64, nodes []Node) {
		for _, n := range nodes {
			key := within + "/" + n.name()
			named, unit := known.called(n.Indicator)
			if n.Title != (Words{}) {
				named = n.Title
			}
			args := []Arg{arg("part", named), arg("weight", percent(n.Weight)), arg("parent", parent)}
			switch {
			case n.Of != nil:
				out = append(out, say(key, "branch", args...))
				walk(key, named, share*n.Weight, n.Of)
			case n.Scorecard != "":
				card := same(n.Scorecard)
				if other := f.card(n.Scorecard); other != nil {
					card = other.Title
				}
				out = append(out, say(key, "card", append(args, arg("card", card))...))
			default:
				sentence := "leaf"
				if within == c.ID { // right under the score: its share of the score is its weight
					sentence = "leaf_top"
				}
				if n.WithoutValue == "zero" {
					sentence += "_zero"
				}
				out = append(out, say(key, sentence, append(args, arg("whole", percent(share*n.Weight)), arg("curve", curveWords(n.Curve.Steps, unit)))...))
			}
		}
	}
	walk(c.ID, word("the_score"), 1, c.Of)
	for _, b := range c.Bonus {
		named, unit := known.called(b.Indicator)
		if b.Title != (Words{}) {
			named = b.Title
		}
		steps := b.Curve.Steps
		if steps == nil {
			steps = []CurveStep{{Value: 0}, {Value: b.cap(f), Points: b.cap(f)}}
		}
		out = append(out, say(c.ID+"/+"+b.name(), "bonus", arg("part", named), arg("cap", figure(b.cap(f))), arg("curve", curveWords(steps, unit))))
	}
	return out
}

func (f *File) payWords(known Indicators) []Statement {
	p := f.Pay
	base, _ := known.called(p.BaseIndicator)
	out := []Statement{say("base", "base", arg("base", base))}
	for i, t := range p.Tier {
		sentence := "tier"
		if p.TierMethod == "whole" {
			sentence = "whole"
		}
		if i == len(p.Tier)-1 {
			sentence += "_last"
		}
		if len(p.Tier) == 1 {
			sentence = "tier_only"
		}
		out = append(out, say(fmt.Sprint("tier ", i+1), sentence, arg("tier", whole(i+1)), arg("from", money(t.FromAmount)), arg("to", money(t.ToAmount)), arg("rate", percent(t.Rate))))
	}
	if !p.WaitsForCash {
		out = append(out, say("collection", "no_collection"))
	} else {
		out = append(out, say("collection", "collection", arg("factor", word("release_"+p.ReleaseScore))))
	}
	switch {
	case !p.WaitsForCash: // nothing waits that could be lost
	case p.BadDebtDays > 0:
		out = append(out, say("bad_debt", "bad_debt", arg("days", whole(p.BadDebtDays))))
	default:
		out = append(out, say("bad_debt", "no_bad_debt"))
	}
	inside := "outside"
	if p.IsSavingInside {
		inside = "inside"
	}
	card, standard := same(p.ScoreScorecard), 80.0
	if c := f.card(p.ScoreScorecard); c != nil {
		card, standard = c.Title, c.standard()
	}
	out = append(out,
		say("expense_low", "expense_low", arg("standard", percent(p.ExpenseStandardRate)), arg("share", percent(p.SavingShare)), arg("factor", word(inside))),
		say("expense_band", "expense_band", arg("standard", percent(p.ExpenseStandardRate)), arg("ceiling", percent(p.ExpenseCeilingRate)), arg("share", percent(p.OverrunShare))),
		say("expense_high", "expense_high", arg("ceiling", percent(p.ExpenseCeilingRate))),
		say("score", "score", arg("card", card), arg("standard", figure(standard))),
	)
	if p.IsCarriedForward {
		out = append(out, say("carried", "carried"))
	} else {
		out = append(out, say("carried", "not_carried"))
	}
	if p.PoolRate == 0 {
		return append(out, say("pool", "no_pool"))
	}
	sharing := p.PoolSharing
	if sharing == "score" {
		sharing = "by_score"
	}
	return append(out, say("pool", "pool", arg("threshold", percent(p.PoolThreshold)), arg("rate", percent(p.PoolRate)), arg("sharing", word(sharing))))
}

func (f *File) ruleWords(known Indicators) []Statement {
	var out []Statement
	for _, r := range f.Rule {
		named, unit := known.called(r.Indicator)
		if r.Indicator == score {
			named = same(f.Pay.ScoreScorecard)
			if c := f.card(f.Pay.ScoreScorecard); c != nil {
				named = c.Title
			}
		}
		args := []Arg{arg("indicator", named), arg("comparison", word(r.Comparison)), arg("value", amountOf(unit, r.Value)), arg("months", whole(r.Months))}
		condition := "condition"
		if r.Months > 1 {
			condition = "condition_months"
		}
		out = append(out, say(r.ID, "rule_"+r.Effect, arg("title", r.Title), arg("condition", word(condition, args...)), arg("amount", money(r.Amount)), arg("rate", figure(r.Rate))))
	}
	return out
}

func (f *File) allocationWords() []Statement {
	a := f.Allocation
	out := []Statement{
		say("prior", "allocation_prior", arg("elasticity", figure(a.PriorElasticity)), arg("sd", figure(a.PriorSD)), arg("months", whole(a.WindowMonths))),
		say("limit", "allocation_limit", arg("limit", percent(a.ChangeLimitRate)), arg("probability", percent(a.Probability)), arg("cost", money(a.SwitchingCost)), arg("person", money(a.PersonCost))),
	}
	for _, b := range a.Bound {
		high := word("no_bound")
		if b.High > 0 || b.has("high") {
			high = figure(b.High)
		}
		together := same("")
		if b.Together != "" {
			together = word("allocation_together", arg("name", same(b.Together)))
		}
		out = append(out, say("bound "+b.Resource+" "+b.Region, "allocation_bound", arg("resource", word("resource_"+b.Resource)), arg("region", same(b.Region)), arg("low", figure(b.Low)), arg("high", high), arg("together", together)))
	}
	for _, w := range a.Answer {
		out = append(out, say("answer "+w.Resource+" "+w.Region, "allocation_answer", arg("resource", word("resource_"+w.Resource)), arg("region", same(w.Region)), arg("none", percent(w.None)), arg("more", percent(w.More)), arg("unlimited", percent(w.Unlimited))))
	}
	return out
}

func (f *File) difficultyWords() []Statement {
	d := f.Difficulty
	out := []Statement{
		say("mode", "mode", arg("mode", word("mode_"+d.Mode))),
		say("channel", "channel_"+d.Channel, arg("floor", percent(d.AttainmentFloor)), arg("cap", percent(d.AttainmentCap)),
			arg("down", figure(d.PointsDown)), arg("up", figure(d.PointsMax)), arg("dmax", figure(d.DMax))),
		say("quantiles", "quantiles", arg("low", percent(d.PayLowQuantile)), arg("high", percent(d.PayHighQuantile))),
		say("window", "window", arg("window", whole(d.WindowMonths)), arg("half", whole(d.HalfLifeMonths))),
		say("base_needed", "base_needed", arg("months", whole(d.MinMonths)), arg("deals", whole(d.MinDeals))),
	}
	for _, p := range d.PolicyCoefficient {
		var where []Words
		for _, part := range []struct{ key, value string }{{"region", p.Region}, {"product_line", p.ProductLine}, {"segment", p.Segment}} {
			if part.value != "" {
				where = append(where, word(part.key, arg("x", same(part.value))))
			}
		}
		if where == nil {
			where = []Words{word("everything")}
		}
		out = append(out, say("policy "+p.covers()+" "+p.StartsOn.Format(time.DateOnly), "policy", arg("where", join(where)), arg("coefficient", figure(p.Coefficient)),
			arg("from", date(p.StartsOn.Time)), arg("to", date(p.EndsOn.Time)), arg("approver", same(p.Approver)), arg("reason", same(p.Reason))))
	}
	return out
}

func (f *File) targetWords(known Indicators) []Statement {
	var out []Statement
	for _, t := range f.Target {
		named, unit := known.called(t.Indicator)
		args := []Arg{arg("indicator", named), arg("amount", amountOf(unit, t.Amount))}
		if t.UnitKind == "" {
			out = append(out, say(t.Indicator, "target", args...))
			continue
		}
		kind := t.UnitKind
		if kind == "region" {
			kind = "kind_region"
		}
		out = append(out, say(t.Indicator+" "+t.UnitKind, "target_kind", append(args, arg("kind", word(kind)))...))
	}
	return out
}

// Diff says in sentences what changes from plan a to plan b, by section.
// Sections without a change are left out.
func Diff(a, b *File, known Indicators) []Change {
	var out []Change
	before, after := a.Sentences(known), b.Sentences(known)
	done := map[string]bool{}
	for _, s := range append(append([]Section{}, after...), before...) {
		if !done[s.Key] {
			done[s.Key] = true
			out = append(out, diffSection(s.Title, statements(before, s.Key), statements(after, s.Key))...)
		}
	}
	return out
}

// Change is one sentence of a difference.
type Change struct {
	Section  Words
	Kind     string // changed, other, added, removed
	Was, Now *Statement
}

func statements(sections []Section, key string) []Statement {
	for _, s := range sections {
		if s.Key == key {
			return s.Statements
		}
	}
	return nil
}

func diffSection(title Words, before, after []Statement) []Change {
	var out []Change
	find := func(list []Statement, key string) *Statement {
		for i := range list {
			if list[i].Key == key {
				return &list[i]
			}
		}
		return nil
	}
	for i := range after {
		now := &after[i]
		switch was := find(before, now.Key); {
		case was == nil:
			out = append(out, Change{title, "added", nil, now})
		case was.Sentence != now.Sentence:
			out = append(out, Change{title, "other", was, now})
		case was.Text("en") != now.Text("en") || was.Text("zh-CN") != now.Text("zh-CN"):
			out = append(out, Change{title, "changed", was, now})
		}
	}
	gone := func(key string) bool { return find(before, key) != nil && find(after, key) == nil }
	for i := range before {
		key := before[i].Key
		if !gone(key) {
			continue
		}
		if whole, _ := path.Split(key); gone(strings.TrimSuffix(whole, "/")) {
			continue // the part that held it is gone: that says it
		}
		out = append(out, Change{title, "removed", &before[i], nil})
	}
	return out
}

// Text is the change in a language, en or zh-CN.
func (c Change) Text(lang string) string {
	args := []Arg{}
	switch c.Kind {
	case "removed":
		args = append(args, arg("sentence", same(c.Was.Text(lang))))
	case "other":
		args = append(args, arg("was", same(strings.TrimRight(c.Was.Text(lang), ".。"))), arg("sentence", same(c.Now.Text(lang))))
	case "added":
		args = append(args, arg("sentence", same(c.Now.Text(lang))))
	default:
		marked := Statement{c.Now.Key, c.Now.Sentence, nil}
		for i, a := range c.Now.Args {
			if was := c.Was.Args[i].Value; was != a.Value {
				a.Value = Words{
					fill(words.Change, "was", "en", []Arg{arg("now", a.Value), arg("was", was)}),
					fill(words.Change, "was", "zh-CN", []Arg{arg("now", a.Value), arg("was", was)}),
				}
			}
			marked.Args = append(marked.Args, a)
		}
		args = append(args, arg("sentence", same(marked.Text(lang))))
	}
	return fill(words.Change, c.Kind, lang, args)
}

// NoChange says that two plans are the same.
func NoChange(lang string) string { return fill(words.Change, "same", lang, nil) }
