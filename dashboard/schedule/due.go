package schedule

import (
	"time"

	"levelfield/dashboard/store"
)

// The jobs.
const (
	Night  = "night"  // load what lies in exports/ and calculate the open month
	Drafts = "drafts" // the reports of a month that is not closed
	Sealed = "sealed" // the reports of a month that was closed or restated
)

// Jobs lists the jobs in the order in which they are done when several are due.
var Jobs = []string{Night, Sealed, Drafts}

// occasion is when a job is due. Its name is a date of the workspace's zone or
// the number of an event: a clock that is set back, or an hour that comes twice
// in autumn, meets the same name again.
type occasion struct {
	name  string
	at    time.Time
	month time.Time // of the reports
	runID string    // of the reports; "" for the current run
}

// last returns the latest time at or before now at which a daily job was due.
func (s Settings) lastNight(now time.Time) (occasion, bool) {
	minutes, err := clockTime(s.Night)
	if s.Night == "" || err != nil {
		return occasion{}, false
	}
	zone, err := s.zone()
	if err != nil {
		return occasion{}, false
	}
	day := now.In(zone)
	at := time.Date(day.Year(), day.Month(), day.Day(), 0, minutes, 0, 0, zone)
	if at.After(now) {
		at = time.Date(day.Year(), day.Month(), day.Day()-1, 0, minutes, 0, 0, zone)
	}
	return occasion{name: at.Format(time.DateOnly), at: at}, true
}

// draftTime is the time of day of drafts.
func (s Settings) draftTime() string {
	if s.DraftTime == "" {
		return "08:00"
	}
	return s.DraftTime
}

// drafts returns when the drafts of the month before now's are due; false
// where they are not wanted.
func (s Settings) drafts(now time.Time) (occasion, bool) {
	zone, err := s.zone()
	if s.DraftDay == 0 || err != nil {
		return occasion{}, false
	}
	minutes, err := clockTime(s.draftTime())
	if err != nil {
		return occasion{}, false
	}
	local := now.In(zone)
	first := time.Date(local.Year(), local.Month(), 1, 0, minutes, 0, 0, zone)
	month := time.Date(local.Year(), local.Month()-1, 1, 0, 0, 0, 0, time.UTC)
	return occasion{name: month.Format("2006-01"), at: workingDay(first, s.DraftDay), month: month}, true
}

// workingDay returns the nth day from Monday to Friday, counted from first.
func workingDay(first time.Time, n int) time.Time {
	for day := first; ; day = day.AddDate(0, 0, 1) {
		if w := day.Weekday(); w == time.Saturday || w == time.Sunday {
			continue
		}
		if n--; n == 0 {
			return day
		}
	}
}

// sealed returns the occasions that closes and restatements made: one for the
// latest event of each closed month.
func sealed(events []store.Event) []occasion {
	var all []occasion
	closed := store.Closed(events)
	for _, e := range events { // in the order in which they happened
		since := closed[e.Month]
		if len(since) > 0 && since[len(since)-1].ID == e.ID {
			all = append(all, occasion{name: e.Month.Format("2006-01") + " " + e.RunID, at: e.At, month: e.Month, runID: e.RunID})
		}
	}
	return all
}

// State says how a month stands: draft, sealed or restated.
func State(events []store.Event, month time.Time) string {
	since := store.Closed(events)[month]
	switch {
	case len(since) == 0:
		return "draft"
	case since[len(since)-1].Action == store.Restate:
		return "restated"
	}
	return "sealed"
}
