package source

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/wlynxg/chardet"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// The names of encodings as Table.Encoding gives them.
const (
	utf8Name    = "utf-8"
	utf16LEName = "utf-16le"
	utf16BEName = "utf-16be"
	gbName      = "gb18030"
	macName     = "macintosh"
	winName     = "windows-1252"
)

// canonical returns the name of an encoding that Options may call otherwise.
func canonical(name string) (string, error) {
	key := strings.ToLower(strings.NewReplacer("_", "-", " ", "-").Replace(strings.TrimSpace(name)))
	switch key {
	case "utf8", "utf-8", "utf-8-sig", "utf8-bom", "ascii", "us-ascii":
		return utf8Name, nil
	case "utf-16", "utf16", "utf-16le", "utf16le", "unicode":
		return utf16LEName, nil
	case "utf-16be", "utf16be":
		return utf16BEName, nil
	case "gb18030", "gbk", "gb2312", "gb-2312", "cp936", "936", "ansi":
		return gbName, nil
	case "macintosh", "macroman", "mac-roman", "x-mac-roman", "mac":
		return macName, nil
	case "windows-1252", "cp1252", "1252", "latin1", "latin-1", "iso-8859-1":
		return winName, nil
	}
	if e, err := htmlindex.Get(key); err == nil {
		if known, err := htmlindex.Name(e); err == nil {
			return known, nil
		}
	}
	return "", fmt.Errorf("encoding %q is not known: use utf-8, gb18030, utf-16le, utf-16be, macintosh, windows-1252, big5 or shift_jis", name)
}

// decoding returns the encoding of a canonical name; nil for UTF-8.
func decoding(name string) encoding.Encoding {
	switch name {
	case utf8Name:
		return nil
	case utf16LEName:
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case utf16BEName:
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case gbName:
		return simplifiedchinese.GB18030
	case macName:
		return charmap.Macintosh
	case winName:
		return charmap.Windows1252
	}
	e, err := htmlindex.Get(name)
	if err != nil {
		return nil
	}
	return e
}

// decoded reads r as UTF-8 without a byte order mark.
func decoded(r io.Reader, name string) io.Reader {
	if e := decoding(name); e != nil {
		return transform.NewReader(r, e.NewDecoder())
	}
	return transform.NewReader(r, unicode.UTF8BOM.NewDecoder())
}

// detectEncoding names the encoding of a sample; whole says that nothing
// follows it. A sample that is plain ASCII is UTF-8.
func detectEncoding(sample []byte, whole bool) string {
	switch {
	case bytes.HasPrefix(sample, []byte("\xEF\xBB\xBF")):
		return utf8Name
	case bytes.HasPrefix(sample, []byte("\xFF\xFE")):
		return utf16LEName
	case bytes.HasPrefix(sample, []byte("\xFE\xFF")):
		return utf16BEName
	}
	if name := zeros(sample); name != "" {
		return name
	}
	if validUTF8(sample, whole) {
		return utf8Name
	}
	if share, ok := chinese(sample, whole); ok && share >= 0.9 {
		return gbName
	}
	// A western file of few accents is also thinkable text in other single-byte
	// sets; of what the detector knows only the multi-byte ones are to be trusted.
	guess := chardet.Detect(sample)
	if name, err := canonical(guess.Encoding); err == nil && guess.Confidence >= 0.8 {
		switch name {
		case "big5", "shift_jis", "euc-jp", "euc-kr":
			return name
		}
	}
	if share, ok := chinese(sample, whole); ok && share >= 0.5 {
		return gbName
	}
	if mac, win := western(sample); mac > win {
		return macName
	}
	return winName
}

// zeros recognises UTF-16 without a mark by its zero bytes.
func zeros(sample []byte) string {
	n := min(len(sample), 4096) &^ 1
	even, odd := 0, 0
	for i := 0; i < n; i += 2 {
		if sample[i] == 0 {
			even++
		}
		if sample[i+1] == 0 {
			odd++
		}
	}
	switch {
	case n >= 4 && odd*5 > n/2 && even*20 < n/2:
		return utf16LEName
	case n >= 4 && even*5 > n/2 && odd*20 < n/2:
		return utf16BEName
	}
	return ""
}

// validUTF8 allows the last character to be cut off unless the sample is whole.
func validUTF8(sample []byte, whole bool) bool {
	for !whole && len(sample) > 0 {
		r, n := utf8.DecodeLastRune(sample)
		if r != utf8.RuneError || n != 1 {
			break
		}
		// Drop the beginning of a cut character, at most three bytes.
		for cut := 1; cut <= 3 && cut <= len(sample); cut++ {
			if tail := sample[len(sample)-cut:]; utf8.RuneStart(tail[0]) {
				if !utf8.FullRune(tail) {
					sample = sample[:len(sample)-cut]
				}
				break
			}
		}
		break
	}
	return utf8.Valid(sample)
}

// chinese reads the sample as GB18030: share is how many of its multi-byte
// characters are of the common GB 2312 planes; ok is false when a byte cannot
// be part of GB18030 at all.
func chinese(sample []byte, whole bool) (share float64, ok bool) {
	common, all := 0, 0
	for i := 0; i < len(sample); {
		b := sample[i]
		if b < 0x80 {
			i++
			continue
		}
		if i+1 >= len(sample) {
			if whole {
				return 0, false
			}
			break
		}
		c := sample[i+1]
		switch {
		case b == 0x80 || b == 0xFF:
			return 0, false
		case c >= 0x30 && c <= 0x39: // four bytes
			if i+3 >= len(sample) {
				if whole {
					return 0, false
				}
				return float64(common) / float64(max(all, 1)), true
			}
			if d, e := sample[i+2], sample[i+3]; d < 0x81 || d > 0xFE || e < 0x30 || e > 0x39 {
				return 0, false
			}
			all++
			i += 4
		case c >= 0x40 && c <= 0xFE && c != 0x7F:
			all++
			if c >= 0xA1 && (b >= 0xB0 && b <= 0xF7 || b >= 0xA1 && b <= 0xA9) {
				common++
			}
			i += 2
		default:
			return 0, false
		}
	}
	return float64(common) / float64(max(all, 1)), all > 0
}

// western counts the bytes that are a letter inside a word in Mac Roman only,
// and in Windows-1252 only.
func western(sample []byte) (mac, win int) {
	isLetter := func(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }
	for i, b := range sample {
		if b < 0x80 {
			continue
		}
		before := i > 0 && isLetter(sample[i-1])
		after := i+1 < len(sample) && isLetter(sample[i+1])
		if !before && !after {
			continue
		}
		switch {
		case b == 0x92 && before && after && (sample[i+1]|0x20 == 's' || sample[i+1]|0x20 == 't'):
			win++ // the apostrophe of Windows, as in don't
		case b == 0xD5 && before && after && sample[i-1] >= 'a':
			mac++ // the apostrophe of the Mac
		case b <= 0x9F && b != 0x8A && b != 0x8C && b != 0x9A && b != 0x9C:
			mac += 2
		case b <= 0x9F:
			mac++
		case b >= 0xC0 && b != 0xD7 && b != 0xF7:
			win += 2
		}
	}
	return mac, win
}
