package analytics

import (
	"context"
	"errors"
	"sync"
)

// Together asks several questions at once and waits for all of them. A page
// asks many small ones, most of which keep one processor busy. The first error
// ends the others; all that were met are returned.
func Together(ctx context.Context, ask ...func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	faults := make([]error, len(ask))
	var asked sync.WaitGroup
	for i, one := range ask {
		asked.Go(func() {
			err := one(ctx)
			if err == nil {
				return
			}
			if ctx.Err() == nil || !errors.Is(err, context.Canceled) { // what others say after the first is that they were ended
				faults[i] = err
			}
			cancel()
		})
	}
	asked.Wait()
	return errors.Join(faults...)
}

// Into makes a question for Together of one whose answer goes to a place.
func Into[T any](to *T, ask func(context.Context) (T, error)) func(context.Context) error {
	return func(ctx context.Context) (err error) {
		*to, err = ask(ctx)
		return err
	}
}
