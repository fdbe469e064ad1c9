// Package store keeps what people decide and do: closed months, waivers,
// exceptions, overrides, and the log of who did what. It is one SQLite file,
// state.db of the workspace, which several processes may use at a time.
//
// Every change writes its audit row in its own transaction: a change that
// cannot be logged does not happen. Results are never edited; decisions enter
// the next calculation as rows, see Store.State.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	_ "modernc.org/sqlite" // driver sqlite
)

//go:embed schema/*.sql
var schema embed.FS

// File is the name of the store in a workspace.
const File = "state.db"

// Store is an open state.db. Use it from any goroutine.
type Store struct {
	// Now is the clock of every row written; time.Now after Open.
	Now func() time.Time

	db     *sql.DB
	looks  looks
	writes atomic.Int64 // transactions of this process that may have decided something
	known  struct {     // what Changes said last
		sync.Mutex
		n, writes int64
		at        time.Time
	}
}

// mostIdle is how many connections wait for the next question: to make one
// takes many times as long as most questions.
const mostIdle = 16

// Open opens the store, makes it where it is not there yet, and brings its
// tables up to date.
func Open(ctx context.Context, path string) (*Store, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	// A writer takes the lock when it begins (immediate), so that it waits for
	// another instead of failing half way; WAL lets readers go on meanwhile.
	address := url.URL{Scheme: "file", Path: filepath.ToSlash(full), RawQuery: "_txlock=immediate&_pragma=busy_timeout(20000)" +
		"&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=foreign_keys(on)"}
	db, err := sql.Open("sqlite", address.String())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	db.SetMaxIdleConns(mostIdle)
	s := &Store{Now: time.Now, db: db}
	if err := s.migrate(ctx, schema); err != nil {
		db.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// Close lets go of the file after the rows that are being written.
func (s *Store) Close() error {
	s.looks.writing.Wait()
	return s.db.Close()
}

// migrate runs the files of schema/ that this store has not seen, in the order
// of their names, each in a transaction of its own.
func (s *Store) migrate(ctx context.Context, files fs.FS) error {
	names, err := fs.Glob(files, "schema/*.sql") // sorted
	if err != nil {
		return err
	}
	// Asked without the lock first: an up-to-date store opens while another
	// process writes.
	seen, err := s.migrations(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		if seen[name] {
			continue
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		err = s.write(ctx, func(tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, "create table if not exists migration (name text primary key, at text not null)"); err != nil {
				return err
			}
			var n int // another process may have been faster
			if err := tx.QueryRowContext(ctx, "select count(*) from migration where name = ?", name).Scan(&n); err != nil || n > 0 {
				return err
			}
			if _, err := tx.ExecContext(ctx, string(text)); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, "insert into migration values (?, ?)", name, stamp(s.Now()))
			return err
		})
		if err != nil {
			return fmt.Errorf("bring the tables up to date: %s: %w", name, err)
		}
	}
	return nil
}

func (s *Store) migrations(ctx context.Context) (map[string]bool, error) {
	seen := map[string]bool{}
	var n int
	if err := s.db.QueryRowContext(ctx, "select count(*) from sqlite_master where name = 'migration'").Scan(&n); err != nil || n == 0 {
		return seen, err
	}
	err := s.rows(ctx, "select name from migration", nil, func(scan func(...any) error) error {
		var name string
		err := scan(&name)
		seen[name] = true
		return err
	})
	return seen, err
}

// write runs do in a transaction: everything it writes is kept, or nothing.
func (s *Store) write(ctx context.Context, do func(*sql.Tx) error) error {
	defer s.writes.Add(1)
	return s.transact(ctx, do)
}

// transact is write for what decides nothing: see Changes.
func (s *Store) transact(ctx context.Context, do func(*sql.Tx) error) (err error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreDone(tx.Rollback()))
		}
	}()
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// rows runs a query and calls each once a row.
func (s *Store) rows(ctx context.Context, query string, args []any, each func(scan func(...any) error) error) error {
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// audit writes who did what into the log, in the transaction of the change.
// object names the thing as a person would: "month 2026-10"; detail is the
// reason, or what changed.
func (s *Store) audit(tx *sql.Tx, who, action, object, detail string) error {
	if strings.TrimSpace(who) == "" {
		return fmt.Errorf("%s of %s: nobody is named; every change is logged with a name", action, object)
	}
	_, err := tx.Exec("insert into audit (at, who, action, object, detail) values (?, ?, ?, ?, ?)", stamp(s.Now()), who, action, object, detail)
	return err
}

// stamp writes a moment so that text sorts as time does.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// moment reads what stamp wrote.
func moment(text string) (time.Time, error) { return time.Parse("2006-01-02T15:04:05.000Z", text) }

// day writes a date.
func day(t time.Time) string { return t.Format(time.DateOnly) }
