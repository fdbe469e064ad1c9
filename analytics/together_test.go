package analytics_test

import (
	"context"
	"errors"
	"testing"

	"levelfield/analytics"
)

func TestTogether(t *testing.T) {
	var a, b int
	err := analytics.Together(t.Context(),
		analytics.Into(&a, func(context.Context) (int, error) { return 1, nil }),
		analytics.Into(&b, func(context.Context) (int, error) { return 2, nil }),
	)
	if err != nil || a != 1 || b != 2 {
		t.Errorf("answers %d, %d, %v", a, b, err)
	}
	wrong := errors.New("no such month")
	err = analytics.Together(t.Context(),
		func(context.Context) error { return wrong },
		func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, // ends because the other failed
	)
	if !errors.Is(err, wrong) || errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the first alone", err)
	}
}
