package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// Action is what can happen to a month.
type Action string

// The actions, in the order of a month's life.
const (
	Review  Action = "review"  // shown to the people concerned, who may appeal
	Close   Action = "close"   // sealed
	Reopen  Action = "reopen"  // the seal is broken, with a reason
	Restate Action = "restate" // sealed again after late data
)

// Event is something that happened to a month. Events are never changed; the
// latest ones say how a month stands.
type Event struct {
	ID     int64
	Month  time.Time // first day
	Action Action
	RunID  string
	Seal   string // hash, "" for review and reopen
	At     time.Time
	Who    string
	Reason string
	PaidIn time.Time // month in which the sealed lines were paid; zero for a restatement not paid yet
	Bridge string    // of a restatement: old to new by cause, JSON
}

// Line is one printed line of a person's pay as it was sealed.
type Line struct {
	RepID   string
	Line    string
	Cents   int64
	IsTotal bool // a sum of other lines
}

// Events returns everything that happened to months, oldest first.
func (s *Store) Events(ctx context.Context) ([]Event, error) {
	var all []Event
	err := s.rows(ctx, "select event_id, month, action, run_id, seal, at, who, reason, coalesce(paid_in, ''), bridge from month_event order by event_id", nil,
		func(scan func(...any) error) error {
			var e Event
			var month, at, paid string
			err := scan(&e.ID, &month, &e.Action, &e.RunID, &e.Seal, &at, &e.Who, &e.Reason, &paid, &e.Bridge)
			if err == nil {
				e.Month, e.At, err = dayAndMoment(month, at)
			}
			if err == nil && paid != "" {
				e.PaidIn, err = time.Parse(time.DateOnly, paid)
			}
			all = append(all, e)
			return err
		})
	return all, err
}

// Closed returns, for each month that is closed, its events since it was last
// open, oldest first: its close, then its restatements.
func Closed(events []Event) map[time.Time][]Event {
	closed := map[time.Time][]Event{}
	for _, e := range events {
		switch e.Action {
		case Reopen:
			delete(closed, e.Month)
		case Close:
			closed[e.Month] = []Event{e}
		case Restate:
			closed[e.Month] = append(closed[e.Month], e)
		}
	}
	return closed
}

// LastClosed returns the latest closed month, or the zero time.
func LastClosed(events []Event) time.Time {
	var last time.Time
	for m := range Closed(events) {
		if m.After(last) {
			last = m
		}
	}
	return last
}

// Sealed is what a close or a restatement keeps of a month.
type Sealed struct {
	Event
	Document []byte // the whole seal as JSON
	Lines    []Line
	// Expect is the last event that the decision was taken on: if something
	// happened since, nothing is kept.
	Expect int64
}

// ErrMoved says that somebody else changed a month's state meanwhile.
var ErrMoved = errors.New("the months changed meanwhile: look again")

// Keep records a close or a restatement with its seal and its lines. A close
// pays the restatements that wait. All of it is kept, or nothing.
func (s *Store) Keep(ctx context.Context, k Sealed) error {
	if err := explained(string(k.Action)+" of "+monthName(k.Month), k.Reason, k.Who); err != nil {
		return err
	}
	if k.Action != Close && k.Action != Restate {
		return fmt.Errorf("%s has no seal", k.Action)
	}
	document, err := pack(k.Document)
	if err != nil {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := s.expect(ctx, tx, k.Expect); err != nil {
			return err
		}
		if k.Action == Close {
			k.PaidIn = k.Month
			if _, err := tx.ExecContext(ctx, "update month_event set paid_in = ? where action = 'restate' and paid_in is null", day(k.Month)); err != nil {
				return err
			}
		}
		id, err := s.event(ctx, tx, k.Event, document)
		if err != nil {
			return err
		}
		insert, err := tx.PrepareContext(ctx, "insert into sealed_line (event_id, rep_id, line, cents, is_total) values (?, ?, ?, ?, ?)")
		if err != nil {
			return err
		}
		defer insert.Close()
		for _, l := range k.Lines {
			if _, err := insert.ExecContext(ctx, id, l.RepID, l.Line, l.Cents, l.IsTotal); err != nil {
				return fmt.Errorf("line %s of %s: %w", l.Line, l.RepID, err)
			}
		}
		return s.audit(tx, k.Who, string(k.Action), "month "+monthName(k.Month), k.Reason+" (run "+k.RunID+", seal "+k.Seal[:min(12, len(k.Seal))]+")")
	})
}

// expect fails where an event is there that the caller did not see.
func (s *Store) expect(ctx context.Context, tx *sql.Tx, last int64) error {
	var now int64
	if err := tx.QueryRowContext(ctx, "select coalesce(max(event_id), 0) from month_event").Scan(&now); err != nil {
		return err
	}
	if now != last {
		return ErrMoved
	}
	return nil
}

func (s *Store) event(ctx context.Context, tx *sql.Tx, e Event, document []byte) (int64, error) {
	r, err := tx.ExecContext(ctx, "insert into month_event (month, action, run_id, seal, at, who, reason, paid_in, document, bridge) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		day(e.Month), e.Action, e.RunID, e.Seal, stamp(s.Now()), e.Who, e.Reason, orNull(e.PaidIn), document, e.Bridge)
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

// StartReview records that a month's numbers were shown to the people
// concerned.
func (s *Store) StartReview(ctx context.Context, month time.Time, runID, reason, who string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := s.event(ctx, tx, Event{Month: month, Action: Review, RunID: runID, Who: who, Reason: reason}, nil); err != nil {
			return err
		}
		return s.audit(tx, who, string(Review), "month "+monthName(month), reason)
	})
}

// Reopen opens the latest closed month again. Its seal and lines stay in the
// history; restatements that were paid in it wait to be paid again. An earlier
// month cannot be opened: months after it stand on it, and late data becomes a
// restatement.
func (s *Store) Reopen(ctx context.Context, month time.Time, reason, who string) error {
	if err := explained("reopening "+monthName(month), reason, who); err != nil {
		return err
	}
	events, err := s.Events(ctx)
	if err != nil {
		return err
	}
	last := LastClosed(events)
	switch {
	case last.IsZero() || Closed(events)[month] == nil:
		return fmt.Errorf("%s is not closed", monthName(month))
	case !month.Equal(last):
		return fmt.Errorf("%s cannot be opened again: %s is closed after it. Load the corrected data, calculate, and restate the month", monthName(month), monthName(last))
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := s.expect(ctx, tx, events[len(events)-1].ID); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "update month_event set paid_in = null where action = 'restate' and paid_in = ?", day(month)); err != nil {
			return err
		}
		if _, err := s.event(ctx, tx, Event{Month: month, Action: Reopen, Who: who, Reason: reason}, nil); err != nil {
			return err
		}
		return s.audit(tx, who, string(Reopen), "month "+monthName(month), reason)
	})
}

// Lines returns the lines of an event, by person and line.
func (s *Store) Lines(ctx context.Context, event int64) ([]Line, error) {
	var all []Line
	err := s.rows(ctx, "select rep_id, line, cents, is_total from sealed_line where event_id = ? order by rep_id, line", []any{event}, func(scan func(...any) error) error {
		var l Line
		err := scan(&l.RepID, &l.Line, &l.Cents, &l.IsTotal)
		all = append(all, l)
		return err
	})
	return all, err
}

// Document returns the whole seal of an event.
func (s *Store) Document(ctx context.Context, event int64) ([]byte, error) {
	var packed []byte
	if err := s.db.QueryRowContext(ctx, "select document from month_event where event_id = ?", event).Scan(&packed); err != nil {
		return nil, fmt.Errorf("seal of event %d: %w", event, err)
	}
	return unpack(packed)
}

// closes returns the event that closed each closed month, by month.
func closes(events []Event) []Event {
	var all []Event
	for _, since := range Closed(events) {
		all = append(all, since[0])
	}
	slices.SortFunc(all, func(a, b Event) int { return a.Month.Compare(b.Month) })
	return all
}

func pack(text []byte) ([]byte, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	err := w.Close()
	return b.Bytes(), err
}

func unpack(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
