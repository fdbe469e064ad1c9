package ingest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Manifest lists what is in the lake. Only files it names count; it is replaced
// as a whole, as the last step of a load.
type Manifest struct {
	Version int           `json:"version"`
	Batch   int64         `json:"batch"` // number of the latest load
	Files   []LakeFile    `json:"files"`
	Loads   []LoadEntry   `json:"loads"`
	Retired []RetiredFile `json:"retired"`
}

// LakeFile is one live Parquet file. Its bytes never change.
type LakeFile struct {
	Entity string `json:"entity"`
	Month  string `json:"month"` // 2026-10, or all
	Path   string `json:"path"`  // below lake/, with slashes
	Rows   int64  `json:"rows"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
	Batch  int64  `json:"batch"`  // load that wrote the file
	Schema bool   `json:"schema"` // a file without rows that shows the entity's columns
}

// LoadEntry is one load of one file.
type LoadEntry struct {
	Batch         int64         `json:"batch"`
	File          string        `json:"file"`
	Size          int64         `json:"size"`
	SHA256        string        `json:"sha256"`
	Mapping       string        `json:"mapping"`
	MappingSHA256 string        `json:"mapping_sha256"`
	At            time.Time     `json:"at"`
	Tables        []TableReport `json:"tables"`
	RefusedPath   string        `json:"refused_path"` // marked copy below the workspace, or ""
}

// RetiredFile holds rows that a later load replaced, as they were.
type RetiredFile struct {
	Path   string `json:"path"`
	Entity string `json:"entity"`
	Month  string `json:"month"`
	Batch  int64  `json:"batch"` // load that replaced them
	Rows   int64  `json:"rows"`
}

const manifestName = "manifest.json"

// lakeVersion is the layout of the lake. Since 2 money has four decimals.
const lakeVersion = 2

// ReadManifest reads the lake's manifest; a lake that is not there yet has an
// empty one.
func (ws Workspace) ReadManifest() (*Manifest, error) {
	data, err := os.ReadFile(ws.lake(manifestName))
	if errors.Is(err, fs.ErrNotExist) {
		return &Manifest{Version: lakeVersion}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the lake's manifest: %w", err)
	}
	var m Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("read the lake's manifest %s: %w; restore it from a copy", ws.lake(manifestName), err)
	}
	if m.Version < lakeVersion {
		return nil, fmt.Errorf("the lake's manifest %s has version %d, this levelfield writes version %d: move the folder lake away and load the exports again", ws.lake(manifestName), m.Version, lakeVersion)
	}
	if m.Version > lakeVersion {
		return nil, fmt.Errorf("the lake's manifest %s has version %d, this levelfield knows version %d: use a newer levelfield", ws.lake(manifestName), m.Version, lakeVersion)
	}
	return &m, nil
}

// lake returns a path below lake/.
func (ws Workspace) lake(parts ...string) string {
	return filepath.Join(append([]string{ws.Dir, "lake"}, parts...)...)
}

// publish replaces the manifest. Before it returns the lake is as it was, after
// it the lake is as the manifest says, whatever happens in between.
func (ws Workspace) publish(m *Manifest) error {
	slices.SortFunc(m.Files, func(a, b LakeFile) int { return strings.Compare(a.Path, b.Path) })
	data, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return fmt.Errorf("write the lake's manifest: %w", err)
	}
	if err := writeFile(ws.lake(manifestName), append(data, '\n')); err != nil {
		return fmt.Errorf("write the lake's manifest: %w", err)
	}
	return nil
}

// writeFile writes a file beside its place, brings it to the disk and renames it.
func writeFile(path string, chunks ...[]byte) error {
	temporary := path + ".tmp"
	f, err := os.Create(temporary)
	if err != nil {
		return err
	}
	for _, c := range chunks {
		if _, err = f.Write(c); err != nil {
			break
		}
	}
	if err == nil {
		err = f.Sync()
	}
	if err2 := f.Close(); err == nil {
		err = err2
	}
	if err == nil {
		err = os.Rename(temporary, path)
	}
	if err != nil {
		os.Remove(temporary)
		return err
	}
	return syncDir(filepath.Dir(path))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// sweep removes what a killed load left behind: temporary files, and files of a
// load that the manifest does not know. The lake's lock must be held.
func (ws Workspace) sweep(m *Manifest) error {
	known := map[string]bool{manifestName: true, lockName: true, pendingName: true}
	for _, f := range m.Files {
		known[f.Path] = true
	}
	if err := ws.sweepCopies(m); err != nil {
		return err
	}
	root := ws.lake()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if rel = filepath.ToSlash(rel); known[rel] {
			return nil
		}
		copied := strings.HasPrefix(rel, "refused/") // people may keep files of their own there
		if strings.HasSuffix(rel, ".tmp") || !copied && batchOf(d.Name()) > m.Batch {
			return os.Remove(path)
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("remove what an interrupted load left in the lake: %w", err)
	}
	return nil
}

// pendingName lists the marked copies of a load that is not published yet, a
// path below the workspace a line.
const pendingName = ".pending"

// sweepCopies removes the marked copies of a load that was not published.
func (ws Workspace) sweepCopies(m *Manifest) error {
	data, err := os.ReadFile(ws.lake(pendingName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for name := range strings.Lines(string(data)) {
		name = strings.TrimSuffix(name, "\n")
		published := slices.ContainsFunc(m.Loads, func(l LoadEntry) bool {
			return slices.Contains(strings.Split(l.RefusedPath, ", "), name)
		})
		if !published && filepath.IsLocal(filepath.FromSlash(name)) {
			if rmErr := os.Remove(filepath.Join(ws.Dir, filepath.FromSlash(name))); rmErr != nil && !errors.Is(rmErr, fs.ErrNotExist) {
				err = errors.Join(err, rmErr)
			}
		}
	}
	if err == nil {
		err = os.Remove(ws.lake(pendingName))
	}
	if err != nil {
		return fmt.Errorf("remove what an interrupted load left in the lake: %w", err)
	}
	return nil
}

// batchOf returns the load number a lake file's name begins with, or 0.
func batchOf(name string) int64 {
	number, _, _ := strings.Cut(name, "-")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// loaded returns the earlier load of the same content by the same mapping, if
// its rows are still what the lake shows: no later load replaced rows of the
// same entities.
func (m *Manifest) loaded(sha, mappingSHA string) *LoadEntry {
	for i := len(m.Loads) - 1; i >= 0; i-- {
		l := &m.Loads[i]
		if l.SHA256 != sha || l.MappingSHA256 != mappingSHA {
			continue
		}
		for _, later := range m.Loads[i+1:] {
			for _, t := range later.Tables {
				if t.Replaced > 0 && slices.ContainsFunc(l.Tables, func(o TableReport) bool { return o.Entity == t.Entity }) {
					return nil
				}
			}
		}
		return l
	}
	return nil
}

// sized tells whether an earlier load read a file of that many bytes.
func (m *Manifest) sized(size int64) bool {
	return slices.ContainsFunc(m.Loads, func(l LoadEntry) bool { return l.Size == size })
}
