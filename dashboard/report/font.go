package report

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"runtime/debug"
	"sync"

	"codeberg.org/go-pdf/fpdf"
	"github.com/andybalholm/brotli"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"levelfield/dashboard/i18n"
	"levelfield/dashboard/web"
	"levelfield/sql"
)

// missing stands in print for a character that the font does not have, as
// printers of Chinese do.
const missing = '〓'

// face is one weight of the paper font: how wide its characters are. The glyphs
// stay in the file until a font is cut.
type face struct {
	name   string
	units  float64  // of the em
	widths []uint16 // of a character, in units; noGlyph where the font has none
}

const noGlyph = math.MaxUint16

// openFace reads the widths of one weight.
func openFace(name string) (*face, error) {
	file, err := unpack(name)
	if err != nil {
		return nil, err
	}
	defer debug.FreeOSMemory() // the file is as much as all else at a start
	parsed, err := sfnt.Parse(file)
	if err != nil {
		return nil, err
	}
	units := parsed.UnitsPerEm()
	// the PDF writer addresses glyphs by 16 bits
	f := &face{name: name, units: float64(units), widths: make([]uint16, math.MaxUint16+1)}
	var buffer sfnt.Buffer
	for r := range f.widths {
		f.widths[r] = noGlyph
		if glyph, err := parsed.GlyphIndex(&buffer, rune(r)); err == nil && glyph != 0 {
			if a, err := parsed.GlyphAdvance(&buffer, glyph, fixed.I(int(units)), font.HintingNone); err == nil {
				f.widths[r] = uint16(a.Round())
			}
		}
	}
	return f, nil
}

// unpack returns a font file, which is ten megabytes: let go of it soon.
func unpack(name string) ([]byte, error) {
	packed, err := web.Files().Open(name)
	if err != nil {
		return nil, err
	}
	defer packed.Close()
	file := bytes.NewBuffer(make([]byte, 0, 11<<20))
	_, err = file.ReadFrom(brotli.NewReader(packed))
	return file.Bytes(), err
}

// width returns the width of a character in em, and whether the font has it.
func (f *face) width(r rune) (float64, bool) {
	if int(r) >= len(f.widths) || f.widths[r] == noGlyph {
		return 0, false
	}
	return float64(f.widths[r]) / f.units, true
}

// fonts are the two weights of Noto Sans SC. A document embeds only the
// characters it prints. Cutting them out of ten megabytes takes longer than
// everything else on a page, so documents start from a smaller font that holds
// what all documents so far needed; it is cut anew when one needs more.
type fonts struct {
	regular, bold *face

	mu    sync.Mutex
	known map[rune]bool
	cut   [2][]byte // regular, bold
	held  int       // how many characters both hold
}

func loadFonts() (*fonts, error) {
	var faces []*face
	for _, name := range []string{"dist/NotoSansSC-Regular.ttf.br", "dist/NotoSansSC-SemiBold.ttf.br"} {
		f, err := openFace(name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, errors.New("no PDF can be written: this binary was compiled before its fonts were fetched; run `" + web.BuildCommand + "`")
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		faces = append(faces, f)
	}
	f := &fonts{regular: faces[0], bold: faces[1], known: map[rune]bool{missing: true}}
	for r := rune(' '); r < 0x100; r++ {
		f.known[r] = true
	}
	for _, texts := range i18n.Keys() {
		for _, text := range texts {
			f.expect(text)
		}
	}
	// names of indicators and of what makes a market difficult stand beside their SQL
	err := fs.WalkDir(sql.Files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(sql.Files, path)
		f.expect(string(text))
		return err
	})
	return f, err
}

func (f *fonts) face(bold bool) *face {
	if bold {
		return f.bold
	}
	return f.regular
}

// expect makes the next cut hold the characters of a text, so that documents
// which print it need no cut of their own.
func (f *fonts) expect(text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.learn(text)
}

func (f *fonts) learn(text string) {
	for _, r := range text {
		if _, ok := f.regular.width(r); ok {
			f.known[r] = true
		}
	}
}

// holding returns both weights cut to a set that holds the characters.
func (f *fonts) holding(used map[rune]bool) (regular, bold []byte, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for r := range used {
		f.learn(string(r))
	}
	if len(f.known) > f.held {
		text := make([]rune, 0, len(f.known))
		for r := range f.known {
			text = append(text, r)
		}
		for i, face := range []*face{f.regular, f.bold} {
			debug.FreeOSMemory() // a file and what it is cut in are as much as all else, and come when the charts' engines start
			file, err := unpack(face.name)
			if err != nil {
				return nil, nil, err
			}
			f.cut[i] = fpdf.UTF8CutFont(file, string(text))
		}
		debug.FreeOSMemory()
		f.held = len(f.known)
	}
	return f.cut[0], f.cut[1], nil
}
