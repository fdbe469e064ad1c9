package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
)

// look is an audit row of a look at what is guarded, waiting to be written.
type look struct {
	who, action, object, detail string
	written                     chan error
}

// looks are the rows that wait while others are being written. To write one
// safely takes the disk some milliseconds, however many rows it holds: those
// that come meanwhile are written together.
type looks struct {
	mu        sync.Mutex
	waiting   []look
	isWriting bool
	writing   sync.WaitGroup
}

// LogRead writes an audit row of a look at another person's pay or at people by
// what is protected, read_pay or read_groups, and returns when it is safely kept, so that what was looked at can be shown. The row may
// be kept although ctx ended first.
func (s *Store) LogRead(ctx context.Context, who, action, object, detail string) error {
	if strings.TrimSpace(who) == "" { // would spoil the rows written with it
		return fmt.Errorf("%s of %s: nobody is named; every look is logged with a name", action, object)
	}
	l := look{who, action, object, detail, make(chan error, 1)}
	s.looks.mu.Lock()
	s.looks.waiting = append(s.looks.waiting, l)
	if !s.looks.isWriting {
		s.looks.isWriting = true
		s.looks.writing.Go(s.writeLooks)
	}
	s.looks.mu.Unlock()
	select {
	case err := <-l.written:
		return err
	case <-ctx.Done():
		return errors.Join(fmt.Errorf("%s of %s could not be logged", action, object), ctx.Err())
	}
}

// writeLooks writes until no row waits.
func (s *Store) writeLooks() {
	for {
		s.looks.mu.Lock()
		rows := s.looks.waiting
		s.looks.waiting = nil
		s.looks.isWriting = len(rows) > 0
		s.looks.mu.Unlock()
		if len(rows) == 0 {
			return
		}
		err := s.transact(context.Background(), func(tx *sql.Tx) error {
			for _, l := range rows {
				if err := s.audit(tx, l.who, l.action, l.object, l.detail); err != nil {
					return err
				}
			}
			return nil
		})
		for _, l := range rows {
			l.written <- err
		}
	}
}
