package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// SavedView is a page with its filters that a person kept under a name.
type SavedView struct {
	Title   string
	Address string // path and filters within this site
	SavedAt time.Time
}

// MostViews is how many views a person may keep.
const MostViews = 100

// ErrFull is returned where a person keeps MostViews already.
var ErrFull = errors.New("there is no room for more")

// Views returns what a person kept, by name.
func (s *Store) Views(ctx context.Context, user int64) ([]SavedView, error) {
	var all []SavedView
	err := s.rows(ctx, "select title, address, saved_at from saved_view where user_id = ? order by title", []any{user}, func(scan func(...any) error) error {
		var v SavedView
		var at string
		err := scan(&v.Title, &v.Address, &at)
		if err == nil {
			v.SavedAt, err = moment(at)
		}
		all = append(all, v)
		return err
	})
	return all, err
}

// SaveView keeps a view; one of the same name is replaced.
func (s *Store) SaveView(ctx context.Context, who string, user int64, title, address string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRow("select count(*) from saved_view where user_id = ? and title <> ?", user, title).Scan(&n); err != nil {
			return err
		}
		if n >= MostViews {
			return ErrFull
		}
		_, err := tx.Exec("insert into saved_view (user_id, title, address, saved_at) values (?, ?, ?, ?) on conflict (user_id, title) do update set address = excluded.address, saved_at = excluded.saved_at",
			user, title, address, stamp(s.Now()))
		if err != nil {
			return err
		}
		return s.audit(tx, who, "save_view", "view "+title, address)
	})
}

// DeleteView forgets a view; ErrNotFound where the person has none of that name.
func (s *Store) DeleteView(ctx context.Context, who string, user int64, title string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		err := changed(tx.Exec("delete from saved_view where user_id = ? and title = ?", user, title))
		if errors.Is(err, ErrState) {
			return ErrNotFound
		}
		if err != nil {
			return err
		}
		return s.audit(tx, who, "delete_view", "view "+title, "")
	})
}
