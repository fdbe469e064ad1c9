package main

import (
	"context"
	"errors"
	"fmt"

	"levelfield/analytics"
	"levelfield/dashboard/auth"
	"levelfield/dashboard/store"
)

// demoAccounts makes one account a role, named as the role, with a password
// made anew for every demo, and prints them. The manager has the first region,
// the rep is the first person on duty there.
func (a *app) demoAccounts(ctx context.Context) error {
	region, rep, err := a.demoUnits(ctx)
	if err != nil {
		return err
	}
	return a.withAccounts(ctx, func(accounts auth.Accounts) error {
		var rows [][]string
		for _, role := range auth.Roles {
			account := store.Account{Name: string(role), Role: string(role)}
			about := "whole company"
			switch role {
			case auth.Manager:
				account.Regions, about = []string{region.ID}, region.Name
			case auth.Rep:
				account.RepID, account.Title, about = rep.ID, rep.Name, rep.Name
			}
			password := auth.NewPassword()
			_, err := accounts.Add(ctx, "demo", account, password)
			if errors.Is(err, store.ErrExists) {
				err = accounts.SetPassword(ctx, "demo", account.Name, password)
			}
			if err != nil {
				return fmt.Errorf("account %s: %w", role, err)
			}
			rows = append(rows, []string{account.Name, password, about})
		}
		fmt.Fprintln(a.out, "Sign-ins of this demo:")
		return a.printTable([]string{"name", "password", "sees"}, rows)
	})
}

// demoUnits picks the units of the demo's manager and rep.
func (a *app) demoUnits(ctx context.Context) (region, rep analytics.Unit, err error) {
	run, err := analytics.OpenCurrent(a.dir)
	if err != nil {
		return region, rep, err
	}
	defer run.Close()
	regions, err := run.Units(ctx, analytics.All(), "region", "", run.Meta.LastMonth)
	if err != nil {
		return region, rep, err
	}
	for _, region = range regions {
		reps, err := run.Units(ctx, analytics.Regions(region.ID), "rep", "", run.Meta.LastMonth)
		if err != nil {
			return region, rep, err
		}
		for _, rep = range reps {
			if rep.NPeople > 0 {
				return region, rep, nil
			}
		}
	}
	return region, rep, errors.New("the run has no region with a person on duty")
}
