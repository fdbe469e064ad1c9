package dashboard

import (
	"context"
	"sync"
	"time"

	"levelfield/dashboard/store"
)

// openSessions are the sessions of the store, remembered for readerLife, so
// that a page kept in memory is answered without asking the store. What this
// process changes is seen at once.
type openSessions struct {
	store.Sessions

	mu      sync.Mutex
	all     map[string]openSession
	changed int // counts changes: what was asked before one is not remembered after it
}

type openSession struct {
	data []byte
	at   time.Time
}

// mostSessions is how many are remembered; then all are forgotten.
const mostSessions = 10_000

// FindCtx returns the data of a session that has not ended.
func (o *openSessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	o.mu.Lock()
	known, ok := o.all[token]
	changed := o.changed
	o.mu.Unlock()
	if ok && time.Since(known.at) < readerLife {
		return known.data, true, nil
	}
	asked := time.Now()
	data, found, err := o.Sessions.FindCtx(ctx, token)
	if err == nil && found {
		o.remember(token, openSession{data, asked}, changed)
	}
	return data, found, err
}

// CommitCtx keeps a session until the moment it ends.
func (o *openSessions) CommitCtx(ctx context.Context, token string, data []byte, ends time.Time) error {
	defer o.forget(token)
	return o.Sessions.CommitCtx(ctx, token, data, ends)
}

// DeleteCtx ends a session.
func (o *openSessions) DeleteCtx(ctx context.Context, token string) error {
	defer o.forget(token)
	return o.Sessions.DeleteCtx(ctx, token)
}

func (o *openSessions) remember(token string, found openSession, changed int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.changed != changed {
		return
	}
	if o.all == nil || len(o.all) > mostSessions {
		o.all = map[string]openSession{}
	}
	o.all[token] = found
}

func (o *openSessions) forget(token string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.all, token)
	o.changed++
}
