//go:build unix

package ingest

import (
	"errors"
	"os"
	"syscall"
)

// tryLock takes the lock of an open file if no other process has it. The lock
// ends with the process, however it ends.
func tryLock(f *os.File) (bool, error) {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}
