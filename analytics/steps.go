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
	"fairness.group_size":     fairnessGroupSize,
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
	mu   sync.Mutex
	left map[string]any // by what it is
}

type trayKey struct{}

// withTray returns a context whose steps share a tray.
func withTray(ctx context.Context) context.Context {
	return context.WithValue(ctx, trayKey{}, &tray{left: map[string]any{}})
}

// leave puts something on the tray of the calculation, if it has one.
func leave(ctx context.Context, what string, v any) {
	if t, ok := ctx.Value(trayKey{}).(*tray); ok {
		t.mu.Lock()
		t.left[what] = v
		t.mu.Unlock()
	}
}

// take takes it off again, and tells whether it was there.
func take[V any](ctx context.Context, what string) (v V, is bool) {
	if t, ok := ctx.Value(trayKey{}).(*tray); ok {
		t.mu.Lock()
		v, is = t.left[what].(V)
		delete(t.left, what)
		t.mu.Unlock()
	}
	return v, is
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
