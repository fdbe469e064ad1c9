package analytics

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// Together asks several questions at once and waits for all of them. A page
// asks many small ones, most of which keep one processor busy. The first error
// ends the others and is returned.
func Together(ctx context.Context, ask ...func(context.Context) error) error {
	return togetherAtMost(ctx, -1, ask...)
}

// togetherAtMost is Together for questions that each take much memory: at most
// so many at a time, all of them where most is negative.
func togetherAtMost(ctx context.Context, most int, ask ...func(context.Context) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(most)
	for _, one := range ask {
		g.Go(func() error { return one(ctx) })
	}
	return g.Wait()
}

// Into makes a question for Together of one whose answer goes to a place.
func Into[T any](to *T, ask func(context.Context) (T, error)) func(context.Context) error {
	return func(ctx context.Context) (err error) {
		*to, err = ask(ctx)
		return err
	}
}
