package main

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/creack/pty"
	"github.com/xuri/excelize/v2"

	"levelfield/analytics"
	"levelfield/dashboard/schedule/smtptest"
)

// TestWholeMonthArrivesOnceAcrossAKill makes the reports of everybody in a
// generated company in both languages, mails each to its reader, kills the
// program in the middle and starts it again. LEVELFIELD_MONTH=full takes the
// demo company of 160 people and prints the figures.
func TestWholeMonthArrivesOnceAcrossAKill(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	shop := filepath.Join(dir, "shop")
	size := []string{"--reps", "8", "--teams", "4", "--regions", "2", "--months", "3", "--order-lines", "900", "--visits", "600"}
	if os.Getenv("LEVELFIELD_MONTH") == "full" {
		size = nil
	}
	do := func(want int, args ...string) {
		t.Helper()
		var out, errOut bytes.Buffer
		if got := run(t.Context(), append([]string{"--dir", shop, "--quiet"}, args...), nil, &out, &errOut); got != want {
			t.Fatalf("levelfield %s: exit %d\n%s%s", strings.Join(args, " "), got, out.String(), errOut.String())
		}
	}
	if got := run(t.Context(), []string{"init", shop}, nil, &bytes.Buffer{}, &bytes.Buffer{}); got != 0 {
		t.Fatalf("init: exit %d", got)
	}
	do(exitDone, append([]string{"sample"}, size...)...)
	do(exitRefused, "ingest")
	do(exitDone, "calc")

	server := smtptest.Start(t)
	readers := monthReaders(t, shop)
	writeMail(t, shop, server, readers)
	want := 0
	for _, r := range readers {
		want += len(r.langs)
	}
	killAt := want / 3
	ready, gone := make(chan struct{}), make(chan struct{})
	var once sync.Once
	server.Answer = func(_ string, n int) string {
		if n < killAt {
			return ""
		}
		select {
		case <-gone:
			return ""
		default:
		}
		once.Do(func() { close(ready) })
		<-gone
		return "451 the sender is dead" // and hears nothing of it
	}
	cmd := monthProgram(t, dir, shop, server)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case <-ready:
	case err := <-ended:
		t.Fatalf("report --all ended before it was killed: %v\n%s", err, cmd.Stderr)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-ended
	close(gone)
	arrived := len(server.Messages())
	if arrived == 0 || arrived >= want {
		t.Fatalf("%d of %d mails had arrived when the program was killed", arrived, want)
	}
	// goes on where it stopped, on a terminal; what was on its way may come again in the count
	shown := onTerminal(t, monthProgram(t, dir, shop, server))
	counts := regexp.MustCompile(`reports.*\((\d+)/(\d+)`).FindAllStringSubmatch(shown, -1)
	if counts == nil {
		t.Fatalf("no bar tells how many reports are made:\n%q", shown)
	}
	last := counts[len(counts)-1] // before it is cleared
	made, _ := strconv.Atoi(last[1])
	if total, _ := strconv.Atoi(last[2]); made < total-1 || total < want-arrived || total > want-arrived+2 {
		t.Errorf("the bar ends at %d of %d, want what is left of %d after %d", made, total, want, arrived)
	}
	cmd = monthProgram(t, dir, shop, server) // then there is nothing to do
	if err := cmd.Run(); err != nil {
		t.Fatalf("report --all a third time: %v\n%s", err, cmd.Stderr)
	}
	if text := fmt.Sprint(cmd.Stderr); strings.Contains(text, "\r") {
		t.Errorf("a bar is drawn where nobody watches: %q", text)
	}
	checkMonth(t, shop, server, readers, want)
	statement := readers[slices.IndexFunc(readers, func(r monthReader) bool { return r.report == "statement" })]
	do(exitDone, "report", "--for", statement.unit, "--lang", "en")
	checkWorkbook(t, shop, statement)
}

// TestTheNightLoadsTheInboxAndCalculates does the job of the night as `serve`
// does it: what lies in exports/ is loaded once and a run is published.
func TestTheNightLoadsTheInboxAndCalculates(t *testing.T) {
	t.Parallel()
	shop := filepath.Join(t.TempDir(), "shop")
	for _, args := range [][]string{{"init", shop}, {"--dir", shop, "sample", "--reps", "4", "--teams", "2", "--regions", "2", "--months", "2", "--order-lines", "200", "--visits", "100"}} {
		var errOut bytes.Buffer
		if got := run(t.Context(), args, nil, &bytes.Buffer{}, &errOut); got != exitDone {
			t.Fatalf("levelfield %s: exit %d\n%s", args[0], got, errOut.String())
		}
	}
	a := &app{dir: shop, in: strings.NewReader(""), out: &bytes.Buffer{}, err: &bytes.Buffer{}, now: clock}
	c, err := a.readConfig()
	if err != nil {
		t.Fatal(err)
	}
	night := a.refresh(c)
	first, err := night(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	id, err := analytics.CurrentID(shop)
	if err != nil || !strings.Contains(first, id) {
		t.Errorf("the night says %q, the current run is %q (%v)", first, id, err)
	}
	if strings.Contains(first, "导入0行") {
		t.Errorf("nothing was loaded: %q", first)
	}
	second, err := night(t.Context())
	if err != nil || !strings.Contains(second, "导入0行") {
		t.Errorf("the next night, without new exports, says %q (%v)", second, err)
	}
}

// checkWorkbook looks at a statement's workbook: it says from which run it is,
// calculates the total anew to the cent, and names nobody else.
func checkWorkbook(t *testing.T, shop string, of monthReader) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(shop, "reports", "*", "statement-"+of.unit+"-en.xlsx"))
	if err != nil || len(files) != 1 {
		t.Fatalf("workbooks of %s: %v (%v)", of.unit, files, err)
	}
	f, err := excelize.OpenFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	run, err := analytics.CurrentID(shop)
	if err != nil {
		t.Fatal(err)
	}
	sheets := f.GetSheetList()
	if !slices.Contains(sheets, "Page orders") || slices.ContainsFunc(sheets, func(name string) bool { return strings.ContainsAny(name, ",;") }) {
		t.Errorf("sheets of the statement are called %q", sheets)
	}
	totals := 0
	for i, sheet := range sheets {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		for y, row := range rows {
			text += strings.Join(row, "\t") + "\n"
			if i != 1 || len(row) == 0 || row[0] != "total" {
				continue
			}
			totals++
			again, err := f.CalcCellValue(sheet, fmt.Sprintf("C%d", y+1), excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			now, _ := strconv.ParseFloat(again, 64)
			sealed, _ := f.GetCellValue(sheet, fmt.Sprintf("D%d", y+1), excelize.Options{RawCellValue: true})
			want, err := strconv.ParseFloat(sealed, 64)
			if err != nil || math.Abs(now-want) > .004 {
				t.Errorf("the workbook's total comes to %s, paid is %s (%v)", again, sealed, err)
			}
		}
		if i == 0 && !strings.Contains(text, run) {
			t.Errorf("the first sheet does not name run %s:\n%s", run, text)
		}
		for _, name := range of.foreign(text) {
			t.Errorf("sheet %s of the statement of %s names %s", sheet, of.unit, name)
		}
	}
	if totals != 1 {
		t.Errorf("%d totals in the second of the sheets %v", totals, sheets)
	}
}

// monthProgram is `levelfield report --all` as a program of its own.
func monthProgram(t *testing.T, dir, shop string, server *smtptest.Server) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "levelfield")
	if err := os.Symlink(self, name); err != nil && !os.IsExist(err) {
		t.Fatal(err)
	}
	roots := filepath.Join(dir, "roots.pem")
	if err := os.WriteFile(roots, server.PEM, 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(name, "--dir", shop, "report", "--all")
	cmd.Env = append(os.Environ(), "SSL_CERT_FILE="+roots, "SSL_CERT_DIR="+dir)
	cmd.Stderr, cmd.Stdout = &bytes.Buffer{}, &bytes.Buffer{}
	return cmd
}

// onTerminal runs a program whose errors go to a terminal and returns what that
// shows.
func onTerminal(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	screen, terminal, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer screen.Close()
	if err := pty.Setsize(terminal, &pty.Winsize{Rows: 24, Cols: 120}); err != nil {
		t.Fatal(err)
	}
	var shown bytes.Buffer
	read := make(chan struct{})
	go func() { defer close(read); shown.ReadFrom(screen) }() // ends in an error when the terminal is closed
	cmd.Stderr = terminal
	err = cmd.Run()
	terminal.Close()
	<-read
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, shown.String())
	}
	return shown.String()
}

// monthReader is one reader: which report, and the names it must not hold.
type monthReader struct {
	report, unit, mail string
	langs              []string
	people             []string // names whom the reader may see, the longest first
	never              []string // names of people whom the reader may not see
}

// foreign lists the names in a text that the reader may not see. A name that
// is the beginning of one that he may see is not a find.
func (r monthReader) foreign(text string) (names []string) {
	for _, name := range r.people {
		text = strings.ReplaceAll(text, name, " ")
	}
	for _, name := range r.never {
		if strings.Contains(text, name) {
			names = append(names, name)
		}
	}
	return names
}

// monthReaders are the executive, every manager and every person.
func monthReaders(t *testing.T, shop string) []monthReader {
	t.Helper()
	run, err := analytics.OpenCurrent(shop)
	if err != nil {
		t.Fatal(err)
	}
	defer run.Close()
	units := func(kind string) []analytics.Unit {
		all, err := run.Units(context.Background(), analytics.All(), kind, "", run.Meta.LastMonth)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	working := func(kind string) []analytics.Unit {
		return slices.DeleteFunc(units(kind), func(u analytics.Unit) bool { return u.NPeople == 0 })
	}
	both := []string{"zh-CN", "en"}
	people := units("rep") // who left is named to his manager too
	reader := func(report, unit, mail string, see func(analytics.Unit) bool) monthReader {
		r := monthReader{report: report, unit: unit, mail: mail, langs: both}
		for _, p := range people {
			if see(p) {
				r.people = append(r.people, p.Name)
			}
		}
		for _, p := range people {
			if !slices.Contains(r.people, p.Name) {
				r.never = append(r.never, p.Name)
			}
		}
		slices.SortFunc(r.people, func(a, b string) int { return len(b) - len(a) })
		return r
	}
	all := []monthReader{reader("executive", "", "executive@example.com", func(analytics.Unit) bool { return true })}
	for _, u := range working("region") {
		all = append(all, reader("region", u.ID, "region."+u.ID+"@example.com", func(p analytics.Unit) bool { return p.RegionID != nil && *p.RegionID == u.ID }))
	}
	for _, u := range working("team") {
		all = append(all, reader("team", u.ID, "team."+u.ID+"@example.com", func(p analytics.Unit) bool { return p.TeamID != nil && *p.TeamID == u.ID }))
	}
	for _, u := range working("rep") {
		all = append(all, reader("statement", u.ID, u.ID+"@example.com", func(p analytics.Unit) bool { return p.ID == u.ID }))
	}
	return all
}

func writeMail(t *testing.T, shop string, server *smtptest.Server, readers []monthReader) {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "company: {name: 演示公司}\ncurrency: CNY\nlang: zh-CN\nserve: {address: \"127.0.0.1:0\"}\nmail: {host: localhost, port: %d, from: \"Sales <sales@example.com>\"}\nschedule:\n  recipients:\n", server.Port)
	for _, r := range readers {
		for _, lang := range r.langs {
			fmt.Fprintf(&b, "    - {mail: %q, report: %s, unit: %q, lang: %s}\n", r.mail, r.report, r.unit, lang)
		}
	}
	if err := os.WriteFile(filepath.Join(shop, configFile), []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// checkMonth looks at every mail: once each, readable, with every glyph, run
// and number on each page, and nobody's name whom its reader may not see.
func checkMonth(t *testing.T, shop string, server *smtptest.Server, readers []monthReader, want int) {
	t.Helper()
	of := map[string]monthReader{}
	for _, r := range readers {
		of[r.mail] = r
	}
	run, err := analytics.CurrentID(shop)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	got := map[string]int{}
	missing, foreign, twice, broken, bare := 0, 0, 0, 0, 0
	for _, m := range server.Messages() {
		head, parts := m.Read(t)
		seen[head.Get("Message-Id")]++
		got[m.To]++
		if !m.Secure || len(parts) != 2 || !bytes.HasPrefix(parts[1].Body, []byte("%PDF-")) {
			t.Errorf("mail to %s: secure %v, %d parts", m.To, m.Secure, len(parts))
			broken++
			continue
		}
		text := pdfText(t, parts[1].Body)
		if strings.Contains(text, "〓") {
			t.Errorf("report for %s: a glyph is missing", m.To)
			missing++
		}
		pages := strings.Split(strings.TrimSuffix(text, "\f"), "\f")
		for i, page := range pages {
			page = strings.Join(strings.Fields(page), "") // a PDF keeps no spaces
			if text != "" && (!strings.Contains(page, run) || !strings.Contains(page, fmt.Sprintf("%d/%d", i+1, len(pages)))) {
				t.Errorf("report for %s: page %d of %d lacks the run or its number", m.To, i+1, len(pages))
				bare++
			}
		}
		for _, name := range of[m.To].foreign(text) {
			t.Errorf("report for %s names %s", m.To, name)
			foreign++
		}
	}
	if len(seen) != want {
		t.Errorf("%d mails, want %d", len(seen), want)
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s arrived %d times", id, n)
			twice++
		}
	}
	for _, r := range readers {
		if got[r.mail] != len(r.langs) {
			t.Errorf("%s got %d mails, want %d", r.mail, got[r.mail], len(r.langs))
		}
	}
	files, err := filepath.Glob(filepath.Join(shop, "reports", "*", "*.pdf"))
	if err != nil || len(files) < len(readers) {
		t.Errorf("%d files in reports/, want one for each of %d readers (%v)", len(files), len(readers), err)
	}
	for _, f := range []struct {
		name       string
		value, bar int
	}{{"reports mailed", len(seen), want}, {"mailed more than once", twice, 0}, {"unreadable or sent in the clear", broken, 0}, {"with a missing glyph", missing, 0}, {"pages without run or number", bare, 0}, {"names that the reader may not see", foreign, 0}} {
		verdict := "ok"
		if f.value != f.bar {
			verdict = "short"
		}
		if os.Getenv("LEVELFIELD_MONTH") == "full" {
			fmt.Printf("%-44s %10d %10d %s\n", f.name, f.value, f.bar, verdict)
		}
	}
}

// pdfText reads a PDF as other programs do; without pdftotext the check is
// left out where it is not CI.
func pdfText(t *testing.T, data []byte) string {
	t.Helper()
	path, err := exec.LookPath("pdftotext")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("no pdftotext on this machine: install the package poppler-utils")
		}
		return ""
	}
	cmd := exec.Command(path, "-", "-")
	cmd.Stdin = bytes.NewReader(data)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return string(out)
}
