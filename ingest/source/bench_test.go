package source_test

import (
	"bytes"
	"fmt"
	"os"
	"testing"

	"github.com/xuri/excelize/v2"

	"levelfield/ingest/source"
)

func benchmarkRows(b *testing.B, name string, data []byte) {
	path := write(b, name, data)
	tables, err := source.Open(path, source.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for _, err := range tables[0].Rows() {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		b.ReportMetric(float64(n), "rows/op")
	}
}

func BenchmarkRowsOfText(b *testing.B) {
	var text bytes.Buffer
	text.WriteString("order,line,date,customer,product,amount\n")
	for i := range 100_000 {
		fmt.Fprintf(&text, "SO%07d,%d,2026-10-%02d,上海华润万家,\"P,%d\",%d.50\n", i/3, i%3, i%28+1, i%200, i)
	}
	benchmarkRows(b, "x.csv", text.Bytes())
}

func BenchmarkRowsOfWorkbook(b *testing.B) {
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		b.Fatal(err)
	}
	w.SetRow("A1", []any{"order", "line", "date", "customer", "amount"})
	for i := range 20_000 {
		w.SetRow(fmt.Sprintf("A%d", i+2), []any{fmt.Sprintf("SO%07d", i), i % 3, 46300 + i%28, "上海华润万家", float64(i) + .5})
	}
	w.Flush()
	var data bytes.Buffer
	if err := f.Write(&data); err != nil {
		b.Fatal(err)
	}
	benchmarkRows(b, "x.xlsx", data.Bytes())
}

func BenchmarkOpenText(b *testing.B) {
	path := write(b, "x.csv", bytes.Repeat([]byte("1,plain ascii,10\n"), 1_000_000))
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(info.Size())
	for b.Loop() {
		if _, err := source.Open(path, source.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
