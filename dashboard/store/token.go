package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Token is a token of the API; only its hash is kept.
type Token struct {
	ID        int64
	UserID    int64
	Title     string
	Scopes    string // parted by spaces
	CreatedAt time.Time
	ExpiresAt time.Time
}

const tokenColumns = "token_id, user_id, title, scopes, created_at, expires_at"

func scanToken(scan func(...any) error) (*Token, error) {
	var t Token
	var created, expires string
	err := scan(&t.ID, &t.UserID, &t.Title, &t.Scopes, &created, &expires)
	if err != nil {
		return nil, err
	}
	var err2 error
	t.CreatedAt, err = moment(created)
	t.ExpiresAt, err2 = moment(expires)
	return &t, errors.Join(err, err2)
}

// AddToken keeps the hash of a token.
func (s *Store) AddToken(ctx context.Context, who string, t Token, hash string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.Exec("insert into token (user_id, title, hash, scopes, created_at, expires_at) values (?, ?, ?, ?, ?, ?)", t.UserID, t.Title, hash, t.Scopes, stamp(s.Now()), stamp(t.ExpiresAt))
		if err != nil {
			return err
		}
		return s.audit(tx, who, "add_token", "token "+t.Title, "scopes "+t.Scopes+", until "+day(t.ExpiresAt))
	})
}

// TokenOf returns the token of a hash that is in force, or ErrNotFound.
func (s *Store) TokenOf(ctx context.Context, hash string) (*Token, error) {
	return found(scanToken(s.db.QueryRowContext(ctx, "select "+tokenColumns+" from token where hash = ? and revoked_at = '' and expires_at > ?", hash, stamp(s.Now())).Scan))
}

// Tokens returns the tokens of an account that are in force, the newest first.
func (s *Store) Tokens(ctx context.Context, user int64) ([]Token, error) {
	var all []Token
	err := s.rows(ctx, "select "+tokenColumns+" from token where user_id = ? and revoked_at = '' and expires_at > ? order by token_id desc", []any{user, stamp(s.Now())}, func(scan func(...any) error) error {
		t, err := scanToken(scan)
		if err == nil {
			all = append(all, *t)
		}
		return err
	})
	return all, err
}

// RevokeToken ends a token of an account; ErrNotFound where it has none such.
func (s *Store) RevokeToken(ctx context.Context, who string, user, id int64) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		err := changed(tx.Exec("update token set revoked_at = ? where token_id = ? and user_id = ? and revoked_at = ''", stamp(s.Now()), id, user))
		if errors.Is(err, ErrState) {
			return ErrNotFound
		}
		if err != nil {
			return err
		}
		return s.audit(tx, who, "revoke_token", fmt.Sprintf("token %d", id), "")
	})
}
