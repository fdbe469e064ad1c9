package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Waiver says that somebody accepted a failed check of a month.
type Waiver struct {
	ID       int64
	Month    time.Time // first day
	CheckID  string    // a check of the run, or the reconciliation
	Reason   string
	Approver string
	SignedAt time.Time
}

// SignWaiver keeps a waiver. Reason and approver are required: a waiver that
// nobody explains is none.
func (s *Store) SignWaiver(ctx context.Context, w Waiver) error {
	if err := explained("a waiver", w.Reason, w.Approver); err != nil {
		return err
	}
	if w.CheckID == "" || w.Month.IsZero() {
		return errors.New("a waiver names a month and a check")
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "insert into waiver (month, check_id, reason, approver, signed_at) values (?, ?, ?, ?, ?)",
			day(w.Month), w.CheckID, w.Reason, w.Approver, stamp(s.Now()))
		if err != nil {
			return err
		}
		return s.audit(tx, w.Approver, "waive", "check "+w.CheckID+" of "+monthName(w.Month), w.Reason)
	})
}

// Waivers returns every waiver, the latest of a month and check last.
func (s *Store) Waivers(ctx context.Context) ([]Waiver, error) {
	var all []Waiver
	err := s.rows(ctx, "select waiver_id, month, check_id, reason, approver, signed_at from waiver order by month, check_id, waiver_id", nil,
		func(scan func(...any) error) error {
			var w Waiver
			var month, at string
			err := scan(&w.ID, &month, &w.CheckID, &w.Reason, &w.Approver, &at)
			if err == nil {
				w.Month, w.SignedAt, err = dayAndMoment(month, at)
			}
			all = append(all, w)
			return err
		})
	return all, err
}

// Exception lets a person's commission stand in a month in which expenses
// passed the ceiling.
type Exception struct {
	ID         int64
	RepID      string
	Month      time.Time // first day
	Reason     string
	Approver   string
	ApprovedAt time.Time
}

// ApproveException keeps an exception; one for the same person and month takes
// the place of the earlier.
func (s *Store) ApproveException(ctx context.Context, e Exception) error {
	if err := explained("an exception", e.Reason, e.Approver); err != nil {
		return err
	}
	if e.RepID == "" || e.Month.IsZero() {
		return errors.New("an exception names a person and a month")
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		now := stamp(s.Now())
		if _, err := tx.ExecContext(ctx, "update expense_exception set revoked_at = ? where rep_id = ? and month = ? and revoked_at is null", now, e.RepID, day(e.Month)); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "insert into expense_exception (rep_id, month, reason, approver, approved_at) values (?, ?, ?, ?, ?)",
			e.RepID, day(e.Month), e.Reason, e.Approver, now); err != nil {
			return err
		}
		return s.audit(tx, e.Approver, "approve exception", "expenses of "+e.RepID+" in "+monthName(e.Month), e.Reason)
	})
}

// RevokeException takes an exception back.
func (s *Store) RevokeException(ctx context.Context, repID string, month time.Time, reason, who string) error {
	if err := explained("taking back an exception", reason, who); err != nil {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := one(tx.ExecContext(ctx, "update expense_exception set revoked_at = ? where rep_id = ? and month = ? and revoked_at is null", stamp(s.Now()), repID, day(month))); err != nil {
			return fmt.Errorf("exception of %s in %s: %w", repID, monthName(month), err)
		}
		return s.audit(tx, who, "revoke exception", "expenses of "+repID+" in "+monthName(month), reason)
	})
}

// Exceptions returns the exceptions in force, by month and person.
func (s *Store) Exceptions(ctx context.Context) ([]Exception, error) {
	var all []Exception
	err := s.rows(ctx, "select exception_id, rep_id, month, reason, approver, approved_at from expense_exception where revoked_at is null order by month, rep_id", nil,
		func(scan func(...any) error) error {
			var e Exception
			var month, at string
			err := scan(&e.ID, &e.RepID, &month, &e.Reason, &e.Approver, &at)
			if err == nil {
				e.Month, e.ApprovedAt, err = dayAndMoment(month, at)
			}
			all = append(all, e)
			return err
		})
	return all, err
}

// Override is a number that somebody set by hand.
type Override struct {
	ID        string    // made by SetOverride where it is ""
	Kind      string    // indicator, score, coefficient or pay
	Month     time.Time // first day
	UnitKind  string    // rep, team, region or company
	UnitID    string
	Item      string // indicator, node of a score, "coefficient", line of pay
	Value     float64
	Reason    string
	Approver  string
	DecidedAt time.Time
	ExpiresOn time.Time // last day on which it counts; zero: for good
	AppealID  string    // of the appeal that it answers, or ""
}

// SetOverride keeps an override; one for the same number takes the place of
// the earlier.
func (s *Store) SetOverride(ctx context.Context, o Override) error {
	return s.write(ctx, func(tx *sql.Tx) error { return s.setOverride(ctx, tx, o) })
}

// setOverride is SetOverride within a transaction, such as that of an appeal's
// decision.
func (s *Store) setOverride(ctx context.Context, tx *sql.Tx, o Override) error {
	if err := explained("an override", o.Reason, o.Approver); err != nil {
		return err
	}
	if o.Month.IsZero() || o.UnitKind == "" || o.UnitID == "" || o.Item == "" {
		return errors.New("an override names a month, a unit and what is set")
	}
	now := stamp(s.Now())
	key := []any{o.Kind, day(o.Month), o.UnitKind, o.UnitID, o.Item}
	if _, err := tx.ExecContext(ctx, "update override set revoked_at = ? where kind = ? and month = ? and unit_kind = ? and unit_id = ? and item = ? and revoked_at is null",
		append([]any{now}, key...)...); err != nil {
		return err
	}
	if o.ID == "" {
		var n int
		if err := tx.QueryRowContext(ctx, "select count(*) + 1 from override").Scan(&n); err != nil {
			return err
		}
		o.ID = fmt.Sprintf("o-%d", n)
	}
	if _, err := tx.ExecContext(ctx, "insert into override (override_id, kind, month, unit_kind, unit_id, item, value, reason, approver, decided_at, expires_on, appeal_id) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		append(append([]any{o.ID}, key...), o.Value, o.Reason, o.Approver, now, orNull(o.ExpiresOn), orEmpty(o.AppealID))...); err != nil {
		return err
	}
	return s.audit(tx, o.Approver, "override", fmt.Sprintf("%s of %s %s in %s", o.Item, o.UnitKind, o.UnitID, monthName(o.Month)), fmt.Sprintf("%v: %s", o.Value, o.Reason))
}

// RevokeOverride takes an override back.
func (s *Store) RevokeOverride(ctx context.Context, id, reason, who string) error {
	if err := explained("taking back an override", reason, who); err != nil {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := one(tx.ExecContext(ctx, "update override set revoked_at = ? where override_id = ? and revoked_at is null", stamp(s.Now()), id)); err != nil {
			return fmt.Errorf("override %s: %w", id, err)
		}
		return s.audit(tx, who, "revoke override", "override "+id, reason)
	})
}

// Overrides returns the overrides in force, by month, unit and item.
func (s *Store) Overrides(ctx context.Context) ([]Override, error) {
	var all []Override
	err := s.rows(ctx, `select override_id, kind, month, unit_kind, unit_id, item, value, reason, approver, decided_at, coalesce(expires_on, ''), coalesce(appeal_id, '')
from override where revoked_at is null order by month, unit_kind, unit_id, kind, item`, nil,
		func(scan func(...any) error) error {
			var o Override
			var month, at, expires string
			err := scan(&o.ID, &o.Kind, &month, &o.UnitKind, &o.UnitID, &o.Item, &o.Value, &o.Reason, &o.Approver, &at, &expires, &o.AppealID)
			if err == nil {
				o.Month, o.DecidedAt, err = dayAndMoment(month, at)
			}
			if err == nil && expires != "" {
				o.ExpiresOn, err = time.Parse(time.DateOnly, expires)
			}
			all = append(all, o)
			return err
		})
	return all, err
}

// explained refuses a decision without a reason or a name.
func explained(what, reason, who string) error {
	var missing []string
	if strings.TrimSpace(reason) == "" {
		missing = append(missing, "a reason")
	}
	if strings.TrimSpace(who) == "" {
		missing = append(missing, "the name of who decides")
	}
	if missing == nil {
		return nil
	}
	return fmt.Errorf("%s needs %s", what, strings.Join(missing, " and "))
}

// errNothing says that a change found no row.
var errNothing = errors.New("there is none in force")

// one makes an error of a change that did not hit exactly a row.
func one(r sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n != 0 {
		return err
	}
	return errNothing
}

func dayAndMoment(date, at string) (time.Time, time.Time, error) {
	d, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return d, d, err
	}
	m, err := moment(at)
	return d, m, err
}

func monthName(t time.Time) string { return t.Format("2006-01") }

func orNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return day(t)
}

func orEmpty(text string) any {
	if text == "" {
		return nil
	}
	return text
}
