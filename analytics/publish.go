package analytics

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"levelfield/analytics/plan"
)

// buildPrefix begins the names of folders in which a build works; whatever is
// left of a killed build is removed by the next one.
const buildPrefix = ".build-"

// lockRuns makes the folder of runs, takes its lock and clears what killed
// builds left. The returned function gives the lock back.
func lockRuns(runs string) (func(), error) {
	if err := os.MkdirAll(runs, 0o755); err != nil {
		return nil, err
	}
	unlock, err := lockFile(filepath.Join(runs, ".lock"))
	if err != nil {
		return nil, err
	}
	old, err := filepath.Glob(filepath.Join(runs, buildPrefix+"*"))
	for _, dir := range old {
		err = errors.Join(err, os.RemoveAll(dir))
	}
	if err = errors.Join(err, clearAttempts(runs, time.Now())); err != nil {
		unlock()
		return nil, fmt.Errorf("clear what an interrupted calculation left: %w", err)
	}
	return unlock, nil
}

// runID names a run after the day and its inputs: r-20261104-7f3a. exists
// tells that a run of these inputs was published on that day already.
func runID(runs string, now time.Time, hash string) (id string, exists bool) {
	for n := 4; n <= len(hash); n++ {
		id = "r-" + now.Format("20060102") + "-" + hash[:n]
		s, err := readSeal(filepath.Join(runs, id))
		if err == nil && s.Inputs.Hash == hash {
			return id, true
		}
		if _, err := os.Stat(filepath.Join(runs, id)); errors.Is(err, fs.ErrNotExist) {
			return id, false
		}
	}
	return id, false
}

// publish moves a finished build to its place and points to it. Each step is
// on disk before the next, so that a kill or a power cut at any moment leaves
// either the run before or this one.
func publish(runs, dir, id string) error {
	err := filepath.WalkDir(dir, func(name string, _ fs.DirEntry, err error) error {
		return errors.Join(err, toDisk(name))
	})
	if err != nil {
		return err
	}
	final := filepath.Join(runs, id)
	if err := os.Rename(dir, final); err != nil {
		return err
	}
	if err := os.Chmod(final, 0o755); err != nil {
		return err
	}
	if err := toDisk(runs); err != nil {
		return err
	}
	return pointTo(runs, id)
}

// pointTo makes a published run the current one.
func pointTo(runs, id string) error {
	if err := writeWhole(filepath.Join(runs, "CURRENT"), []byte(id+"\n")); err != nil {
		return fmt.Errorf("publish run %s: %w", id, err)
	}
	return nil
}

// writeWhole replaces a file so that readers see the old or the new text.
func writeWhole(file string, text []byte) error {
	unfinished, err := os.CreateTemp(filepath.Dir(file), buildPrefix+"*")
	if err != nil {
		return err
	}
	defer os.Remove(unfinished.Name())
	_, err = unfinished.Write(text)
	err = errors.Join(err, unfinished.Chmod(0o644), unfinished.Sync(), unfinished.Close())
	if err != nil {
		return err
	}
	if err := os.Rename(unfinished.Name(), file); err != nil {
		return err
	}
	return toDisk(filepath.Dir(file))
}

// toDisk puts a file or a folder on disk.
func toDisk(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Published lists the ids of a workspace's published runs, oldest first.
func Published(workspace string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(workspace, "runs"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var ids []string
	for _, e := range entries {
		if e.IsDir() && strings.HasPrefix(e.Name(), "r-") {
			ids = append(ids, e.Name())
		}
	}
	return ids, err
}

// Seal says what a run was made from and what it holds: seal.json. It is all
// that is needed, beside the lake, to calculate the run again.
type Seal struct {
	RunID  string             `json:"run_id"`
	Inputs inputs             `json:"inputs"`
	Made   recipe             `json:"made"`
	Tables map[string]Content `json:"tables"` // by relation
	Seal   string             `json:"seal"`   // hash over all of the above
}

// recipe is what a run was made from, in full: hashes tell whether two runs
// were made from the same, a recipe makes a run again.
type recipe struct {
	CreatedAt time.Time    `json:"created_at"`
	Company   string       `json:"company"`
	Currency  string       `json:"currency"`
	Lang      string       `json:"lang"`
	Files     []lakeFile   `json:"files"` // live in the lake then; they stay on disk for good
	Plan      []plan.Table `json:"plan"`  // cells as text
	State     []plan.Table `json:"state"` // cells as text
}

func (s *Seal) hash() (string, error) {
	bare := *s
	bare.Seal = ""
	text, err := json.Marshal(bare)
	return hashOf(string(text)), err
}

func (s *Seal) write(dir string) (err error) {
	if s.Seal, err = s.hash(); err != nil {
		return err
	}
	text, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "seal.json"), append(text, '\n'), 0o644)
}

// readSeal reads a run's seal and checks that nobody edited it.
func readSeal(dir string) (*Seal, error) {
	file := filepath.Join(dir, "seal.json")
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return parseSeal(file, text)
}

// parseSeal reads a seal and checks that nobody edited it. file is for errors.
func parseSeal(file string, text []byte) (*Seal, error) {
	s := &Seal{}
	if err := json.Unmarshal(text, s); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if sum, err := s.hash(); err != nil || sum != s.Seal {
		return nil, fmt.Errorf("%s: was edited: its hash is %.12s, the seal says %.12s", file, sum, s.Seal)
	}
	return s, nil
}
