package main

import (
	"context"

	"levelfield/analytics"
	"levelfield/dashboard/store"
)

// store opens the workspace's state.db.
func (a *app) store(ctx context.Context) (*store.Store, error) {
	s, err := store.Open(ctx, a.path(store.File))
	if err == nil {
		s.Now = a.now
	}
	return s, err
}

// options are what every calculation of the workspace is made from: its
// settings, its plan, and what people decided.
func (a *app) options(ctx context.Context, c *config) (analytics.Options, error) {
	opt := analytics.Options{
		Workspace: a.dir, Company: c.Company.Name, Currency: c.Currency, Lang: c.Lang,
		CodeVersion: version, Now: a.now, Keys: keysOf(),
	}
	var err error
	if opt.Plan, err = analytics.LoadPlan(a.dir); err != nil {
		return opt, err
	}
	s, err := a.store(ctx)
	if err != nil {
		return opt, err
	}
	defer s.Close()
	opt.State, err = s.State(ctx)
	return opt, err
}
