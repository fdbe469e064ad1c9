package source

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

const (
	mostMembers   = 10_000
	inMemory      = 256 << 20 // bytes of a workbook inside an archive
	bombRatio     = 500       // unpacked to packed; text packs about 5 to 50 times
	bombFreeBytes = 64 << 20  // below this the ratio says nothing
)

// sizeError is a file that unpacks to too much.
type sizeError string

func (e sizeError) Error() string { return string(e) }

func tooLarge(limit int64) error {
	return sizeError(fmt.Sprintf("unpacks to more than %s: refused as a possible zip bomb", bytesText(limit)))
}

func bytesText(n int64) string {
	switch {
	case n >= 1<<30 && n%(1<<30) == 0:
		return fmt.Sprintf("%d GB", n>>30)
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MB", n>>20)
	}
	return fmt.Sprintf("%d bytes", n)
}

// bounded reads at most limit bytes and fails behind them.
type bounded struct {
	in    io.Reader
	left  int64
	limit int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, tooLarge(b.limit)
	}
	n, err := b.in.Read(p[:min(int64(len(p)), b.left+1)])
	if b.left -= int64(n); b.left < 0 {
		return n - 1, tooLarge(b.limit)
	}
	return n, err
}

// chained reads one thing and closes several.
type chained struct {
	io.Reader
	closers []io.Closer
}

func (c *chained) Close() error {
	var errs []error
	for _, closer := range c.closers {
		errs = append(errs, closer.Close())
	}
	return errors.Join(errs...)
}

// openMember opens a member of a zip, refusing what unpacks to too much.
func openMember(f *zip.File, limit int64) (io.ReadCloser, error) {
	if f.UncompressedSize64 > uint64(limit) {
		return nil, tooLarge(limit)
	}
	if f.UncompressedSize64 > bombFreeBytes && f.UncompressedSize64/bombRatio > f.CompressedSize64 {
		return nil, sizeError(fmt.Sprintf("unpacks to %d times its size: refused as a possible zip bomb", f.UncompressedSize64/max(f.CompressedSize64, 1)))
	}
	if f.Flags&1 != 0 {
		return nil, errors.New(passwordText)
	}
	r, err := f.Open()
	if err != nil {
		if errors.Is(err, zip.ErrAlgorithm) {
			return nil, errors.New("packed in a way that is not supported: pack it again as plain zip")
		}
		return nil, errArchive
	}
	return &chained{&bounded{r, limit, limit}, []io.Closer{r}}, nil
}

var errArchive = errors.New("the archive is damaged")

// input is something that can be opened again and again.
type input struct {
	label string                        // Table.File
	disk  string                        // path when it lies on disk as it is
	open  func() (io.ReadCloser, error) // from the start
	size  int64                         // on disk
	inner bool                          // a member of an archive
}

// all returns random access to the input: the file itself, or its bytes.
func (in input) all() (io.ReaderAt, int64, io.Closer, error) {
	if in.disk != "" {
		f, err := os.Open(in.disk)
		if err != nil {
			return nil, 0, nil, err
		}
		return f, in.size, f, nil
	}
	r, err := in.open()
	if err != nil {
		return nil, 0, nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, inMemory+1))
	if err != nil {
		return nil, 0, nil, unpacking(err)
	}
	if len(data) > inMemory {
		return nil, 0, nil, fmt.Errorf("a workbook of more than %s inside an archive: unpack it first", bytesText(inMemory))
	}
	return bytes.NewReader(data), int64(len(data)), io.NopCloser(nil), nil
}

// unpacking turns what a decompressor says into an error of ours.
func unpacking(err error) error {
	var size sizeError
	switch {
	case errors.As(err, &size):
		return size
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, zip.ErrChecksum), errors.Is(err, zip.ErrFormat), errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader):
		return errArchive
	}
	if strings.HasPrefix(err.Error(), "flate:") {
		return errArchive
	}
	return err
}

// memberName returns the name of a zip member as text, or why it is refused.
// Names without the UTF-8 mark are GBK when they are not valid UTF-8.
func memberName(f *zip.File) (string, error) {
	name := f.Name
	if !utf8.ValidString(name) {
		if text, err := simplifiedchinese.GB18030.NewDecoder().String(name); err == nil {
			name = text
		}
	}
	name = strings.ReplaceAll(name, `\`, "/")
	unsafe := strings.HasPrefix(name, "/") || strings.ContainsAny(name, "\x00") || len(name) > 1 && name[1] == ':'
	for _, part := range strings.Split(name, "/") {
		unsafe = unsafe || part == ".."
	}
	if unsafe {
		return "", fmt.Errorf("member %q points outside the archive: refused", name)
	}
	return name, nil
}

// openZip opens the members of an archive as tables.
func openZip(in input, z *zip.Reader, opt Options) ([]*Table, error) {
	if in.inner {
		return nil, errors.New("an archive inside an archive: unpack it first")
	}
	if len(z.File) > mostMembers {
		return nil, fmt.Errorf("%d members, at most %d are read: refused as a possible zip bomb", len(z.File), mostMembers)
	}
	type member struct {
		name  string
		index int // in the archive; names may occur twice
	}
	var members []member
	var total uint64
	for i, f := range z.File {
		name, err := memberName(f)
		if err != nil {
			return nil, err
		}
		total += f.UncompressedSize64
		if total > uint64(opt.Limit) || f.UncompressedSize64 > uint64(opt.Limit) {
			return nil, tooLarge(opt.Limit)
		}
		base := path.Base(name)
		if f.FileInfo().IsDir() || strings.HasPrefix(name, "__MACOSX/") || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "~$") {
			continue
		}
		members = append(members, member{name, i})
	}
	sort.SliceStable(members, func(i, j int) bool { return members[i].name < members[j].name })
	var tables []*Table
	var notes []string
	var failed []error
	for _, m := range members {
		switch strings.ToLower(path.Ext(m.name)) {
		case ".pdf", ".doc", ".docx", ".ppt", ".pptx", ".png", ".jpg", ".jpeg", ".gif", ".html", ".htm", ".xml", ".json", ".md":
			notes = append(notes, fmt.Sprintf("%s in the archive is no table and was left out", m.name))
			continue
		}
		open := func() (io.ReadCloser, error) { return openAgain(in, m.index, opt.Limit) }
		inside, err := openInput(input{label: in.label + "!" + m.name, open: open, inner: true}, opt)
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", m.name, err))
			continue
		}
		tables = append(tables, inside...)
	}
	if err := errors.Join(failed...); err != nil {
		return nil, err
	}
	if len(tables) == 0 {
		return nil, errors.New("no table in the archive")
	}
	tables[0].Notes = append(notes, tables[0].Notes...)
	return tables, nil
}

// openAgain opens a member of an archive whose reader may be closed by now.
func openAgain(in input, index int, limit int64) (io.ReadCloser, error) {
	at, size, closer, err := in.all()
	if err != nil {
		return nil, err
	}
	z, err := zip.NewReader(at, size)
	if err != nil || index >= len(z.File) {
		closer.Close()
		return nil, errArchive
	}
	r, err := openMember(z.File[index], limit)
	if err != nil {
		closer.Close()
		return nil, err
	}
	return &chained{r, []io.Closer{r, closer}}, nil
}

// openGzip opens the one file inside.
func openGzip(in input, opt Options) ([]*Table, error) {
	if in.inner {
		return nil, errors.New("an archive inside an archive: unpack it first")
	}
	name := strings.TrimSuffix(filepath.Base(in.label), filepath.Ext(in.label))
	open := func() (io.ReadCloser, error) {
		f, err := in.open()
		if err != nil {
			return nil, err
		}
		z, err := gzip.NewReader(f)
		if err != nil {
			f.Close()
			return nil, errArchive
		}
		return &chained{&bounded{z, opt.Limit, opt.Limit}, []io.Closer{z, f}}, nil
	}
	return openInput(input{label: in.label + "!" + name, open: open, inner: true}, opt)
}
