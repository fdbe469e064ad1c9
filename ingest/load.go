package ingest

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"

	"levelfield/ingest/mapping"
	"levelfield/ingest/source"
	"levelfield/ingest/table"
)

// Load loads files, folders and patterns (default: the workspace's exports/)
// into the lake. A file that cannot be read is reported in its FileReport and
// does not keep the others out; the error is for what concerns the whole load,
// and then nothing has changed.
func Load(ctx context.Context, ws Workspace, paths []string, opt Options) (*Report, error) {
	files, err := ws.expand(paths)
	if err != nil {
		return nil, err
	}
	mappings, err := ws.mappings()
	if err != nil {
		return nil, err
	}
	l := &load{ctx: ctx, ws: ws, opt: opt, mappings: mappings, dirs: map[string]bool{}}
	if l.opt.Now == nil {
		l.opt.Now = time.Now
	}
	for _, f := range files {
		if info, err := os.Stat(f); err == nil {
			l.total += info.Size()
		}
	}
	unlock, err := ws.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if l.manifest, err = ws.ReadManifest(); err != nil {
		return nil, err
	}
	if err := ws.sweep(l.manifest); err != nil {
		return nil, err
	}
	report := &Report{DryRun: opt.DryRun}
	before := l.manifest.Batch
	if err := l.schemas(); err != nil {
		return nil, err
	}
	for _, f := range files {
		r, err := l.file(f)
		if err != nil {
			l.undo(before)
			return nil, err
		}
		report.Files = append(report.Files, *r)
	}
	if opt.DryRun || !l.changed {
		return report, nil
	}
	l.point("before the manifest")
	if err := l.publish(); err != nil {
		l.undo(before)
		return nil, err
	}
	os.Remove(ws.lake(pendingName)) // if it stays, the next load finds it published
	return report, nil
}

// load is one call of Load.
type load struct {
	ctx      context.Context
	ws       Workspace
	opt      Options
	mappings []*mapping.File
	manifest *Manifest // grows file by file, published at the end
	changed  bool
	pending  []byte          // content of the pending file
	dirs     map[string]bool // folders with new files
	mu       sync.Mutex
	bytes    int64
	total    int64
}

// point is where a kill may hit; tests stop the process here.
func (l *load) point(name string) {
	if l.opt.crash != nil {
		l.opt.crash(name)
	}
}

// undo removes the files of a load that failed.
func (l *load) undo(before int64) {
	if m, err := l.ws.ReadManifest(); err == nil && m.Batch == before {
		l.ws.sweep(m) // what stays behind is swept by the next load
	}
}

func (l *load) progress(file string, n int64) {
	if l.opt.Progress == nil || n == 0 {
		return
	}
	l.mu.Lock()
	l.bytes += n
	p := Progress{File: file, Bytes: min(l.bytes, l.total), Total: l.total}
	l.mu.Unlock()
	l.opt.Progress(p)
}

// publish brings the new files' folders to the disk, then replaces the manifest.
func (l *load) publish() error {
	for dir := range l.dirs {
		if err := syncDir(dir); err != nil {
			return fmt.Errorf("write the lake: %w", err)
		}
	}
	return l.ws.publish(l.manifest)
}

// expand turns folders and patterns into files, in name order, each once.
func (ws Workspace) expand(paths []string) ([]string, error) {
	if len(paths) == 0 {
		paths = []string{filepath.Join(ws.Dir, "exports")}
	}
	var files []string
	var errs []error
	for _, p := range paths {
		info, err := os.Stat(p)
		switch {
		case err == nil && !info.IsDir():
			files = append(files, p)
		case err == nil:
			n := len(files)
			err := filepath.WalkDir(p, func(path string, d fs.DirEntry, err error) error {
				if err != nil {
					return err
				}
				hidden := strings.HasPrefix(d.Name(), ".") || strings.HasPrefix(d.Name(), "~$")
				if d.IsDir() {
					if hidden && path != p {
						return fs.SkipDir
					}
					return nil
				}
				if !hidden {
					files = append(files, path)
				}
				return nil
			})
			if err != nil {
				errs = append(errs, fmt.Errorf("read the folder %s: %w", p, err))
			}
			slices.Sort(files[n:])
		default:
			found, globErr := filepath.Glob(p)
			if globErr != nil || len(found) == 0 {
				errs = append(errs, fmt.Errorf("no file %s: check the path or the pattern", p))
			}
			for _, f := range found {
				if info, err := os.Stat(f); err == nil && !info.IsDir() {
					files = append(files, f)
				}
			}
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(files, func(f string) bool {
		key, err := filepath.Abs(f)
		if err != nil {
			key = f
		}
		if seen[key] {
			return true
		}
		seen[key] = true
		return false
	}), nil
}

// name returns a file's path below the workspace with slashes, or the path as
// it is for files elsewhere.
func (ws Workspace) name(path string) string {
	if rel, err := filepath.Rel(ws.Dir, path); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return path
}

// mappings reads the workspace's own mapping files.
func (ws Workspace) mappings() ([]*mapping.File, error) {
	dir := filepath.Join(ws.Dir, "mappings")
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return mapping.LoadDir(os.DirFS(dir))
}

// schemas makes the files that show every entity's columns.
func (l *load) schemas() error {
	if l.opt.DryRun {
		return nil
	}
	has := map[string]bool{}
	for _, f := range l.manifest.Files {
		if f.Schema {
			has[f.Entity] = true
		}
	}
	var missing []lakeFile
	for _, e := range table.All {
		if !has[e.Name] {
			missing = append(missing, lakeFile{entity: e, month: "all", path: e.Name + "/schema.parquet"})
		}
	}
	if len(missing) == 0 {
		return nil
	}
	written, err := l.ws.write(missing, 0, l.dirs)
	if err != nil {
		return err
	}
	for _, f := range written {
		f.Schema = true
		l.manifest.Files = append(l.manifest.Files, f)
	}
	l.changed = true
	return nil
}

// opened is one table of the file with its plan.
type opened struct {
	*source.Table
	plan *mapping.Plan
	file *mapping.File
}

// file loads one file. An error is for the whole load.
func (l *load) file(path string) (*FileReport, error) {
	r := &FileReport{File: path}
	start := l.bytes
	defer func() {
		if info, err := os.Stat(path); err == nil {
			l.progress(path, info.Size()-(l.bytes-start))
		}
	}()
	info, err := os.Stat(path)
	if err != nil {
		r.Err = fmt.Errorf("read %s: %w", path, err)
		return r, nil
	}
	sum := startSum(path)
	defer sum.wait()
	tables, err := l.open(path, r)
	if err != nil {
		r.Err = err
		return r, nil
	}
	if len(tables) == 0 {
		return r, nil
	}
	mappingSHA, err := mappingSum(tables)
	if err != nil {
		return nil, err
	}
	if l.manifest.sized(info.Size()) {
		sha, err := sum.wait()
		if err != nil {
			r.Err = err
			return r, nil
		}
		if before := l.manifest.loaded(sha, mappingSHA); before != nil {
			r.Same = true
			r.Notes = append(r.Notes, fmt.Sprintf("the same content was loaded on %s from %s: nothing changed", before.At.Format("2006-01-02 15:04"), before.File))
			return r, nil
		}
	}
	f := &fileLoad{load: l, report: r, path: path, batch: l.manifest.Batch + 1, tables: tables}
	defer f.close()
	err = f.read()
	if err == nil {
		var sha string
		if sha, err = sum.wait(); err == nil {
			return r, f.commit(info.Size(), sha, mappingSHA)
		}
	}
	f.rejects.discard()
	if ctxErr := l.ctx.Err(); ctxErr != nil {
		return nil, ctxErr
	}
	r.Err, r.Tables, r.Refusals = err, nil, nil
	return r, nil
}

// announce writes down which marked copies are about to appear, so that the
// next load finds them should this one be killed.
func (l *load) announce(paths []string) error {
	if len(paths) == 0 {
		return nil
	}
	l.pending = append(l.pending, strings.Join(paths, "\n")+"\n"...)
	if err := writeFile(l.ws.lake(pendingName), l.pending); err != nil {
		return fmt.Errorf("write the lake: %w", err)
	}
	return nil
}

// open finds the file's tables and compiles their mappings.
func (l *load) open(path string, r *FileReport) ([]opened, error) {
	found, err := mapping.Open(path, l.mappings, source.Options{})
	if err != nil {
		return nil, err
	}
	for _, o := range found { // rows and messages name files as seen from the workspace
		o.Table.File = l.ws.name(path) + strings.TrimPrefix(o.Table.File, path)
	}
	var tables []opened
	var names []string
	var errs []error
	ignored := false
	for _, o := range found {
		place := o.Table.File
		if o.Table.Sheet != "" {
			place += ", sheet " + o.Table.Sheet
		}
		if o.File == nil {
			r.Notes = append(r.Notes, fmt.Sprintf("%s: no mapping takes it; run levelfield inspect on it to write one", place))
			continue
		}
		if o.File.Ignore != "" {
			r.Notes = append(r.Notes, fmt.Sprintf("%s: ignored by mapping %s: %s", place, o.File.Name, o.File.Ignore))
			ignored = true
			continue
		}
		plan, err := o.File.Compile(o.Table)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s, mapping %s: %w", place, o.File.Name, err))
			continue
		}
		if !slices.Contains(names, plan.Mapping) {
			names = append(names, plan.Mapping)
		}
		tables = append(tables, opened{o.Table, plan, o.File})
	}
	r.Mapping = strings.Join(names, ", ")
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if len(tables) == 0 && !ignored {
		return nil, fmt.Errorf("%s: no mapping takes any of its tables; run levelfield inspect %s to write one", path, path)
	}
	return tables, nil
}

// mappingSum tells mappings apart by content, not by name.
func mappingSum(tables []opened) (string, error) {
	sum := sha256.New()
	for _, t := range tables {
		data, err := yaml.Marshal(t.file)
		if err != nil {
			return "", fmt.Errorf("hash the mapping %s: %w", t.file.Name, err)
		}
		fmt.Fprintf(sum, "%s\n%s\n", t.Sheet, data)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// fileSum computes a file's SHA-256 while the file is read for loading.
type fileSum struct {
	done chan struct{}
	sha  string
	err  error
}

func startSum(path string) *fileSum {
	s := &fileSum{done: make(chan struct{})}
	go func() {
		defer close(s.done)
		f, err := os.Open(path)
		if err != nil {
			s.err = err
			return
		}
		defer f.Close()
		h := sha256.New()
		if _, s.err = io.CopyBuffer(struct{ io.Writer }{h}, f, make([]byte, 1<<20)); s.err == nil {
			s.sha = hex.EncodeToString(h.Sum(nil))
		}
	}()
	return s
}

func (s *fileSum) wait() (string, error) {
	<-s.done
	return s.sha, s.err
}

// fileLoad is the loading of one file.
type fileLoad struct {
	*load
	report   *FileReport
	path     string
	batch    int64
	tables   []opened
	store    *store
	rejects  rejects
	entities []*entityLoad
	counts   []tableCount
}

// entityLoad gathers the rows of one entity from all tables of the file.
type entityLoad struct {
	entity *table.Entity
	seen   *keyset
	groups []monthGroup
}

// tableCount counts one block of one table.
type tableCount struct {
	counts
	table    int
	entity   *entityLoad
	written  int64
	replaced int64
}

func (f *fileLoad) close() { f.store.close() }

func (f *fileLoad) entity(e *table.Entity) *entityLoad {
	for _, el := range f.entities {
		if el.entity == e {
			return el
		}
	}
	el := &entityLoad{entity: e, seen: &keyset{}}
	f.entities = append(f.entities, el)
	return el
}

// read reads all tables into row groups.
func (f *fileLoad) read() error {
	dir := f.ws.lake()
	if f.opt.DryRun {
		dir = ""
	}
	f.store = &store{dir: dir}
	f.rejects = rejects{ws: f.ws, batch: f.batch, dry: f.opt.DryRun}
	for i := range f.tables {
		if err := f.table(i); err != nil {
			return err
		}
	}
	return nil
}

func (f *fileLoad) table(i int) error {
	if !f.opt.General {
		done, err := f.fast(i)
		if done || err != nil {
			return err
		}
	}
	return f.general(i)
}

// fast tries the fast route; done is false when the table must go the general
// way.
func (f *fileLoad) fast(i int) (done bool, err error) {
	t := &f.tables[i]
	ft, offset, size, ok := newFast(t.Table, t.plan)
	if !ok || len(f.tables) > 1 {
		return false, nil
	}
	ft.number, ft.batch, ft.store = i, f.batch, f.store
	start := f.bytes
	ft.progress = func(n int64) { f.progress(f.path, n) }
	sectionSize := cmp.Or(f.opt.sections, sectionBytes)
	var sections []*section
	for {
		el := &entityLoad{entity: t.plan.Blocks[0].Entity, seen: &keyset{}}
		ft.seen = el.seen
		sections, err = ft.run(f.ctx, offset, size, sectionSize)
		if err == nil {
			f.entities = append(f.entities, el)
			break
		}
		f.mu.Lock()
		f.bytes = start
		f.mu.Unlock()
		f.store.close()
		*f.store = store{dir: f.store.dir}
		if errors.Is(err, errSections) && sectionSize < size {
			sectionSize = size
			continue
		}
		if errors.Is(err, errNotPlain) || errors.Is(err, errSections) {
			return false, nil
		}
		return false, err
	}
	c := tableCount{table: i, entity: f.entities[0]}
	for _, s := range sections {
		c.counts.add(s.count)
		for j := range s.refused {
			if err := f.refuse(t, s.refused[j]); err != nil {
				return false, err
			}
		}
		for _, g := range s.groups {
			c.written += g.group.meta.NumRows
		}
		c.entity.groups = append(c.entity.groups, s.groups...)
	}
	f.counts = append(f.counts, c)
	return true, nil
}

// refuse notes a refused row down in the report and in the marked copy.
func (f *fileLoad) refuse(t *opened, row refusedRow) error {
	for _, p := range row.problems {
		if len(f.report.Refusals) < mostRefusals {
			f.report.Refusals = append(f.report.Refusals, Refusal{
				File: t.File, Sheet: t.Sheet, Row: row.number,
				Column: p.Column, Value: p.Value, Reason: p.Reason, Hint: p.Hint,
			})
		}
	}
	return f.rejects.add(t.Table, row)
}

// commit writes the file's rows and adds them to the manifest that Load will
// publish. Errors are for the whole load.
func (f *fileLoad) commit(size int64, sha, mappingSHA string) error {
	m := f.manifest
	var files []lakeFile
	var rewrites []rewrite
	for _, el := range f.entities {
		if len(el.groups) == 0 {
			continue
		}
		low, high := keyBounds(el.entity, el.groups)
		rs, err := f.ws.replace(el.entity, m.Files, el.seen, low, high, f.store, func(p place) {
			for i := range f.counts {
				if f.counts[i].table == p.table() && f.counts[i].entity == el {
					f.counts[i].replaced++
					return
				}
			}
		})
		if err != nil {
			return err
		}
		rewrites = append(rewrites, rs...)
		files = append(files, byMonth(el.entity, el.groups, fmt.Sprintf("%d-0", f.batch))...)
	}
	for i := range f.counts {
		c := &f.counts[i]
		t := &f.tables[c.table]
		r, err := c.report(t.Sheet, c.entity.entity.Name, c.written)
		if err != nil {
			return fmt.Errorf("%s: %w", t.File, err)
		}
		r.Replaced = c.replaced
		r.Notes = []string{}
		if i == 0 || f.counts[i-1].table != c.table {
			r.Notes = append(append(r.Notes, t.Notes...), t.plan.Notes...)
		}
		f.report.Tables = append(f.report.Tables, r)
	}
	if f.opt.DryRun {
		return nil
	}
	f.report.Batch = f.batch
	refused := f.rejects.paths()
	if err := f.announce(refused); err != nil {
		return err
	}
	if err := f.rejects.finish(); err != nil {
		return err
	}
	if len(refused) > 0 {
		f.report.Refused = strings.Join(refused, ", ")
	}
	f.point("before the rows")
	fresh := len(files)
	counter := map[string]int{}
	number := func(e, month, kind string) string {
		key := e + "/" + month + "/" + kind
		counter[key]++
		return fmt.Sprintf("%s/%s/%d-%s%d.parquet", e, month, f.batch, kind, counter[key])
	}
	for _, r := range rewrites {
		e := table.Find(r.old.Entity)
		if len(r.kept) > 0 {
			files = append(files, lakeFile{entity: e, month: r.old.Month, groups: r.kept, path: number(e.Name, r.old.Month, "kept")})
		}
		files = append(files, lakeFile{entity: e, month: r.old.Month, groups: r.retired, path: number(e.Name, r.old.Month, "retired")})
	}
	written, err := f.ws.write(files, f.batch, f.dirs)
	if err != nil {
		return err
	}
	f.point("after the rows")
	gone := map[string]bool{}
	for _, r := range rewrites {
		gone[r.old.Path] = true
	}
	m.Files = slices.DeleteFunc(m.Files, func(lf LakeFile) bool { return gone[lf.Path] })
	m.Files = append(m.Files, written[:fresh]...)
	at := fresh
	for _, r := range rewrites {
		if len(r.kept) > 0 {
			m.Files = append(m.Files, written[at])
			at++
		}
		w := written[at]
		at++
		m.Retired = append(m.Retired, RetiredFile{Path: w.Path, Entity: w.Entity, Month: w.Month, Batch: f.batch, Rows: w.Rows})
	}
	m.Batch = f.batch
	m.Loads = append(m.Loads, LoadEntry{
		Batch: f.batch, File: f.ws.name(f.path), Size: size, SHA256: sha,
		Mapping: f.report.Mapping, MappingSHA256: mappingSHA,
		At: f.opt.Now().UTC().Truncate(time.Second), Tables: f.report.Tables, RefusedPath: f.report.Refused,
	})
	f.changed = true
	return nil
}
