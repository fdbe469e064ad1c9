package value

import "errors"

// Decimal reads a number and returns it as an integer of 10^-places units.
// With places 2 (money) more decimals than that are refused unless f.Round;
// with more places (numbers) they are rounded half away from zero. f may be nil.
func Decimal[T Text](s T, places int, f *Format) (v int64, null bool, err error) {
	return 0, false, errors.ErrUnsupported
}

// Int reads a whole number.
func Int[T Text](s T, f *Format) (v int64, null bool, err error) { return Decimal(s, 0, f) }

// Bool reads yes or no.
func Bool[T Text](s T, f *Format) (v, null bool, err error) {
	return false, false, errors.ErrUnsupported
}
