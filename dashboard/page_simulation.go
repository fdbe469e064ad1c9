package dashboard

import (
	"context"
	"errors"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"levelfield/analytics"
	"levelfield/analytics/plan"
	"levelfield/dashboard/chart"
	"levelfield/dashboard/closing"
	"levelfield/dashboard/i18n"
)

// simulationPage says what would have been paid under another plan, with other
// targets or other coefficients.
type simulationPage struct {
	View
	Finding, Lede string
	Ask           simulationForm
	IsWaiting     bool
	Wait          *State
	Even          *Card
	Regions       *Card
	People        *Card
	Months        *Card
}

// Cards lists the cards whose tables can be exported.
func (p *simulationPage) Cards() []*Card {
	return slices.DeleteFunc([]*Card{p.Even, p.Regions, p.People, p.Months}, func(c *Card) bool { return c == nil })
}

// simulationForm is the question: a form that works without a script.
type simulationForm struct {
	*Card
	Fields []formField
	Reset  string
	Close  string // address of the page where months are closed and restated
}

// formField is a choice of a form.
type formField struct {
	Name, Label, Help string
	Choices           []Choice // URL is the value
}

// simulations keeps what was simulated; each takes seconds, so it goes on
// beside the request that asked first, one at a time.
type simulations struct {
	mu   sync.Mutex
	one  sync.Mutex
	done map[string]*simulated
}

type simulated struct {
	result *analytics.Simulation
	err    error
	ready  bool
}

// mostSimulations is how many results are kept.
const mostSimulations = 40

// mostSimulated is how many months a page simulates.
const mostSimulated = 12

// of returns a simulation, started where it is asked for the first time.
func (s *simulations) of(q *Query, key string, do func(context.Context) (*analytics.Simulation, error)) simulated {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done == nil || len(s.done) > mostSimulations {
		s.done = map[string]*simulated{}
	}
	if s.done[key] == nil {
		one := &simulated{}
		s.done[key] = one
		server := q.server
		server.background.Add(1)
		go func() {
			defer server.background.Done()
			s.one.Lock()
			defer s.one.Unlock()
			result, err := do(server.life)
			if err != nil {
				server.log.Error("simulation", "error", err)
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			one.result, one.err, one.ready = result, err, true
		}()
	}
	return *s.done[key]
}

// coefficientSources are where coefficients can come from; "" is as the plan
// says.
var coefficientSources = []string{"", "data", "policy", "blend", "none"}

// asked is the question of the address, checked.
type asked struct {
	plan, targets, coefficients string
	months                      int
}

func (q *Query) askedSimulation(plans []string) (asked, error) {
	a := asked{q.Params.Get("plan"), q.Params.Get("targets"), q.Params.Get("coefficients"), 3}
	var wrong []string
	if a.plan != "" && !slices.Contains(plans, a.plan) {
		wrong = append(wrong, a.plan)
	}
	if a.targets != "" && !slices.Contains(analytics.TargetWays[:4], a.targets) {
		wrong = append(wrong, a.targets)
	}
	if !slices.Contains(coefficientSources, a.coefficients) {
		wrong = append(wrong, a.coefficients)
	}
	if text := q.Params.Get("months"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > mostSimulated {
			wrong = append(wrong, text)
		}
		a.months = n
	}
	if wrong != nil {
		return a, badFilter("simulation.bad", "value", strings.Join(wrong, ", "))
	}
	return a, nil
}

func simulation(ctx context.Context, q *Query) (Page, error) {
	q.isLive = true // plan files and results change without a run
	p := &simulationPage{View: q.view("simulation")}
	p.Title = q.Lang.T("nav.simulation")
	p.Crumbs = []Crumb{{q.Lang.T("nav.overview"), q.Link("/")}, {Title: p.Title}}
	p.Filters = nil
	known, err := analytics.Indicators(q.Dir)
	if err != nil {
		return nil, err
	}
	files := map[string]*plan.File{}
	var names []string
	own, err := analytics.LoadPlan(q.Dir)
	if err != nil {
		return nil, &problem{500, "plan.broken", "plan.broken_text", []any{"mistakes", err.Error()}}
	}
	for _, f := range own.Versions {
		names, files[f.ID] = append(names, f.ID), f
	}
	for _, preset := range plan.Presets {
		text, err := plan.Preset(preset)
		if err != nil {
			return nil, err
		}
		f, err := plan.Parse(preset+".yaml", text, known)
		if err != nil {
			return nil, err
		}
		if files[preset] == nil {
			names, files[preset] = append(names, preset), f
		}
	}
	a, err := q.askedSimulation(names)
	if err != nil {
		return nil, err
	}
	p.Ask = q.simulationForm(a, names, files)
	p.Finding, p.Lede = q.Lang.T("simulation.ask"), q.Lang.T("simulation.ask_text")
	if a.plan == "" && a.targets == "" && a.coefficients == "" {
		return p, nil
	}
	if q.server.Options == nil {
		p.Wait = &State{"error", q.Lang.T("simulation.failed"), q.Lang.T("simulation.no_options"), nil}
		return p, nil
	}
	other := analytics.Alternative{Plan: files[a.plan], Targets: a.targets, Coefficients: a.coefficients}
	key := strings.Join([]string{q.Run.ID, a.plan, a.targets, a.coefficients, strconv.Itoa(a.months)}, "\x00")
	if f := files[a.plan]; f != nil {
		key += f.Hash()
	}
	run, err := q.server.simulated(ctx, q, key, other, a.months)
	if err != nil {
		return nil, err
	}
	switch {
	case !run.ready:
		p.IsWaiting, q.isOnce = true, true // the next look may find it done
		p.Wait = &State{"empty", q.Lang.T("simulation.waiting"), q.Lang.T("simulation.waiting_text"), &Choice{Title: q.Lang.T("plan.again"), URL: q.Here()}}
	case run.err != nil:
		p.Wait = &State{"error", q.Lang.T("simulation.failed"), run.err.Error(), nil}
	default:
		q.fillSimulation(p, run.result)
	}
	return p, nil
}

// simulated starts a simulation on a run of its own, which it keeps open.
func (s *Server) simulated(ctx context.Context, q *Query, key string, other analytics.Alternative, months int) (simulated, error) {
	options, err := s.Options(ctx)
	if err != nil {
		return simulated{}, err
	}
	store := q.store
	return s.simulations.of(q, key, func(ctx context.Context) (*analytics.Simulation, error) {
		run, release, err := s.Runs.Acquire()
		if err != nil {
			return nil, err
		}
		defer release()
		if run.ID != strings.SplitN(key, "\x00", 2)[0] {
			return nil, errors.New("a newer calculation was published meanwhile; ask again")
		}
		desk := &closing.Desk{Options: options, Run: run, Store: store}
		which, err := desk.Simulated(ctx, months)
		if err != nil {
			return nil, err
		}
		return analytics.Simulate(ctx, options, run, other, which)
	}), nil
}

func (q *Query) simulationForm(a asked, names []string, files map[string]*plan.File) simulationForm {
	f := simulationForm{Card: &Card{ID: "ask", Title: q.Lang.T("simulation.question"), Sub: q.Lang.T("simulation.question_sub")}, Reset: q.Link("/simulation")}
	if q.Reader.Opens("close") {
		f.Close = q.Link("/close")
	}
	plans := formField{Name: "plan", Label: q.Lang.T("simulation.plan"), Help: q.Lang.T("simulation.plan_help"), Choices: []Choice{{q.Lang.T("simulation.as_is"), "", a.plan == ""}}}
	for _, id := range names {
		title := id
		if name := files[id].Name; name != id {
			title += " · " + name
		}
		plans.Choices = append(plans.Choices, Choice{title, id, id == a.plan})
	}
	targets := formField{Name: "targets", Label: q.Lang.T("simulation.targets"), Help: q.Lang.T("simulation.targets_help"), Choices: []Choice{{q.Lang.T("simulation.as_is"), "", a.targets == ""}}}
	for _, way := range analytics.TargetWays[:4] {
		targets.Choices = append(targets.Choices, Choice{q.Lang.T("targets.way_" + way), way, way == a.targets})
	}
	sources := formField{Name: "coefficients", Label: q.Lang.T("simulation.coefficients"), Help: q.Lang.T("simulation.coefficients_help")}
	for _, source := range coefficientSources {
		title := q.Lang.T("simulation.as_is")
		if source != "" {
			title = q.Lang.T("simulation.from_" + source)
		}
		sources.Choices = append(sources.Choices, Choice{title, source, source == a.coefficients})
	}
	months := formField{Name: "months", Label: q.Lang.T("simulation.months"), Help: q.Lang.T("simulation.months_help")}
	for _, n := range []int{1, 3, 6, 12} {
		months.Choices = append(months.Choices, Choice{q.Lang.T("simulation.n_months", "n", n), strconv.Itoa(n), n == a.months})
	}
	f.Fields = []formField{plans, targets, sources, months}
	return f
}

func yuan(cents int64) float64 { return float64(cents) / 100 }

func (q *Query) fillSimulation(p *simulationPage, s *analytics.Simulation) {
	d := yuan(s.Total.Difference())
	first, last := s.Months[0], s.Months[len(s.Months)-1]
	key := "simulation.finding_more"
	if d < 0 {
		key = "simulation.finding_less"
	}
	if s.Gain+s.Lose == 0 {
		key = "simulation.finding_same"
	}
	p.Finding = q.Lang.T(key, "cost", q.Money(math.Abs(d)), "gain", s.Gain, "lose", s.Lose, "same", s.Same)
	p.Lede = q.Lang.T("simulation.lede", "first", first, "last", last, "n", len(s.Months))
	p.Even = q.evenCard(s)
	p.Regions = q.differences("regions", s.Regions, q.Lang.T("simulation.regions"), q.Lang.T("col.region"), nil)
	p.People = q.differences("people", s.People, q.Lang.T("simulation.people", "lose", s.Lose, "gain", s.Gain), q.Lang.T("col.rep"), func(id string) string {
		q.ReadPay(id)
		return q.Link("/people/"+url.PathEscape(id), "region", "")
	})
	p.Months = q.costCard(s)
}

// evenCard sets measures of fairness before and after side by side.
func (q *Query) evenCard(s *analytics.Simulation) *Card {
	c := &Card{ID: "even", Sub: q.Lang.T("simulation.even_sub", "n", s.Before.PeopleJudge)}
	c.Table.Columns = []Column{{Title: q.Lang.T("simulation.measure")}, {Title: q.Lang.T("simulation.level")}, {Title: q.Lang.T("simulation.before"), Numeric: true}, {Title: q.Lang.T("simulation.after"), Numeric: true}, {Title: q.Lang.T("simulation.told")}}
	better, worse, compared := 0, 0, 0
	add := func(name string, level, tolerance float64, before, after *float64, percent bool) {
		write := func(v *float64) string {
			switch {
			case v == nil:
				return i18n.Dash
			case percent:
				return q.Lang.Percent(*v, 0)
			}
			return q.Lang.Decimal(*v, 2)
		}
		aim, told := q.Lang.Decimal(level, 0), i18n.Dash
		if math.IsNaN(level) {
			aim = i18n.Dash
		} else if before != nil && after != nil {
			compared++
			told = q.Lang.T("simulation.equal")
			if change := math.Abs(*after-level) - math.Abs(*before-level); change < -tolerance {
				told = q.Lang.T("simulation.more_level")
				better++
			} else if change > tolerance {
				told = q.Lang.T("simulation.less_level")
				worse++
			}
		}
		c.Table.Rows = append(c.Table.Rows, []Cell{text(q.Lang.T("simulation." + name)), text(aim), number(write(before), before), number(write(after), after), text(told)})
	}
	b, a := s.Before, s.After
	add("score_ease", 0, .02, b.ScoreEase, a.ScoreEase, false)
	add("judged_ease", 0, .02, b.JudgedEase, a.JudgedEase, false)
	add("attain_ease", 0, .02, b.PriceEase, a.PriceEase, false)
	add("hard_easy", 1, .02, b.HardEasy, a.HardEasy, false)
	add("pass_ratio", math.NaN(), 0, b.PassHard, a.PassHard, true)
	add("pass_easy", math.NaN(), 0, b.PassEasy, a.PassEasy, true)
	add("gini", math.NaN(), 0, b.Gini, a.Gini, false)
	c.Title = q.Lang.T("simulation.even", "better", better, "worse", worse, "n", compared)
	return q.card(c)
}

// differences draws and lists what people or regions would have got more.
func (q *Query) differences(id string, all []analytics.SimulatedPay, title, who string, link func(string) string) *Card {
	c := &Card{ID: id, Title: title, Sub: q.Lang.T("simulation.differences_sub", "unit", q.moneyUnit())}
	c.Table.Columns = []Column{{Title: who}, {Title: q.Lang.T("simulation.now"), Unit: q.moneyUnit(), Numeric: true}, {Title: q.Lang.T("simulation.then"), Unit: q.moneyUnit(), Numeric: true}, {Title: q.Lang.T("simulation.difference"), Unit: q.moneyUnit(), Numeric: true}, {Title: q.Lang.T("simulation.share"), Unit: "%", Numeric: true}}
	most := 0.0
	for _, p := range all {
		most = math.Max(most, math.Abs(yuan(p.Difference())))
	}
	for _, p := range all {
		name := p.Name
		if name == "" {
			name = q.Lang.T("simulation.nowhere")
		}
		first := text(name)
		if link != nil {
			first.URL = link(p.RepID)
		}
		now, then, d := yuan(p.Now), yuan(p.Then), yuan(p.Difference())
		change := number(i18n.Signed(d, q.exact(d)), &d)
		change.SVG = chart.CellGap(&d, most, tone(d), 56)
		share := Cell{Text: i18n.Dash}
		if p.Now != 0 {
			v := d / now
			share = number(i18n.Signed(v, q.Lang.Decimal(100*v, 1)), &v)
		}
		c.Table.Rows = append(c.Table.Rows, []Cell{first, number(q.exact(now), &now), number(q.exact(then), &then), change, share})
	}
	return q.card(c)
}

func (q *Query) costCard(s *analytics.Simulation) *Card {
	d := yuan(s.Total.Difference())
	c := &Card{ID: "months", Title: q.Lang.T("simulation.cost", "cost", i18n.Signed(d, q.Money(d))), Sub: q.Lang.T("simulation.cost_sub")}
	c.Table.Columns = []Column{{Title: q.Lang.T("filter.month")}, {Title: q.Lang.T("simulation.now"), Unit: q.moneyUnit(), Numeric: true}, {Title: q.Lang.T("simulation.then"), Unit: q.moneyUnit(), Numeric: true}, {Title: q.Lang.T("simulation.difference"), Unit: q.moneyUnit(), Numeric: true}}
	line := func(name string, now, then float64) {
		d := then - now
		c.Table.Rows = append(c.Table.Rows, []Cell{text(name), number(q.exact(now), &now), number(q.exact(then), &then), number(i18n.Signed(d, q.exact(d)), &d)})
	}
	for _, m := range s.Months {
		line(m, yuan(s.Cost[m].Now), yuan(s.Cost[m].Then))
	}
	line(q.Lang.T("allocation.sum"), yuan(s.Total.Now), yuan(s.Total.Then))
	return q.card(c)
}
