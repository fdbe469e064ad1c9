package analytics

import (
	"time"
)

// bookkeeping are the relations of state that record what was done with
// results: they make no result of an open month another.
var bookkeeping = []string{"closed", "closed_line", "waiver"}

// Drift says what changed since a run was calculated.
type Drift struct {
	Lake      bool // exports were loaded or taken away
	Plan      bool
	Decisions bool // overrides, exceptions, appeals, ratings
	Program   bool // this program or the company's own models
}

// Any reports whether a new calculation would see something else.
func (d Drift) Any() bool { return d.Lake || d.Plan || d.Decisions || d.Program }

// Drift compares what the run was made from with what a calculation of the
// same months would be made from now.
func (r *Run) Drift(opt Options) (Drift, error) {
	seal, err := readSeal(r.Dir)
	if err != nil {
		return Drift{}, err
	}
	l, err := readLake(opt.Workspace)
	if err != nil {
		return Drift{}, err
	}
	for name, at := range map[string]*time.Time{"first_month": &opt.FirstMonth, "last_month": &opt.LastMonth, "as_of_on": &opt.AsOf} {
		if day := seal.Made.setting(name); day != "" {
			if *at, err = time.Parse(time.DateOnly, day); err != nil {
				return Drift{}, err
			}
		}
	}
	tables, err := opt.plan(l)
	if err != nil {
		return Drift{}, err
	}
	state, err := opt.State.tables()
	if err != nil {
		return Drift{}, err
	}
	now, err := opt.inputs(l, tables, state)
	if err != nil {
		return Drift{}, err
	}
	then := seal.Inputs
	return Drift{
		Lake: now.Lake != then.Lake, Plan: now.Plan != then.Plan, Decisions: now.Decisions != then.Decisions,
		Program: now.SQL != then.SQL || now.Code != then.Code,
	}, nil
}

// setting returns a cell of plan.setting, "" for null.
func (m recipe) setting(name string) string {
	for _, t := range m.Plan {
		if t.Name != "setting" || len(t.Rows) == 0 {
			continue
		}
		for i, c := range t.Columns {
			if text, isText := t.Rows[0][i].(string); c.Name == name && isText {
				return text
			}
		}
	}
	return ""
}

// ClosedThen returns the months that were closed when the run was calculated,
// each with the seal it had: 2026-10 and a hash.
func (r *Run) ClosedThen() (map[string]string, error) {
	seal, err := readSeal(r.Dir)
	if err != nil {
		return nil, err
	}
	closed := map[string]string{}
	for _, t := range seal.Made.State {
		if t.Name != "closed" {
			continue
		}
		for _, row := range t.Rows { // month, run_id, seal ...
			month, _ := row[0].(string)
			hash, _ := row[2].(string)
			closed[month[:min(7, len(month))]] = hash
		}
	}
	return closed, nil
}
