package report

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime/debug"
	"sync"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"levelfield/dashboard/i18n"
	"levelfield/dashboard/web"
)

// missing stands in print for a character that the font does not have, as
// printers of Chinese do.
const missing = '〓'

// face is one weight of the paper font: its file, and the width of what was
// asked for so far.
type face struct {
	name   string
	parsed *sfnt.Font
	units  float64 // of the em
	mu     sync.Mutex
	buffer sfnt.Buffer
	widths map[rune]float64 // in em; negative where the font has no glyph
}

// openFace reads what it needs from the file where it lies in the program: a
// copy of both weights would be a fifth of the memory that reports take.
func openFace(name string) (*face, error) {
	file, err := web.Files().Open(name)
	if err != nil {
		return nil, err
	}
	parsed, err := sfnt.ParseReaderAt(file.(io.ReaderAt))
	if err != nil {
		return nil, err
	}
	return &face{name: name, parsed: parsed, units: float64(parsed.UnitsPerEm()), widths: map[rune]float64{}}, nil
}

// width returns the width of a character in em, and whether the font has it.
func (f *face) width(r rune) (float64, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	w, known := f.widths[r]
	if !known {
		w = -1
		// the PDF writer addresses glyphs by 16 bits
		if glyph, err := f.parsed.GlyphIndex(&f.buffer, r); err == nil && glyph != 0 && r <= 0xFFFF {
			if a, err := f.parsed.GlyphAdvance(&f.buffer, glyph, fixed.I(int(f.units)), font.HintingNone); err == nil {
				w = float64(a) / 64 / f.units
			}
		}
		f.widths[r] = w
	}
	return w, w >= 0
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
	for _, name := range []string{"dist/NotoSansSC-Regular.ttf", "dist/NotoSansSC-SemiBold.ttf"} {
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
	return f, nil
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
			file, err := fs.ReadFile(web.Files(), face.name)
			if err != nil {
				return nil, nil, err
			}
			f.cut[i] = fpdf.UTF8CutFont(file, string(text))
			debug.FreeOSMemory() // the file and what was cut from it are as much as all else
		}
		f.held = len(f.known)
	}
	return f.cut[0], f.cut[1], nil
}
