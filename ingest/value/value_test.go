package value_test

import (
	"strings"
	"testing"
	"time"

	"levelfield/ingest/value"
)

func TestDecimalReadsEveryWayOfWritingANumber(t *testing.T) {
	comma := &value.Format{Decimal: ','}
	wan := &value.Format{Scale: 10000}
	percent := &value.Format{Percent: true}
	round := &value.Format{Round: true}
	nulls := &value.Format{Nulls: []string{"NULL", "-", "无"}}
	for _, c := range []struct {
		cell   string
		places int
		format *value.Format
		want   int64
		null   bool
		err    string
	}{
		{cell: "0", places: 2, want: 0},
		{cell: "12", places: 2, want: 1200},
		{cell: "-12.5", places: 2, want: -1250},
		{cell: "12.50", places: 2, want: 1250},
		{cell: "12.500", places: 2, want: 1250},
		{cell: ".5", places: 2, want: 50},
		{cell: "5.", places: 2, want: 500},
		{cell: "+7", places: 2, want: 700},
		{cell: "0000611365", places: 0, want: 611365},
		{cell: "", places: 2, null: true},
		{cell: " \u3000\u00a0", places: 2, null: true},
		{cell: "1,234.50", places: 2, want: 123450},
		{cell: "12,345,678.90", places: 2, want: 1234567890},
		{cell: "1.234,50", places: 2, format: comma, want: 123450},
		{cell: "1.234", places: 2, format: comma, want: 123400},
		{cell: "0,5", places: 2, format: comma, want: 50},
		{cell: "1'234.50", places: 2, want: 123450},
		{cell: "1’234.50", places: 2, want: 123450},
		{cell: "1 234,50", places: 2, format: comma, want: 123450},
		{cell: "1\u00a0234\u00a0567,5", places: 2, format: comma, want: 123456750},
		{cell: "1\u202f234.50", places: 2, want: 123450},
		{cell: "(12.00)", places: 2, want: -1200},
		{cell: "($1,234.00)", places: 2, want: -123400},
		{cell: "（１２．００）", places: 2, want: -1200},
		{cell: "12.00-", places: 2, want: -1200},
		{cell: "1.234,50-", places: 2, format: comma, want: -123450},
		{cell: "－１２．５", places: 2, want: -1250},
		{cell: "−12.5", places: 2, want: -1250},
		{cell: "１，２３４．５０", places: 2, want: 123450},
		{cell: "¥1,234.50", places: 2, want: 123450},
		{cell: "￥ 1,234.50", places: 2, want: 123450},
		{cell: "-¥12", places: 2, want: -1200},
		{cell: "¥-12", places: 2, want: -1200},
		{cell: "$12", places: 2, want: 1200},
		{cell: "US$12", places: 2, want: 1200},
		{cell: "12 €", places: 2, want: 1200},
		{cell: "CNY 12.00", places: 2, want: 1200},
		{cell: "12.00 EUR", places: 2, want: 1200},
		{cell: "12元", places: 2, want: 1200},
		{cell: "1.5万", places: 2, want: 1500000},
		{cell: "1.5万元", places: 2, want: 1500000},
		{cell: "2亿", places: 2, want: 20000000000},
		{cell: "1.2E+05", places: 2, want: 12000000},
		{cell: "1.2e5", places: 2, want: 12000000},
		{cell: "1E-02", places: 2, want: 1},
		{cell: "12.5%", places: 6, want: 125000},
		{cell: "１２．５％", places: 6, want: 125000},
		{cell: "5‰", places: 6, want: 5000},
		{cell: "-3%", places: 6, want: -30000},
		{cell: "12.5", places: 6, format: percent, want: 125000},
		{cell: "12.5%", places: 6, format: percent, want: 125000},
		{cell: "1.2345", places: 2, format: wan, want: 1234500},
		{cell: "1.23456789", places: 6, want: 1234568},
		{cell: "-1.2345675", places: 6, want: -1234568},
		{cell: "0.1234565000001", places: 6, want: 123457},
		{cell: "12.3456", places: 4, want: 123456},
		{cell: "1.23456789", places: 4, format: wan, want: 123456789},
		{cell: "-0.00005", places: 4, format: round, want: -1},
		{cell: "1.005", places: 2, format: round, want: 101},
		{cell: "-1.005", places: 2, format: round, want: -101},
		{cell: "NULL", places: 2, format: nulls, null: true},
		{cell: " null ", places: 2, format: nulls, null: true},
		{cell: "-", places: 2, format: nulls, null: true},
		{cell: "无", places: 2, format: nulls, null: true},
		{cell: "92233720368547758.07", places: 2, want: 9223372036854775807},
		{cell: "0.00000000000000000000001", places: 6, want: 0},
		{cell: "00000000000000000000000012", places: 2, want: 1200},

		{cell: "12.34567", places: 4, err: "an amount with more than 4 decimal places"},
		{cell: "1.234567891", places: 4, format: wan, err: "an amount with more than 4 decimal places"},
		{cell: "92233720368547758.08", places: 2, err: "number too large"},
		{cell: "1e300", places: 2, err: "number too large"},
		{cell: "1e9999", places: 2, err: "number too large"},
		{cell: "1,5", places: 2, err: "a thousands separator that is not followed by 3 digits: is it the decimal sign?"},
		{cell: "1,2345", places: 2, err: "a thousands separator that is not followed by 3 digits: is it the decimal sign?"},
		{cell: "1.234,50", places: 2, err: "a thousands separator that is not followed by 3 digits: is it the decimal sign?"},
		{cell: "1,234 567", places: 2, err: "a thousands separator that is not followed by 3 digits: is it the decimal sign?"},
		{cell: "1.5", places: 2, format: comma, err: "a thousands separator that is not followed by 3 digits: is it the decimal sign?"},
		{cell: "(-12)", places: 2, err: "two signs"},
		{cell: "--12", places: 2, err: "two signs"},
		{cell: "-12-", places: 2, err: "two signs"},
		{cell: "(12", places: 2, err: "not a number"},
		{cell: "-", places: 2, err: "not a number"},
		{cell: "NULL", places: 2, err: "not a number"},
		{cell: "12.5.1", places: 2, err: "a thousands separator that is not followed by 3 digits: is it the decimal sign?"},
		{cell: "12abc", places: 2, err: "not a number"},
		{cell: "12%%", places: 2, err: "not a number"},
		{cell: "NaN", places: 2, err: "not a number"},
		{cell: "Inf", places: 2, err: "not a number"},
		{cell: "0x12", places: 2, err: "not a number"},
		{cell: "1_000", places: 2, err: "not a number"},
		{cell: "2026-10-05", places: 2, err: "not a number"},
		{cell: "#N/A", places: 2, err: "an error value of the spreadsheet"},
		{cell: "3万", places: 2, format: wan, err: "a unit in the cell and another for the column"},
		{cell: strings.Repeat("9", 200), places: 2, err: "not a number"},
	} {
		got, null, err := value.Decimal(c.cell, c.places, c.format)
		check(t, c.cell, got, null, err, c.want, c.null, c.err)
		fromBytes, null, err := value.Decimal([]byte(c.cell), c.places, c.format)
		check(t, "bytes "+c.cell, fromBytes, null, err, c.want, c.null, c.err)
	}
}

func check[V comparable](t *testing.T, cell string, got V, null bool, err error, want V, wantNull bool, wantErr string) {
	t.Helper()
	text := ""
	if err != nil {
		text = err.Error()
	}
	if got != want && text == "" || null != wantNull || text != wantErr {
		t.Errorf("%q: got %v, null %v, error %q; want %v, null %v, error %q", cell, got, null, text, want, wantNull, wantErr)
	}
}

func TestIntRefusesFractions(t *testing.T) {
	for _, c := range []struct {
		cell string
		want int64
		null bool
		err  string
	}{
		{cell: "42", want: 42},
		{cell: "1,234", want: 1234},
		{cell: "12.0", want: 12},
		{cell: "", null: true},
		{cell: "12.5", err: "not a whole number"},
		{cell: "twelve", err: "not a number"},
	} {
		got, null, err := value.Int(c.cell, &value.Format{Round: true})
		check(t, c.cell, got, null, err, c.want, c.null, c.err)
	}
}

func TestBoolReadsBothLanguages(t *testing.T) {
	for _, c := range []struct {
		cell       string
		want, null bool
		err        string
	}{
		{cell: "TRUE", want: true}, {cell: "Yes", want: true}, {cell: "y", want: true}, {cell: "1", want: true},
		{cell: "是", want: true}, {cell: "√", want: true}, {cell: "合格", want: true},
		{cell: "false"}, {cell: "No"}, {cell: "0"}, {cell: "否"}, {cell: "×"}, {cell: "不合格"},
		{cell: " ", null: true},
		{cell: "maybe", err: "neither yes nor no"},
		{cell: "2", err: "neither yes nor no"},
	} {
		got, null, err := value.Bool(c.cell, nil)
		check(t, c.cell, got, null, err, c.want, c.null, c.err)
	}
}

func TestDateReadsEveryWayOfWritingADay(t *testing.T) {
	dmy, mdy, ymd := &value.Format{Dates: value.DMY}, &value.Format{Dates: value.MDY}, &value.Format{Dates: value.YMD}
	nulls := &value.Format{Nulls: []string{"n/a"}}
	for _, c := range []struct {
		cell   string
		format *value.Format
		want   string
		null   bool
		err    string
	}{
		{cell: "2018-01-05", want: "2018-01-05"},
		{cell: "2018-1-5", want: "2018-01-05"},
		{cell: "2018/1/5", want: "2018-01-05"},
		{cell: "2018.01.05", want: "2018-01-05"},
		{cell: "20180105", want: "2018-01-05"},
		{cell: "20180105123000", want: "2018-01-05"},
		{cell: "2018-01-05", format: mdy, want: "2018-01-05"},
		{cell: "00000000", null: true},
		{cell: "0000-00-00", null: true},
		{cell: "", null: true},
		{cell: "N/A", format: nulls, null: true},
		{cell: "1/15/2013", format: mdy, want: "2013-01-15"},
		{cell: "1/2/2013", format: mdy, want: "2013-01-02"},
		{cell: "1/2/2013", format: dmy, want: "2013-02-01"},
		{cell: "10/20/2016", want: "2016-10-20"},
		{cell: "20/10/2016", want: "2016-10-20"},
		{cell: "5/5/2016", want: "2016-05-05"},
		{cell: "20-10-16", format: dmy, want: "2016-10-20"},
		{cell: "20-10-16", format: ymd, want: "2020-10-16"},
		{cell: "16/1/5", format: ymd, want: "2016-01-05"},
		{cell: "01.02.2013", format: dmy, want: "2013-02-01"},
		{cell: "22-Apr-15", want: "2015-04-22"},
		{cell: "22 April 2015", want: "2015-04-22"},
		{cell: "22nd Apr 2015", want: "2015-04-22"},
		{cell: "April 22, 2015", want: "2015-04-22"},
		{cell: "Friday, August 25, 2017", want: "2017-08-25"},
		{cell: "Sept 3, 2017", want: "2017-09-03"},
		{cell: "22APR2015", want: "2015-04-22"},
		{cell: "2015-Apr-22", want: "2015-04-22"},
		{cell: "Apr-15", want: "2015-04-01"},
		{cell: "Apr 2015", want: "2015-04-01"},
		{cell: "2017 Jul", want: "2017-07-01"},
		{cell: "2018-01-01 星期五", want: "2018-01-01"},
		{cell: "2018-01-01（星期一）", want: "2018-01-01"},
		{cell: "2018/1/7 周日", want: "2018-01-07"},
		{cell: "2018-01-01 (一)", want: "2018-01-01"},
		{cell: "2018-01-01 Monday", want: "2018-01-01"},
		{cell: "2026年10月", want: "2026-10-01"},
		{cell: "2026年10月5日", want: "2026-10-05"},
		{cell: "２０２６年１０月５日", want: "2026-10-05"},
		{cell: "2026年10月5日 星期一", want: "2026-10-05"},
		{cell: "2026年10月5日 下午3:20", want: "2026-10-05"},
		{cell: "26年10月5日", want: "2026-10-05"},
		{cell: "2026-10", want: "2026-10-01"},
		{cell: "2026/10", want: "2026-10-01"},
		{cell: "2026.10", want: "2026-10-01"},
		{cell: "10/2026", want: "2026-10-01"},
		{cell: "202610", want: "2026-10-01"},
		{cell: "43101", want: "2018-01-01"},
		{cell: "43101.75", want: "2018-01-01"},
		{cell: "2018-12-19 00:00:00", want: "2018-12-19"},
		{cell: "2018-12-19T10:00:00.000+0000", want: "2018-12-19"},
		{cell: "2018-12-19T10:00:00Z", want: "2018-12-19"},
		{cell: "12/19/2018 3:53:50 PM", format: mdy, want: "2018-12-19"},
		{cell: "2/29/2016", format: mdy, want: "2016-02-29"},
		{cell: "9999-12-31", want: "9999-12-31"},
		{cell: "1/1/68", format: mdy, want: "2068-01-01"},
		{cell: "1/1/69", format: mdy, want: "1969-01-01"},

		{cell: "1/2/2013", err: "day and month read both ways: the order must be stated"},
		{cell: "20-10-16", err: "day and month read both ways: the order must be stated"},
		{cell: "10/20/2016", format: dmy, err: "month 20"},
		{cell: "2018-13-01", err: "month 13"},
		{cell: "20181301", err: "month 13"},
		{cell: "2018-00-01", err: "month 00"},
		{cell: "2018-02-30", err: "no such day in that month"},
		{cell: "2/29/2015", format: mdy, err: "no such day in that month"},
		{cell: "30/2/2015", err: "no such day in that month"},
		{cell: "1899-12-31", err: "a year outside 1900 to 9999"},
		{cell: "10月5日", err: "a date without a year"},
		{cell: "15-Apr", err: "a date without a year"},
		{cell: "2026.1", err: "not a date"},
		{cell: "tomorrow", err: "not a date"},
		{cell: "12", err: "not a date"},
		{cell: "123456789", err: "not a date"},
		{cell: "1-2/2013", format: dmy, err: "a date without a year"},
		{cell: "2018-01-01x", err: "not a date"},
		{cell: "2018-01-01 25:00", err: "not a date"},
		{cell: "3:53:50 PM", err: "not a date"},
		{cell: "合计", err: "not a date"},
		{cell: "#VALUE!", err: "not a date"},
		{cell: strings.Repeat("1/", 100), err: "not a date"},
	} {
		got, null, err := value.Date(c.cell, c.format)
		check(t, c.cell, dayText(got, null, err), null, err, c.want, c.null, c.err)
		got, null, err = value.Date([]byte(c.cell), c.format)
		check(t, "bytes "+c.cell, dayText(got, null, err), null, err, c.want, c.null, c.err)
	}
}

func dayText(days int32, null bool, err error) string {
	if null || err != nil {
		return ""
	}
	return time.Unix(int64(days)*86400, 0).UTC().Format(time.DateOnly)
}

func TestTimeKeepsTheClockAsWritten(t *testing.T) {
	for _, c := range []struct{ cell, want, err string }{
		{cell: "2018-12-19 00:00:00", want: "2018-12-19 00:00:00.000000"},
		{cell: "2018-12-19", want: "2018-12-19 00:00:00.000000"},
		{cell: "2018-12-19 15:04:05", want: "2018-12-19 15:04:05.000000"},
		{cell: "2018-12-19 15:04", want: "2018-12-19 15:04:00.000000"},
		{cell: "2018-12-19T15:04:05.123456Z", want: "2018-12-19 15:04:05.123456"},
		{cell: "2018-12-19T15:04:05+08:00", want: "2018-12-19 15:04:05.000000"},
		{cell: "2018-12-19 3:53:50 PM", want: "2018-12-19 15:53:50.000000"},
		{cell: "2018-12-19 12:00 am", want: "2018-12-19 00:00:00.000000"},
		{cell: "2018年12月19日 下午3:20", want: "2018-12-19 15:20:00.000000"},
		{cell: "2018年12月19日 上午9时05分07秒", want: "2018-12-19 09:05:07.000000"},
		{cell: "2018年12月19日晚上8点", want: "2018-12-19 20:00:00.000000"},
		{cell: "20181219153045", want: "2018-12-19 15:30:45.000000"},
		{cell: "201812191530", want: "2018-12-19 15:30:00.000000"},
		{cell: "43101.75", want: "2018-01-01 18:00:00.000000"},
		{cell: "43101.999999999", want: "2018-01-02 00:00:00.000000"},
		{cell: "19-Dec-18 10:00", want: "2018-12-19 10:00:00.000000"},
		{cell: "2018-12-19 24:00", err: "not a date"},
		{cell: "2018-12-19 10:60", err: "not a date"},
		{cell: "2018-12-19 10:", err: "not a date"},
		{cell: "2018-12-19 13:00 AM", err: "not a date"},
		{cell: "20181219253045", err: "not a date"},
	} {
		got, _, err := value.Time(c.cell, nil)
		text := ""
		if err == nil {
			text = time.UnixMicro(got).UTC().Format("2006-01-02 15:04:05.000000")
		}
		check(t, c.cell, text, false, err, c.want, false, c.err)
	}
}

func TestClockReadsATimeOfDay(t *testing.T) {
	for _, c := range []struct {
		cell string
		want time.Duration
		null bool
		err  string
	}{
		{cell: "3:53:50 PM", want: 15*time.Hour + 53*time.Minute + 50*time.Second},
		{cell: "12:00 AM", want: 0},
		{cell: "12:30 p.m.", want: 12*time.Hour + 30*time.Minute},
		{cell: "15:04", want: 15*time.Hour + 4*time.Minute},
		{cell: "下午3:53", want: 15*time.Hour + 53*time.Minute},
		{cell: "0.75", want: 18 * time.Hour},
		{cell: "", null: true},
		{cell: "25:00", err: "not a time of day"},
		{cell: "noon", err: "not a time of day"},
	} {
		got, null, err := value.Clock(c.cell, nil)
		check(t, c.cell, time.Duration(got)*time.Microsecond, null, err, c.want, c.null, c.err)
	}
}

func TestDecideDatesOverAWholeColumn(t *testing.T) {
	for _, c := range []struct {
		name       string
		col, proof []string
		want       value.Order
		evidence   string
		ambiguous  bool
	}{
		{name: "a day over 12 decides for the month first",
			col: []string{"1/2/2013", "1/15/2013", "", "3/4/2013"}, want: value.MDY,
			evidence: `month, day, year: 1 of 3 dates allow nothing else, such as "1/15/2013"`},
		{name: "a day over 12 decides for the day first",
			col: []string{"01-02-15", "22-04-15", "23-04-15"}, want: value.DMY,
			evidence: `day, month, year: the first part takes 3 values, the last only 1: the last is the year`},
		{name: "the second column proves the order",
			col: []string{"04-06-15", "05-06-15"}, proof: []string{"4-Jun-15", "5-Jun-15"}, want: value.DMY,
			evidence: "day, month, year: the second column gives the same day in 2 of 2 rows"},
		{name: "dates that say their own order need none",
			col: []string{"2016-10-20", "22-Apr-15"}, want: value.Unknown,
			evidence: "every date says its own order"},
		{name: "a column without dates needs none",
			col: []string{"", "x"}, want: value.Unknown, evidence: "no dates"},
		{name: "a column that reads both ways is reported",
			col: []string{"1/2/2013", "3/4/2013"}, want: value.Unknown,
			evidence: "2 dates read both with the day first and with the month first", ambiguous: true},
		{name: "a column where day and month are equal is no question",
			col: []string{"1/1/2013", "4/4/2013"}, want: value.DMY,
			evidence: "day and month are the same number in every date"},
		{name: "contradictions are reported",
			col: []string{"13/1/2013", "1/13/2013"}, want: value.Unknown,
			evidence: `no order fits all dates: "1/13/2013" is none with the day first, "13/1/2013" none with the month first`, ambiguous: true},
		{name: "two-digit years in front are told by their spread",
			col: []string{"16-10-01", "16-10-02", "16-10-03", "16-10-04"}, want: value.YMD,
			evidence: "year, month, day: the last part takes 4 values, the first only 1: the first is the year"},
		{name: "two-digit years that could stand at either end are reported",
			col: []string{"10-11-12", "11-12-13"}, want: value.Unknown,
			evidence: "2 dates read both with the year first and with the year last", ambiguous: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, evidence, ambiguous := value.DecideDates(c.col, c.proof)
			if got != c.want || evidence != c.evidence || ambiguous != c.ambiguous {
				t.Errorf("got %v, %q, %v\nwant %v, %q, %v", got, evidence, ambiguous, c.want, c.evidence, c.ambiguous)
			}
			var front, back value.Dates
			for i, cell := range c.col {
				d, proof := &front, ""
				if i > 0 {
					d = &back
				}
				if i < len(c.proof) {
					proof = c.proof[i]
				}
				d.Add(cell, proof)
			}
			front.Merge(&back)
			if got, evidence, _ := front.Decide(); got != c.want || evidence != c.evidence {
				t.Errorf("in two pieces: got %v, %q", got, evidence)
			}
		})
	}
}

func TestDecideDecimalOverAWholeColumn(t *testing.T) {
	for _, c := range []struct {
		col       []string
		want      byte
		evidence  string
		ambiguous bool
	}{
		{col: []string{"12", "x", ""}, want: '.', evidence: "no decimal sign in the column"},
		{col: []string{"1,234", "1,234.50"}, want: '.', evidence: `decimal point, as in "1,234.50"`},
		{col: []string{"1.234", "1.234,50"}, want: ',', evidence: `decimal comma, as in "1.234,50"`},
		{col: []string{"1,234", "0,5"}, want: ',', evidence: `decimal comma, as in "0,5"`},
		{col: []string{"1.234.567"}, want: ',', evidence: `decimal comma, as in "1.234.567"`},
		{col: []string{"1,234,567"}, want: '.', evidence: `decimal point, as in "1,234,567"`},
		{col: []string{"0.125"}, want: '.', evidence: `decimal point, as in "0.125"`},
		{col: []string{"１，２３４．５"}, want: '.', evidence: `decimal point, as in "１，２３４．５"`},
		{col: []string{"1,234", "987", "12,345"}, want: '.', evidence: `thousands separated by a comma, as in "1,234": no number from 1000 on is without it`},
		{col: []string{"1,234", "2,345"}, want: '.', evidence: `"1,234" may be thousands or three decimal places`, ambiguous: true},
		{col: []string{"1.234", "7"}, want: '.', evidence: `"1.234" may be thousands or three decimal places`, ambiguous: true},
		{col: []string{"1,5", "1.5"}, want: '.', evidence: `no decimal sign fits all numbers: "1.5" has a point, "1,5" a comma`, ambiguous: true},
	} {
		got, evidence, ambiguous := value.DecideDecimal(c.col)
		if got != c.want || evidence != c.evidence || ambiguous != c.ambiguous {
			t.Errorf("%q: got %c, %q, %v; want %c, %q, %v", c.col, got, evidence, ambiguous, c.want, c.evidence, c.ambiguous)
		}
	}
}

func TestPlainCellsCostNoMemory(t *testing.T) {
	mdy := &value.Format{Dates: value.MDY, Nulls: []string{"NULL"}}
	for _, cell := range []string{"1234.56", "1,234.50", "(12.00)", "2018-01-05", "1/15/2013", "2018-01-05 15:04:05", "22-Apr-15", "yes", "junk", "2018-13-01"} {
		bytes := []byte(cell)
		if n := testing.AllocsPerRun(100, func() {
			value.Decimal(bytes, 2, mdy)
			value.Date(bytes, mdy)
			value.Time(bytes, mdy)
			value.Clock(bytes, mdy)
			value.Bool(bytes, mdy)
			value.Int(cell, mdy)
		}); n != 0 {
			t.Errorf("%q: %v allocations", cell, n)
		}
	}
}

func TestOrdersHaveNames(t *testing.T) {
	for _, name := range []string{"ymd", "dmy", "mdy"} {
		if o, ok := value.ParseOrder(name); !ok || o.String() != name {
			t.Errorf("%q: got %v, %v", name, o, ok)
		}
	}
	if _, ok := value.ParseOrder("unknown"); ok {
		t.Error("unknown is no order to state")
	}
}
