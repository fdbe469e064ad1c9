// Package sample makes the exports of a Chinese food company: seeded,
// deterministic, streamed, as messy as real ones, with the truth that was
// planted written beside them. Names are generated; no person is meant.
package sample

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"
)

// Config says how large a company and how long a history to make. Zero fields
// take the stated default.
type Config struct {
	Seed       uint64
	Reps       int       // people who sell, about 20 a region; 160
	Regions    int       // 1 to 8; 8
	Teams      int       // 24, at least one a region
	Months     int       // of history; 24
	LastMonth  time.Time // first day of the last month; October 2026
	OrderLines int64     // over all months, approximately; 120,000
	Visits     int64     // over all months, approximately; 150,000
	Plain      bool      // every file as canonical CSV, no bad rows: for benchmarks
}

// Defaults fills the zero fields.
func (c Config) Defaults() Config {
	set := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	set(&c.Reps, 160)
	set(&c.Regions, len(regionNames))
	set(&c.Teams, max(c.Regions, c.Reps*24/160))
	set(&c.Months, 24)
	if c.Seed == 0 {
		c.Seed = 1
	}
	if c.LastMonth.IsZero() {
		c.LastMonth = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	}
	if c.OrderLines == 0 {
		c.OrderLines = 120_000
	}
	if c.Visits == 0 {
		c.Visits = 150_000
	}
	return c
}

func (c Config) check() error {
	switch {
	case c.Regions < 1 || c.Regions > len(regionNames):
		return fmt.Errorf("sample: %d regions; the company has 1 to %d", c.Regions, len(regionNames))
	case c.Teams < c.Regions:
		return fmt.Errorf("sample: %d teams for %d regions; every region needs one", c.Teams, c.Regions)
	case c.Reps < 2*c.Teams:
		return fmt.Errorf("sample: %d people for %d teams; every team needs two", c.Reps, c.Teams)
	case c.Months < 1 || c.OrderLines < 0 || c.Visits < 0:
		return fmt.Errorf("sample: months, order lines and visits must be positive")
	}
	return nil
}

// first is the first day of the history.
func (c Config) first() time.Time { return c.LastMonth.AddDate(0, 1-c.Months, 0) }

// last is the last day of the history.
func (c Config) last() time.Time { return c.LastMonth.AddDate(0, 1, -1) }

// Generate writes the exports into dir/exports, the mapping files they need
// into dir/mappings, and the planted truth into dir/truth. The same Config
// gives the same bytes.
func Generate(dir string, cfg Config) error {
	cfg = cfg.Defaults()
	if err := cfg.check(); err != nil {
		return err
	}
	c := newCompany(cfg)
	exports, truth := filepath.Join(dir, "exports"), filepath.Join(dir, "truth")
	for _, d := range []string{exports, truth} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return err
		}
	}
	if !cfg.Plain {
		if err := Mappings(dir); err != nil {
			return err
		}
	}
	w := newFiles(exports, c)
	c.writeStructure(w)
	for m := range cfg.Months {
		c.writeMonth(w, m)
	}
	c.endExpenses(w)
	if err := w.close(); err != nil {
		return err
	}
	return c.writeTruth(truth, w)
}

// random is the source of randomness of one purpose and month: what one month
// draws never depends on another.
func (c *company) random(purpose, month int) *rand.Rand {
	return rand.New(rand.NewPCG(c.Seed, uint64(purpose)<<32|uint64(month)))
}
