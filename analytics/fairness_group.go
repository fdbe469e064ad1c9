package analytics

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// sizedGroup is one group of the review.
type sizedGroup struct {
	kind, id   string
	people     []int  // places of its people, ascending
	n          amount // of its people
	same       string // is that of every group of the same people
	isSmall    bool   // fewer than the smallest group have a result
	isWithheld bool
	isRest     bool // what is left of its kind
	met        int  // how many of its people are in the group looked at
}

// amount is how many people there are, and how many of them have a result.
type amount struct{ people, judged int }

func (a amount) plus(b amount) amount  { return amount{a.people + b.people, a.judged + b.judged} }
func (a amount) minus(b amount) amount { return amount{a.people - b.people, a.judged - b.judged} }

// nestedKinds are kinds of groups that lie inside one another.
var nestedKinds = []string{"region", "team", "manager"}

// fairnessGroupSize says which groups of the review may be shown, and which
// are the people of another kind's group again, such as a manager and his one
// team, and need not be asked about twice.
func fairnessGroupSize(ctx context.Context, conn *sql.Conn) error {
	place := map[string]int{}
	var judged []bool
	_, err := collectRows(ctx, conn, "select rep_id::varchar, is_bonus is not null from fairness.person order by rep_id", func(rows *sql.Rows) (none struct{}, err error) {
		var rep string
		var is bool
		err = rows.Scan(&rep, &is)
		place[rep] = len(judged)
		judged = append(judged, is)
		return none, err
	})
	if err != nil {
		return err
	}
	var groups []*sizedGroup
	_, err = collectRows(ctx, conn, "select group_kind::varchar, group_id::varchar, rep_id::varchar from fairness.member order by group_kind, group_id, rep_id", func(rows *sql.Rows) (none struct{}, err error) {
		var kind, id, rep string
		if err := rows.Scan(&kind, &id, &rep); err != nil {
			return none, err
		}
		if n := len(groups); n == 0 || groups[n-1].kind != kind || groups[n-1].id != id {
			groups = append(groups, &sizedGroup{kind: kind, id: id})
		}
		g := groups[len(groups)-1]
		g.people = append(g.people, place[rep])
		return none, nil
	})
	if err != nil {
		return err
	}
	smallest, err := collectRows(ctx, conn, "select value::integer from fairness.rule where rule = 'smallest_group'", func(rows *sql.Rows) (n int, err error) { return n, rows.Scan(&n) })
	if err != nil {
		return err
	}
	nOfKind := map[string]int{}
	for _, g := range groups {
		nOfKind[g.kind]++
		g.same = fmt.Sprint(g.people)
	}
	groups = slices.DeleteFunc(groups, func(g *sizedGroup) bool { return nOfKind[g.kind] < 2 }) // compares nothing
	if len(groups) > 0 {
		withhold(judged, groups, smallest[0])
	}
	rows := make([][]any, len(groups))
	asked := askedOnce(groups)
	for i, g := range groups {
		rows[i] = []any{g.kind, g.id, int32(len(g.people)), !g.isWithheld, g.isSmall, asked[g]}
	}
	return writeRows(ctx, conn, "fairness.group_size", "group_kind varchar, group_id varchar, n_people integer, is_shown boolean, is_small boolean, is_asked boolean", rows)
}

// askedOnce picks one of the groups that have the same people.
func askedOnce(groups []*sizedGroup) map[*sizedGroup]bool {
	order := func(g *sizedGroup) int { return (slices.Index(nestedKinds, g.kind) + 4) % 4 } // other kinds after these
	asked, first := map[*sizedGroup]bool{}, map[string]*sizedGroup{}
	for _, g := range groups {
		if other := first[g.same]; other == nil || order(g) < order(other) {
			first[g.same] = g
		}
	}
	for _, g := range first {
		asked[g] = true
	}
	return asked
}

// withhold marks what may not be shown: groups in which fewer than smallest
// people have a result, and groups that would give away so few by subtraction.
// The rest of a kind, people without a group of it or in one that is withheld,
// follows from everybody less the groups shown, and counts as shown itself. Of
// every group and rest, when all that lies wholly inside it is taken away,
// kind by kind, and regions, teams and managers together since they lie inside
// one another, nobody must be left or smallest people with a result; nor must
// fewer be left when it is taken away from the groups of a kind that hold all
// of it. Where fewer are, another group is withheld, the smallest that helps,
// and all is asked again. Cox 1980, JASA 75, on complementary suppression.
// Sums of three kinds and more that lie across each other are not searched.
func withhold(judged []bool, groups []*sizedGroup, smallest int) {
	w := &withholding{judged: judged, smallest: smallest, kinds: map[string]*groupKind{}, same: map[string][]*sizedGroup{}}
	for _, g := range groups {
		if w.kinds[g.kind] == nil {
			w.kinds[g.kind] = &groupKind{of: make([]*sizedGroup, len(judged)), rest: &sizedGroup{kind: g.kind, isRest: true}}
		}
		for _, i := range g.people {
			w.kinds[g.kind].of[i] = g
		}
		w.same[g.same] = append(w.same[g.same], g)
		g.n = w.count(g.people...)
		g.isSmall = w.isTooFew(g.n)
		g.isWithheld = g.isSmall
	}
	// small groups first: what is withheld inside them helps those around them
	around := slices.Clone(groups)
	slices.SortStableFunc(around, func(a, b *sizedGroup) int { return len(a.people) - len(b.people) })
	var together []*groupKind
	var takes [][]*groupKind
	for _, name := range sortedKeys(w.kinds) {
		kind := w.kinds[name]
		kind.groups = slices.DeleteFunc(slices.Clone(around), func(g *sizedGroup) bool { return g.kind != name })
		w.gather(kind)
		around = append(around, kind.rest)
		takes = append(takes, []*groupKind{kind})
		if slices.Contains(nestedKinds, name) {
			together = append(together, kind)
		}
	}
	takes = append(takes, together)
	for again := true; again; {
		again = false
		for _, g := range around {
			for _, kinds := range takes {
				for !g.isWithheld && w.gives(g, kinds) {
					again = true
				}
			}
		}
	}
}

// groupKind is one kind of groups.
type groupKind struct {
	groups []*sizedGroup // smallest first
	of     []*sizedGroup // of everybody, nil for none
	rest   *sizedGroup
}

// part is where a person stands in what is shown of a kind.
func (k *groupKind) part(i int) *sizedGroup {
	if g := k.of[i]; g != nil && !g.isWithheld {
		return g
	}
	return k.rest
}

// withholding is the state of withhold.
type withholding struct {
	judged   []bool
	smallest int
	kinds    map[string]*groupKind
	same     map[string][]*sizedGroup // by people
}

func (w *withholding) count(people ...int) (n amount) {
	n.people = len(people)
	for _, i := range people {
		if w.judged[i] {
			n.judged++
		}
	}
	return n
}

// isTooFew says that there are some people, but too few to be shown.
func (w *withholding) isTooFew(n amount) bool { return n.people > 0 && n.judged < w.smallest }

// gather gathers the rest of a kind.
func (w *withholding) gather(k *groupKind) {
	k.rest.people = k.rest.people[:0]
	for i, g := range k.of {
		if g == nil || g.isWithheld {
			k.rest.people = append(k.rest.people, i)
		}
	}
	k.rest.n = w.count(k.rest.people...)
	k.rest.isSmall = w.isTooFew(k.rest.n)
}

// hide withholds a group and all that have the same people.
func (w *withholding) hide(g *sizedGroup) {
	for _, other := range w.same[g.same] {
		other.isWithheld = true
		w.gather(w.kinds[other.kind])
	}
}

// gives says whether g gives too few people away, being a rest of so few or by
// what is left when parts of some kinds are taken away from it, or it from the
// parts of a kind that hold all of it; it then withholds one group more.
func (w *withholding) gives(g *sizedGroup, kinds []*groupKind) bool {
	left, next := w.partsOff(g, kinds)
	tooFew := w.isTooFew(left) || g.isRest && g.isSmall
	if !tooFew && len(kinds) == 1 {
		left, next = offParts(g, kinds[0])
		tooFew = w.isTooFew(left)
	}
	if !tooFew {
		return false
	}
	if !g.isRest && (next == nil || len(g.people) < len(next.people)) {
		next = g
	}
	if next == nil { // the rest itself has to grow
		of := w.kinds[g.kind].groups
		k := slices.IndexFunc(of, func(g *sizedGroup) bool { return !g.isWithheld })
		if k < 0 {
			return false // it is everybody
		}
		next = of[k]
	}
	w.hide(next)
	return true
}

// partsOff takes the parts of some kinds that lie wholly inside g away, and
// returns how many are left and the smallest group among those parts, nil where
// there is none.
func (w *withholding) partsOff(g *sizedGroup, kinds []*groupKind) (left amount, smallest *sizedGroup) {
	for _, k := range kinds {
		for _, i := range g.people {
			k.part(i).met = 0
		}
		for _, i := range g.people {
			k.part(i).met++
		}
	}
	for _, i := range g.people {
		isLeft := true
		for _, k := range kinds {
			part := k.part(i)
			if n := len(part.people); part.met < n || n == len(g.people) || part.isSmall {
				continue // not wholly inside, g itself, or a rest that has to grow
			}
			isLeft = false
			smallest = smaller(smallest, part)
		}
		if isLeft {
			left = left.plus(w.count(i))
		}
	}
	return left, smallest
}

// offParts takes g away from the parts of a kind that hold all of it, and
// returns how many are left and the smallest group among those parts.
func offParts(g *sizedGroup, k *groupKind) (left amount, smallest *sizedGroup) {
	for _, i := range g.people {
		k.part(i).met = 0
	}
	for _, i := range g.people {
		part := k.part(i)
		if part.met++; part.met == 1 {
			left, smallest = left.plus(part.n), smaller(smallest, part)
		}
	}
	return left.minus(g.n), smallest
}

// smaller is the smaller of two groups, of which the first may be none; a rest
// is no group.
func smaller(a, b *sizedGroup) *sizedGroup {
	if b.isRest || a != nil && len(a.people) <= len(b.people) {
		return a
	}
	return b
}
