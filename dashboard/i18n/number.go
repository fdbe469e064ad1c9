package i18n

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Dash stands where there is no base; it is never 0.
const Dash = "—"

// Minus is the true minus sign.
const Minus = "−"

// Decimal writes v with thousands separators and a fixed number of digits.
func (l Lang) Decimal(v float64, digits int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Dash
	}
	s := strconv.FormatFloat(math.Abs(v), 'f', digits, 64)
	whole, rest, _ := strings.Cut(s, ".")
	var b strings.Builder
	if v < 0 && strings.Trim(s, "0.") != "" {
		b.WriteString(Minus)
	}
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	if rest != "" {
		b.WriteByte('.')
		b.WriteString(rest)
	}
	return b.String()
}

// Count writes a whole number.
func (l Lang) Count(n int64) string { return l.Decimal(float64(n), 0) }

// Signed writes a difference with its sign: +1,790.00.
func (l Lang) Signed(v float64, digits int) string {
	text := l.Decimal(v, digits)
	if v > 0 && strings.ContainsAny(text, "123456789") {
		return "+" + text
	}
	return text
}

// Percent writes a share 0..1 as a percentage.
func (l Lang) Percent(v float64, digits int) string { return l.Decimal(v*100, digits) + "%" }

// Signed puts a plus before the text of a positive value.
func Signed(v float64, text string) string {
	if v > 0 {
		return "+" + text
	}
	return text
}

// Scale is one unit for a whole column or chart of amounts.
type Scale struct {
	Div    float64 // divide by this
	Symbol string  // currency sign before the number, where a language puts it there
	Suffix string  // 万, 亿, 万美元, K, M
	Digits int
}

// Unit is the scale's unit for the head of a column: 万, ¥K.
func (s Scale) Unit() string { return s.Symbol + s.Suffix }

// WithDigits returns the scale with another number of decimals.
func (s Scale) WithDigits(digits int) Scale {
	s.Digits = digits
	return s
}

// Text writes v in the scale, without its unit.
func (s Scale) Text(l Lang, v float64) string { return l.Decimal(v/s.Div, s.Digits) }

// MoneyScale picks the scale in which amounts up to max are written.
func (l Lang) MoneyScale(max float64, currency string) Scale {
	max = math.Abs(max)
	switch {
	case l == ZhCN && max >= 1e10:
		return Scale{1e8, "", "亿" + zhCurrency(currency, ""), 2}
	case l == ZhCN && max >= 1e4:
		return Scale{1e4, "", "万" + zhCurrency(currency, ""), 1}
	case l == ZhCN:
		return Scale{1, "", zhCurrency(currency, "元"), 0}
	case max >= 1e7:
		return Scale{1e6, enSymbol(currency), "M", 2}
	case max >= 1e4:
		return Scale{1e3, enSymbol(currency), "K", 1}
	}
	return Scale{1, enSymbol(currency), "", 0}
}

// Money writes an amount for running text: 3,284.6万, 3.03亿; ¥32.8M.
func (l Lang) Money(v float64, currency string) string {
	abs := math.Abs(v)
	if l == ZhCN {
		switch {
		case abs >= 1e8:
			return l.Decimal(v/1e8, 2) + "亿" + zhCurrency(currency, "")
		case abs >= 1e4:
			return l.Decimal(v/1e4, 1) + "万" + zhCurrency(currency, "")
		}
		return l.Decimal(v, 0) + zhCurrency(currency, "元")
	}
	sign := ""
	if v < 0 && abs >= .5 {
		sign = Minus
	}
	s := enSymbol(currency)
	switch {
	case abs >= 1e9:
		return sign + s + l.Decimal(abs/1e9, 2) + "B"
	case abs >= 1e6:
		return sign + s + l.Decimal(abs/1e6, 2) + "M"
	case abs >= 1e3:
		return sign + s + l.Decimal(abs/1e3, 1) + "K"
	}
	return sign + s + l.Decimal(abs, 0)
}

func zhCurrency(code, yuan string) string {
	switch code {
	case "CNY", "":
		return yuan
	case "USD":
		return "美元"
	case "EUR":
		return "欧元"
	case "GBP":
		return "英镑"
	case "JPY":
		return "日元"
	case "HKD":
		return "港元"
	}
	return " " + code
}

func enSymbol(code string) string {
	switch code {
	case "CNY", "JPY":
		return "¥"
	case "USD":
		return "$"
	case "EUR":
		return "€"
	case "GBP":
		return "£"
	case "":
		return ""
	}
	return code + "\u00a0"
}

// Figure is a number and its unit, set apart so that the unit can be smaller.
type Figure struct {
	Text string // "3,284.6"; Dash where there is no base
	Unit string // "万", "%", "家"; empty with a dash
}

// String joins number and unit.
func (f Figure) String() string { return f.Text + f.Unit }

// Value writes an indicator's value by its unit: rate, money, count, points,
// per_day, ratio, days or pieces. A nil value is a dash.
func (l Lang) Value(unit string, v *float64, currency string) Figure {
	if v == nil || math.IsNaN(*v) || math.IsInf(*v, 0) {
		return Figure{Text: Dash}
	}
	switch unit {
	case "rate":
		return Figure{l.Decimal(*v*100, 1), "%"}
	case "money":
		s := l.MoneyScale(*v, currency)
		text := s.Text(l, *v)
		if rest, negative := strings.CutPrefix(text, Minus); negative {
			return Figure{Minus + s.Symbol + rest, s.Suffix}
		}
		return Figure{s.Symbol + text, s.Suffix}
	case "count":
		return Figure{l.Decimal(*v, 0), ""}
	case "points":
		return Figure{l.Decimal(*v, 1), l.T("unit.points")}
	case "per_day":
		return Figure{l.Decimal(*v, 2), l.T("unit.per_day")}
	case "days":
		return Figure{l.Decimal(*v, 1), l.T("unit.days")}
	case "pieces":
		return Figure{l.Decimal(*v, 1), l.T("unit.pieces")}
	}
	return Figure{l.Decimal(*v, 2), ""}
}

// Change writes the size of a change by unit, without its sign: rates in
// points, amounts, counts and pieces relative to before, the rest in their
// own unit. change is a difference for rates and the rest, a share for
// relative units (see Relative).
func (l Lang) Change(unit string, change float64) string {
	abs := math.Abs(change)
	switch {
	case Relative(unit):
		return l.Decimal(abs*100, 1) + "%"
	case unit == "rate":
		return l.Decimal(abs*100, 1) + l.T("unit.pct_points")
	case unit == "points":
		return l.Decimal(abs, 1)
	}
	return l.Decimal(abs, 2)
}

// Relative reports whether changes of this unit are written as a share of the
// value before.
func Relative(unit string) bool { return unit == "money" || unit == "count" || unit == "pieces" }

// Month writes a month in full: 2026年10月, Oct 2026.
func (l Lang) Month(t time.Time) string {
	if l == ZhCN {
		return t.Format("2006年1月")
	}
	return t.Format("Jan 2006")
}

// MonthName writes a month without its year for running text: 10月, October.
func (l Lang) MonthName(t time.Time) string {
	if l == ZhCN {
		return t.Format("1月")
	}
	return t.Format("January")
}

// Inside writes a name that begins with a capital for the middle of a
// sentence.
func (l Lang) Inside(name string) string {
	if l == ZhCN || name == "" {
		return name
	}
	return strings.ToLower(name[:1]) + name[1:]
}

// Sentences joins texts that follow each other.
func (l Lang) Sentences(texts ...string) string {
	texts = slices.DeleteFunc(texts, func(s string) bool { return s == "" })
	if l == ZhCN {
		return strings.Join(texts, "")
	}
	return strings.Join(texts, " ")
}

// MonthShort writes a month without its year: 10月, Oct.
func (l Lang) MonthShort(t time.Time) string {
	if l == ZhCN {
		return t.Format("1月")
	}
	return t.Format("Jan")
}

// Day writes a date: 11月4日, 4 Nov.
func (l Lang) Day(t time.Time) string {
	if l == ZhCN {
		return t.Format("1月2日")
	}
	return t.Format("2 Jan")
}

// Date writes a date with its year: 2026年11月4日, 4 Nov 2026.
func (l Lang) Date(t time.Time) string {
	if l == ZhCN {
		return t.Format("2006年1月2日")
	}
	return t.Format("2 Jan 2006")
}

// Moment writes a date with the time of day.
func (l Lang) Moment(t time.Time) string { return l.Day(t) + " " + t.Format("15:04") }

// Wait writes how long to wait, never too short: 30秒, 30 seconds, 2 minutes.
func (l Lang) Wait(d time.Duration) string {
	if d > 90*time.Second {
		return l.T("wait.minutes", "n", int64(math.Ceil(d.Minutes())))
	}
	return l.T("wait.seconds", "n", int64(math.Ceil(d.Seconds())))
}

// List joins names: 西北、西南; Northwest and Southwest.
func (l Lang) List(names []string) string {
	if l == ZhCN {
		return strings.Join(names, "、")
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
