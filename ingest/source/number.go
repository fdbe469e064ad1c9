package source

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// epoch is the day number 0 of a workbook: false for 1900, true for 1904.
type epoch bool

// cellStyle says what a number in a cell means.
type cellStyle uint8

const (
	plainNumber cellStyle = iota
	dateOnly              // a day
	dateAndTime           // a moment
	timeOnly              // a time of day
)

// styleOf returns the meaning of a number format: the built-in ones by id (27
// to 36 and 50 to 58 are those of Chinese, Japanese and Korean versions), all
// others by their code.
func styleOf(id int, code string) cellStyle {
	if code == "" {
		switch {
		case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
			return dateOnly
		case id == 22:
			return dateAndTime
		case id >= 18 && id <= 21, id >= 32 && id <= 35, id == 45, id == 47, id == 55, id == 56:
			return timeOnly
		}
		return plainNumber
	}
	return styleOfCode(code)
}

func styleOfCode(code string) cellStyle {
	if i := strings.IndexByte(code, ';'); i >= 0 {
		code = code[:i]
	}
	var letters strings.Builder // the code without literals and [...]
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '"':
			if j := strings.IndexByte(code[i+1:], '"'); j >= 0 {
				i += j + 1
			}
		case '\\', '_', '*':
			i++
		case '[':
			j := strings.IndexByte(code[i:], ']')
			if j < 0 {
				continue
			}
			switch strings.ToLower(code[i+1 : i+j]) {
			case "h", "hh", "m", "mm", "s", "ss":
				return plainNumber // hours that may pass 24 are a quantity
			}
			i += j
		default:
			letters.WriteByte(c)
		}
	}
	text := strings.ToLower(letters.String())
	if strings.Contains(text, "general") || strings.ContainsAny(text, "0#?") && !strings.ContainsAny(text, "ydhs") {
		return plainNumber
	}
	day := strings.ContainsAny(text, "yd")
	clock := strings.ContainsAny(text, "hs")
	switch {
	case day && clock:
		return dateAndTime
	case day, !clock && strings.ContainsRune(text, 'm'):
		return dateOnly
	case clock:
		return timeOnly
	}
	return plainNumber
}

// numberText writes a number as a person would copy it from the cell: dates as
// ISO, all others with the 15 digits that spreadsheets show.
func numberText(v float64, style cellStyle, e epoch) string {
	if style != plainNumber {
		if text, ok := serialText(v, style, e); ok {
			return text
		}
	}
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return strconv.FormatInt(int64(v), 10)
	}
	short, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 15, 64), 64)
	if err != nil {
		short = v
	}
	if a := math.Abs(short); a >= 1e21 || a < 1e-9 {
		return strconv.FormatFloat(short, 'G', -1, 64)
	}
	return strconv.FormatFloat(short, 'f', -1, 64)
}

// serialText writes a day number. Day 60 of the 1900 calendar never existed and
// stays a number, as does what lies outside the years 1900 to 9999.
func serialText(v float64, style cellStyle, e epoch) (string, bool) {
	if !(v >= 0 && v < 2958466) {
		return "", false
	}
	day := math.Floor(v)
	ms := int64(math.Round((v - day) * 86_400_000))
	clock := time.UnixMilli(ms).UTC()
	layout := time.TimeOnly
	if ms%1000 != 0 {
		layout = "15:04:05.000"
	}
	if day == 0 && !bool(e) {
		if style == dateOnly && ms == 0 || ms == 86_400_000 {
			return "", false
		}
		return clock.Format(layout), true
	}
	zero := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case bool(e):
		zero = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case day == 60:
		return "", false
	case day < 60:
		zero = zero.AddDate(0, 0, 1)
	}
	at := zero.AddDate(0, 0, int(day)).Add(time.Duration(ms) * time.Millisecond)
	if at.Year() > 9999 {
		return "", false
	}
	if ms%86_400_000 == 0 {
		return at.Format(time.DateOnly), true
	}
	return at.Format(time.DateOnly + " " + layout), true
}
