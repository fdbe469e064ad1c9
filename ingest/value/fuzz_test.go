package value_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"levelfield/ingest/value"
)

var numberSeeds = []string{"0", "-12.5", "1,234.50", "1.234,50", "(12.00)", "12.5%", "１２．５％", "¥1'234", "1.2E+05", "12-", "3万", "NULL", "#N/A", "9223372036854775807", "1e-400"}

func FuzzDecimal(f *testing.F) {
	for _, s := range numberSeeds {
		f.Add(s, 2, int64(0), true)
		f.Add(s, 6, int64(10000), false)
	}
	f.Fuzz(func(t *testing.T, s string, places int, scale int64, comma bool) {
		places = int(uint(places) % 19)
		format := &value.Format{Scale: scale}
		if comma {
			format.Decimal = ','
		}
		v, null, err := value.Decimal(s, places, format)
		if again, null2, err2 := value.Decimal([]byte(s), places, format); again != v || null2 != null || err2 != err {
			t.Fatalf("%q reads differently from bytes", s)
		}
		if err == nil && !null && scale <= 1 {
			// What was read, written plainly, reads the same.
			written := plain(v, places)
			if back, _, err := value.Decimal(written, places, nil); err != nil || back != v {
				t.Fatalf("%q: %d, written %q, reads %d, %v", s, v, written, back, err)
			}
		}
		value.DecideDecimal([]string{s, s})
		value.Bool(s, format)
		value.Int(s, format)
	})
}

// plain writes v, in units of 10^-places, with a decimal point.
func plain(v int64, places int) string {
	sign, u := "", uint64(v)
	if v < 0 {
		sign, u = "-", -u
	}
	digits := fmt.Sprintf("%0*d", places+1, u)
	if places == 0 {
		return sign + digits
	}
	return sign + digits[:len(digits)-places] + "." + digits[len(digits)-places:]
}

func FuzzDecimalRoundTrip(f *testing.F) {
	f.Add(int64(123450))
	f.Add(int64(-1))
	f.Fuzz(func(t *testing.T, v int64) {
		for places := range 7 {
			if got, null, err := value.Decimal(plain(v, places), places, nil); v != math.MinInt64 && (got != v || null || err != nil) {
				t.Fatalf("%q: %d, %v, %v", plain(v, places), got, null, err)
			}
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"2018-01-05", "1/15/2013", "20-10-16", "22-Apr-15", "00000000", "2018-01-01 星期五", "43101.5", "2026年10月5日 下午3:20", "April 22, 2015", "20180105123000", "3:53:50 PM", "2018-12-19T10:00:00.000+0000", "（日）1/1/11", "Sunday"} {
		f.Add(s, byte(value.DMY))
		f.Add(s, byte(value.Unknown))
	}
	f.Fuzz(func(t *testing.T, s string, order byte) {
		format := &value.Format{Dates: value.Order(order % 4)}
		days, null, err := value.Date(s, format)
		if again, null2, err2 := value.Date([]byte(s), format); again != days || null2 != null || err2 != err {
			t.Fatalf("%q reads differently from bytes", s)
		}
		micros, nullTime, errTime := value.Time(s, format)
		if nullTime != null || (err == nil) != (errTime == nil) {
			t.Fatalf("%q: a date %v, %v and a time %v, %v", s, null, err, nullTime, errTime)
		}
		if err == nil && !null {
			if micros/86_400_000_000 != int64(days) && micros >= 0 {
				t.Fatalf("%q: day %d but moment %d", s, days, micros)
			}
			iso := time.Unix(int64(days)*86400, 0).UTC().Format(time.DateOnly)
			if back, _, err := value.Date(iso, format); err != nil || back != days {
				t.Fatalf("%q: %d, written %q, reads %d, %v", s, days, iso, back, err)
			}
		}
		value.Clock(s, format)
		value.DecideDates([]string{s, "1/2/2013"}, []string{s, s})
	})
}

func FuzzDateRoundTrip(f *testing.F) {
	f.Add(int32(17536))
	f.Fuzz(func(t *testing.T, days int32) {
		day := time.Unix(int64(days)*86400, 0).UTC()
		if day.Year() < 1900 || day.Year() > 9999 {
			return
		}
		for order, layouts := range map[value.Order][]string{
			value.DMY:     {"02/01/2006", "2-1-2006", "02.01.2006"},
			value.MDY:     {"01/02/2006", "1/2/2006", "1/2/2006 3:04:05 PM"},
			value.Unknown: {"2006-01-02", "2006/1/2", "20060102", "2006年1月2日", "02-Jan-2006", "January 2, 2006", "Monday, January 2, 2006", "2006-01-02T15:04:05Z"},
		} {
			for _, layout := range layouts {
				text := day.Format(layout)
				if got, null, err := value.Date(text, &value.Format{Dates: order}); got != days || null || err != nil {
					t.Fatalf("%q under %v: %d, %v, %v", text, order, got, null, err)
				}
			}
		}
	})
}
