package analytics

import "context"

// FullDefinition is everything that is said about one indicator.
type FullDefinition struct {
	ID            string `db:"indicator"`
	Class         string `db:"class"`
	Unit          string `db:"unit"`
	Direction     string `db:"direction"`
	TitleEn       string `db:"title_en"`
	TitleZh       string `db:"title_zh"`
	DescriptionEn string `db:"description_en"` // why it matters
	DescriptionZh string `db:"description_zh"`
	FormulaEn     string `db:"formula_en"`
	FormulaZh     string `db:"formula_zh"`
	SQL           string `db:"sql"`      // text of the model
	Path          string `db:"path"`     // of the model's file
	HasRows       bool   `db:"has_rows"` // its exported rows can be listed
	IsOwn         bool   `db:"is_own"`   // of the workspace, not shipped
	Owner         string `db:"owner"`
	Reviewed      string `db:"reviewed"` // date
}

// Short returns the part that Definitions lists.
func (d FullDefinition) Short() Definition {
	return Definition{ID: d.ID, Class: d.Class, Unit: d.Unit, Direction: d.Direction, TitleEn: d.TitleEn, TitleZh: d.TitleZh}
}

// Definition returns one indicator, or nil where the run has none of that id.
func (r *Run) Definition(ctx context.Context, id string) (*FullDefinition, error) {
	rows, err := collect[FullDefinition](ctx, r, "definition", Scope{}, map[string]any{"indicator": id})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}
