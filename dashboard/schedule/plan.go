package schedule

import (
	"context"
	"fmt"
	"time"

	"levelfield/analytics"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/report"
	"levelfield/dashboard/store"
)

// plan returns the deliveries of a month from a run: the files for everyone,
// and the mails of recipients and accounts.
func (r *Runner) plan(ctx context.Context, run *analytics.Run, month time.Time) ([]store.Delivery, error) {
	var all []store.Delivery
	add := func(kind report.Kind, unit, name, recipient string, langs ...i18n.Lang) {
		for _, lang := range langs {
			all = append(all, store.Delivery{Report: string(kind), UnitID: unit, Month: month, RunID: run.Meta.RunID, Lang: string(lang), Recipient: recipient, Name: name})
		}
	}
	names := map[report.Kind]map[string]string{}
	for _, kind := range report.Kinds {
		units, err := r.units(ctx, run, kind, month)
		if err != nil {
			return nil, err
		}
		names[kind] = map[string]string{}
		for _, u := range units {
			names[kind][u.ID] = u.Name
			if !r.Settings.Everyone && kind != report.ForCompany {
				continue
			}
			add(kind, u.ID, u.Name, store.Folder, r.langs()...)
		}
	}
	for _, to := range r.Settings.Recipients {
		if to.Lang == "" {
			to.Lang = r.Lang
		}
		if _, ok := names[to.Report][to.Unit]; !ok {
			return nil, fmt.Errorf("schedule.recipients: %s: the run has no %s %q in %s", to.Mail, to.Report, to.Unit, month.Format("2006-01"))
		}
		if to.Name == "" {
			to.Name = names[to.Report][to.Unit]
		}
		add(to.Report, to.Unit, to.Name, to.Mail, to.Lang)
	}
	accounts, err := r.Store.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	for _, a := range accounts {
		address := r.address(a)
		if address == "" {
			continue
		}
		name := a.Title
		if name == "" {
			name = a.Name
		}
		for _, w := range wants(a) {
			if _, ok := names[w.kind][w.unit]; ok {
				add(w.kind, w.unit, name, address, r.Lang)
			}
		}
	}
	return all, nil
}

// langs are the languages of the files for everyone.
func (r *Runner) langs() []i18n.Lang {
	if len(r.Settings.Langs) > 0 {
		return r.Settings.Langs
	}
	return []i18n.Lang{r.Lang}
}

// units lists what a report of a kind can be about; the company is one unit
// without an id. People who left earlier have nothing to be told.
func (r *Runner) units(ctx context.Context, run *analytics.Run, kind report.Kind, month time.Time) ([]analytics.Unit, error) {
	unitKind := map[report.Kind]string{report.ForRegion: "region", report.ForTeam: "team", report.ForPerson: "rep"}[kind]
	if unitKind == "" {
		return []analytics.Unit{{Kind: "company", Name: ""}}, nil
	}
	units, err := run.Units(ctx, analytics.All(), unitKind, "", month)
	if err != nil {
		return nil, err
	}
	var present []analytics.Unit
	for _, u := range units {
		if u.NPeople > 0 {
			present = append(present, u)
		}
	}
	return present, nil
}
