//go:build !unix

package analytics

import (
	"fmt"
	"os"
)

// lockFile takes a lock: an open file cannot be removed on these systems, so
// one that can be was left by a process that ended.
func lockFile(name string) (func(), error) {
	os.Remove(name)
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("another calculation of this workspace is running; wait until it has ended (%w)", err)
	}
	return func() { f.Close() }, nil
}
