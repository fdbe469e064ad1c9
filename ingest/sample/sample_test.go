package sample_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"levelfield/ingest"
	"levelfield/ingest/sample"
	"levelfield/ingest/table"
)

// small is a company that is quick to make.
func small(seed uint64) sample.Config {
	return sample.Config{Seed: seed, Reps: 40, Teams: 16, Months: 6, OrderLines: 4_000, Visits: 3_000}
}

func generate(t *testing.T, cfg sample.Config) string {
	t.Helper()
	dir := t.TempDir()
	if err := sample.Generate(dir, cfg); err != nil {
		t.Fatal(err)
	}
	return dir
}

// hashes gives a digest of every file below dir.
func hashes(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		all[name] = fmt.Sprintf("%x", sha256.Sum256(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTheSameSeedMakesTheSameBytes(t *testing.T) {
	if diff := cmp.Diff(hashes(t, generate(t, small(3))), hashes(t, generate(t, small(3)))); diff != "" {
		t.Error(diff)
	}
}

func TestAnotherSeedMakesAnotherCompany(t *testing.T) {
	a, b := hashes(t, generate(t, small(3))), hashes(t, generate(t, small(4)))
	for _, name := range []string{"exports/crm_people.csv", "exports/visits.zip", "truth/rep.csv"} {
		if a[name] == b[name] {
			t.Errorf("%s is the same for both seeds", name)
		}
	}
}

func TestImpossibleCompaniesAreRefused(t *testing.T) {
	for want, cfg := range map[string]sample.Config{
		"sample: 9 regions; the company has 1 to 8":               {Regions: 9},
		"sample: 2 teams for 8 regions; every region needs one":   {Teams: 2},
		"sample: 30 people for 16 teams; every team needs two":    {Reps: 30, Teams: 16},
		"sample: months, order lines and visits must be positive": {Months: -1},
	} {
		if err := sample.Generate(t.TempDir(), cfg); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// truth reads a file of planted truth without its header.
func truth(t *testing.T, dir, name string) [][]string {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "truth", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func TestTheCompanyLoadsButForItsPlantedBadRows(t *testing.T) {
	dir := generate(t, small(5))
	report, err := ingest.Load(context.Background(), ingest.Workspace{Dir: dir}, []string{filepath.Join(dir, "exports")}, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	refused, loaded := map[string]int64{}, map[string]int64{}
	for _, f := range report.Files {
		if f.Err != nil {
			t.Errorf("%s: %v", f.File, f.Err)
		}
		for _, x := range f.Tables {
			if x.Loaded+x.Refused != x.Read {
				t.Errorf("%s, %s: %d loaded and %d refused of %d", f.File, x.Entity, x.Loaded, x.Refused, x.Read)
			}
			if x.Refused > 0 {
				refused[filepath.Base(f.File)] += x.Refused
			}
			loaded[x.Entity] += x.Loaded
		}
	}
	planted := map[string]int64{}
	for _, row := range truth(t, dir, "refused.csv") {
		planted[row[0]], _ = strconv.ParseInt(row[1], 10, 64)
	}
	if diff := cmp.Diff(planted, refused); diff != "" {
		t.Errorf("refused rows (-planted +refused):\n%s", diff)
	}
	if want := truth(t, dir, "totals.csv")[0][1]; want != strconv.FormatInt(loaded["order_line"], 10) {
		t.Errorf("%d order lines loaded, the truth says %s", loaded["order_line"], want)
	}
	for _, e := range table.All {
		if loaded[e.Name] == 0 {
			t.Errorf("the company has no %s", e.Name)
		}
	}
}

func TestEveryOrderBelongsToAPersonAndCustomerOfTheCRM(t *testing.T) {
	cfg := small(6)
	cfg.Plain = true
	dir := generate(t, cfg)
	ids := func(name string) map[string]bool {
		f, err := os.Open(filepath.Join(dir, "exports", name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		rows, err := csv.NewReader(f).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		known := map[string]bool{}
		for _, r := range rows[1:] {
			known[strings.TrimPrefix(r[0], "\ufeff")] = true
		}
		return known
	}
	reps, customers, products := ids("crm_people.csv"), ids("customers.csv"), ids("products.csv")
	var out bytes.Buffer
	if err := sample.OrdersCSV(&out, cfg); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(rows) - 1; n < 3_000 || n > 5_500 {
		t.Errorf("%d order lines where about 4,000 were asked for", n)
	}
	for _, r := range rows[1:] {
		if !reps[r[3]] || !customers[r[4]] || !products[r[5]] {
			t.Fatalf("order line %v names somebody or something unknown", r)
		}
	}
}

func TestOrdersStreamInConstantMemory(t *testing.T) {
	peak := func(lines int64) uint64 {
		var most uint64
		w := writerFunc(func(p []byte) (int, error) {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
			return len(p), nil
		})
		runtime.GC()
		if err := sample.OrdersCSV(w, sample.Config{OrderLines: lines, LastMonth: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)}); err != nil {
			t.Fatal(err)
		}
		return most
	}
	if a, b := peak(100_000), peak(1_000_000); b > a+32<<20 {
		t.Errorf("ten times the lines need %d MB instead of %d MB", b>>20, a>>20)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// eachRow visits the rows of a plain company's files whose names start with prefix.
func eachRow(t *testing.T, dir, prefix string, visit func(get func(string) string)) {
	t.Helper()
	paths, _ := filepath.Glob(filepath.Join(dir, "exports", prefix+"*.csv"))
	if len(paths) == 0 {
		t.Fatalf("no file starts with %s", prefix)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		at := map[string]int{}
		for i, h := range rows[0] {
			at[h] = i
		}
		for _, row := range rows[1:] {
			visit(func(column string) string { return row[at[column]] })
		}
	}
}

func TestTheCompanyPerformsAsAskedFor(t *testing.T) {
	dir := generate(t, sample.Config{Plain: true, OrderLines: 60_000, Visits: 1_000})
	amount := func(get func(string) string) float64 {
		v, err := strconv.ParseFloat(get("amount"), 64)
		if err != nil {
			t.Fatal(err)
		}
		if c := get("currency"); c == "HKD" {
			v *= .918
		}
		return v
	}
	var sold, targeted, spent float64
	month := map[string]string{} // of an order
	soldIn, paidIn := map[string]float64{}, map[string]float64{}
	eachRow(t, dir, "orders_", func(get func(string) string) {
		v, m := amount(get), get("ordered_on")[:7]
		month[get("order_id")] = m
		sold += v
		soldIn[m] += v
	})
	eachRow(t, dir, "payments_", func(get func(string) string) {
		if m := month[get("order_id")]; get("paid_on")[:7] == m && get("is_bad_debt") == "false" {
			paidIn[m] += amount(get)
		}
	})
	eachRow(t, dir, "expenses_", func(get func(string) string) { spent += amount(get) })
	eachRow(t, dir, "targets", func(get func(string) string) {
		if get("unit_kind") == "company" {
			v, _ := strconv.ParseFloat(get("amount"), 64)
			targeted += v
		}
	})
	var collected float64
	for m := range soldIn {
		collected += paidIn[m]
	}
	for _, x := range []struct {
		what           string
		got, low, high float64
	}{
		{"sales over target", sold / targeted, .93, 1.03},
		{"cash within the month over sales", collected / sold, .83, .91},
		{"expenses over sales", spent / sold, .07, .09},
	} {
		if x.got < x.low || x.got > x.high {
			t.Errorf("%s is %.3f, outside %.2f to %.2f", x.what, x.got, x.low, x.high)
		}
	}
}
