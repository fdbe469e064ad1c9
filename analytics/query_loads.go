package analytics

import (
	"context"
	"time"
)

// LoadLine is what one table of one exported file gave to one entity.
type LoadLine struct {
	Batch       int64     `db:"batch"`
	File        string    `db:"file"`
	Sheet       string    `db:"sheet"` // "" for text files
	Entity      string    `db:"entity"`
	Mapping     string    `db:"mapping"`
	LoadedAt    time.Time `db:"loaded_at"`
	Read        int64     `db:"n_read"` // Loaded + Refused
	Loaded      int64     `db:"n_loaded"`
	Refused     int64     `db:"n_refused"`
	Replaced    int64     `db:"n_replaced"`    // older rows of the same key that gave way
	LeftOut     int64     `db:"n_left_out"`    // totals, footnotes and what the mapping filters
	LeftOutJSON string    `db:"left_out_json"` // reason -> rows
	NotesJSON   string    `db:"notes_json"`    // what was decided about the file, a list of texts
	RefusedPath string    `db:"refused_path"`  // marked copy in the workspace, "" if nothing was refused
}

// Loads returns the loads of the run, the latest first.
func (r *Run) Loads(ctx context.Context, scope Scope) ([]LoadLine, error) {
	return collect[LoadLine](ctx, r, "loads", scope, nil)
}
