package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Rating is a score that one person gave another, 0 to 100.
type Rating struct {
	RaterID   string // a person of core.rep, or the name of an account
	RaterKind string // manager, peer or self
	RepID     string
	Month     time.Time // first day
	Criterion string
	Score     float64
}

// Rate keeps ratings of one form; a rating entered again replaces the earlier.
func (s *Store) Rate(ctx context.Context, who string, all []Rating) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		for _, r := range all {
			_, err := tx.Exec("insert into rating (rater_id, rater_kind, rep_id, month, criterion, score, entered_at, entered_by) values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (rater_id, rep_id, month, criterion) do update set score = excluded.score, entered_at = excluded.entered_at, entered_by = excluded.entered_by",
				r.RaterID, r.RaterKind, r.RepID, day(r.Month), r.Criterion, r.Score, stamp(s.Now()), who)
			if err != nil {
				return err
			}
			if err := s.audit(tx, who, "rate", fmt.Sprintf("%s of %s in %s", r.Criterion, r.RepID, monthName(r.Month)), fmt.Sprintf("as %s", r.RaterKind)); err != nil {
				return err
			}
		}
		return nil
	})
}

// RatingsBy returns what a rater entered for a month.
func (s *Store) RatingsBy(ctx context.Context, rater string, month time.Time) ([]Rating, error) {
	var all []Rating
	err := s.rows(ctx, "select rater_id, rater_kind, rep_id, criterion, score from rating where rater_id = ? and month = ? order by rep_id, criterion", []any{rater, day(month)},
		func(scan func(...any) error) error {
			r := Rating{Month: month}
			err := scan(&r.RaterID, &r.RaterKind, &r.RepID, &r.Criterion, &r.Score)
			all = append(all, r)
			return err
		})
	return all, err
}

// Innovation is a proposal to do something better.
type Innovation struct {
	ID         string
	RepID      string
	Month      time.Time // first day of the month it counts in
	Title      string
	Points     *float64 // nil until adopted
	Status     string   // proposed, adopted or refused
	ProposedBy string
	ProposedAt time.Time
	AdoptedBy  string // who decided
}

// Propose keeps a proposal.
func (s *Store) Propose(ctx context.Context, i Innovation) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRow("select count(*) + 1 from innovation").Scan(&n); err != nil {
			return err
		}
		id := fmt.Sprintf("I-%04d", n)
		_, err := tx.Exec("insert into innovation (innovation_id, rep_id, month, title, status, proposed_by, proposed_at) values (?, ?, ?, ?, 'proposed', ?, ?)", id, i.RepID, day(i.Month), i.Title, i.ProposedBy, stamp(s.Now()))
		if err != nil {
			return err
		}
		return s.audit(tx, i.ProposedBy, "propose", "innovation "+id, i.Title)
	})
}

// Adopt decides a proposal: with points it is adopted and counts in month,
// without it is refused. Nobody decides what he entered; ErrState where it is
// decided already.
func (s *Store) Adopt(ctx context.Context, who, id string, month time.Time, points *float64) error {
	status := "refused"
	if points != nil {
		status = "adopted"
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := changed(tx.Exec("update innovation set status = ?, points = ?, month = ?, adopted_by = ?, adopted_at = ? where innovation_id = ? and status = 'proposed' and proposed_by <> ?", status, points, day(month), who, stamp(s.Now()), id, who)); err != nil {
			return err
		}
		detail := status
		if points != nil {
			detail += fmt.Sprintf(" with %g points in %s", *points, monthName(month))
		}
		return s.audit(tx, who, "adopt", "innovation "+id, detail)
	})
}

// Innovations returns all proposals, the newest first.
func (s *Store) Innovations(ctx context.Context) ([]Innovation, error) {
	var all []Innovation
	err := s.rows(ctx, "select innovation_id, rep_id, month, title, points, status, proposed_by, proposed_at, adopted_by from innovation order by innovation_id desc", nil,
		func(scan func(...any) error) error {
			var i Innovation
			var month, at string
			err := scan(&i.ID, &i.RepID, &month, &i.Title, &i.Points, &i.Status, &i.ProposedBy, &at, &i.AdoptedBy)
			if err == nil {
				i.Month, i.ProposedAt, err = dayAndMoment(month, at)
			}
			all = append(all, i)
			return err
		})
	return all, err
}

// RatersOf returns who rated a person in a month on the form: persons and
// accounts.
func (s *Store) RatersOf(ctx context.Context, rep string, month time.Time) ([]string, error) {
	var all []string
	err := s.rows(ctx, "select distinct rater_id from rating where rep_id = ? and month = ? union select distinct entered_by from rating where rep_id = ? and month = ?",
		[]any{rep, day(month), rep, day(month)}, func(scan func(...any) error) error {
			var who string
			err := scan(&who)
			all = append(all, who)
			return err
		})
	return all, err
}
