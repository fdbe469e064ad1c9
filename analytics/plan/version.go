package plan

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Plan is the versions of a plan in the order of their starting months. There
// is at least one.
type Plan struct{ Versions []*File }

// Of makes a plan of one version.
func Of(f *File) *Plan { return &Plan{[]*File{f}} }

// Load reads the versions in a folder, every file *.yaml; none is the shipped
// default. The error joins the mistakes of all files.
func Load(dir string, known Indicators) (*Plan, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	slices.Sort(paths)
	if len(paths) == 0 {
		f, err := Parse("default.yaml", []byte("name: default\n"), known)
		if err != nil {
			return nil, err
		}
		f.Path = ""
		return Of(f), nil
	}
	var wrong []error
	p := &Plan{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("read plan: %w", err))
			continue
		}
		f, err := Parse(path, text, known)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		p.Versions = append(p.Versions, f)
	}
	slices.SortStableFunc(p.Versions, func(a, b *File) int { return a.Starts.Compare(b.Starts.Time) })
	for i, f := range p.Versions[min(1, len(p.Versions)):] {
		if before := p.Versions[i]; f.Starts.Equal(before.Starts.Time) {
			wrong = append(wrong, fmt.Errorf("%s: line %d: starts %s, as does %s; each version needs a month of its own", f.Path, max(1, f.at("starts")), monthName(f.Starts.Time), before.Path))
		}
	}
	if wrong != nil {
		return nil, errors.Join(wrong...)
	}
	return p, nil
}

// At returns the version in force in a month: the last that has started, or
// the first where none has. The zero time is after all.
func (p *Plan) At(month time.Time) *File {
	at := p.Versions[0]
	for _, f := range p.Versions {
		if month.IsZero() || !f.Starts.After(month) {
			at = f
		}
	}
	return at
}

// Version returns a version by its id, or nil.
func (p *Plan) Version(id string) *File {
	for _, f := range p.Versions {
		if f.ID == id {
			return f
		}
	}
	return nil
}
