package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"levelfield/analytics"
)

// ErrClosed is returned where targets are set for a month that is closed.
var ErrClosed = errors.New("the month is closed: its targets are sealed. Reopen it first, or set targets of a later month")

// TargetPlan is a version of a month's targets that somebody adopted.
type TargetPlan struct {
	ID         int64
	Month      time.Time
	File       string // in the workspace's exports, of versions without rows here
	TotalCents int64
	Way        string // equal, history ...
	People     int
	Slope      *float64 // of ln target on ln expected sales
	Reason     string
	Who        string
	At         time.Time
	Withdrawn  *Withdrawal           // nil while it stands
	Amounts    []analytics.TargetRow // to be adopted; not read back with the list
}

// Withdrawal is who took a version back, when and why.
type Withdrawal struct {
	At       time.Time
	Who, Why string
}

// Name is the version as it is named in calculations and on pages: T-0007.
func (p TargetPlan) Name() string { return fmt.Sprintf("T-%04d", p.ID) }

// AdoptTargets keeps a version of a month's targets with who and why, and
// returns its id. It enters the next calculation in place of every target of
// sales that exports hold for the month. The error is ErrClosed for a closed
// month.
func (s *Store) AdoptTargets(ctx context.Context, p TargetPlan) (id int64, err error) {
	if err := s.mayChangeTargets(ctx, p.Month, p.Reason, p.Who); err != nil {
		return 0, err
	}
	if len(p.Amounts) == 0 {
		return 0, errors.New("targets: there is no amount to adopt")
	}
	err = s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, "insert into target_plan (month, file, total_cents, way, n_people, slope, reason, who, at) values (?, '', ?, ?, ?, ?, ?, ?, ?)",
			day(p.Month), p.TotalCents, p.Way, p.People, p.Slope, p.Reason, p.Who, stamp(s.Now()))
		if err != nil {
			return err
		}
		if id, err = r.LastInsertId(); err != nil {
			return err
		}
		for i, a := range p.Amounts {
			if _, err := tx.ExecContext(ctx, "insert into target_amount (target_plan_id, line, unit_kind, unit_id, product_id, cents) values (?, ?, ?, ?, ?, ?)", id, i+1, a.UnitKind, a.UnitID, a.Product, a.Cents); err != nil {
				return err
			}
		}
		detail := fmt.Sprintf("%d.%02d by %s over %d people: %s", p.TotalCents/100, p.TotalCents%100, p.Way, p.People, p.Reason)
		return s.audit(tx, p.Who, "adopt targets", monthName(p.Month)+", "+TargetPlan{ID: id}.Name(), detail)
	})
	return id, err
}

// WithdrawTargets takes a version back: the one before it, or the exports, hold
// again from the next calculation on.
func (s *Store) WithdrawTargets(ctx context.Context, id int64, reason, who string) error {
	all, err := s.TargetPlans(ctx)
	if err != nil {
		return err
	}
	for _, p := range all {
		if p.ID != id || p.Withdrawn != nil {
			continue
		}
		if err := s.mayChangeTargets(ctx, p.Month, reason, who); err != nil {
			return err
		}
		return s.write(ctx, func(tx *sql.Tx) error {
			r, err := tx.ExecContext(ctx, "update target_plan set withdrawn_at = ?, withdrawn_by = ?, withdrawn_why = ? where target_plan_id = ? and withdrawn_at is null", stamp(s.Now()), who, reason, id)
			if err != nil {
				return err
			}
			if n, err := r.RowsAffected(); err != nil || n != 1 {
				return errors.Join(err, ErrMoved)
			}
			return s.audit(tx, who, "withdraw targets", monthName(p.Month)+", "+p.Name(), reason)
		})
	}
	return ErrMoved
}

func (s *Store) mayChangeTargets(ctx context.Context, month time.Time, reason, who string) error {
	if err := explained("targets", reason, who); err != nil {
		return err
	}
	events, err := s.Events(ctx)
	if err == nil && !month.After(LastClosed(events)) {
		err = ErrClosed
	}
	return err
}

// TargetPlans returns the adopted versions without their amounts, the latest
// first.
func (s *Store) TargetPlans(ctx context.Context) ([]TargetPlan, error) {
	var all []TargetPlan
	err := s.rows(ctx, "select target_plan_id, month, file, total_cents, way, n_people, slope, reason, who, at, withdrawn_at, coalesce(withdrawn_by, ''), coalesce(withdrawn_why, '') from target_plan order by target_plan_id desc", nil,
		func(scan func(...any) error) error {
			var p TargetPlan
			var month, at, by, why string
			var withdrawn *string
			err := scan(&p.ID, &month, &p.File, &p.TotalCents, &p.Way, &p.People, &p.Slope, &p.Reason, &p.Who, &at, &withdrawn, &by, &why)
			if err == nil {
				p.Month, p.At, err = dayAndMoment(month, at)
			}
			if err == nil && withdrawn != nil {
				p.Withdrawn = &Withdrawal{Who: by, Why: why}
				p.Withdrawn.At, err = moment(*withdrawn)
			}
			all = append(all, p)
			return err
		})
	return all, err
}

// targetRows are the amounts of each month's latest version that stands.
func (s *Store) targetRows(ctx context.Context) ([][]any, error) {
	return s.table(ctx, 9, `select printf('T-%04d', p.target_plan_id), p.month, a.line, a.unit_kind, a.unit_id, a.product_id, printf('%d.%02d', a.cents / 100, a.cents % 100), p.who, p.reason
from target_plan as p inner join target_amount as a using (target_plan_id)
where p.target_plan_id in (select max(o.target_plan_id) from target_plan as o where o.withdrawn_at is null and exists (select 1 from target_amount as x where x.target_plan_id = o.target_plan_id) group by o.month)
order by p.month, a.line`)
}

// SplitPlan is a split of a resource that somebody kept, with what it promised.
type SplitPlan struct {
	Month                       time.Time
	Resource, Question, Verdict string
	Gain, Low, High             float64 // profit of a month, with its 90 % interval
	Probability                 float64
	Reason, Who                 string
	At                          time.Time
}

// KeepSplit keeps a split with who and why.
func (s *Store) KeepSplit(ctx context.Context, p SplitPlan) error {
	if err := explained("a split", p.Reason, p.Who); err != nil {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "insert into split_plan (month, resource, question, gain, gain_low, gain_high, probability, verdict, reason, who, at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			day(p.Month), p.Resource, p.Question, p.Gain, p.Low, p.High, p.Probability, p.Verdict, p.Reason, p.Who, stamp(s.Now()))
		if err != nil {
			return err
		}
		return s.audit(tx, p.Who, "keep split", p.Resource+" of "+monthName(p.Month), p.Question+": "+p.Reason)
	})
}

// SplitPlans returns the splits kept, the latest first.
func (s *Store) SplitPlans(ctx context.Context) ([]SplitPlan, error) {
	var all []SplitPlan
	err := s.rows(ctx, "select month, resource, question, gain, gain_low, gain_high, probability, verdict, reason, who, at from split_plan order by split_plan_id desc", nil,
		func(scan func(...any) error) error {
			var p SplitPlan
			var month, at string
			err := scan(&month, &p.Resource, &p.Question, &p.Gain, &p.Low, &p.High, &p.Probability, &p.Verdict, &p.Reason, &p.Who, &at)
			if err == nil {
				p.Month, p.At, err = dayAndMoment(month, at)
			}
			all = append(all, p)
			return err
		})
	return all, err
}
