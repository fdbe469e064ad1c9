package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Sessions keeps the sessions of people who are signed in, as
// github.com/alexedwards/scs wants them kept.
type Sessions struct{ *Store }

// Find returns the data of a session that has not ended.
func (s Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// FindCtx is Find with a context.
func (s Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var data []byte
	err := s.db.QueryRowContext(ctx, "select data from session where token = ? and expires_at > ?", token, stamp(time.Now())).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// Commit keeps a session until the moment it ends.
func (s Sessions) Commit(token string, data []byte, ends time.Time) error {
	return s.CommitCtx(context.Background(), token, data, ends)
}

// CommitCtx is Commit with a context. It clears away sessions that have ended.
func (s Sessions) CommitCtx(ctx context.Context, token string, data []byte, ends time.Time) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.Exec("delete from session where expires_at <= ?", stamp(time.Now())); err != nil {
			return err
		}
		_, err := tx.Exec("insert into session (token, data, expires_at) values (?, ?, ?) on conflict (token) do update set data = excluded.data, expires_at = excluded.expires_at", token, data, stamp(ends))
		return err
	})
}

// Delete ends a session.
func (s Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// DeleteCtx is Delete with a context.
func (s Sessions) DeleteCtx(ctx context.Context, token string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.Exec("delete from session where token = ?", token)
		return err
	})
}
