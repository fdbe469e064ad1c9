package analytics

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

// step makes one relation that SQL cannot: it reads the relations its twin
// names under reads, creates (or replaces) exactly its own table, also where
// there is nothing to read, and writes the rows in a fixed order. What it draws
// at random it seeds from constants and ids, so that a run can be repeated.
type step func(ctx context.Context, conn *sql.Conn) error

// steps are the Go steps of a calculation by the relation they make. Each has
// a twin in sql/ with made_by: go, and a place in the order like any model.
var steps = map[string]step{
	"allocation.response":     fitResponses,
	"core.search_key":         searchKeys,
	"fairness.counterfactual": fairnessCounterfactual,
	"fairness.finding":        fairnessFinding,
	"fairness.funnel":         fairnessFunnel,
	"fairness.gap":            fairnessGap,
	"fairness.line":           fairnessLine,
	"fairness.rank_check":     fairnessRankCheck,
	"fairness.rank_interval":  fairnessRankInterval,
	"fairness.rater":          fairnessRater,
	"fairness.sensitivity":    fairnessSensitivity,
	"fairness.source":         fairnessSource,
}

// tray holds what a step of a calculation leaves for a later one, which would
// have to read the same rows again. A step finds it empty where the one before
// was not made in the same calculation.
type tray struct {
	mu     sync.Mutex
	market *market // of difficulty.coefficient, for difficulty.rep_market
}

type trayKey struct{}

// withTray returns a context whose steps share a tray.
func withTray(ctx context.Context) context.Context {
	return context.WithValue(ctx, trayKey{}, &tray{})
}

// leaveMarket puts a market on the tray of the calculation, if it has one.
func leaveMarket(ctx context.Context, in *market) {
	if t, ok := ctx.Value(trayKey{}).(*tray); ok {
		t.mu.Lock()
		t.market = in
		t.mu.Unlock()
	}
}

// takeMarket takes it off again; nil where there is none.
func takeMarket(ctx context.Context) (in *market) {
	if t, ok := ctx.Value(trayKey{}).(*tray); ok {
		t.mu.Lock()
		in, t.market = t.market, nil
		t.mu.Unlock()
	}
	return in
}

// stepModels returns the models of the twins that say made_by: go.
func stepModels(files fs.FS, wrong *[]error) (models []*Model) {
	names, err := fs.Glob(files, "*/*.yaml")
	if err != nil {
		*wrong = append(*wrong, err)
	}
	for _, name := range names {
		layer, base := path.Split(strings.TrimSuffix(name, ".yaml"))
		layer = strings.TrimSuffix(layer, "/")
		relation := layer + "." + base
		if _, err := fs.Stat(files, layer+"/"+base+".sql"); err == nil {
			continue
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			*wrong = append(*wrong, err)
			continue
		}
		twin, err := parseTwin("sql/"+name, layer, text)
		switch {
		case err != nil:
			*wrong = append(*wrong, err)
		case twin.MadeBy == "":
			*wrong = append(*wrong, fmt.Errorf("sql/%s: describes no model: there is neither %s.sql nor made_by: go", name, base))
		case steps[relation] == nil:
			*wrong = append(*wrong, fmt.Errorf("sql/%s: says made_by: go, but analytics/steps.go has no step %s", name, relation))
		default:
			for i := range twin.Checks {
				twin.Checks[i].relation = relation
			}
			reads := slices.Clone(twin.Reads)
			slices.Sort(reads)
			models = append(models, &Model{Relation: relation, Layer: layer, Path: "sql/" + name, Twin: twin, Reads: reads, step: steps[relation]})
		}
	}
	return models
}
