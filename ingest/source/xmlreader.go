package source

import (
	"bufio"
	"bytes"
	"io"
	"strconv"
	"unicode/utf8"
)

// xmlReader reads the parts of a workbook as a stream of tags and texts. It is
// several times as fast as encoding/xml, knows no name spaces, and refuses
// document types, so that no entity can grow.
type xmlReader struct {
	in    *bufio.Reader
	part  io.Closer
	buf   []byte // a tag or text longer than the buffer of in
	inTag bool   // the next byte is behind a <
	empty bool   // the current tag closes itself; its end comes next

	name  []byte // of the current tag, without prefix; valid until next
	attrs []byte // of the current tag
	text  []byte // of the current text
	cdata bool   // the text holds no entities
}

// xmlEvent is what next found.
type xmlEvent uint8

const (
	xmlStart xmlEvent = iota
	xmlEnd
	xmlText
)

const longestXML = 8 << 20 // bytes of one tag or text

// newXMLReader reads a part whatever its encoding.
func newXMLReader(r io.ReadCloser) *xmlReader {
	in := bufio.NewReaderSize(r, 64<<10)
	head, _ := in.Peek(200)
	name := utf8Name
	switch {
	case bytes.HasPrefix(head, []byte("\xFF\xFE")):
		name = utf16LEName
	case bytes.HasPrefix(head, []byte("\xFE\xFF")):
		name = utf16BEName
	default:
		if _, rest, ok := bytes.Cut(head, []byte("encoding=")); ok && len(rest) > 1 {
			if declared, _, ok := bytes.Cut(rest[1:], rest[:1]); ok {
				if known, err := canonical(string(declared)); err == nil {
					name = known
				}
			}
		}
	}
	if name != utf8Name {
		in = bufio.NewReaderSize(decoded(in, name), 64<<10)
	}
	return &xmlReader{in: in, part: r}
}

// next reads up to the next tag or text; io.EOF ends the part.
func (x *xmlReader) next() (xmlEvent, error) {
	if x.empty {
		x.empty = false
		return xmlEnd, nil
	}
	for {
		if !x.inTag {
			text, err := x.until('<')
			if err != nil && err != io.EOF {
				return 0, err
			}
			if err == io.EOF && len(bytes.TrimSpace(text)) == 0 {
				return 0, io.EOF
			}
			if err == io.EOF {
				return 0, errDamaged
			}
			x.inTag = true
			if len(text) > 1 {
				x.text, x.cdata = text[:len(text)-1], false
				return xmlText, nil
			}
		}
		tag, err := x.tag()
		if err != nil {
			return 0, err
		}
		x.inTag = false
		switch {
		case len(tag) == 0 || tag[0] == '?':
			continue
		case bytes.HasPrefix(tag, []byte("![CDATA[")):
			x.text, x.cdata = tag[len("![CDATA["):len(tag)-2], true
			return xmlText, nil
		case bytes.HasPrefix(tag, []byte("!--")):
			continue
		case tag[0] == '!':
			return 0, errDamaged
		case tag[0] == '/':
			x.named(tag[1:])
			return xmlEnd, nil
		}
		if tag[len(tag)-1] == '/' {
			x.empty = true
			tag = tag[:len(tag)-1]
		}
		x.named(tag)
		return xmlStart, nil
	}
}

// named splits a tag into its name without prefix and its attributes.
func (x *xmlReader) named(tag []byte) {
	end := bytes.IndexAny(tag, " \t\r\n")
	x.attrs = nil
	if end >= 0 {
		x.attrs = tag[end:]
		tag = tag[:end]
	}
	if i := bytes.IndexByte(tag, ':'); i >= 0 {
		tag = tag[i+1:]
	}
	x.name = tag
}

// until reads up to and with the delimiter.
func (x *xmlReader) until(delim byte) ([]byte, error) {
	part, err := x.in.ReadSlice(delim)
	if err != bufio.ErrBufferFull {
		return part, err
	}
	x.buf = append(x.buf[:0], part...)
	for err == bufio.ErrBufferFull {
		part, err = x.in.ReadSlice(delim)
		if x.buf = append(x.buf, part...); len(x.buf) > longestXML {
			return nil, errDamaged
		}
	}
	return x.buf, err
}

// tag reads the inside of a tag; a > inside quotes, a comment or CDATA does not
// end it.
func (x *xmlReader) tag() ([]byte, error) {
	tag, err := x.until('>')
	if err == nil && closed(tag) {
		return tag[:len(tag)-1], nil
	}
	whole := bytes.Clone(tag)
	for err == nil && !closed(whole) {
		if tag, err = x.until('>'); len(whole)+len(tag) > longestXML {
			return nil, errDamaged
		}
		whole = append(whole, tag...)
	}
	if err == io.EOF {
		return nil, errDamaged
	}
	if err != nil {
		return nil, err
	}
	return whole[:len(whole)-1], nil
}

// closed says whether the > at the end of tag ends it.
func closed(tag []byte) bool {
	switch {
	case bytes.HasPrefix(tag, []byte("!--")):
		return len(tag) >= len("!---->") && bytes.HasSuffix(tag, []byte("-->"))
	case bytes.HasPrefix(tag, []byte("![CDATA[")):
		return bytes.HasSuffix(tag, []byte("]]>"))
	case bytes.HasPrefix(tag, []byte("?")):
		return bytes.HasSuffix(tag, []byte("?>"))
	}
	var quote byte
	for _, c := range tag {
		switch {
		case quote == c:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		}
	}
	return quote == 0
}

// attr returns an attribute of the current tag by its name without prefix.
func (x *xmlReader) attr(name string) string { return string(x.attrBytes(name)) }

func (x *xmlReader) attrBytes(name string) []byte {
	rest := x.attrs
	for {
		eq := bytes.IndexByte(rest, '=')
		if eq < 0 {
			return nil
		}
		key := bytes.TrimSpace(rest[:eq])
		if i := bytes.IndexByte(key, ':'); i >= 0 {
			key = key[i+1:]
		}
		rest = bytes.TrimLeft(rest[eq+1:], " \t\r\n")
		if len(rest) == 0 {
			return nil
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 || rest[0] != '"' && rest[0] != '\'' {
			return nil
		}
		if string(key) == name {
			value, err := resolved(rest[1 : end+1])
			if err != nil {
				return nil
			}
			return value
		}
		rest = rest[end+2:]
	}
}

// resolved replaces the entities of a text and its Windows line ends.
func resolved(text []byte) ([]byte, error) {
	if bytes.IndexByte(text, '&') < 0 && bytes.IndexByte(text, '\r') < 0 {
		return text, nil
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\r':
			if i+1 == len(text) || text[i+1] != '\n' {
				out = append(out, '\n')
			}
			continue
		default:
			out = append(out, text[i])
			continue
		case '&':
		}
		end := bytes.IndexByte(text[i:min(len(text), i+12)], ';')
		if end < 0 {
			return nil, errDamaged
		}
		entity := text[i+1 : i+end]
		i += end
		switch string(entity) {
		case "lt":
			out = append(out, '<')
		case "gt":
			out = append(out, '>')
		case "amp":
			out = append(out, '&')
		case "quot":
			out = append(out, '"')
		case "apos":
			out = append(out, '\'')
		default:
			if len(entity) < 2 || entity[0] != '#' {
				return nil, errDamaged
			}
			digits, base := string(entity[1:]), 10
			if digits[0] == 'x' {
				digits, base = digits[1:], 16
			}
			r, err := strconv.ParseUint(digits, base, 32)
			if err != nil || r > utf8.MaxRune {
				return nil, errDamaged
			}
			out = utf8.AppendRune(out, rune(r))
		}
	}
	return out, nil
}

// inside reads the text up to the end of the current element: that of <v> and
// <t>, or of all <t> in another one. Phonetic hints are no part of it.
func (x *xmlReader) inside() (string, error) {
	if x.empty {
		x.empty = false
		return "", nil
	}
	var text string
	inText, phonetic, depth := string(x.name) == "v" || string(x.name) == "t", 0, 1
	for depth > 0 {
		event, err := x.next()
		if err != nil {
			if err == io.EOF {
				err = errDamaged
			}
			return "", err
		}
		switch event {
		case xmlStart:
			depth++
			inText = inText || string(x.name) == "t"
			if string(x.name) == "rPh" {
				phonetic++
			}
		case xmlEnd:
			depth--
			if string(x.name) == "t" {
				inText = false
			}
			if string(x.name) == "rPh" {
				phonetic--
			}
		case xmlText:
			if !inText || phonetic > 0 {
				continue
			}
			part := x.text
			if !x.cdata {
				if part, err = resolved(part); err != nil {
					return "", err
				}
			}
			if !utf8.Valid(part) {
				return "", errDamaged
			}
			text += string(part)
		}
	}
	return unescaped(text), nil
}
