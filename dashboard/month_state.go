package dashboard

import (
	"context"
	"strconv"
	"sync"
	"time"

	"levelfield/dashboard/closing"
	"levelfield/dashboard/store"
)

// monthBook knows what happened to the months. Pages are kept as long as
// nothing did; another process may close a month, so the store is asked again
// after a moment.
type monthBook struct {
	mu     sync.Mutex
	at     time.Time
	events []store.Event
}

// bookAge is how long what the book says may be old.
const bookAge = time.Second

// read returns what happened to the months.
func (b *monthBook) read(ctx context.Context, s *store.Store) ([]store.Event, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if now := time.Now(); now.Sub(b.at) > bookAge {
		events, err := s.Events(ctx)
		if err != nil {
			return nil, err
		}
		b.events, b.at = events, now
	}
	return b.events, nil
}

// forget makes the next read ask the store.
func (b *monthBook) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.at = time.Time{}
}

// bookVersion names what the pages show of the months' states: it is part of
// the key under which a page is kept.
func bookVersion(events []store.Event) string {
	if len(events) == 0 {
		return ""
	}
	return strconv.FormatInt(events[len(events)-1].ID, 10)
}

// MonthState is the state of the month that a page shows, as its badge.
type MonthState struct {
	Text string
	Kind string // class of the badge: draft, sealed or restated
	Lock bool   // sealed: shown with a lock
}

// monthState returns the badge of a state.
func (q *Query) monthState(s closing.State) MonthState {
	m := MonthState{Text: q.Lang.T("close.state." + string(s)), Kind: "draft"}
	switch s {
	case closing.Closed:
		m.Kind, m.Lock = "sealed", true
	case closing.Restated:
		m.Kind, m.Lock = "restated", true
	}
	return m
}
