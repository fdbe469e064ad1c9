package report_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"levelfield/dashboard/dashtest"
	"levelfield/dashboard/i18n"
	"levelfield/dashboard/report"
)

func pdf(t testing.TB, r *report.Report) []byte {
	t.Helper()
	if err := r.Missing(); err != nil {
		t.Error(err)
	}
	var b bytes.Buffer
	if err := r.PDF(&b); err != nil {
		t.Fatal(err)
	}
	shot(t, "report-"+string(r.Lang)+".pdf", b.Bytes())
	return b.Bytes()
}

// poppler runs one of the tools that read a PDF as other programs do. They
// are not part of the product: without them the test is skipped outside CI.
func poppler(t testing.TB, data []byte, tool string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(tool)
	if err != nil {
		missing := "no " + tool + " on this machine: no PDF was read back. Install the package poppler-utils and run the tests again."
		if os.Getenv("CI") == "true" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	file := filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		args[i] = strings.ReplaceAll(a, "FILE", file)
	}
	out, err := exec.Command(path, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", tool, err, out)
	}
	return string(out)
}

// bare is text without spaces and line ends, which a PDF does not keep.
func bare(text string) string { return strings.Join(strings.Fields(text), "") }

func TestPDFHoldsTheTextOfEveryPart(t *testing.T) {
	for _, lang := range i18n.Langs {
		r := executive(t, lang)
		got := bare(poppler(t, pdf(t, r), "pdftotext", "-layout", "FILE", "-"))
		want := []string{r.Title, r.Says, dashtest.RunID, r.State}
		for _, s := range r.Sections {
			want = append(want, s.Title)
			for _, b := range s.Blocks {
				want = append(want, b.Title, b.Finding, b.Note)
				if b.Table != nil {
					for _, row := range b.Table.Rows {
						want = append(want, row.Cells[0].Text)
					}
				}
			}
		}
		for _, w := range want {
			if !strings.Contains(got, bare(w)) {
				t.Errorf("%s: the PDF lacks %q", lang, w)
			}
		}
		for _, never := range []string{"〓", "$c-", "@money", "NaN", "undefined"} {
			if strings.Contains(got, never) {
				t.Errorf("%s: the PDF holds %s", lang, never)
			}
		}
	}
}

func TestPDFPrintsRunStateAndNumberOnEveryPage(t *testing.T) {
	run, release, err := dashtest.Runs(t).Acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	states := []string{"draft", "sealed", "restated"}
	for i, o := range every {
		o.Lang, o.State, o.Store = i18n.ZhCN, states[i%len(states)], dashtest.Store(t)
		r, err := thePress(t).Make(t.Context(), run, o, october)
		if err != nil {
			t.Fatal(err)
		}
		if want := r.Lang.T("report.state." + o.State); r.State != want {
			t.Errorf("%s: the state is %q, want %q", o.Kind, r.State, want)
		}
		pages := strings.Split(strings.TrimSuffix(poppler(t, pdf(t, r), "pdftotext", "-layout", "FILE", "-"), "\f"), "\f")
		for i, page := range pages {
			for _, want := range []string{dashtest.RunID, r.State, r.Lang.Month(r.Month), r.Meta.InputHash[:4], fmt.Sprintf("%d/%d", i+1, len(pages))} {
				if !strings.Contains(bare(page), bare(want)) {
					t.Errorf("%s, %s: page %d of %d lacks %q", o.Kind, o.State, i+1, len(pages), want)
				}
			}
		}
	}
}

func TestContentsAndBookmarksLeadToTheirChapters(t *testing.T) {
	r := executive(t, i18n.ZhCN)
	data := pdf(t, r)
	pages := strings.Split(poppler(t, data, "pdftotext", "-layout", "FILE", "-"), "\f")
	outline := poppler(t, data, "pdftohtml", "-xml", "-i", "-stdout", "FILE")
	for _, s := range r.Sections {
		entry := regexp.MustCompile(`<item page="(\d+)">` + regexp.QuoteMeta(s.Title) + `</item>`).FindStringSubmatch(outline)
		if entry == nil {
			t.Errorf("%s has no bookmark", s.Title)
			continue
		}
		n, _ := strconv.Atoi(entry[1])
		if !strings.Contains(bare(pages[0]), bare(s.Title+entry[1])) {
			t.Errorf("the contents do not say that %s begins on page %d", s.Title, n)
		}
		if !strings.Contains(bare(pages[n-1]), bare(s.Title)) {
			t.Errorf("%s is not on page %d", s.Title, n)
		}
	}
}

func TestPDFEmbedsItsFontsAndNamesItsTitleAndLanguage(t *testing.T) {
	for _, lang := range i18n.Langs {
		r := executive(t, lang)
		data := pdf(t, r)
		fonts := strings.Split(strings.TrimSpace(poppler(t, data, "pdffonts", "FILE")), "\n")[2:]
		if len(fonts) != 2 {
			t.Errorf("%s: fonts %q, want the two weights", lang, fonts)
		}
		for _, f := range fonts {
			if !strings.Contains(f, "notosanssc") || !strings.Contains(f, "yes no  yes") { // embedded, with a map to text
				t.Errorf("%s: font is not embedded with its text: %s", lang, f)
			}
		}
		if info := poppler(t, data, "pdfinfo", "FILE"); !strings.Contains(info, r.Name()) || !strings.Contains(info, "A4") {
			t.Errorf("%s: no title or not A4:\n%s", lang, info)
		}
		if !bytes.Contains(data, []byte("/Lang ("+string(lang)+")")) || !bytes.Contains(data, []byte("/Outlines")) {
			t.Errorf("%s: no language or no bookmarks", lang)
		}
		if len(data) > 400<<10 {
			t.Errorf("%s: %d KB: the fonts are not cut to what is printed", lang, len(data)>>10)
		}
	}
}
