package ingest

import (
	"context"
	"fmt"
	"os"
	"time"
)

const lockName = ".lock"

// lock waits until no other process loads into the lake.
func (ws Workspace) lock(ctx context.Context) (unlock func(), err error) {
	if err := os.MkdirAll(ws.lake(), 0o755); err != nil {
		return nil, fmt.Errorf("make the lake's folder: %w", err)
	}
	f, err := os.OpenFile(ws.lake(lockName), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("lock the lake: %w", err)
	}
	for {
		ok, err := tryLock(f)
		if ok {
			return func() { f.Close() }, nil
		}
		if err != nil {
			f.Close()
			return nil, fmt.Errorf("lock the lake: %w", err)
		}
		select {
		case <-ctx.Done():
			f.Close()
			return nil, fmt.Errorf("another load is running on %s: %w", ws.lake(), ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}
