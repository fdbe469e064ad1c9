package schedule

import (
	"strings"

	"levelfield/dashboard/auth"
	"levelfield/dashboard/report"
	"levelfield/dashboard/store"
)

// want is a report that an account has a right to and use for.
type want struct {
	kind report.Kind
	unit string
}

// wants are the reports of an account: what its role and units let it see.
func wants(a store.Account) []want {
	if a.IsDisabled {
		return nil
	}
	switch auth.Role(a.Role) {
	case auth.Executive:
		return []want{{report.ForCompany, ""}}
	case auth.Manager:
		var all []want
		for _, id := range a.Regions {
			all = append(all, want{report.ForRegion, id})
		}
		for _, id := range a.Teams {
			all = append(all, want{report.ForTeam, id})
		}
		return all
	case auth.Rep:
		return []want{{report.ForPerson, a.RepID}}
	}
	return nil
}

// address is where an account gets mail, "" for nowhere.
func (r *Runner) address(a store.Account) string {
	switch {
	case strings.Contains(a.Name, "@"):
		return a.Name
	case r.Mail.Domain != "":
		return a.Name + "@" + r.Mail.Domain
	}
	return ""
}
