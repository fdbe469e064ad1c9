package value

import "math"

// The reasons a date or time is refused, besides "month 13" and the like.
const (
	ErrDate  Error = "not a date"
	ErrYear  Error = "a year outside 1900 to 9999"
	ErrMonth Error = "no such month"
	ErrDay   Error = "no such day in that month"
	ErrNone  Error = "a date without a year"
	ErrOrder Error = "day and month read both ways: the order must be stated"
	ErrClock Error = "not a time of day"
)

const (
	microsDay    = 24 * 60 * 60 * 1_000_000
	serialEpoch  = 25569 // Excel's number of 1970-01-01
	shortestYear = 1900
	longestYear  = 9999
)

// Date reads a day and returns days since 1970-01-01; a time of day after it is
// checked and dropped. Years of two digits are 1969 to 2068. A month without a
// day is its first day. Numbers of five digits are Excel serials, 00000000 and
// 0000-00-00 are null. f may be nil.
func Date[T Text](s T, f *Format) (days int32, null bool, err error) {
	d, _, null, err := moment(view(s), f)
	return d, null, err
}

// Time reads a moment and returns microseconds since 1970-01-01 00:00 on the
// same clock: a zone behind it is dropped, the time stays as written. A date
// alone is its midnight.
func Time[T Text](s T, f *Format) (micros int64, null bool, err error) {
	d, clock, null, err := moment(view(s), f)
	return int64(d)*microsDay + clock, null, err
}

// Clock reads a time of day, such as 3:53:50 PM or 下午3:53, and returns
// microseconds since midnight. A day's fraction as Excel stores it also counts.
func Clock[T Text](s T, f *Format) (micros int64, null bool, err error) {
	text := view(s)
	if f != nil && f.isNull(text) {
		return 0, true, nil
	}
	var p words
	if !p.reduce(text) {
		return 0, false, ErrClock
	}
	if !p.more() {
		return 0, true, nil
	}
	ok := false
	if p.n > 1 && p.at[0] == '0' && p.at[1] == '.' {
		p.i = 2
		micros, ok = p.dayFraction()
	} else {
		micros, ok = p.clock()
	}
	p.spaces()
	if !ok || p.more() {
		return 0, false, ErrClock
	}
	return micros, false, nil
}

// moment reads a date and the time behind it.
func moment(s string, f *Format) (days int32, clock int64, null bool, err error) {
	if f != nil && len(f.Nulls) > 0 && f.isNull(s) {
		return 0, 0, true, nil
	}
	if d, c, ok := isoMoment(s); ok {
		return d, c, false, nil
	}
	order := Unknown
	if f != nil {
		order = f.Dates
	}
	return written(s, order)
}

// isoMoment reads 2006-01-02, 20060102 and 2006-01-02 15:04:05.
func isoMoment(s string) (days int32, clock int64, ok bool) {
	if len(s) < 8 {
		return 0, 0, false
	}
	y := two(s, 0)*100 + two(s, 2)
	var m, d int
	switch {
	case len(s) == 8:
		m, d = two(s, 4), two(s, 6)
	case len(s) < 10 || s[4] != '-' || s[7] != '-':
		return 0, 0, false
	default:
		m, d = two(s, 5), two(s, 8)
		if len(s) == 10 {
			break
		}
		if len(s) != 19 || s[10] != ' ' && s[10] != 'T' || s[13] != ':' || s[16] != ':' {
			return 0, 0, false
		}
		h, mi, sec := two(s, 11), two(s, 14), two(s, 17)
		if uint(h) > 23 || uint(mi) > 59 || uint(sec) > 59 {
			return 0, 0, false
		}
		clock = int64(h*3600+mi*60+sec) * 1_000_000
	}
	if y < shortestYear || uint(m-1) > 11 || d < 1 || d > daysIn(y, m) {
		return 0, 0, false
	}
	return civil(y, m, d), clock, true
}

// two reads two digits; it is far below zero when one of them is none.
func two(s string, i int) int {
	a, b := s[i]-'0', s[i+1]-'0'
	if a > 9 || b > 9 {
		return math.MinInt32
	}
	return int(a)*10 + int(b)
}

// civil returns the days since 1970-01-01 of a valid date (Howard Hinnant,
// "chrono-Compatible Low-Level Date Algorithms").
func civil(y, m, d int) int32 {
	if m <= 2 {
		y--
		m += 12
	}
	era := y / 400
	yoe := y - era*400
	doy := (153*(m-3)+2)/5 + d - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return int32(era*146097 + doe - 719468)
}

func daysIn(y, m int) int {
	switch m {
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// day checks a date and returns its days since 1970-01-01.
func day(y, m, d int) (int32, error) {
	switch {
	case y < shortestYear || y > longestYear:
		return 0, ErrYear
	case m < 1 || m > 12:
		return 0, months[min(max(m, 0), 100)]
	case d < 1 || d > daysIn(y, m):
		return 0, ErrDay
	}
	return civil(y, m, d), nil
}

// months holds the refusals of months that do not exist, made once so that a
// column of them costs no memory.
var months = func() (e [101]error) {
	for m := range e {
		e[m] = ErrMonth
		if m < 100 {
			e[m] = Error("month " + string([]byte{'0' + byte(m/10), '0' + byte(m%10)}))
		}
	}
	return e
}()

// fullYear applies the rule for years of two digits: 69 to 99 are 19xx, 00 to
// 68 are 20xx.
func fullYear(y, digits int) int {
	switch {
	case digits > 2:
		return y
	case y >= 69:
		return 1900 + y
	}
	return 2000 + y
}

// triple is a date as it is written: three parts, or fewer.
type triple struct {
	a, b, c    int // in written order
	la, lb, lc int // digits of each
	free       bool
	y, m, d    int // decided by the writing itself when not free
}

// resolve returns the day that t is under an order.
func (t *triple) resolve(order Order) (int32, error) {
	if !t.free {
		return day(t.y, t.m, t.d)
	}
	switch order {
	case DMY, MDY:
		if t.lc == 1 {
			return 0, ErrDate
		}
		if order == DMY {
			return day(fullYear(t.c, t.lc), t.b, t.a)
		}
		return day(fullYear(t.c, t.lc), t.a, t.b)
	case YMD:
		if t.lc > 2 || t.la == 1 {
			return 0, ErrDate
		}
		return day(fullYear(t.a, t.la), t.b, t.c)
	}
	var found int32
	n := 0
	for o := YMD; o <= MDY; o++ {
		if d, err := t.resolve(o); err == nil && (n == 0 || d != found) {
			found = d
			n++
		}
	}
	switch n {
	case 0:
		return t.resolve(DMY)
	case 1:
		return found, nil
	}
	return 0, ErrOrder
}

// written reads every other way of writing a date.
func written(s string, order Order) (days int32, clock int64, null bool, err error) {
	var p words
	if !p.reduce(s) {
		if t := trim(s); t != "" && t[0] == '#' {
			return 0, 0, false, ErrSpreadsheet
		}
		return 0, 0, false, ErrDate
	}
	switch string(p.at[:p.n]) {
	case "", "00000000", "0000-00-00", "0000-00-00 00:00:00":
		return 0, 0, true, nil
	}
	if d, c, ok := p.serial(); ok {
		return d, c, false, nil
	}
	t, err := p.date()
	if err != nil {
		return 0, 0, false, err
	}
	if clock, err = p.rest(); err != nil {
		return 0, 0, false, err
	}
	days, err = t.resolve(order)
	return days, clock, false, err
}

// words is a written date while it is read, reduced to ASCII: letters in lower
// case, and Y M D H N S for 年 月 日 时 分 秒, A and P for 上午 and 下午.
type words struct {
	at   [64]byte
	i, n int // at[i:n] is still to be read
}

// reduce trims and reduces s; it fails when a character cannot be part of a
// date or s is too long for one.
func (p *words) reduce(s string) bool {
	s = trim(s)
	if len(s) > len(p.at)*3 {
		return false
	}
	skip := 0 // characters of a weekday still to drop
	for _, r := range s {
		if skip > 0 {
			skip--
			continue
		}
		var c byte
		switch {
		case r >= 'A' && r <= 'Z':
			c = byte(r) | 0x20
		case r < 0x80:
			c = byte(r)
			if isSpace(r) {
				c = ' '
			}
		case r >= '０' && r <= '９':
			c = byte(r-'０') + '0'
		case isSpace(r):
			c = ' '
		default:
			c = dateSign(r)
		}
		switch c {
		case 0:
			return false
		case 'w': // may also be the letter of Wednesday
			if r >= 0x80 {
				c, skip = ' ', 1
			}
		case 'x': // 星期 and 礼拜: two characters, then the day
			if r >= 0x80 {
				c, skip = ' ', 2
			}
		case 'o': // 上午, 下午: the second character says nothing new
			if r >= 0x80 {
				continue
			}
		}
		if p.n == len(p.at) {
			return false
		}
		if c == ' ' && p.n == 0 {
			continue
		}
		p.at[p.n] = c
		p.n++
	}
	for p.n > 0 && p.at[p.n-1] == ' ' {
		p.n--
	}
	return true
}

// more says whether anything is still to be read.
func (p *words) more() bool { return p.i < p.n }

// peek returns the next character, 0 at the end.
func (p *words) peek() byte {
	if p.i < p.n {
		return p.at[p.i]
	}
	return 0
}

func dateSign(r rune) byte {
	switch r {
	case '年':
		return 'Y'
	case '月':
		return 'M'
	case '日', '号', '號':
		return 'D'
	case '时', '時', '点', '點':
		return 'H'
	case '分':
		return 'N'
	case '秒':
		return 'S'
	case '上', '早', '凌':
		return 'A'
	case '下', '晚', '中':
		return 'P'
	case '午', '晨':
		return 'o'
	case '周', '週':
		return 'w'
	case '星', '礼', '禮':
		return 'x'
	case '／':
		return '/'
	case '－', '−', '‐', '‑', '–':
		return '-'
	case '．', '。':
		return '.'
	case '：':
		return ':'
	case '，', '、':
		return ','
	case '（':
		return '('
	case '）':
		return ')'
	case '一', '二', '三', '四', '五', '六', '天':
		return '~'
	}
	return 0
}

func (p *words) spaces() {
	for p.peek() == ' ' {
		p.i++
	}
}

func (p *words) skip(c byte) bool {
	if p.peek() == c {
		p.i++
		return true
	}
	return false
}

// number reads digits; n is how many there were, at most 8 are read.
func (p *words) number() (v, n int) {
	for ; n < 8 && digit(p.peek()); n++ {
		v = v*10 + int(p.at[p.i]-'0')
		p.i++
	}
	return v, n
}

// word reads letters.
func (p *words) word() []byte {
	start := p.i
	for letter(p.peek()) {
		p.i++
	}
	return p.at[start:p.i]
}

var (
	monthNames   = [...]string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}
	weekdayNames = [...]string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
)

// named finds a name by its first three letters or more.
func named(names []string, w []byte) int {
	if len(w) < 3 {
		return -1
	}
	for i, name := range names {
		if len(w) <= len(name) && name[:len(w)] == string(w) {
			return i
		}
	}
	return -1
}

// serial reads an Excel day number of five digits, with or without fraction.
func (p words) serial() (days int32, clock int64, ok bool) {
	v, n := p.number()
	if n != 5 || v < 10000 {
		return 0, 0, false
	}
	if p.skip('.') {
		if clock, ok = p.dayFraction(); !ok {
			return 0, 0, false
		}
	}
	if p.more() {
		return 0, 0, false
	}
	return int32(v - serialEpoch + int(clock/microsDay)), clock % microsDay, true
}

// dayFraction reads the digits behind a point as part of a day, to the
// millisecond: finer digits are noise of the binary fraction Excel stores.
func (p *words) dayFraction() (micros int64, ok bool) {
	fraction, unit := 0.0, 0.1
	for digit(p.peek()) {
		fraction += float64(p.at[p.i]-'0') * unit
		unit /= 10
		p.i++
		ok = true
	}
	return int64(math.Round(fraction*86_400_000)) * 1000, ok
}

// weekday drops a name of a weekday, in letters or in parentheses, and the
// comma or space around it.
func (p *words) weekday() {
	for {
		start := p.i
		for p.skip(' ') || p.skip(',') {
		}
		mark := p.i
		if p.skip('(') {
			if !p.skip('~') && !p.skip('D') && !p.skip(' ') && named(weekdayNames[:], p.word()) < 0 || !p.skip(')') {
				p.i = start
				return
			}
			continue
		}
		if w := p.word(); len(w) >= 3 && named(weekdayNames[:], w) >= 0 {
			p.skip('.')
			continue
		}
		p.i = mark
		return
	}
}

// date reads the date and leaves what follows it.
func (p *words) date() (t triple, err error) {
	p.weekday()
	if w := p.word(); len(w) > 0 {
		return p.monthFirst(w)
	}
	t.a, t.la = p.number()
	switch t.la {
	case 0:
		return t, ErrDate
	case 8:
		if digit(p.peek()) {
			err = p.compact(&t)
			return t, err
		}
		t.y, t.m, t.d = t.a/10000, t.a/100%100, t.a%100
		return t, nil
	case 6:
		if p.more() {
			return t, ErrDate
		}
		t.y, t.m, t.d = t.a/100, t.a%100, 1
		return t, nil
	}
	if t.la != 1 && t.la != 2 && t.la != 4 || !p.more() {
		return t, ErrDate
	}
	p.ordinal()
	spaced := p.skipSpace()
	sep := byte(' ')
	if p.more() && !letter(p.peek()) && !digit(p.peek()) {
		sep = p.at[p.i]
		p.i++
		p.spaces()
	} else if !spaced && !(letter(p.peek())) {
		return t, ErrDate
	}
	if sep == 'M' {
		return t, ErrNone
	}
	if sep != '-' && sep != '/' && sep != '.' && sep != ' ' && sep != 'Y' || sep == 'Y' && t.la == 1 {
		return t, ErrDate
	}
	if w := p.word(); len(w) > 0 {
		err = p.dayMonthYear(&t, w)
		return t, err
	}
	if t.b, t.lb = p.number(); t.lb == 0 {
		return t, ErrDate
	}
	switch {
	case t.la == 4 || sep == 'Y':
		err = p.yearFirst(&t, sep)
		return t, err
	case t.lb == 4 && (sep == '/' || sep == '-' || sep == '.'): // 10/2026
		t.y, t.m, t.d = t.b, t.a, 1
		return t, nil
	case t.lb > 2:
		return t, ErrDate
	}
	if !p.skip(sep) {
		return t, ErrNone
	}
	p.spaces()
	if t.c, t.lc = p.number(); t.lc != 2 && t.lc != 4 && !(t.lc == 1 && t.la == 2) {
		return t, ErrDate
	}
	t.free = true
	return t, nil
}

// compact reads the time of 20060102150405 behind its date.
func (p *words) compact(t *triple) error {
	hms, n := p.number()
	switch n {
	case 4:
		hms *= 100
	case 6:
	default:
		return ErrDate
	}
	if p.more() || hms/10000 > 23 || hms/100%100 > 59 || hms%100 > 59 {
		return ErrDate
	}
	t.y, t.m, t.d = t.a/10000, t.a/100%100, t.a%100
	// Handed on in the writing that rest reads.
	p.i, p.n = 0, len("t15:04:05")
	p.at = [64]byte{'t', '0' + byte(hms/100000), '0' + byte(hms/10000%10), ':', '0' + byte(hms/1000%10), '0' + byte(hms/100%10), ':', '0' + byte(hms/10%10), '0' + byte(hms%10)}
	return nil
}

// yearFirst finishes 2026-10-05, 2026/10 and 2026年10月5日 after the second number.
func (p *words) yearFirst(t *triple, sep byte) error {
	t.y, t.m, t.d = fullYear(t.a, t.la), t.b, 1
	if t.lb > 2 {
		return ErrDate
	}
	p.spaces()
	second := sep
	if sep == 'Y' {
		second = 'M'
	}
	if !p.skip(second) {
		if sep == '.' && t.lb == 1 {
			return ErrDate // 2026.1 may be what a spreadsheet made of 2026.10
		}
		if sep == ' ' || sep == ',' || p.more() && p.peek() != ' ' {
			return ErrDate
		}
		return nil
	}
	p.spaces()
	if !p.more() && second == 'M' {
		return nil
	}
	d, n := p.number()
	if n == 0 || n > 2 {
		return ErrDate
	}
	t.d = d
	p.spaces()
	p.skip('D')
	return nil
}

// dayMonthYear finishes 22-Apr-15 and 2015-Apr-22, w is the month.
func (p *words) dayMonthYear(t *triple, w []byte) error {
	m := named(monthNames[:], w)
	if m < 0 {
		return ErrDate
	}
	p.skip('.')
	if !p.separator() && !(digit(p.peek())) {
		if t.la == 4 { // 2017 Jul
			t.y, t.m, t.d = t.a, m+1, 1
			return nil
		}
		return ErrNone
	}
	c, n := p.number()
	switch {
	case t.la == 4 && (n == 1 || n == 2):
		t.y, t.m, t.d = t.a, m+1, c
	case t.la < 4 && (n == 2 || n == 4):
		t.y, t.m, t.d = fullYear(c, n), m+1, t.a
	default:
		return ErrDate
	}
	return nil
}

// monthFirst reads April 22, 2015, Apr-15 and Apr 2015; w is the month.
func (p *words) monthFirst(w []byte) (t triple, err error) {
	m := named(monthNames[:], w)
	if m < 0 {
		return t, ErrDate
	}
	p.skip('.')
	if !p.separator() {
		return t, ErrDate
	}
	a, n := p.number()
	if n == 4 || n == 2 && !p.more() {
		t.y, t.m, t.d = fullYear(a, n), m+1, 1
		return t, nil
	}
	if n == 0 || n > 2 {
		return t, ErrDate
	}
	p.ordinal()
	if !p.separator() {
		return t, ErrNone
	}
	y, n := p.number()
	if n != 2 && n != 4 {
		return t, ErrDate
	}
	t.y, t.m, t.d = fullYear(y, n), m+1, a
	return t, nil
}

// ordinal drops the letters of 22nd.
func (p *words) ordinal() {
	if p.n-p.i < 2 {
		return
	}
	switch string(p.at[p.i : p.i+2]) {
	case "st", "nd", "rd", "th":
		p.i += 2
	}
}

func (p *words) skipSpace() bool {
	if !p.skip(' ') {
		return false
	}
	p.spaces()
	return true
}

// separator skips one separator and the spaces around it.
func (p *words) separator() bool {
	spaced := p.skipSpace()
	signed := p.skip('-') || p.skip('/') || p.skip(',') || p.skip('.')
	return p.skipSpace() || signed || spaced
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' }
func digit(c byte) bool  { return c >= '0' && c <= '9' }

// rest reads what may follow a date: a weekday, a time, a zone.
func (p *words) rest() (micros int64, err error) {
	p.weekday()
	p.spaces()
	if p.n-p.i > 1 {
		p.skip('t')
	}
	if !p.more() {
		return 0, nil
	}
	micros, ok := p.clock()
	if !ok {
		return 0, ErrDate
	}
	p.zone()
	p.weekday()
	if p.more() {
		return 0, ErrDate
	}
	return micros, nil
}

// clock reads 15:04, 15:04:05.123, 3:53:50 pm, 下午3:53 and 15时04分05秒.
func (p *words) clock() (micros int64, ok bool) {
	half := p.half()
	h, n := p.number()
	colon := p.skip(':')
	if n == 0 || n > 2 || !colon && !p.skip('H') {
		return 0, false
	}
	mi, n := p.number()
	if n == 0 && (colon || p.more()) || n > 2 {
		return 0, false
	}
	var s int
	if p.skip(':') || p.skip('N') {
		if s, n = p.number(); n > 2 || n == 0 && p.more() {
			return 0, false
		}
		if p.skip('.') || p.skip(',') {
			unit := int64(100_000)
			for digit(p.peek()) {
				micros += int64(p.at[p.i]-'0') * unit
				unit /= 10
				p.i++
			}
		}
		p.skip('S')
	}
	if half == 0 {
		half = p.half()
	}
	switch {
	case half != 0 && (h > 12 || h == 0 && half == 'A'):
		// 13:05 PM and 0:10 AM are written, and mean what the clock says.
		if half == 'A' && h > 12 {
			return 0, false
		}
	case half == 'P' && h < 12:
		h += 12
	case half == 'A' && h == 12:
		h = 0
	}
	if h > 23 || mi > 59 || s > 59 {
		return 0, false
	}
	return micros + int64(h*3600+mi*60+s)*1_000_000, true
}

// half reads am or pm and returns A, P or 0.
func (p *words) half() byte {
	start := p.i
	p.spaces()
	half := p.peek()
	if p.skip('A') || p.skip('P') {
		p.skip('A') // the 上 of 早上 and 晚上
		p.spaces()
		return half
	}
	if p.skip('a') || p.skip('p') {
		half &^= 0x20
		p.skip('.')
		if p.skip('m') {
			p.skip('.')
			return half
		}
	}
	p.i = start
	return 0
}

// zone drops Z, UTC, GMT, +08:00, +0800 and +08.
func (p *words) zone() {
	start := p.i
	p.spaces()
	switch w := string(p.word()); w {
	case "z", "utc", "gmt":
		start = p.i
	case "":
	default:
		p.i = start
		return
	}
	if p.skip('+') || p.skip('-') {
		if _, n := p.number(); n == 4 || n == 2 {
			start = p.i
			if n == 2 && p.skip(':') {
				if _, n = p.number(); n == 2 {
					start = p.i
				}
			}
		}
	}
	p.i = start
}
