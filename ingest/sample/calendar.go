package sample

import (
	"strings"
	"time"
)

// exceptions are the days that break the week in mainland China, as the State
// Council announced them: - is a holiday, + a weekend day worked in exchange.
var exceptions = map[int]string{
	2024: "-01-01 -02-10 -02-11 -02-12 -02-13 -02-14 -02-15 -02-16 -02-17 +02-04 +02-18 -04-04 -04-05 -04-06 +04-07 -05-01 -05-02 -05-03 -05-04 -05-05 +04-28 +05-11 -06-10 -09-15 -09-16 -09-17 +09-14 -10-01 -10-02 -10-03 -10-04 -10-05 -10-06 -10-07 +09-29 +10-12",
	2025: "-01-01 -01-28 -01-29 -01-30 -01-31 -02-01 -02-02 -02-03 -02-04 +01-26 +02-08 -04-04 -04-05 -04-06 -05-01 -05-02 -05-03 -05-04 -05-05 +04-27 -05-31 -06-01 -06-02 -10-01 -10-02 -10-03 -10-04 -10-05 -10-06 -10-07 -10-08 +09-28 +10-11",
	2026: "-01-01 -01-02 -01-03 +01-04 -02-15 -02-16 -02-17 -02-18 -02-19 -02-20 -02-21 -02-22 -02-23 +02-14 +02-28 -04-04 -04-05 -04-06 -05-01 -05-02 -05-03 -05-04 -05-05 +05-09 -06-19 -06-20 -06-21 -09-25 -09-26 -09-27 -10-01 -10-02 -10-03 -10-04 -10-05 -10-06 -10-07 +09-20 +10-10",
}

// everyYear stands in for years that exceptions does not hold.
const everyYear = "-01-01 -02-10 -02-11 -02-12 -02-13 -02-14 -02-15 -02-16 -05-01 -05-02 -05-03 -10-01 -10-02 -10-03 -10-04 -10-05 -10-06 -10-07"

// exception says whether a day breaks the week, and if so whether it is worked.
func exception(on time.Time) (isWorkday, found bool) {
	days, ok := exceptions[on.Year()]
	if !ok {
		days = everyYear
	}
	at := strings.Index(days, on.Format("01-02"))
	if at < 0 {
		return false, false
	}
	return days[at-1] == '+', true
}

// isWorkday is Monday to Friday but for the exceptions that workday exports.
func isWorkday(on time.Time) bool {
	if day, ok := exception(on); ok {
		return day
	}
	return on.Weekday() != time.Saturday && on.Weekday() != time.Sunday
}
