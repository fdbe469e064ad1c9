package ingest

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"levelfield/ingest/value"
)

// outcome is everything a load says of a file.
type outcome struct {
	Rows    map[string][]string // by month, in file order
	Refused []string
	Counts  []TableReport
	Err     string
}

// read loads a file without publishing and returns what it would show. fast is
// false when the fast route gave up.
func read(t testing.TB, path string, opt Options) (o outcome, fast bool) {
	t.Helper()
	opt.DryRun = true
	l := &load{ctx: context.Background(), ws: Workspace{Dir: filepath.Dir(path)}, opt: opt, manifest: &Manifest{}}
	r := &FileReport{}
	tables, err := l.open(path, r)
	if err != nil {
		return outcome{Err: err.Error()}, false
	}
	f := &fileLoad{load: l, report: r, path: path, batch: 1, tables: tables, store: &store{}, rejects: rejects{dry: true}}
	defer f.close()
	if !opt.General && len(tables) == 1 {
		fast, err = f.fast(0)
	} else {
		err = f.read()
	}
	if err != nil {
		return outcome{Err: err.Error()}, fast
	}
	o.Rows = map[string][]string{}
	for _, el := range f.entities {
		for _, lf := range byMonth(el.entity, el.groups, "1-0") {
			o.Rows[lf.path] = parquetRows(t, fileBytes(t, lf), "source_file")
		}
	}
	for _, x := range r.Refusals {
		o.Refused = append(o.Refused, x.String())
	}
	for i := range f.counts {
		c := &f.counts[i]
		rep, err := c.report("", c.entity.entity.Name, c.written)
		if err != nil {
			t.Fatal(err)
		}
		o.Counts = append(o.Counts, rep)
	}
	return o, fast
}

func fileBytes(t testing.TB, lf lakeFile) []byte {
	t.Helper()
	var buf bytes.Buffer
	if _, _, err := lf.writeTo(&buf); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// compare reads the text by both routes; the fast one with sections of the given size.
func compare(t testing.TB, text string, sections int64) (fast bool) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "orders.csv")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	general, _ := read(t, path, Options{General: true})
	got, fast := read(t, path, Options{sections: sections})
	if !fast {
		return false
	}
	if diff := cmp.Diff(general, got); diff != "" {
		t.Fatalf("the fast route differs (-general +fast):\n%s", diff)
	}
	return true
}

func TestTheFastRouteYieldsTheRowsOfTheGeneralRoute(t *testing.T) {
	head := "order_id,line_id,ordered_on,rep_id,quantity,unit_price,amount,currency\n"
	tests := []struct {
		name, text string
		fast       bool
	}{
		{"plain", head + "SO1,1,2026-10-01,R1,2,1.5,3.00,CNY\nSO1,2,2026-11-01,,,,4,\n", true},
		{"no line end at the end", head + "SO1,1,2026-10-01,R1,2,1.5,3.00,CNY", true},
		{"Windows line ends", strings.ReplaceAll(head+"SO1,1,2026-10-01,R1,2,1.5,3.00,CNY\nSO2,1,2026-10-01,R1,2,1.5,3.00,CNY\n", "\n", "\r\n"), true},
		{"quotes, delimiters and line ends inside", head + "SO1,1,2026-10-01,\"R,\"\"1\"\"\nx\",2,1.5,3.00,CNY\nSO2,1,2026-10-01,R1,2,1.5,3.00,CNY\n", true},
		{"a quote inside a cell", head + "SO1,1,2026-10-01,R\"1,2,1.5,3.00,CNY\n", false},
		{"text after the quote", head + "SO1,1,2026-10-01,\"R\"1,2,1.5,3.00,CNY\n", false},
		{"a quote never closed", head + "SO1,1,2026-10-01,\"R1,2,1.5,3.00,CNY\nSO2,1,2026-10-01,R1,2,1.5,3.00,CNY\n", false},
		{"spaces around the cells", head + " SO1 ,1, 2026-10-01 ,R1 , 2 ,1.5, 3.00,CNY\n", true},
		{"non-ASCII text", head + "订单1,1,2026-10-01,张三,2,1.5,3.00,人民币\n订单2,1,2026-10-01,张三,2,1.5,3.00,人民币\n", true},
		{"bytes of another encoding", head + "SO1,1,2026-10-01,\xff\xfe,2,1.5,3.00,CNY\nSO2,1,2026-10-01,R1,2,1.5,3.00,CNY\n", false},
		{"numbers of every kind", head + "SO1,1,2026-10-01,R1,\"1,234\",1.2345,(12.00),CNY\nSO2,1,2026-10-01,R1,.5,-0,１２,CNY\nSO3,1,2026-10-01,R1,1e3,1.,+4,CNY\nSO4,1,2026-10-01,R1,1,99999999999999999999,4,CNY\n", true},
		{"dates of every kind", head + "SO1,1,2026/10/1,R1,1,1,1,CNY\nSO2,1,20261001,R1,1,1,1,CNY\nSO3,1,2026-02-29,R1,1,1,1,CNY\nSO4,1,2026年10月1日,R1,1,1,1,CNY\nSO5,1,,R1,1,1,1,CNY\n", true},
		{"totals, blanks and the header again", messy, true},
		{"a footnote at the end", head + "SO1,1,2026-10-01,R1,2,1.5,3.00,CNY\n制表人：王五,,,,,,,\n", true},
		{"what looks like a footnote before data", head + "SO1,1,2026-10-01,R1,2,1.5,3.00,CNY\nNote: x,,,,,,,\nSO2,1,2026-10-01,R1,2,1.5,3.00,CNY\n", true},
		{"no rows", head, true},
		{"key parts left empty", head + "SO1,,2026-10-01,R1,2,1.5,3.00,CNY\nSO1,,2026-10-01,R1,2,1.5,3.00,CNY\n", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if fast := compare(t, test.text, 0); fast != test.fast {
				t.Errorf("fast route taken: %t, want %t", fast, test.fast)
			}
		})
	}
}

// random writes rows with now and then something odd.
func randomRows(random *rand.Rand, n int) string {
	var b strings.Builder
	b.WriteString("order_id,line_id,ordered_on,rep_id,quantity,unit_price,amount,currency\n")
	for i := range n {
		amount := fmt.Sprintf("%d.%02d", random.IntN(9000)-100, random.IntN(100))
		rep := fmt.Sprintf("R%d", random.IntN(50))
		switch random.IntN(200) {
		case 0:
			amount = "\"1,234.50\""
		case 1:
			amount = "n/a"
		case 2:
			rep = "\"two\nlines\""
		case 3:
			rep = "张三(华东)"
		case 4:
			b.WriteString("\n")
		case 5:
			b.WriteString("合计,,,,,,1.00,\n")
		case 6:
			b.WriteString("SO1\n")
		}
		fmt.Fprintf(&b, "SO%d,%d,2026-%02d-%02d,%s,%d,%d.5,%s,CNY\n", i/3, i%3, 1+random.IntN(12), 1+random.IntN(28), rep, random.IntN(9), random.IntN(99), amount)
	}
	return b.String()
}

func TestAnyTextReadsTheSameByBothRoutes(t *testing.T) {
	head := "order_id,line_id,ordered_on,rep_id,quantity,unit_price,amount,currency\n"
	row := "SO%d,1,2026-10-01,R1,2,1.5,3.00,CNY\n"
	pieces := []string{",", ",", ",", "\n", "\r\n", "\"", "\"\"", " ", "\r", "SO1", "2026-10-01", "1.5", "3", "-", "合计", "Total", "注：", "Note: x", "x", "order_id", head, ",,,,,,,\n", "\"a\nb\"", "\u3000", "\xff"}
	random := rand.New(rand.NewPCG(11, 12))
	fast := 0
	n := 1000
	if testing.Short() {
		n = 300
	}
	for range n {
		var b strings.Builder
		b.WriteString(head)
		for i := range random.IntN(12) {
			fmt.Fprintf(&b, row, i)
			for range random.IntN(3) * random.IntN(6) {
				b.WriteString(pieces[random.IntN(len(pieces))])
			}
		}
		if compare(t, b.String(), int64(random.IntN(2)*60)) {
			fast++
		}
	}
	t.Logf("the fast route took %d of %d", fast, n)
	if fast < n/8 {
		t.Errorf("the fast route took only %d of %d", fast, n)
	}
}

func TestSectionsAddUpToTheWholeFile(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, sections := range []int64{3000, 20_000, 100_000} {
		if !compare(t, randomRows(random, 4000), sections) {
			t.Errorf("sections of %d bytes: the fast route gave up", sections)
		}
	}
}

func TestADuplicateAcrossSectionsIsTheSecondRowOfTheFile(t *testing.T) {
	text := randomRows(rand.New(rand.NewPCG(5, 6)), 2000)
	text += "SO3,1,2026-01-01,R1,1,1,1.00,CNY\n"
	if !compare(t, text, 10_000) {
		t.Error("the fast route gave up")
	}
}

func TestBytesThatAreNoTextAreRefusedFarDownTheFile(t *testing.T) {
	text := randomRows(rand.New(rand.NewPCG(9, 10)), 12_000)
	text += "SX1,1,2026-01-01,R\xff1,1,1,1.00,CNY\nSX2,1,2026-01-01,R\uFFFD,1,1,1.00,CNY\nSX3,1,2026-01-01,R1,1,1,1.00,\xc3\nSX4,1,2026-01-01,R1,1,1,1.00,CNY\n"
	if !compare(t, text, 0) {
		t.Error("the fast route gave up")
	}
}

func TestPlainNumbersReadAsAnyNumber(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for range 20_000 {
		text := make([]byte, random.IntN(9))
		for i := range text {
			text[i] = "0123456789.-"[random.IntN(12)]
		}
		for _, places := range []int{0, 2, 4, 6} {
			got, ok := plainNumber(text, places)
			if !ok {
				continue
			}
			want, null, err := value.Decimal(text, places, &value.Format{})
			if got != want || null || err != nil {
				t.Fatalf("%q at %d places: %d, but %d, null %t, %v by package value", text, places, got, want, null, err)
			}
		}
	}
}

func TestPlainDatesReadAsAnyDate(t *testing.T) {
	for year := 1969; year < 2101; year++ {
		for month := 0; month < 14; month++ {
			for day := 0; day < 33; day++ {
				text := fmt.Appendf(nil, "%04d-%02d-%02d", year, month, day)
				got, ok := isoDate(text)
				if !ok {
					continue
				}
				if want, null, err := value.Date(text, &value.Format{}); got != int64(want) || null || err != nil {
					t.Fatalf("%s: %d, but %d, null %t, %v by package value", text, got, want, null, err)
				}
			}
		}
	}
}

func FuzzFastRoute(f *testing.F) {
	f.Add("SO1,1,2026-10-01,R1,2,1.5,3.00,CNY\n", int64(40))
	f.Add("SO1,1,2026-10-01,\"R\"\"1\n\",2,1.5,3.00,CNY\r\nSO1,1,2026-10-01,R1,,,3,\n", int64(0))
	f.Add("合计,,,,,,3.00,\n注：x,,,,,,,\n\n", int64(0))
	f.Add("SO1,1,2026-10-01,R1,\"1,5\",0.5,3.00,CNY,,\n SO2 , 1,2026-10-02\n", int64(30))
	f.Fuzz(func(t *testing.T, text string, sections int64) {
		if sections < 0 || len(text) > 4000 {
			return
		}
		if sections > 0 {
			sections = max(sections, 20)
		}
		compare(t, "order_id,line_id,ordered_on,rep_id,quantity,unit_price,amount,currency\nSO0,0,2026-01-01,R0,1,1.5,1.00,CNY\n"+text, sections)
	})
}
