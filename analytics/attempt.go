package analytics

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"time"

	"levelfield/analytics/plan"
)

// attemptPrefix begins the names of folders in which a calculation works that
// is not to be published.
const attemptPrefix = ".try-"

// keepAttempt is how long the folder of a killed attempt may stay. Attempts
// hold no lock, so a younger one may be at work.
const keepAttempt = 24 * time.Hour

// attempt is a calculation that is not published: to prove a run, to part a
// difference by its causes, to try another plan.
type attempt struct {
	id     string       // of the run that meta.run names
	files  []lakeFile   // of the lake
	plan   []plan.Table // relations plan.*
	state  []plan.Table // relations state.*
	wanted []string     // relations to make with what they read; nil: everything, checked
	cached bool         // months of earlier calculations may be used
}

// attempt calculates and calls do while the result is open; then all of it is
// deleted.
func (opt Options) attempt(ctx context.Context, a attempt, do func(*build, *inputs) error) error {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	l := &lake{Version: lakeVersion, Files: a.files}
	in, err := opt.inputs(l, a.plan, a.state)
	if err != nil {
		return err
	}
	parent := ""
	if a.cached { // months move from here into the cache, which must be on the same disk
		parent = filepath.Join(opt.Workspace, "runs")
	}
	dir, err := os.MkdirTemp(parent, attemptPrefix)
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := newBuild(opt, l, a.plan, a.state, dir, &Result{RunID: a.id})
	b.wanted = a.wanted
	if a.cached {
		b.cache = filepath.Join(parent, "cache")
	}
	return withDatabase(ctx, filepath.Join(dir, "run.duckdb"), opt, b.scratch, func(db *sql.DB, conn *sql.Conn) error {
		b.db, b.conn = db, conn
		if err := b.calculate(ctx, in); err != nil {
			return err
		}
		return do(b, in)
	})
}

// clearAttempts removes what killed attempts left.
func clearAttempts(runs string, now time.Time) error {
	old, err := filepath.Glob(filepath.Join(runs, attemptPrefix+"*"))
	for _, dir := range old {
		if info, statErr := os.Stat(dir); statErr == nil && now.Sub(info.ModTime()) > keepAttempt {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}
	return err
}
