package value_test

import (
	"testing"

	"levelfield/ingest/value"
)

func BenchmarkDecimal(b *testing.B) {
	for _, cell := range []string{"1234.56", "1,234.50", "(12.00)"} {
		text := []byte(cell)
		b.Run(cell, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := value.Decimal(text, 2, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkDate(b *testing.B) {
	format := &value.Format{Dates: value.MDY}
	for _, cell := range []string{"2018-01-05", "1/15/2013", "22-Apr-15", "2026年10月5日"} {
		text := []byte(cell)
		b.Run(cell, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := value.Date(text, format); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
