package value

import (
	"fmt"
	"strings"
)

// Dates collects the evidence of a column for the order of its dates. The zero
// value is ready; it is not safe for concurrent use, but Merge joins several.
type Dates struct {
	free    int // dates of three numbers, the year not marked by four digits in front
	fixed   int // dates that say their own order
	bad     [4]int
	witness [4]string // first date that is none under the order
	agree   [4]int    // rows whose second column gives the same day under the order
	proved  int       // rows whose second column gives the same day under some order
	differ  bool      // some date is one day with the day first and another with the month first
	first   [100]bool // first parts of dates without a four-digit year
	last    [100]bool // and their last parts
}

// Add takes one cell of the column; proof is the cell of the same row in the
// second column that proves the order, or "".
func (d *Dates) Add(cell, proof string) {
	t, ok := parts(cell)
	if !ok {
		return
	}
	if !t.free {
		d.fixed++
		return
	}
	d.free++
	if t.lc <= 2 {
		d.first[t.a], d.last[t.c] = true, true
	}
	var days [4]int32
	var valid [4]bool
	for o := YMD; o <= MDY; o++ {
		v, err := t.resolve(o)
		days[o], valid[o] = v, err == nil
		if err != nil {
			if d.bad[o]++; d.witness[o] == "" {
				d.witness[o] = strings.Clone(trim(cell))
			}
		}
	}
	d.differ = d.differ || valid[DMY] && valid[MDY] && days[DMY] != days[MDY]
	p, ok := parts(proof)
	if !ok || p.free {
		return
	}
	want, err := p.resolve(Unknown)
	if err != nil {
		return
	}
	found := 0
	for o := YMD; o <= MDY; o++ {
		if valid[o] && days[o] == want {
			d.agree[o]++
			found = 1
		}
	}
	d.proved += found
}

// parts reads a cell as a date of three parts; ok is false when it is none.
func parts(cell string) (t triple, ok bool) {
	if cell == "" {
		return t, false
	}
	var p words
	if !p.reduce(cell) {
		return t, false
	}
	if _, _, ok := p.serial(); ok {
		return t, false
	}
	t, err := p.date()
	if err != nil {
		return t, false
	}
	_, err = p.rest()
	return t, err == nil
}

// Merge adds what o saw after what d saw.
func (d *Dates) Merge(o *Dates) {
	d.free += o.free
	d.fixed += o.fixed
	d.proved += o.proved
	d.differ = d.differ || o.differ
	for i := range d.bad {
		d.bad[i] += o.bad[i]
		d.agree[i] += o.agree[i]
		if d.witness[i] == "" {
			d.witness[i] = o.witness[i]
		}
	}
	for i := range d.first {
		d.first[i] = d.first[i] || o.first[i]
		d.last[i] = d.last[i] || o.last[i]
	}
}

// inWords names an order for a person.
func (o Order) inWords() string {
	return [...]string{"undecided", "year, month, day", "day, month, year", "month, day, year"}[o&3]
}

// Decide returns the order, the evidence for it as a phrase, and whether the
// column reads several ways (then order is Unknown). A column whose dates all
// say their own order needs none: Unknown, not ambiguous.
//
// An order stands when no date of the column contradicts it; up to one date in
// twenty may be rubbish under every order. Between the orders that stand, the
// second column decides, then the spread of two-digit years: the part that
// takes far fewer values than the other is the year.
func (d *Dates) Decide() (order Order, evidence string, ambiguous bool) {
	if d.free == 0 {
		if d.fixed == 0 {
			return Unknown, "no dates", false
		}
		return Unknown, "every date says its own order", false
	}
	least := min(d.bad[YMD], d.bad[DMY], d.bad[MDY])
	if least*20 > d.free {
		return Unknown, fmt.Sprintf("no order fits all dates: %q is none with the day first, %q none with the month first", d.witness[DMY], d.witness[MDY]), true
	}
	var stand []Order
	for o := YMD; o <= MDY; o++ {
		if d.bad[o] == least {
			stand = append(stand, o)
		}
	}
	if len(stand) == 1 {
		o := stand[0]
		rival := DMY
		if o == DMY {
			rival = MDY
		}
		return o, fmt.Sprintf("%s: %d of %d dates allow nothing else, such as %q", o.inWords(), d.bad[rival]-least, d.free, d.witness[rival]), false
	}
	if d.proved > 0 {
		best, second := Unknown, 0
		for _, o := range stand {
			if best == Unknown || d.agree[o] > d.agree[best] {
				if best != Unknown {
					second = max(second, d.agree[best])
				}
				best = o
			} else {
				second = max(second, d.agree[o])
			}
		}
		if d.agree[best] > second && d.agree[best]*20 >= d.proved*19 {
			return best, fmt.Sprintf("%s: the second column gives the same day in %d of %d rows", best.inWords(), d.agree[best], d.proved), false
		}
	}
	spread := ""
	if stand[0] == YMD {
		first, last := count(d.first), count(d.last)
		switch {
		case last*2 <= first:
			stand = stand[1:]
			spread = fmt.Sprintf("the first part takes %d values, the last only %d: the last is the year", first, last)
		case first*2 <= last:
			return YMD, fmt.Sprintf("%s: the last part takes %d values, the first only %d: the first is the year", YMD.inWords(), last, first), false
		default:
			return Unknown, fmt.Sprintf("%d dates read both with the year first and with the year last", d.free), true
		}
		if len(stand) == 1 {
			return stand[0], stand[0].inWords() + ": " + spread, false
		}
	}
	if !d.differ {
		return DMY, "day and month are the same number in every date", false
	}
	return Unknown, fmt.Sprintf("%d dates read both with the day first and with the month first", d.free), true
}

func count(set [100]bool) (n int) {
	for _, in := range set {
		if in {
			n++
		}
	}
	return n
}

// DecideDates decides the order over a whole column; proof is the second
// column, row by row, or nil.
func DecideDates(col, proof []string) (order Order, evidence string, ambiguous bool) {
	var d Dates
	for i, cell := range col {
		p := ""
		if i < len(proof) {
			p = proof[i]
		}
		d.Add(cell, p)
	}
	return d.Decide()
}

// Decimals collects the evidence of a column for its decimal sign. The zero
// value is ready; it is not safe for concurrent use, but Merge joins several.
type Decimals struct {
	point, comma int // numbers that prove the sign
	witness      [2]string
	groups       [2]int // numbers with one point, one comma before exactly 3 digits
	example      string
	small, large int // numbers without separators: below 1000, from 1000 on
}

// Add takes one cell of the column.
func (d *Decimals) Add(cell string) {
	cell = trim(cell)
	var seps []byte // separators in order
	digits, lead, zero, inNumber := 0, 0, false, false
	for _, r := range cell {
		switch c := numberSign(r); {
		case c >= '0' && c <= '9':
			if !inNumber {
				zero = c == '0'
			}
			inNumber = true
			digits++
			if len(seps) == 0 {
				lead++
			}
		case (c == '.' || c == ',') && len(seps) < 8:
			seps = append(seps, c)
			digits = 0
		case c == 0:
			return
		case c == 'e' && inNumber: // 1.2e+05 cannot be grouped
			digits = 0
		}
	}
	if !inNumber {
		return
	}
	if len(seps) == 0 {
		if lead <= 3 {
			d.small++
		} else {
			d.large++
		}
		return
	}
	last := seps[len(seps)-1]
	other := byte('.' + ',' - last)
	switch {
	case len(seps) > 1 && seps[0] == last: // 1,234,567
		d.prove(other, cell)
	case len(seps) > 1: // 1.234,50
		d.prove(last, cell)
	case digits != 3 || lead > 3 || lead == 0 || zero:
		d.prove(last, cell)
	default:
		d.groups[index(last)]++
		if d.example == "" {
			d.example = strings.Clone(cell)
		}
	}
}

func index(sign byte) int {
	if sign == ',' {
		return 1
	}
	return 0
}

func (d *Decimals) prove(sign byte, cell string) {
	if sign == '.' {
		d.point++
	} else {
		d.comma++
	}
	if i := index(sign); d.witness[i] == "" {
		d.witness[i] = strings.Clone(cell)
	}
}

// Merge adds what o saw after what d saw.
func (d *Decimals) Merge(o *Decimals) {
	d.point += o.point
	d.comma += o.comma
	d.small += o.small
	d.large += o.large
	for i := range d.groups {
		d.groups[i] += o.groups[i]
		if d.witness[i] == "" {
			d.witness[i] = o.witness[i]
		}
	}
	if d.example == "" {
		d.example = o.example
	}
}

// Decide returns '.' or ',', the evidence for it as a phrase, and whether the
// column reads both ways (then the sign is '.').
func (d *Decimals) Decide() (sign byte, evidence string, ambiguous bool) {
	switch {
	case d.point > 0 && d.comma > 0:
		return '.', fmt.Sprintf("no decimal sign fits all numbers: %q has a point, %q a comma", d.witness[0], d.witness[1]), true
	case d.point > 0:
		return '.', fmt.Sprintf("decimal point, as in %q", d.witness[0]), false
	case d.comma > 0:
		return ',', fmt.Sprintf("decimal comma, as in %q", d.witness[1]), false
	case d.groups[0]+d.groups[1] == 0:
		return '.', "no decimal sign in the column", false
	case d.groups[0] == 0 && d.small > 0 && d.large == 0:
		return '.', fmt.Sprintf("thousands separated by a comma, as in %q: no number from 1000 on is without it", d.example), false
	}
	return '.', fmt.Sprintf("%q may be thousands or three decimal places", d.example), true
}

// DecideDecimal decides the decimal sign over a whole column.
func DecideDecimal(col []string) (sign byte, evidence string, ambiguous bool) {
	var d Decimals
	for _, cell := range col {
		d.Add(cell)
	}
	return d.Decide()
}
