package value

import "errors"

// Date reads a day and returns days since 1970-01-01. A time of day is dropped.
func Date[T Text](s T, f *Format) (days int32, null bool, err error) {
	return 0, false, errors.ErrUnsupported
}

// Time reads a moment and returns microseconds since 1970-01-01 00:00 on the
// same clock; a zone is dropped, the clock time is kept as written.
func Time[T Text](s T, f *Format) (micros int64, null bool, err error) {
	return 0, false, errors.ErrUnsupported
}

// Clock reads a time of day and returns microseconds since midnight.
func Clock[T Text](s T, f *Format) (micros int64, null bool, err error) {
	return 0, false, errors.ErrUnsupported
}
