package ingest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"github.com/parquet-go/parquet-go/format"

	"levelfield/ingest/table"
)

// mostHeld is how many bytes of encoded row groups wait in memory before they
// go to a temporary file.
const mostHeld = 192 << 20

// store keeps encoded row groups until it is clear that the load succeeds.
type store struct {
	dir  string
	mu   sync.Mutex
	held int64
	file *os.File
	size int64
}

// keep takes a group over; its data moves to disk when memory is short.
func (s *store) keep(g *group) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := int64(len(g.data))
	if s.held+n <= mostHeld {
		s.held += n
		return nil
	}
	if s.file == nil {
		f, err := os.CreateTemp(s.dir, "groups-*.tmp")
		if err != nil {
			return fmt.Errorf("keep row groups on disk: %w", err)
		}
		s.file = f
	}
	if _, err := s.file.WriteAt(g.data, s.size); err != nil {
		return fmt.Errorf("keep row groups on disk: %w", err)
	}
	g.spilled = io.NewSectionReader(s.file, s.size, n)
	g.data = nil
	s.size += n
	return nil
}

func (s *store) close() {
	if s.file != nil {
		s.file.Close()
		os.Remove(s.file.Name())
	}
}

// lakeFile is a file to be written: the row groups of one entity and month.
type lakeFile struct {
	entity *table.Entity
	month  string
	path   string // below lake/
	groups []*group
}

// write writes the files beside their places, side by side, and renames them.
// They count only once the manifest names them. The folders whose entries must
// reach the disk before that are added to dirs.
func (ws Workspace) write(files []lakeFile, batch int64, dirs map[string]bool) ([]LakeFile, error) {
	out := make([]LakeFile, len(files))
	errs := make([]error, len(files))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(max(8, 2*runtime.GOMAXPROCS(0)), len(files)) {
		wg.Go(func() {
			for i := range next {
				out[i], errs[i] = ws.writeLakeFile(files[i], batch)
			}
		})
	}
	for i := range files {
		dir := filepath.Dir(ws.lake(files[i].path))
		if !dirs[dir] {
			if err := os.MkdirAll(dir, 0o755); err != nil {
				close(next)
				return nil, fmt.Errorf("make the lake's folder: %w", err)
			}
			dirs[dir], dirs[filepath.Dir(dir)] = true, true
		}
	}
	for i := range files {
		next <- i
	}
	close(next)
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("write the lake: %w", err)
		}
	}
	return out, nil
}

func (ws Workspace) writeLakeFile(lf lakeFile, batch int64) (LakeFile, error) {
	path := ws.lake(lf.path)
	temporary := path + ".tmp"
	f, err := os.Create(temporary)
	if err != nil {
		return LakeFile{}, err
	}
	sum := sha256.New()
	done := LakeFile{Entity: lf.entity.Name, Month: lf.month, Path: lf.path, Batch: batch}
	if done.Rows, done.Bytes, err = lf.writeTo(io.MultiWriter(f, sum)); err == nil {
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
		return LakeFile{}, err
	}
	done.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return done, nil
}

// writeTo writes the file's bytes.
func (lf *lakeFile) writeTo(out io.Writer) (rows, size int64, err error) {
	if _, err := io.WriteString(out, parquetMagic); err != nil {
		return 0, 0, err
	}
	size = int64(len(parquetMagic))
	var metas []format.RowGroup
	for i, g := range lf.groups {
		metas = append(metas, g.placed(size, i))
		rows += g.meta.NumRows
		var in io.Reader = bytes.NewReader(g.data)
		if g.spilled != nil {
			in = io.NewSectionReader(g.spilled, 0, g.spilled.Size())
		}
		n, err := io.Copy(out, in)
		if err != nil {
			return 0, 0, err
		}
		size += n
	}
	end, err := footer(schemaOf(lf.entity), metas)
	if err != nil {
		return 0, 0, err
	}
	_, err = out.Write(end)
	return rows, size + int64(len(end)), err
}

// byMonth makes one file of the groups of each month, in month order.
func byMonth(e *table.Entity, groups []monthGroup, name string) []lakeFile {
	months := map[month][]*group{}
	for i := range groups {
		months[groups[i].month] = append(months[groups[i].month], &groups[i].group)
	}
	var order []month
	for m := range months {
		order = append(order, m)
	}
	slices.Sort(order)
	var files []lakeFile
	for _, m := range order {
		files = append(files, lakeFile{
			entity: e, month: m.String(), groups: months[m],
			path: e.Name + "/" + m.String() + "/" + name + ".parquet",
		})
	}
	return files
}
