package analytics

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"
)

// lakeVersion is the layout of the lake that this program reads: since 2 money
// has four decimals.
const lakeVersion = 2

// lake is lake/manifest.json: which Parquet files are live, and what was
// loaded. The calculation reads it and nothing else of the lake's folders, so
// a load that runs at the same time cannot be seen half.
type lake struct {
	Version int        `json:"version"`
	Files   []lakeFile `json:"files"`
	Loads   []lakeLoad `json:"loads"`
}

// lakeFile is one live file; its path is relative to the lake folder.
type lakeFile struct {
	Entity string `json:"entity"`
	Month  string `json:"month"` // 2026-10, or "all"
	Path   string `json:"path"`
	Rows   int64  `json:"rows"`
	Sha256 string `json:"sha256"`
	Batch  int64  `json:"batch"`
	Schema bool   `json:"schema"` // holds no row: there so that the entity can always be read
}

// lakeLoad is one loaded export.
type lakeLoad struct {
	Batch       int64       `json:"batch"`
	File        string      `json:"file"`
	Sha256      string      `json:"sha256"`
	Mapping     string      `json:"mapping"`
	At          string      `json:"at"`
	Tables      []loadTable `json:"tables"`
	RefusedPath string      `json:"refused_path"`
}

type loadTable struct {
	Sheet    string           `json:"sheet"`
	Entity   string           `json:"entity"`
	Read     int64            `json:"read"`
	Loaded   int64            `json:"loaded"`
	Refused  int64            `json:"refused"`
	Replaced int64            `json:"replaced"`
	LeftOut  map[string]int64 `json:"left_out"`
	Notes    []string         `json:"notes"`
}

// ErrNoLake is returned where nothing was ingested yet.
var ErrNoLake = errors.New("the lake is empty: put exports into exports/ and run `levelfield ingest`")

// lastMonth is the last month in which something happened, by the entities
// that core.month goes by; the zero time where nothing did.
func (l *lake) lastMonth() time.Time {
	var last time.Time
	for _, f := range l.Files {
		if m, err := time.Parse("2006-01", f.Month); err == nil && m.After(last) && slices.Contains(livedEntities, f.Entity) {
			last = m
		}
	}
	return last
}

var livedEntities = []string{"order_line", "deal", "visit", "complaint", "activity"}

func readLake(workspace string) (*lake, error) {
	file := filepath.Join(workspace, "lake", "manifest.json")
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoLake
	}
	if err != nil {
		return nil, err
	}
	l := &lake{}
	if err := json.Unmarshal(text, l); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if l.Version < lakeVersion {
		return nil, fmt.Errorf("%s: version %d; this program reads version %d: move the folder lake away and load the exports again", file, l.Version, lakeVersion)
	}
	if l.Version > lakeVersion {
		return nil, fmt.Errorf("%s: version %d; this program reads version %d: use a newer levelfield", file, l.Version, lakeVersion)
	}
	sortFiles(l.Files)
	return l, nil
}

// sortFiles puts files in the order in which they are read and hashed.
func sortFiles(files []lakeFile) {
	sort.Slice(files, func(i, j int) bool {
		a, b := files[i], files[j]
		if a.Entity != b.Entity {
			return a.Entity < b.Entity
		}
		if a.Schema != b.Schema {
			return a.Schema // first: it decides the columns
		}
		return a.Path < b.Path
	})
}

// entities are the names of the lake's relations, sorted.
func (l *lake) entities() []string {
	var out []string
	for _, f := range l.Files {
		if !slices.Contains(out, f.Entity) {
			out = append(out, f.Entity)
		}
	}
	return out
}

// of returns the files of an entity that keep allows, the schema file always.
func (l *lake) of(entity string, keep func(lakeFile) bool) []lakeFile {
	var out []lakeFile
	for _, f := range l.Files {
		if f.Entity == entity && (f.Schema || keep(f)) {
			out = append(out, f)
		}
	}
	return out
}

func everyFile(lakeFile) bool { return true }

// hash is over the content of files, not over their names.
func hashFiles(files []lakeFile) string {
	h := sha256.New()
	for _, f := range files {
		fmt.Fprintf(h, "%s %s\n", f.Entity, f.Sha256)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// createLakeView makes lake.<entity> in the current catalog over the files.
//
// The view holds paths relative to the lake; the folder comes from variable
// lake_dir of the connection. So a published run, opened read-only, still
// reaches its exported rows after the workspace was moved, as lake files are
// never changed nor deleted.
func createLakeView(ctx context.Context, conn *sql.Conn, entity string, files []lakeFile) error {
	paths := make([]string, len(files))
	for i, f := range files {
		paths[i] = quoteText(f.Path)
	}
	return execute(ctx, conn, fmt.Sprintf(
		"create or replace view lake.%s as select * from read_parquet(list_transform([%s], lambda path: getvariable('lake_dir') || path))",
		quoteName(entity), strings.Join(paths, ", ")))
}

// folder is the value of variables lake_dir and run_dir for a folder.
func folder(parts ...string) (string, error) {
	dir, err := filepath.Abs(filepath.Join(parts...))
	return filepath.ToSlash(dir) + "/", err
}

// checkLakeFiles compares the files on disk with their hashes. Files that were
// changed can still be calculated with; those that are missing cannot.
func checkLakeFiles(workspace string, files []lakeFile) (changed, missing []error) {
	for _, f := range files {
		sum, err := fileHash(filepath.Join(workspace, "lake", filepath.FromSlash(f.Path)))
		switch {
		case err != nil:
			missing = append(missing, fmt.Errorf("lake.%s: lake/%s cannot be read: %w; restore it from a copy", f.Entity, f.Path, err))
		case f.Sha256 != "" && sum != f.Sha256:
			changed = append(changed, fmt.Errorf("lake.%s: lake/%s was changed after it was loaded (sha256 %.12s, not %.12s)", f.Entity, f.Path, sum, f.Sha256))
		}
	}
	return changed, missing
}

func fileHash(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
