package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// TargetPlan is a set of targets that somebody adopted.
type TargetPlan struct {
	Month      time.Time
	File       string // in the workspace's exports
	TotalCents int64
	Way        string // equal, history ...
	People     int
	Slope      *float64 // of ln target on ln expected sales
	Reason     string
	Who        string
	At         time.Time
}

// AdoptTargets notes who adopted targets and why, and runs write, which puts
// their file where it is loaded from; if either fails neither stands.
func (s *Store) AdoptTargets(ctx context.Context, p TargetPlan, write func() error) error {
	if err := explained("targets", p.Reason, p.Who); err != nil {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "insert into target_plan (month, file, total_cents, way, n_people, slope, reason, who, at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
			day(p.Month), p.File, p.TotalCents, p.Way, p.People, p.Slope, p.Reason, p.Who, stamp(s.Now()))
		if err != nil {
			return err
		}
		detail := fmt.Sprintf("%d.%02d by %s over %d people: %s", p.TotalCents/100, p.TotalCents%100, p.Way, p.People, p.Reason)
		if err := s.audit(tx, p.Who, "adopt targets", monthName(p.Month)+", "+p.File, detail); err != nil {
			return err
		}
		return write()
	})
}

// TargetPlans returns the adopted targets, the latest first.
func (s *Store) TargetPlans(ctx context.Context) ([]TargetPlan, error) {
	var all []TargetPlan
	err := s.rows(ctx, "select month, file, total_cents, way, n_people, slope, reason, who, at from target_plan order by target_plan_id desc", nil,
		func(scan func(...any) error) error {
			var p TargetPlan
			var month, at string
			err := scan(&month, &p.File, &p.TotalCents, &p.Way, &p.People, &p.Slope, &p.Reason, &p.Who, &at)
			if err == nil {
				p.Month, p.At, err = dayAndMoment(month, at)
			}
			all = append(all, p)
			return err
		})
	return all, err
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
