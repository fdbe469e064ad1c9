package value

import (
	"math"
	"math/bits"
	"unicode/utf8"
)

// Error is why a cell is not the value its column asks for.
type Error string

// Error returns the phrase.
func (e Error) Error() string { return string(e) }

// The reasons a number is refused.
const (
	ErrNumber      Error = "not a number"
	ErrTooLarge    Error = "number too large"
	ErrPlaces      Error = "an amount with more than 4 decimal places"
	ErrWhole       Error = "not a whole number"
	ErrSigns       Error = "two signs"
	ErrGrouping    Error = "a thousands separator that is not followed by 3 digits: is it the decimal sign?"
	ErrUnit        Error = "a unit in the cell and another for the column"
	ErrSpreadsheet Error = "an error value of the spreadsheet"
)

// pow10[n] is 10^n.
var pow10 = func() (p [20]uint64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = p[i-1] * 10
	}
	return p
}()

// Decimal reads a number and returns it as an integer of 10^-places units.
// With places 4 (money) or fewer, more decimals than that are refused unless
// f.Round; with more places they are rounded half away from zero. Besides
// plain digits it reads thousands separators, (12.00), a trailing minus, a
// percent sign, exponents, currency signs and codes, 万 and 亿, and full-width
// characters. places is at most 18; f may be nil.
func Decimal[T Text](s T, places int, f *Format) (v int64, null bool, err error) {
	return decimal(view(s), places, f, places <= 4 && (f == nil || !f.Round))
}

// Int reads a whole number, written as Decimal describes.
func Int[T Text](s T, f *Format) (v int64, null bool, err error) {
	return decimal(view(s), 0, f, true)
}

// decimal reads s; exact refuses what does not fit the places.
func decimal(s string, places int, f *Format, exact bool) (int64, bool, error) {
	if f != nil && len(f.Nulls) > 0 && f.isNull(s) {
		return 0, true, nil
	}
	if f == nil || f.Scale <= 1 && !f.Percent && f.Decimal != ',' {
		if v, ok := plainDecimal(s, places); ok {
			return v, false, nil
		}
	}
	return writtenDecimal(s, places, f, exact)
}

// plainDecimal reads -digits.digits of at most 18 digits after scaling.
func plainDecimal(s string, places int) (int64, bool) {
	i := 0
	if len(s) > 0 && s[0] == '-' {
		i = 1
	}
	start := i
	var v uint64
	for ; i < len(s) && s[i]-'0' <= 9; i++ {
		v = v*10 + uint64(s[i]-'0')
	}
	whole := i - start
	if whole == 0 || whole+places > 18 {
		return 0, false
	}
	missing := places
	if i < len(s) {
		if s[i] != '.' {
			return 0, false
		}
		i++
		n := len(s) - i
		if n == 0 || n > places {
			return 0, false
		}
		for ; i < len(s); i++ {
			if s[i]-'0' > 9 {
				return 0, false
			}
			v = v*10 + uint64(s[i]-'0')
		}
		missing -= n
	}
	v *= pow10[missing]
	if start == 1 {
		return -int64(v), true
	}
	return int64(v), true
}

// isNull says whether s, trimmed, is one of the null words.
func (f *Format) isNull(s string) bool {
	s = trim(s)
	for _, word := range f.Nulls {
		if len(word) == len(s) && equalFold(word, s) {
			return true
		}
	}
	return false
}

// equalFold compares two strings of one length without regard to ASCII case.
func equalFold(a, b string) bool {
	for i := range len(a) {
		x, y := a[i], b[i]
		if x != y && (x|0x20 != y|0x20 || x|0x20 < 'a' || x|0x20 > 'z') {
			return false
		}
	}
	return true
}

// trim removes white space of any width, and a byte order mark, from both ends.
func trim(s string) string {
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if !isSpace(r) {
			break
		}
		s = s[n:]
	}
	for len(s) > 0 {
		r, n := utf8.DecodeLastRuneInString(s)
		if !isSpace(r) {
			break
		}
		s = s[:len(s)-n]
	}
	return s
}

func isSpace(r rune) bool {
	switch r {
	case ' ', '\t', '\r', '\n', '\v', '\f', 0x85, 0xA0, 0x1680, 0x202F, 0x205F, 0x3000, 0xFEFF, 0x200B:
		return true
	}
	return r >= 0x2000 && r <= 0x200A
}

// The signs a number is reduced to before it is read.
const (
	currency = '$' // any currency sign
	tenK     = 'W' // 万
	hundredM = 'I' // 亿
	perMille = 'm'
)

// numberSign maps the characters of a written number to ASCII; 0 means that it
// cannot be part of one.
func numberSign(r rune) byte {
	switch {
	case r >= '0' && r <= '9', r == '.', r == ',', r == '(', r == ')', r == '+', r == '-', r == '%', r == '\'':
		return byte(r)
	case r >= 'A' && r <= 'Z':
		return byte(r) | 0x20
	case r >= 'a' && r <= 'z':
		return byte(r)
	case r >= '０' && r <= '９':
		return byte(r - '０' + '0')
	case isSpace(r):
		return ' '
	}
	switch r {
	case '．', '。':
		return '.'
	case '，':
		return ','
	case '（':
		return '('
	case '）':
		return ')'
	case '＋':
		return '+'
	case '－', '−', '‐', '‑', '‒', '–':
		return '-'
	case '％':
		return '%'
	case '‰':
		return perMille - 'a' + 'A'
	case '’', '‘', '＇', '′':
		return '\''
	case 'Ｅ', 'ｅ':
		return 'e'
	case '$', '＄', '¥', '￥', '€', '£', '￡', '₩', '₹', '₽', '฿', '元', '圆':
		return currency
	case '万', '萬':
		return tenK
	case '亿', '億':
		return hundredM
	}
	return 0
}

// currencyCodes may stand before or after an amount.
var currencyCodes = [...]string{"cny", "rmb", "usd", "eur", "gbp", "hkd", "jpy", "twd", "sgd", "aud", "cad", "chf", "krw", "inr", "us$", "hk$", "nt$"}

// number is a written number while it is read.
type number struct {
	s   []byte // reduced to ASCII
	neg bool
	exp int // power of ten still to apply to the mantissa
}

// writtenDecimal reads every other way of writing a number.
func writtenDecimal(s string, places int, f *Format, exact bool) (int64, bool, error) {
	s = trim(s)
	if s == "" {
		return 0, true, nil
	}
	if s[0] == '#' {
		return 0, false, ErrSpreadsheet
	}
	var room [64]byte
	n := 0
	for _, r := range s {
		c := numberSign(r)
		if c == 0 || n == len(room) {
			return 0, false, ErrNumber
		}
		room[n] = c
		n++
	}
	p := number{s: room[:n]}
	sign, scale := byte('.'), uint64(1)
	percent := false
	if f != nil {
		if f.Decimal == ',' {
			sign = ','
		}
		if f.Scale > 1 {
			scale = uint64(f.Scale)
		}
		percent = f.Percent
	}
	if err := p.prefix(); err != nil {
		return 0, false, err
	}
	mantissa, lost, err := p.digits(sign)
	if err != nil {
		return 0, false, err
	}
	unit, rate, err := p.suffix()
	if err != nil {
		return 0, false, err
	}
	if unit > 0 && scale > 1 {
		return 0, false, ErrUnit
	}
	p.exp += unit
	switch {
	case rate != 0:
		p.exp += rate
	case percent:
		p.exp -= 2
	}
	v, whole, err := scaled(mantissa, scale, p.exp+places)
	if err != nil {
		return 0, false, err
	}
	if exact && (lost || !whole) {
		if places == 0 {
			return 0, false, ErrWhole
		}
		return 0, false, ErrPlaces
	}
	if p.neg {
		v = -v
	}
	return v, false, nil
}

func (p *number) skip(c byte) bool {
	if len(p.s) > 0 && p.s[0] == c {
		p.s = p.s[1:]
		return true
	}
	return false
}

func (p *number) skipCode() bool {
	if len(p.s) < 3 {
		return false
	}
	for _, code := range currencyCodes {
		if string(p.s[:3]) == code {
			p.s = p.s[3:]
			return true
		}
	}
	return false
}

// prefix reads what may stand before the digits, and closes a parenthesis.
func (p *number) prefix() error {
	signs := 0
	for len(p.s) > 0 {
		switch {
		case p.skip(' '), p.skipCode(), p.skip(currency):
		case p.skip('-'):
			p.neg = true
			signs++
		case p.skip('+'):
			signs++
		case p.s[0] == '(':
			end := len(p.s) - 1
			for end > 0 && p.s[end] == ' ' {
				end--
			}
			if p.s[end] != ')' {
				return ErrNumber
			}
			p.s = p.s[1:end]
			p.neg = true
			signs++
		default:
			// A minus may also stand behind the digits; it is counted here
			// so that two signs never cancel out.
			end := len(p.s) - 1
			if p.s[end] == '-' {
				p.s = p.s[:end]
				p.neg = true
				signs++
			}
			if signs > 1 {
				return ErrSigns
			}
			return nil
		}
	}
	return ErrNumber
}

// digits reads the mantissa and the exponent. Of more than 19 digits only the
// first 19 count; lost says that one of the others was not zero.
func (p *number) digits(sign byte) (mantissa uint64, lost bool, err error) {
	var group byte // the thousands separator of this number
	run, any, kept := 0, false, 0
	fraction := false
	i := 0
scan:
	for ; i < len(p.s); i++ {
		c := p.s[i]
		switch {
		case c >= '0' && c <= '9':
			any = true
			run++
			switch {
			case kept < 19:
				mantissa = mantissa*10 + uint64(c-'0')
				if mantissa > 0 {
					kept++
				}
				if fraction {
					p.exp--
				}
			default:
				lost = lost || c != '0'
				if !fraction {
					p.exp++
				}
			}
		case c == sign && !fraction:
			if group != 0 && run != 3 {
				return 0, false, ErrGrouping
			}
			fraction = true
		case c == '.' || c == ',' || c == '\'' || c == ' ':
			next := i+1 < len(p.s) && p.s[i+1] >= '0' && p.s[i+1] <= '9'
			if c == ' ' && !next {
				break scan
			}
			if fraction || !next || run == 0 || run > 3 || group != 0 && (run != 3 || c != group) {
				return 0, false, ErrGrouping
			}
			group, run = c, 0
		default:
			break scan
		}
	}
	if !any {
		return 0, false, ErrNumber
	}
	if group != 0 && !fraction && run != 3 {
		return 0, false, ErrGrouping
	}
	p.s = p.s[i:]
	return mantissa, lost, p.exponent()
}

// exponent reads e+05 when a digit follows.
func (p *number) exponent() error {
	if len(p.s) < 2 || p.s[0] != 'e' || p.s[1] == 'u' {
		return nil
	}
	i, sign := 1, 1
	switch p.s[1] {
	case '+':
		i++
	case '-':
		i, sign = 2, -1
	}
	e, start := 0, i
	for ; i < len(p.s) && p.s[i] >= '0' && p.s[i] <= '9'; i++ {
		if e = e*10 + int(p.s[i]-'0'); e > 400 {
			return ErrTooLarge
		}
	}
	if i == start {
		return ErrNumber
	}
	p.exp += sign * e
	p.s = p.s[i:]
	return nil
}

// suffix reads what may stand after the digits: unit and rate are powers of ten.
func (p *number) suffix() (unit, rate int, err error) {
	for len(p.s) > 0 {
		switch {
		case p.skip(' '), p.skipCode(), p.skip(currency):
		case rate == 0 && p.skip('%'):
			rate = -2
		case rate == 0 && p.skip(perMille-'a'+'A'):
			rate = -3
		case unit < 4 && p.skip(tenK):
			unit += 4
		case unit < 8 && p.skip(hundredM):
			unit += 8
		default:
			return 0, 0, ErrNumber
		}
	}
	return unit, rate, nil
}

// scaled returns mantissa * scale * 10^exp rounded half up, and whether that
// was exact.
func scaled(mantissa, scale uint64, exp int) (v int64, exact bool, err error) {
	if mantissa == 0 {
		return 0, true, nil
	}
	hi, lo := bits.Mul64(mantissa, scale)
	for ; exp > 0; exp-- {
		h, l := bits.Mul64(lo, 10)
		over, h2 := bits.Mul64(hi, 10)
		sum, carry := bits.Add64(h, h2, 0)
		if over != 0 || carry != 0 {
			return 0, false, ErrTooLarge
		}
		hi, lo = sum, l
	}
	exact = true
	up := false // the digit after the last one kept is 5 or more
	for ; exp < 0 && (hi != 0 || lo != 0); exp++ {
		var rest uint64
		hi, rest = hi/10, hi%10
		lo, rest = bits.Div64(rest, lo, 10)
		exact = exact && rest == 0
		up = rest >= 5
	}
	if exp < 0 {
		up = false // more places dropped than there were digits
	}
	if up {
		var carry uint64
		lo, carry = bits.Add64(lo, 1, 0)
		hi += carry
	}
	if hi != 0 || lo > math.MaxInt64 {
		return 0, false, ErrTooLarge
	}
	return int64(lo), exact, nil
}
