package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Appeal is an objection to one number of one run.
type Appeal struct {
	ID         string
	RunID      string
	Month      time.Time // first day
	Kind       string    // indicator, score, coefficient or pay
	UnitKind   string
	UnitID     string
	RegionID   string
	Item       string // indicator, node of a score, "coefficient", line of pay
	Category   string // data, attribution, rule, difficulty, rating or other
	Shown      *float64
	Expected   float64
	Words      string
	FileName   string // of the attachment; "" for none
	FileKind   string
	Priced     string // JSON of both outcomes; "" until calculated
	PriceFault string // why they could not be
	Sender     string
	Status     string // draft, open, accepted, refused or withdrawn
	MadeAt     time.Time
	SentAt     time.Time
	DueAt      time.Time
	RoutedTo   string // who shall decide; "" where nobody may
	DecidedAt  time.Time
	DecidedBy  string
	Remedy     string // override, correction or ""
	Outcome    string // the reason of the decision
}

const appealColumns = "appeal_id, run_id, month, kind, unit_kind, unit_id, region_id, item, category, shown_value, expected_value, words, file_name, file_kind, priced, price_fault, sender, status, made_at, sent_at, due_at, routed_to, decided_at, decided_by, remedy, outcome"

func scanAppeal(scan func(...any) error) (*Appeal, error) {
	var a Appeal
	var month, made, sent, due, decided string
	err := scan(&a.ID, &a.RunID, &month, &a.Kind, &a.UnitKind, &a.UnitID, &a.RegionID, &a.Item, &a.Category, &a.Shown, &a.Expected, &a.Words, &a.FileName, &a.FileKind,
		&a.Priced, &a.PriceFault, &a.Sender, &a.Status, &made, &sent, &due, &a.RoutedTo, &decided, &a.DecidedBy, &a.Remedy, &a.Outcome)
	if err != nil {
		return nil, err
	}
	if a.Month, err = time.Parse(time.DateOnly, month); err != nil {
		return nil, err
	}
	for at, text := range map[*time.Time]string{&a.MadeAt: made, &a.SentAt: sent, &a.DueAt: due, &a.DecidedAt: decided} {
		if text == "" {
			continue
		}
		if *at, err = moment(text); err != nil {
			return nil, err
		}
	}
	return &a, nil
}

// Appeals returns all appeals, the newest first.
func (s *Store) Appeals(ctx context.Context) ([]Appeal, error) {
	var all []Appeal
	err := s.rows(ctx, "select "+appealColumns+" from appeal order by made_at desc, appeal_id desc", nil, func(scan func(...any) error) error {
		a, err := scanAppeal(scan)
		if err == nil {
			all = append(all, *a)
		}
		return err
	})
	return all, err
}

// AppealOf returns an appeal by its id, or ErrNotFound.
func (s *Store) AppealOf(ctx context.Context, id string) (*Appeal, error) {
	return found(scanAppeal(s.db.QueryRowContext(ctx, "select "+appealColumns+" from appeal where appeal_id = ?", id).Scan))
}

// Attachment returns the file of an appeal.
func (s *Store) Attachment(ctx context.Context, id string) ([]byte, error) {
	var file []byte
	err := s.db.QueryRowContext(ctx, "select file from appeal where appeal_id = ? and file is not null", id).Scan(&file)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNotFound
	}
	return file, err
}

// DraftAppeal keeps an appeal that is not sent yet and returns its id.
func (s *Store) DraftAppeal(ctx context.Context, a Appeal, file []byte) (string, error) {
	if strings.TrimSpace(a.Words) == "" {
		return "", errors.New("an appeal needs a reason")
	}
	err := s.write(ctx, func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRow("select count(*) + 1 from appeal").Scan(&n); err != nil {
			return err
		}
		a.ID = fmt.Sprintf("A-%04d", n)
		_, err := tx.Exec("insert into appeal (appeal_id, run_id, month, kind, unit_kind, unit_id, region_id, item, category, shown_value, expected_value, words, file_name, file_kind, file, sender, status, made_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'draft', ?)",
			a.ID, a.RunID, day(a.Month), a.Kind, a.UnitKind, a.UnitID, a.RegionID, a.Item, a.Category, a.Shown, a.Expected, a.Words, a.FileName, a.FileKind, file, a.Sender, stamp(s.Now()))
		if err != nil {
			return err
		}
		return s.audit(tx, a.Sender, "draft_appeal", "appeal "+a.ID, a.numberOf())
	})
	return a.ID, err
}

// numberOf names the number that an appeal is about.
func (a Appeal) numberOf() string {
	return fmt.Sprintf("%s %s of %s %s in %s", a.Kind, a.Item, a.UnitKind, a.UnitID, monthName(a.Month))
}

// PriceAppeal keeps what both outcomes of an appeal come to, or why that could
// not be calculated.
func (s *Store) PriceAppeal(ctx context.Context, id, priced, fault string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := one(tx.Exec("update appeal set priced = ?, price_fault = ? where appeal_id = ?", priced, fault, id)); err != nil {
			return err
		}
		return s.audit(tx, "levelfield", "price_appeal", "appeal "+id, "")
	})
}

// ErrState is returned where an appeal is not in the state that a change needs.
var ErrState = errors.New("the appeal is not in that state any more")

// SendAppeal starts the reply clock of a draft; to is who shall decide.
func (s *Store) SendAppeal(ctx context.Context, who, id, to string, due time.Time) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := changed(tx.Exec("update appeal set status = 'open', sent_at = ?, due_at = ?, routed_to = ? where appeal_id = ? and status = 'draft'", stamp(s.Now()), stamp(due), to, id)); err != nil {
			return err
		}
		return s.audit(tx, who, "send_appeal", "appeal "+id, "to be decided by "+to)
	})
}

// WithdrawAppeal takes an appeal back that is not decided yet.
func (s *Store) WithdrawAppeal(ctx context.Context, who, id string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := changed(tx.Exec("update appeal set status = 'withdrawn', decided_at = ?, decided_by = ? where appeal_id = ? and status in ('draft', 'open')", stamp(s.Now()), who, id)); err != nil {
			return err
		}
		return s.audit(tx, who, "withdraw_appeal", "appeal "+id, "")
	})
}

// DecideAppeal decides an open appeal with a reason. An accepted one with the
// remedy override sets the number for the next calculation in the same
// transaction; with the remedy correction the data are corrected and loaded
// again.
func (s *Store) DecideAppeal(ctx context.Context, who, id string, accepted bool, remedy, reason string) error {
	if err := explained("a decision", reason, who); err != nil {
		return err
	}
	status := "refused"
	if accepted {
		status = "accepted"
	} else {
		remedy = ""
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		a, err := found(scanAppeal(tx.QueryRowContext(ctx, "select "+appealColumns+" from appeal where appeal_id = ?", id).Scan))
		if err != nil {
			return err
		}
		if err := changed(tx.Exec("update appeal set status = ?, remedy = ?, outcome = ?, decided_by = ?, decided_at = ? where appeal_id = ? and status = 'open'", status, remedy, reason, who, stamp(s.Now()), id)); err != nil {
			return err
		}
		if remedy == "override" {
			if err := s.setOverride(ctx, tx, Override{Kind: a.Kind, Month: a.Month, UnitKind: a.UnitKind, UnitID: a.UnitID, Item: a.Item,
				Value: a.Expected, Reason: reason, Approver: who, AppealID: id, ExpiresOn: a.Month.AddDate(0, 1, -1)}); err != nil {
				return err
			}
		}
		return s.audit(tx, who, "decide_appeal", "appeal "+id, status+": "+reason)
	})
}

// changed makes ErrState of a change that hit no row.
func changed(r sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return ErrState
}

// appealRows are the appeals that were sent.
func (s *Store) appealRows(ctx context.Context) ([][]any, error) {
	return s.table(ctx, 14, "select appeal_id, run_id, month, unit_kind, unit_id, item, category, expected_value, status, sent_at, due_at, nullif(decided_at, ''), nullif(decided_by, ''), nullif(outcome, '') from appeal where sent_at <> '' order by appeal_id")
}

func (s *Store) ratingRows(ctx context.Context) ([][]any, error) {
	return s.table(ctx, 7, "select rater_id, rater_kind, rep_id, month, criterion, score, entered_at from rating order by month, rep_id, rater_id, criterion")
}

func (s *Store) innovationRows(ctx context.Context) ([][]any, error) {
	return s.table(ctx, 8, "select innovation_id, rep_id, month, title, points, status, nullif(adopted_by, ''), nullif(adopted_at, '') from innovation order by innovation_id")
}
