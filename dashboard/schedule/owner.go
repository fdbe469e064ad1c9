package schedule

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

var rounds atomic.Int64

// newOwner names a round of work of this program: machine, process, round.
// Claims carry it, so that others know whose they are.
func newOwner() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return fmt.Sprintf("%s %d %d", host, os.Getpid(), rounds.Add(1))
}

// isDead reports whether an owner was a process of this machine that is no
// more. Of other machines nothing is known: their claims run out.
func isDead(owner string) bool {
	here := strings.Fields(newOwner())
	fields := strings.Fields(owner)
	if len(fields) != 3 || fields[0] != here[0] || fields[1] == here[1] {
		return false
	}
	pid, err := strconv.Atoi(fields[1])
	if err != nil {
		return false
	}
	process, err := os.FindProcess(pid)
	if err != nil {
		return true
	}
	defer process.Release()
	err = process.Signal(syscall.Signal(0))
	return errors.Is(err, os.ErrProcessDone) || errors.Is(err, syscall.ESRCH)
}

// freeDead gives back what a killed program had claimed, so that its work goes
// on at once and not after its lease.
func (r *Runner) freeDead(ctx context.Context) error {
	owners, err := r.Store.Owners(ctx)
	if err != nil {
		return err
	}
	for _, owner := range owners {
		if isDead(owner) {
			if err := errors.Join(r.Store.ReleaseDeliveries(ctx, owner), r.Store.ReleaseJobs(ctx, owner)); err != nil {
				return err
			}
		}
	}
	return nil
}
