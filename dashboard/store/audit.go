package store

import (
	"context"
	"time"
)

// AuditRow is one line of the log.
type AuditRow struct {
	ID     int64
	At     time.Time // UTC
	Who    string
	Action string // close, waive, reopen ...
	Object string // what it was done to
	Detail string // the reason, or what changed
}

// Audit returns the log between two moments, newest first; zero moments have
// no bound. most limits the rows.
func (s *Store) Audit(ctx context.Context, from, to time.Time, most int) ([]AuditRow, error) {
	low, high := "", "9"
	if !from.IsZero() {
		low = stamp(from)
	}
	if !to.IsZero() {
		high = stamp(to)
	}
	var all []AuditRow
	err := s.rows(ctx, "select audit_id, at, who, action, object, detail from audit where at >= ? and at <= ? order by audit_id desc limit ?", []any{low, high, most},
		func(scan func(...any) error) error {
			var r AuditRow
			var at string
			err := scan(&r.ID, &at, &r.Who, &r.Action, &r.Object, &r.Detail)
			if err == nil {
				r.At, err = moment(at)
			}
			all = append(all, r)
			return err
		})
	return all, err
}
