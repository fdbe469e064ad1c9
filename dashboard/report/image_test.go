package report_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"levelfield/dashboard/dashtest"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/report"
)

var update = flag.Bool("update", false, "store the page images as they are now; look at them before")

// Printers of other versions smooth edges differently; a page that differs by
// more than this looks different.
const (
	mostMean = 4.0 // mean difference of a pixel, of 255
	mostFar  = .02 // share of pixels that differ by more than far
	far      = 90
)

// TestPagesLookAsStored prints reports as small grey images and compares them
// with those in testdata/pages.
func TestPagesLookAsStored(t *testing.T) {
	run, release, err := dashtest.Runs(t).Acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	for _, o := range []report.Order{
		{Kind: report.ForCompany, Lang: i18n.En, State: "sealed"},
		{Kind: report.ForRegion, UnitID: dashtest.OwnRegion, Lang: i18n.ZhCN, Reader: "王经理"},
		{Kind: report.ForPerson, UnitID: dashtest.OwnRep, Lang: i18n.ZhCN, State: "restated"},
	} {
		o.Month, o.Store = october, dashtest.Store(t)
		r, err := thePress(t).Make(context.Background(), run, o, october)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		poppler(t, pdf(t, r), "pdftoppm", "-r", "30", "-gray", "-png", "FILE", filepath.Join(dir, "page"))
		pages, err := filepath.Glob(filepath.Join(dir, "page-*.png"))
		if err != nil || len(pages) == 0 {
			t.Fatalf("%s: no page was printed (%v)", o.Kind, err)
		}
		stored, err := filepath.Glob(filepath.Join("testdata", "pages", string(o.Kind)+"-*.png"))
		if err != nil {
			t.Fatal(err)
		}
		if *update {
			for _, old := range stored {
				if err := os.Remove(old); err != nil {
					t.Fatal(err)
				}
			}
		} else if len(stored) != len(pages) {
			t.Errorf("%s: %d pages, %d are stored", o.Kind, len(pages), len(stored))
		}
		for i, page := range pages {
			now := readPNG(t, page)
			name := filepath.Join("testdata", "pages", fmt.Sprintf("%s-%d.png", o.Kind, i+1))
			if *update {
				writePNG(t, name, now)
				continue
			}
			if i >= len(stored) {
				break
			}
			if why := differs(now, readPNG(t, name)); why != "" {
				shot(t, filepath.Base(name), pngBytes(t, now))
				t.Errorf("%s: %s. Set LEVELFIELD_SHOTS to a folder to keep the new page; run with -update where it is right", name, why)
			}
		}
	}
}

// differs says how two pages differ, "" where they look alike.
func differs(a, b *image.Gray) string {
	if a.Bounds() != b.Bounds() {
		return fmt.Sprintf("it measures %v, stored %v", a.Bounds().Size(), b.Bounds().Size())
	}
	sum, n := 0, 0
	for i := range a.Pix {
		d := int(a.Pix[i]) - int(b.Pix[i])
		d = max(d, -d)
		if sum += d; d > far {
			n++
		}
	}
	mean, share := float64(sum)/float64(len(a.Pix)), float64(n)/float64(len(a.Pix))
	if mean > mostMean || share > mostFar {
		return fmt.Sprintf("a pixel differs by %.1f of 255 on average and %.1f %% of them by more than %d", mean, 100*share, far)
	}
	return ""
}

func TestDiffersTellsMovedContentFromSmoothing(t *testing.T) {
	page := func(draw func(x, y int) uint8) *image.Gray {
		g := image.NewGray(image.Rect(0, 0, 200, 280))
		for y := range 280 {
			for x := range 200 {
				g.SetGray(x, y, color.Gray{draw(x, y)})
			}
		}
		return g
	}
	block := func(from, ink int) *image.Gray {
		return page(func(x, y int) uint8 {
			if x >= 20 && x < 180 && y >= from && y < from+30 {
				return uint8(ink)
			}
			return 255
		})
	}
	if why := differs(block(100, 40), block(100, 60)); why != "" {
		t.Errorf("a slightly lighter block: %s", why)
	}
	for name, other := range map[string]*image.Gray{"moved": block(110, 40), "lost": page(func(int, int) uint8 { return 255 })} {
		if differs(block(100, 40), other) == "" {
			t.Errorf("a block that was %s is not seen", name)
		}
	}
}

func readPNG(t *testing.T, name string) *image.Gray {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	g := image.NewGray(img.Bounds())
	draw.Draw(g, g.Bounds(), img, img.Bounds().Min, draw.Src)
	return g
}

func pngBytes(t *testing.T, g *image.Gray) []byte {
	t.Helper()
	var b bytes.Buffer
	e := png.Encoder{CompressionLevel: png.BestCompression}
	if err := e.Encode(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func writePNG(t *testing.T, name string, g *image.Gray) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, pngBytes(t, g), 0o644); err != nil {
		t.Fatal(err)
	}
}
