package auth

import (
	"sync"
	"time"
)

// Limit lets each of many keys, such as addresses, do something at a rate: a
// number at once, and one more each interval.
type Limit struct {
	Burst int
	Every time.Duration

	mu   sync.Mutex
	left map[string]bucket
}

type bucket struct {
	left float64
	at   time.Time
}

// mostKeys bounds the memory: full ones are forgotten first.
const mostKeys = 10_000

// Allow takes one turn of a key, and reports whether there was one left.
func (l *Limit) Allow(key string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.left == nil {
		l.left = map[string]bucket{}
	}
	b, ok := l.left[key]
	if !ok {
		if len(l.left) >= mostKeys {
			l.forget(now)
		}
		b = bucket{float64(l.Burst), now}
	}
	b.left = min(float64(l.Burst), b.left+float64(now.Sub(b.at))/float64(l.Every))
	b.at = now
	if b.left < 1 {
		l.left[key] = b
		return false
	}
	b.left--
	l.left[key] = b
	return true
}

// forget drops the keys that have all their turns again, or all keys where
// none has.
func (l *Limit) forget(now time.Time) {
	for key, b := range l.left {
		if b.left+float64(now.Sub(b.at))/float64(l.Every) >= float64(l.Burst) {
			delete(l.left, key)
		}
	}
	if len(l.left) >= mostKeys {
		clear(l.left)
	}
}
