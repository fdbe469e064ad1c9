package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"levelfield/analytics"
	"levelfield/dashboard/store"
)

// targetFlags are what the command line says about targets.
type targetFlags struct {
	over                      int
	month, way, unit, by, why string
	low, high, lock, weight   map[string]string
	product                   map[string]string
	isAdopted                 bool
}

func (a *app) targetsCommand() *cobra.Command {
	var f targetFlags
	c := &cobra.Command{
		Use:   "targets TOTAL",
		Short: "Share a target over regions, teams and people, to the cent",
		Long: "Share a target over regions, teams and people. Parts add up to the whole to the\n" +
			"cent at every level. With --adopt they become a version of the month's targets,\n" +
			"with who and why, which holds from the next levelfield calc on.",
		Example: "  levelfield targets 1000000 --over 5\n  levelfield targets 80000000 --way expected --unit 1000 --lock S0001=300000\n  levelfield targets 80000000 --adopt --by 周岚 --why \"plan of the fourth quarter\"",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			total, err := analytics.ParseAmount(args[0])
			if err != nil {
				return usageError{err}
			}
			q, err := f.question(total)
			if err != nil {
				return usageError{err}
			}
			if f.over != 0 {
				return a.shareEvenly(q, f.over)
			}
			return a.shareTargets(cmd.Context(), q, f)
		},
	}
	flags := c.Flags()
	flags.IntVar(&f.over, "over", 0, "share equally over so many people, without a workspace's data")
	flags.StringVar(&f.month, "month", "", "month of the targets, such as 2026-11 (default: the one after the last calculated)")
	flags.StringVar(&f.way, "way", analytics.ByEqual, strings.Join(analytics.TargetWays, ", "))
	flags.StringVar(&f.unit, "unit", "0.01", "rounding unit, such as 1000")
	flags.StringToStringVar(&f.low, "low", nil, "least of a region, team or person by id, such as R01=500000")
	flags.StringToStringVar(&f.high, "high", nil, "most of one")
	flags.StringToStringVar(&f.lock, "lock", nil, "what one gets whatever the rest")
	flags.StringToStringVar(&f.weight, "weight", nil, "weight of one, for --way weights")
	flags.StringToStringVar(&f.product, "product", nil, "share over products first, by weight, such as P01=60")
	flags.BoolVar(&f.isAdopted, "adopt", false, "keep them as the month's targets; needs --by and --why")
	flags.StringVar(&f.by, "by", "", "who adopts them")
	flags.StringVar(&f.why, "why", "", "why")
	return c
}

// question reads the amounts; every mistake is said at once.
func (f targetFlags) question(total int64) (analytics.TargetQuestion, error) {
	q := analytics.TargetQuestion{Total: total, Way: f.way, Low: map[string]int64{}, High: map[string]int64{}, Locked: map[string]int64{}, Weights: map[string]float64{}}
	var wrong []string
	var err error
	if q.Unit, err = analytics.ParseAmount(f.unit); err != nil {
		wrong = append(wrong, "--unit: "+err.Error())
	}
	for _, l := range []struct {
		flag  string
		given map[string]string
		to    map[string]int64
	}{{"--low", f.low, q.Low}, {"--high", f.high, q.High}, {"--lock", f.lock, q.Locked}} {
		for id, text := range l.given {
			if l.to[id], err = analytics.ParseAmount(text); err != nil {
				wrong = append(wrong, l.flag+" "+id+": "+err.Error())
			}
		}
	}
	for id, text := range f.weight {
		if q.Weights[id], err = strconv.ParseFloat(text, 64); err != nil {
			wrong = append(wrong, "--weight "+id+": "+text+" is no number")
		}
	}
	if f.over < 0 {
		wrong = append(wrong, "--over needs at least one person")
	}
	if f.isAdopted && (strings.TrimSpace(f.by) == "" || strings.TrimSpace(f.why) == "") {
		wrong = append(wrong, "--adopt needs --by and --why: targets say who set them and why")
	}
	if wrong != nil {
		return q, fmt.Errorf("%s", strings.Join(wrong, "\n"))
	}
	return q, nil
}

func (a *app) shareEvenly(q analytics.TargetQuestion, over int) error {
	parts := make([]analytics.TargetPart, over)
	for i := range parts {
		parts[i] = analytics.TargetPart{Name: strconv.Itoa(i + 1), Weight: 1}
	}
	share, err := analytics.ShareTarget(q.Total, q.Unit, parts)
	if err != nil {
		return usageError{err}
	}
	var rows [][]string
	for i, amount := range share {
		rows = append(rows, []string{strconv.Itoa(i + 1), cents(amount)})
	}
	return a.printTable([]string{"person", "target"}, rows, 1)
}

func (a *app) shareTargets(ctx context.Context, q analytics.TargetQuestion, f targetFlags) error {
	if _, err := a.readConfig(); err != nil {
		return err
	}
	run, err := analytics.OpenCurrent(a.dir)
	if err != nil {
		return err
	}
	defer run.Close()
	at := run.Meta.LastMonth.AddDate(0, 1, 0)
	if f.month != "" {
		text, err := month(f.month)
		if err != nil {
			return err
		}
		at, _ = time.Parse("2006-01", text)
	}
	people, err := run.TargetPeople(ctx, analytics.All(), run.Meta.LastMonth)
	if err != nil {
		return err
	}
	products, err := f.products()
	if err != nil {
		return usageError{err}
	}
	plan, err := analytics.PlanProducts(people, q, products)
	if err != nil {
		return usageError{err}
	}
	if f.isAdopted {
		return a.adoptTargets(ctx, at, f, plan)
	}
	return a.printTargets(plan)
}

// products reads the weights of products.
func (f targetFlags) products() (parts []analytics.TargetPart, err error) {
	for _, id := range slices.Sorted(maps.Keys(f.product)) {
		w, err := strconv.ParseFloat(f.product[id], 64)
		if err != nil {
			return nil, fmt.Errorf("--product %s: %s is no number", id, f.product[id])
		}
		parts = append(parts, analytics.TargetPart{ID: id, Name: id, Weight: w})
	}
	return parts, nil
}

func (a *app) adoptTargets(ctx context.Context, at time.Time, f targetFlags, plan *analytics.TargetPlan) error {
	return a.withStore(ctx, func(s *store.Store) error {
		p := store.TargetPlan{Month: at, TotalCents: plan.Question.Total, Way: plan.Question.Way, People: len(plan.People), Reason: f.why, Who: f.by, Amounts: plan.Rows()}
		if plan.Slope != nil {
			p.Slope = &plan.Slope.Slope
		}
		id, err := s.AdoptTargets(ctx, p)
		if err != nil {
			return err
		}
		a.say("Adopted %s: targets of %s for %d people. They hold from the next levelfield calc on.", store.TargetPlan{ID: id}.Name(), at.Format("2006-01"), p.People)
		return nil
	})
}

func (a *app) printTargets(plan *analytics.TargetPlan) error {
	if a.format == "json" {
		return a.printJSON(plan)
	}
	trees := plan.Products
	if len(trees) != 1 {
		trees = append(trees, analytics.ProductTarget{Root: plan.Root})
	}
	var rows [][]string
	for _, tree := range trees {
		var walk func(n *analytics.TargetNode, indent string)
		walk = func(n *analytics.TargetNode, indent string) {
			now := "–"
			if n.Now != nil {
				now = strconv.FormatFloat(*n.Now, 'f', 2, 64)
			}
			rows = append(rows, []string{tree.ID, indent + n.Kind, n.ID, n.Name, cents(n.Amount), now})
			for _, c := range n.Parts {
				walk(c, indent+"  ")
			}
		}
		walk(tree.Root, "")
	}
	if err := a.printTable([]string{"product", "unit", "id", "name", "target", "now"}, rows, 4, 5); err != nil {
		return err
	}
	if plan.Slope == nil {
		a.say("How fair the targets are cannot be said: nothing is known of what to expect in the territories.")
		return nil
	}
	a.say("Targets follow expected sales with a slope of %.2f: 1 prices the market fully, 0 ignores it.", plan.Slope.Slope)
	if low, middle, high, ok := analytics.ReachOf(plan.People); ok {
		a.say("An average person would reach %.0f %% of the target; in the hardest tenth of territories %.0f %% or less, in the easiest %.0f %% or more.", 100*middle, 100*low, 100*high)
	}
	return nil
}
