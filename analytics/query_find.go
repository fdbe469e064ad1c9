package analytics

import (
	"context"
	"strings"
	"unicode"
)

// Found is a unit or a customer that fits what a reader typed.
type Found struct {
	Kind   string  `db:"kind"` // region, team, rep or customer
	ID     string  `db:"id"`
	Name   string  `db:"name"`
	RepID  *string `db:"rep_id"`      // the person, or a customer's salesperson; nil where the scope does not see him
	Region *string `db:"region_name"` // name of its region where the scope sees it
	Parent *string `db:"parent_name"` // name of what it belongs to
	NFound int64   `db:"n_found"`     // of all that fit
}

// Find returns what fits the text by name, id, pinyin or initials, the best
// first, at most most. An empty text finds nothing.
func (r *Run) Find(ctx context.Context, scope Scope, text string, most int) ([]Found, error) {
	typed := Typed(text)
	if typed == "" {
		return nil, nil
	}
	return collect[Found](ctx, r, "find", scope, map[string]any{"typed": typed, "most": most})
}

// Typed is a text as names are compared with it: lower case, without spaces and
// without the apostrophe that parts syllables (xi'an).
func Typed(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("'’·", r) {
			return -1
		}
		return unicode.ToLower(r)
	}, text)
}
