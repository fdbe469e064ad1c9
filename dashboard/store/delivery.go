package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Folder is the recipient that stands for the workspace's reports/ folder.
const Folder = "folder"

// DeliveryState is how far a delivery is.
type DeliveryState string

// The states of a delivery.
const (
	Planned DeliveryState = "planned"
	Claimed DeliveryState = "claimed" // a process is at it
	Done    DeliveryState = "done"
	Failed  DeliveryState = "failed"  // is tried again at NextAt
	Stopped DeliveryState = "stopped" // failed too often, or the recipient wants none
)

// Delivery is one report of one run for one recipient.
type Delivery struct {
	ID        int64
	Report    string // executive, region, team or statement
	UnitID    string // region, team or person; "" for the company
	Month     time.Time
	RunID     string
	Lang      string
	Recipient string // mail address, or Folder
	Name      string // of the reader
	State     DeliveryState
	Attempts  int
	NextAt    time.Time // of a failed one
	PlannedAt time.Time
	DoneAt    time.Time
	File      string
	MessageID string
	Error     string
}

const deliveryColumns = "delivery_id, report, unit_id, month, run_id, lang, recipient, name, state, attempts, next_at, planned_at, done_at, file, message_id, error"

func scanDelivery(scan func(...any) error) (Delivery, error) {
	var d Delivery
	var month, next, planned, done string
	err := scan(&d.ID, &d.Report, &d.UnitID, &month, &d.RunID, &d.Lang, &d.Recipient, &d.Name, &d.State, &d.Attempts, &next, &planned, &done, &d.File, &d.MessageID, &d.Error)
	if err != nil {
		return d, err
	}
	if d.Month, err = time.Parse(time.DateOnly, month); err != nil {
		return d, err
	}
	for text, to := range map[*string]*time.Time{&next: &d.NextAt, &planned: &d.PlannedAt, &done: &d.DoneAt} {
		if *text != "" {
			if *to, err = moment(*text); err != nil {
				return d, err
			}
		}
	}
	return d, nil
}

// PlanDeliveries adds the deliveries that are not planned yet and returns how
// many are new. Planning the same again changes nothing.
func (s *Store) PlanDeliveries(ctx context.Context, who string, all []Delivery) (added int, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		insert, err := tx.PrepareContext(ctx, "insert into delivery (report, unit_id, month, run_id, lang, recipient, name, planned_at) values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing")
		if err != nil {
			return err
		}
		defer insert.Close()
		for _, d := range all {
			r, err := insert.ExecContext(ctx, d.Report, d.UnitID, day(d.Month), d.RunID, d.Lang, d.Recipient, d.Name, stamp(s.Now()))
			if err != nil {
				return fmt.Errorf("%s of %s for %s: %w", d.Report, monthName(d.Month), d.Recipient, err)
			}
			n, err := r.RowsAffected()
			if err != nil {
				return err
			}
			added += int(n)
		}
		if added == 0 {
			return nil
		}
		return s.audit(tx, who, "plan_reports", "month "+monthName(all[0].Month), fmt.Sprintf("%d reports of run %s", added, all[0].RunID))
	})
	return added, err
}

// ClaimDelivery takes the next delivery that waits, or whose claim ran out,
// for owner until lease from now; nil where none waits.
func (s *Store) ClaimDelivery(ctx context.Context, owner string, lease time.Duration) (*Delivery, error) {
	now := s.Now()
	d, err := scanDelivery(s.db.QueryRowContext(ctx, `
update delivery set state = 'claimed', owner = ?, lease_until = ?, attempts = attempts + 1
where delivery_id = (
    select delivery_id from delivery
    where state = 'planned' or (state = 'failed' and next_at <= ?) or (state = 'claimed' and lease_until < ?)
    order by attempts, delivery_id limit 1
)
returning `+deliveryColumns, owner, stamp(now.Add(lease)), stamp(now), stamp(now)).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &d, err
}

// ErrLost says that another process took a claim over.
var ErrLost = errors.New("another process took this over")

// EndDelivery records how a claimed delivery ended; state is Done, Failed or
// Stopped.
func (s *Store) EndDelivery(ctx context.Context, owner string, d Delivery) error {
	next, done := "", ""
	if d.State == Failed {
		next = stamp(d.NextAt)
	}
	if d.State == Done {
		done = stamp(s.Now())
	}
	r, err := s.db.ExecContext(ctx, "update delivery set state = ?, next_at = ?, done_at = ?, file = ?, message_id = ?, error = ?, owner = '', lease_until = '' where delivery_id = ? and owner = ? and state = 'claimed'",
		d.State, next, done, d.File, d.MessageID, d.Error, d.ID, owner)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return ErrLost
}

// ReleaseDeliveries gives back what owner claimed and did not begin, so that
// a stopped program does not make others wait for its lease.
func (s *Store) ReleaseDeliveries(ctx context.Context, owner string) error {
	_, err := s.db.ExecContext(ctx, "update delivery set state = 'planned', owner = '', lease_until = '', attempts = attempts - 1 where owner = ? and state = 'claimed'", owner)
	return err
}

// ReleaseJobs gives back the occasions that owner claimed.
func (s *Store) ReleaseJobs(ctx context.Context, owner string) error {
	_, err := s.db.ExecContext(ctx, "update job_run set lease_until = '' where owner = ? and state = 'running'", owner)
	return err
}

// Owners returns who holds claims of deliveries and jobs.
func (s *Store) Owners(ctx context.Context) ([]string, error) {
	var all []string
	err := s.rows(ctx, "select owner from delivery where state = 'claimed' union select owner from job_run where state = 'running' order by 1", nil, func(scan func(...any) error) error {
		var owner string
		err := scan(&owner)
		all = append(all, owner)
		return err
	})
	return all, err
}

// RetryDelivery makes a delivery that failed or was stopped wait again.
func (s *Store) RetryDelivery(ctx context.Context, who string, id int64) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, "update delivery set state = 'planned', attempts = 0, next_at = '', error = '' where delivery_id = ? and state in ('failed', 'stopped')", id)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fmt.Errorf("delivery %d is not a failed one", id))
		}
		return s.audit(tx, who, "retry_report", fmt.Sprintf("delivery %d", id), "")
	})
}

// Deliveries returns the deliveries of a run, all runs for "", newest first,
// those that failed before the others.
func (s *Store) Deliveries(ctx context.Context, runID string, most int) ([]Delivery, error) {
	var all []Delivery
	err := s.rows(ctx, "select "+deliveryColumns+" from delivery where run_id = ? or ? = '' order by state in ('failed', 'stopped') desc, month desc, delivery_id desc limit ?", []any{runID, runID, most},
		func(scan func(...any) error) error {
			d, err := scanDelivery(scan)
			all = append(all, d)
			return err
		})
	return all, err
}

// DeliveryCount is how many deliveries of a month and run are in a state.
type DeliveryCount struct {
	Month time.Time
	RunID string
	State DeliveryState
	N     int
}

// CountDeliveries counts deliveries by month, run and state, latest month first.
func (s *Store) CountDeliveries(ctx context.Context) ([]DeliveryCount, error) {
	var all []DeliveryCount
	err := s.rows(ctx, "select month, run_id, state, count(*) from delivery group by month, run_id, state order by month desc, max(delivery_id) desc, state", nil, func(scan func(...any) error) error {
		var c DeliveryCount
		var month string
		err := scan(&month, &c.RunID, &c.State, &c.N)
		if err == nil {
			c.Month, err = time.Parse(time.DateOnly, month)
		}
		all = append(all, c)
		return err
	})
	return all, err
}

// JobRun is one occasion of a job.
type JobRun struct {
	Job, Occasion string
	State         string // running, done or failed
	Attempts      int
	StartedAt     time.Time
	EndedAt       time.Time
	NextAt        time.Time // of a failed one that is tried again
	Outcome       string    // what it did, or why it failed
}

// ClaimJob takes an occasion of a job for owner until lease from now. It is
// false where the occasion is done, in other hands, or waits for its next try.
func (s *Store) ClaimJob(ctx context.Context, owner, job, occasion string, lease time.Duration) (attempt int, ok bool, err error) {
	now := s.Now()
	defer s.writes.Add(1)
	err = s.db.QueryRowContext(ctx, `
insert into job_run (job, occasion, state, owner, lease_until, started_at) values (?, ?, 'running', ?, ?, ?)
on conflict (job, occasion) do update set
    state = 'running', attempts = attempts + 1, owner = excluded.owner, lease_until = excluded.lease_until, started_at = excluded.started_at, ended_at = '', outcome = ''
where (job_run.state = 'failed' and job_run.next_at != '' and job_run.next_at <= ?) or (job_run.state = 'running' and job_run.lease_until < ?)
returning attempts`, job, occasion, owner, stamp(now.Add(lease)), stamp(now), stamp(now), stamp(now)).Scan(&attempt)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return attempt, err == nil, err
}

// EndJob records how a claimed occasion ended. failure nil is done; retry is
// when a failed one is tried again, zero for never.
func (s *Store) EndJob(ctx context.Context, owner, job, occasion, outcome string, failure error, retry time.Time) error {
	state, next := "done", ""
	if failure != nil {
		state, outcome = "failed", failure.Error()
		if !retry.IsZero() {
			next = stamp(retry)
		}
	}
	defer s.writes.Add(1)
	r, err := s.db.ExecContext(ctx, "update job_run set state = ?, outcome = ?, next_at = ?, ended_at = ?, owner = '', lease_until = '' where job = ? and occasion = ? and owner = ? and state = 'running'",
		state, outcome, next, stamp(s.Now()), job, occasion, owner)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return ErrLost
}

// JobRuns returns the occasions of all jobs, latest first.
func (s *Store) JobRuns(ctx context.Context, most int) ([]JobRun, error) {
	var all []JobRun
	err := s.rows(ctx, "select job, occasion, state, attempts, started_at, ended_at, next_at, outcome from job_run order by started_at desc, job, occasion limit ?", []any{most}, func(scan func(...any) error) error {
		var j JobRun
		var started, ended, next string
		err := scan(&j.Job, &j.Occasion, &j.State, &j.Attempts, &started, &ended, &next, &j.Outcome)
		for text, to := range map[*string]*time.Time{&started: &j.StartedAt, &ended: &j.EndedAt, &next: &j.NextAt} {
			if err == nil && *text != "" {
				*to, err = moment(*text)
			}
		}
		all = append(all, j)
		return err
	})
	return all, err
}

// MailToken returns the token of an address for its unsubscribe links, and
// whether its owner wants no more mail.
func (s *Store) MailToken(ctx context.Context, address string) (token string, unsubscribed bool, err error) {
	var at string
	err = s.db.QueryRowContext(ctx, "insert into mail_address (address, token) values (?, ?) on conflict (address) do update set token = token returning token, unsubscribed_at", address, strings.ToLower(rand.Text())).Scan(&token, &at)
	return token, at != "", err
}

// Unsubscribed returns the addresses, in lower case, whose owners want no more
// mail, and since when.
func (s *Store) Unsubscribed(ctx context.Context) (map[string]time.Time, error) {
	all := map[string]time.Time{}
	err := s.rows(ctx, "select lower(address), unsubscribed_at from mail_address where unsubscribed_at != ''", nil, func(scan func(...any) error) error {
		var address, at string
		err := scan(&address, &at)
		if err == nil {
			all[address], err = moment(at)
		}
		return err
	})
	return all, err
}

// Unsubscribe notes that the owner of a token wants no more mail, or wants it
// again, and returns the address.
func (s *Store) Unsubscribe(ctx context.Context, token string, again bool) (address string, err error) {
	at, action := stamp(s.Now()), "unsubscribe"
	if again {
		at, action = "", "subscribe"
	}
	err = s.write(ctx, func(tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, "update mail_address set unsubscribed_at = ? where token = ? returning address", at, token).Scan(&address)
		if errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("this link is not known; it may come from another workspace")
		}
		if err != nil {
			return err
		}
		return s.audit(tx, address, action, "mail of reports", "")
	})
	return address, err
}
