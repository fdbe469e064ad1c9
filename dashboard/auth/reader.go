package auth

import (
	"slices"
	"strings"

	"levelfield/analytics"
)

// Reader is the person a page is made for. The zero value may see and do
// nothing.
type Reader struct {
	UserID  int64
	Name    string // signs in with it
	Title   string // as shown
	Role    Role
	RepID   string   // the person of core.rep that this account is; "" for none
	Regions []string // of a manager
	Teams   []string // of a manager
	By      string   // admin who views as this person; "" otherwise
}

// IsNobody reports whether nobody is signed in.
func (r Reader) IsNobody() bool { return r.Role == "" }

// May reports whether the reader may do an action. Who views as another person
// may look and change nothing.
func (r Reader) May(a Action) bool {
	return r.Role.May(a) && (r.By == "" || !isChange(a))
}

// Opens reports whether the reader may open a page.
func (r Reader) Opens(page string) bool { return r.Role.Opens(page) }

// Scope returns the units whose data the reader may see.
func (r Reader) Scope() analytics.Scope {
	switch r.Role {
	case Executive, Operations, Auditor, Admin:
		return analytics.All()
	case Manager:
		return analytics.Regions(r.Regions...).With(analytics.Teams(r.Teams...))
	case Rep:
		if r.RepID != "" {
			return analytics.Reps(r.RepID)
		}
	}
	return analytics.Scope{}
}

// Key tells apart readers who see different things: what may be kept for one
// of them is never given to another with a different key. Readers of one key
// see the same pages.
func (r Reader) Key() string {
	list := func(ids []string) string {
		ids = slices.Clone(ids)
		slices.Sort(ids)
		return strings.Join(ids, "\x1f")
	}
	parts := []string{string(r.Role), list(r.Regions), list(r.Teams), r.RepID}
	if r.By != "" {
		parts = append(parts, "as", r.By, r.Name)
	}
	return strings.Join(parts, "\x1e")
}

// Who is the name that audit rows carry: the admin's where he views as another.
func (r Reader) Who() string {
	if r.By != "" {
		return r.By
	}
	return r.Name
}
