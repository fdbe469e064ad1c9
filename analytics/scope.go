package analytics

import "slices"

// Scope says which units a reader may see. The zero value sees nothing, so a
// query that was given no scope returns no rows.
//
// Every panel in sql/panels binds a scope through four parameters and this
// CTE, the only way in which a panel may name units:
//
//	seen as (
//	    select unit_kind, unit_id, unit_name, region_id, team_id
//	    from core.unit
//	    where
//	        $scope_all
//	        or list_contains($scope_regions::varchar[], region_id)
//	        or list_contains($scope_teams::varchar[], team_id)
//	        or (unit_kind = 'rep' and list_contains($scope_reps::varchar[], unit_id))
//	),
//
// A region's scope holds the region, its teams and their reps; a team's scope
// the team and its reps; the company's own row is seen by All only.
type Scope struct {
	all     bool
	regions []string
	teams   []string
	reps    []string
}

// All sees every unit.
func All() Scope { return Scope{all: true} }

// Regions sees the named regions with their teams and reps.
func Regions(ids ...string) Scope { return Scope{regions: slices.Clone(ids)} }

// Teams sees the named teams with their reps.
func Teams(ids ...string) Scope { return Scope{teams: slices.Clone(ids)} }

// Reps sees the named people only.
func Reps(ids ...string) Scope { return Scope{reps: slices.Clone(ids)} }

// With returns what either scope sees.
func (s Scope) With(o Scope) Scope {
	return Scope{
		all:     s.all || o.all,
		regions: slices.Concat(s.regions, o.regions),
		teams:   slices.Concat(s.teams, o.teams),
		reps:    slices.Concat(s.reps, o.reps),
	}
}

// IsAll reports whether the scope sees every unit.
func (s Scope) IsAll() bool { return s.all }

// IsEmpty reports whether the scope sees nothing.
func (s Scope) IsEmpty() bool {
	return !s.all && len(s.regions) == 0 && len(s.teams) == 0 && len(s.reps) == 0
}

// args returns the four parameters of the CTE above. Lists are never nil: a
// null list would make the condition null instead of false.
func (s Scope) args() map[string]any {
	list := func(ids []string) []string {
		if ids == nil {
			return []string{}
		}
		return ids
	}
	return map[string]any{
		"scope_all":     s.all,
		"scope_regions": list(s.regions),
		"scope_teams":   list(s.teams),
		"scope_reps":    list(s.reps),
	}
}
