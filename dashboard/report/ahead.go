package report

import (
	"context"
	"slices"
	"sync"
	"time"

	"levelfield/analytics"
	"levelfield/dashboard"
)

// A batch of statements goes through the people by id. Asking the run for one
// of them costs nearly as much as asking for a hundred, so the press reads the
// rows of those who come next with the one it is asked for. What was read for
// somebody is printed for nobody else: see dashboard.People.

// together is how many people are read at once, and mostKept how many such
// groups are kept: workers of one batch are rarely further apart.
const (
	together = 100
	mostKept = 2
)

// ahead holds what was read for statements to come.
type ahead struct {
	expect func(text string) // told every name that will be printed
	mu     sync.Mutex
	list   group   // everybody of a run and month, by id
	groups []group // the latest last
}

// group is people of one month of one run.
type group struct {
	dir   string // of the run
	month time.Time
	reps  []string
	*dashboard.People
}

func (g group) is(run *analytics.Run, month time.Time) bool {
	return g.dir == run.Dir && g.month.Equal(month)
}

// people returns what holds the rows of the person whom the order is about. A
// person that the month does not know is not read; dashboard.People refuses him.
func (a *ahead) people(ctx context.Context, run *analytics.Run, o Order) (*dashboard.People, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, g := range a.groups {
		if g.is(run, o.Month) && slices.Contains(g.reps, o.UnitID) {
			return g.People, nil
		}
	}
	if !a.list.is(run, o.Month) {
		units, err := run.Units(ctx, analytics.All(), "rep", "", o.Month)
		if err != nil {
			return nil, err
		}
		a.list = group{dir: run.Dir, month: o.Month}
		for _, u := range units {
			if u.NPeople > 0 {
				a.list.reps = append(a.list.reps, u.ID)
				a.expect(u.Name)
			}
		}
	}
	reps := []string{o.UnitID} // somebody who left
	if at := slices.Index(a.list.reps, o.UnitID); at >= 0 {
		reps = a.list.reps[at:min(at+together, len(a.list.reps))]
	}
	people, err := dashboard.ReadPeople(ctx, run, analytics.Reps(reps...), o.Month, reps)
	if err != nil {
		return nil, err
	}
	a.groups = append(a.groups[max(0, len(a.groups)-mostKept+1):], group{run.Dir, o.Month, reps, people})
	return people, nil
}
