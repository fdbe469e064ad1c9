package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Account is a person who may sign in.
type Account struct {
	UserID          int64
	Name            string // signs in with it; upper and lower case are the same
	Title           string // as shown
	Role            string // one of auth.Roles
	RepID           string // the person of core.rep that this account is; "" for none
	Regions         []string
	Teams           []string
	Password        string // hash; "" where only the company's sign-in service may let him in
	IsPasswordGiven bool   // somebody else chose the password: it has to be changed
	IsDisabled      bool
	Failures        int       // wrong passwords in a row
	LockedUntil     time.Time // zero: not locked
	Epoch           int64     // sessions of an earlier epoch have ended
	CreatedAt       time.Time
	SignedInAt      time.Time // zero: never
}

// The answers of the store to a wrong wish.
var (
	ErrNotFound = errors.New("not found")
	ErrExists   = errors.New("is there already")
	// ErrSetUp is returned where a first account is made and there is one.
	ErrSetUp = errors.New("the first account is there already: sign in with it")
)

const accountColumns = "user_id, name, title, role, rep_id, regions, teams, password, is_password_given, is_disabled, failures, locked_until, epoch, created_at, signed_in_at"

func scanAccount(scan func(...any) error) (*Account, error) {
	var a Account
	var regions, teams, locked, created, signedIn string
	err := scan(&a.UserID, &a.Name, &a.Title, &a.Role, &a.RepID, &regions, &teams, &a.Password, &a.IsPasswordGiven, &a.IsDisabled,
		&a.Failures, &locked, &a.Epoch, &created, &signedIn)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(json.Unmarshal([]byte(regions), &a.Regions), json.Unmarshal([]byte(teams), &a.Teams)); err != nil {
		return nil, fmt.Errorf("account %s: %w", a.Name, err)
	}
	for at, text := range map[*time.Time]string{&a.LockedUntil: locked, &a.CreatedAt: created, &a.SignedInAt: signedIn} {
		if text == "" {
			continue
		}
		if *at, err = moment(text); err != nil {
			return nil, fmt.Errorf("account %s: %w", a.Name, err)
		}
	}
	return &a, nil
}

// Accounts returns every account by name.
func (s *Store) Accounts(ctx context.Context) ([]Account, error) {
	var all []Account
	err := s.rows(ctx, "select "+accountColumns+" from account order by name", nil, func(scan func(...any) error) error {
		a, err := scanAccount(scan)
		if err == nil {
			all = append(all, *a)
		}
		return err
	})
	return all, err
}

// HasAccounts reports whether anybody can sign in yet.
func (s *Store) HasAccounts(ctx context.Context) (bool, error) {
	var n int
	err := s.db.QueryRowContext(ctx, "select exists (select 1 from account)").Scan(&n)
	return n > 0, err
}

// AccountNamed returns the account of a name, or ErrNotFound.
func (s *Store) AccountNamed(ctx context.Context, name string) (*Account, error) {
	return found(scanAccount(s.db.QueryRowContext(ctx, "select "+accountColumns+" from account where name = ?", name).Scan))
}

// AccountOf returns the account of a user id, or ErrNotFound.
func (s *Store) AccountOf(ctx context.Context, id int64) (*Account, error) {
	return found(scanAccount(s.db.QueryRowContext(ctx, "select "+accountColumns+" from account where user_id = ?", id).Scan))
}

func found[T any](v *T, err error) (*T, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNotFound
	}
	return v, err
}

// AddAccount makes an account; ErrExists where the name is taken.
func (s *Store) AddAccount(ctx context.Context, who string, a Account) (int64, error) {
	var id int64
	err := s.write(ctx, func(tx *sql.Tx) (err error) {
		id, err = s.addAccount(tx, who, a)
		return err
	})
	return id, err
}

// AddFirstAccount makes the first account of a workspace; ErrSetUp where there
// is one. Two who try at once cannot both succeed.
func (s *Store) AddFirstAccount(ctx context.Context, a Account) (int64, error) {
	var id int64
	err := s.write(ctx, func(tx *sql.Tx) (err error) {
		var n int
		if err := tx.QueryRow("select count(*) from account").Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return ErrSetUp
		}
		id, err = s.addAccount(tx, a.Name, a)
		return err
	})
	return id, err
}

func (s *Store) addAccount(tx *sql.Tx, who string, a Account) (int64, error) {
	var n int
	if err := tx.QueryRow("select count(*) from account where name = ?", a.Name).Scan(&n); err != nil {
		return 0, err
	}
	if n > 0 {
		return 0, fmt.Errorf("account %s %w", a.Name, ErrExists)
	}
	result, err := tx.Exec("insert into account (name, title, role, rep_id, regions, teams, password, is_password_given, created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		a.Name, a.Title, a.Role, a.RepID, list(a.Regions), list(a.Teams), a.Password, a.IsPasswordGiven, stamp(s.Now()))
	if err != nil {
		return 0, err
	}
	id, err := result.LastInsertId()
	if err != nil {
		return 0, err
	}
	return id, s.audit(tx, who, "add_user", "user "+a.Name, "role "+a.Role+unitsOf(a))
}

// unitsOf names the units of an account for the log.
func unitsOf(a Account) string {
	text := ""
	if a.RepID != "" {
		text += ", rep " + a.RepID
	}
	if len(a.Regions) > 0 {
		text += ", regions " + list(a.Regions)
	}
	if len(a.Teams) > 0 {
		text += ", teams " + list(a.Teams)
	}
	return text
}

func list(ids []string) string {
	if len(ids) == 0 {
		return "[]"
	}
	text, _ := json.Marshal(ids) // strings always can
	return string(text)
}

// ChangeAccount changes an account under the log's words action and detail. A
// change of anything but what is shown of the person ends his open sessions.
func (s *Store) ChangeAccount(ctx context.Context, who, name, action, detail string, change func(*Account) error) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		a, err := found(scanAccount(tx.QueryRowContext(ctx, "select "+accountColumns+" from account where name = ?", name).Scan))
		if err != nil {
			return fmt.Errorf("account %s: %w", name, err)
		}
		if err := change(a); err != nil {
			return err
		}
		_, err = tx.Exec("update account set title = ?, role = ?, rep_id = ?, regions = ?, teams = ?, password = ?, is_password_given = ?, is_disabled = ?, failures = ?, locked_until = ?, epoch = epoch + 1 where user_id = ?",
			a.Title, a.Role, a.RepID, list(a.Regions), list(a.Teams), a.Password, a.IsPasswordGiven, a.IsDisabled, a.Failures, stampOr(a.LockedUntil), a.UserID)
		if err != nil {
			return err
		}
		return s.audit(tx, who, action, "user "+a.Name, detail)
	})
}

func stampOr(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return stamp(t)
}

// CountTry counts a try to sign in before the password is looked at, so that
// guesses sent at once are all counted. lock says until when the account is
// locked after n wrong tries; a locked account is returned without a count.
func (s *Store) CountTry(ctx context.Context, name string, lock func(n int) time.Time) (*Account, error) {
	var a *Account
	err := s.write(ctx, func(tx *sql.Tx) (err error) {
		a, err = found(scanAccount(tx.QueryRowContext(ctx, "select "+accountColumns+" from account where name = ?", name).Scan))
		if err != nil || s.Now().Before(a.LockedUntil) {
			return err
		}
		_, err = tx.Exec("update account set failures = failures + 1, locked_until = ? where user_id = ?", stampOr(lock(a.Failures+1)), a.UserID)
		return err
	})
	return a, err
}

// SignedIn forgets the wrong tries of an account and logs that its person came in.
func (s *Store) SignedIn(ctx context.Context, name, how string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.Exec("update account set failures = 0, locked_until = '', signed_in_at = ? where name = ?", stamp(s.Now()), name); err != nil {
			return err
		}
		return s.audit(tx, name, "sign_in", "user "+name, how)
	})
}

// Log writes an audit row of something that changes nothing in the store: a
// refused sign-in, a look at another person's pay, viewing as another person.
func (s *Store) Log(ctx context.Context, who, action, object, detail string) error {
	return s.write(ctx, func(tx *sql.Tx) error { return s.audit(tx, who, action, object, detail) })
}

// AuditOf returns the rows of the log of one person and one action, newest
// first; "" and zero moments have no bound. most limits the rows.
func (s *Store) AuditOf(ctx context.Context, who, action string, from, to time.Time, most int) ([]AuditRow, error) {
	low, high := "", "9"
	if !from.IsZero() {
		low = stamp(from)
	}
	if !to.IsZero() {
		high = stamp(to)
	}
	var all []AuditRow
	err := s.rows(ctx, "select audit_id, at, who, action, object, detail from audit where (? = '' or who = ?) and (? = '' or action = ?) and at >= ? and at <= ? order by audit_id desc limit ?",
		[]any{who, who, action, action, low, high, most}, func(scan func(...any) error) error {
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

// AuditActions returns the actions that the log holds, by name.
func (s *Store) AuditActions(ctx context.Context) ([]string, error) {
	var all []string
	err := s.rows(ctx, "select distinct action from audit order by action", nil, func(scan func(...any) error) error {
		var a string
		err := scan(&a)
		all = append(all, a)
		return err
	})
	return all, err
}

// changesAge is how old the answer of Changes may be where this process wrote
// nothing meanwhile: another one may have.
const changesAge = time.Second

// Changes returns how often something was decided: while it stays, so does
// what is made from the store.
func (s *Store) Changes(ctx context.Context) (int64, error) {
	s.known.Lock()
	defer s.known.Unlock()
	now, writes := time.Now(), s.writes.Load()
	if s.known.writes == writes && now.Sub(s.known.at) < changesAge {
		return s.known.n, nil
	}
	var n int64
	if err := s.db.QueryRowContext(ctx, "select n from change").Scan(&n); err != nil {
		return 0, err
	}
	s.known.n, s.known.writes, s.known.at = n, writes, now
	return n, nil
}
