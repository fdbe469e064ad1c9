package analytics

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// worker does tasks of a build on a connection of its own. Most relations are
// small and keep one processor busy, so several are made side by side.
type worker struct {
	*build
	conn  *sql.Conn
	aside string // name of its database for months that are calculated
}

// task is one piece of a build's work.
type task struct {
	what  string
	after []*task // those to be finished before
	do    func(context.Context, *worker) (rows int64, err error)
}

// work does tasks, as many at a time as there are processors, each after those
// it waits for; among tasks that could begin the earlier in the list does. The
// first error ends it. done, if any, is told of each finished task, from the
// same goroutine.
func (b *build) work(ctx context.Context, tasks []*task, done func(what string, rows int64, took time.Duration)) (err error) {
	ctx, cancel := context.WithCancel(withTray(ctx))
	defer cancel()
	idle, closeAll, err := b.workers(ctx)
	if err != nil {
		return err
	}
	defer closeAll()
	place, waits, next := map[*task]int{}, map[*task]int{}, map[*task][]*task{}
	for i, t := range tasks {
		place[t] = i
	}
	var ready []*task // in the order of tasks
	for _, t := range tasks {
		for _, before := range t.after {
			next[before] = append(next[before], t)
		}
		if waits[t] = len(t.after); waits[t] == 0 {
			ready = append(ready, t)
		}
	}
	type outcome struct {
		t    *task
		w    *worker
		rows int64
		took time.Duration
		err  error
	}
	finished := make(chan outcome)
	busy, left := 0, len(tasks)
	for {
		for err == nil && len(ready) > 0 && len(idle) > 0 {
			t, w := ready[0], idle[len(idle)-1]
			ready, idle = ready[1:], idle[:len(idle)-1]
			busy++
			go func() {
				started := time.Now()
				rows, err := t.do(ctx, w)
				finished <- outcome{t, w, rows, time.Since(started), err}
			}()
		}
		if busy == 0 {
			break
		}
		o := <-finished
		busy--
		left--
		idle = append(idle, o.w)
		if o.err != nil {
			if err == nil { // what others say after it is that they were cancelled
				err = o.err
			}
			cancel()
			continue
		}
		if done != nil {
			done(o.t.what, o.rows, o.took)
		}
		for _, t := range next[o.t] {
			if waits[t]--; waits[t] > 0 {
				continue
			}
			at, _ := slices.BinarySearchFunc(ready, place[t], func(r *task, p int) int { return place[r] - p })
			ready = slices.Insert(ready, at, t)
		}
	}
	if err == nil && left > 0 {
		err = errors.New("some of the work waits for itself")
	}
	return err
}

// workers opens a connection for each processor.
func (b *build) workers(ctx context.Context) (all []*worker, closeAll func(), err error) {
	closeAll = func() {
		for _, w := range all {
			w.conn.Close()
		}
	}
	for i := range b.opt.threads() {
		conn, err := b.db.Conn(ctx)
		if err != nil {
			closeAll()
			return nil, nil, err
		}
		all = append(all, &worker{build: b, conn: conn, aside: fmt.Sprintf("month_scratch_%d", i+1)})
	}
	return all, closeAll, nil
}

// memo is what workers find out once for all of them.
type memo[V any] struct {
	mu sync.Mutex
	of map[string]V
}

func (m *memo[V]) get(key string) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, known := m.of[key]
	return v, known
}

func (m *memo[V]) set(key string, v V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.of == nil {
		m.of = map[string]V{}
	}
	m.of[key] = v
}

func (m *memo[V]) all() map[string]V {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.of == nil {
		return map[string]V{}
	}
	return maps.Clone(m.of)
}
