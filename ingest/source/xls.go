package source

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"sort"
	"strings"
	"unicode/utf16"

	"github.com/richardlehane/mscfb"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// The .xls format is read here and not by a library: the ones at hand leave out
// the results of formulas and read negative whole numbers as large positive
// ones. Record names and layouts are those of [MS-XLS].
const (
	recEOF        = 0x000A
	recFormula    = 0x0006
	recFilePass   = 0x002F
	recContinue   = 0x003C
	recCodePage   = 0x0042
	recDate1904   = 0x0022
	recBoundSheet = 0x0085
	recMulRk      = 0x00BD
	recRString    = 0x00D6
	recXF         = 0x00E0
	recSST        = 0x00FC
	recLabelSst   = 0x00FD
	recNumber     = 0x0203
	recLabel      = 0x0204
	recBoolErr    = 0x0205
	recString     = 0x0207
	recRk         = 0x027E
	recFormat     = 0x041E
	recBOF        = 0x0809
)

var errDamaged = errors.New("the workbook is damaged: open it in the program that wrote it and save it again")

const passwordText = "protected by a password: save a copy without one"

// xlsBook is a .xls workbook in memory; the format ends at 65,536 rows a sheet.
type xlsBook struct {
	stream   []byte
	biff8    bool
	codePage uint16
	epoch    epoch
	strings  []string
	formats  map[uint16]string
	styles   []cellStyle // by XF index
	xf       []uint16
	sheets   []xlsSheet
}

type xlsSheet struct {
	name   string
	offset uint32
	hidden bool
}

// readXLS reads the workbook's globals from a file of size bytes.
func readXLS(at io.ReaderAt, size int64) (*xlsBook, error) {
	// The container's counts of sectors decide how much memory its reader
	// takes; none can be more than the file has room for.
	var header [512]byte
	if _, err := at.ReadAt(header[:], 0); err != nil {
		return nil, errDamaged
	}
	for _, count := range [...]int{40, 44, 64, 72} {
		if int64(binary.LittleEndian.Uint32(header[count:])) > size/512 {
			return nil, errDamaged
		}
	}
	file, err := mscfb.New(at)
	if err != nil {
		return nil, errDamaged
	}
	var stream []byte
	for entry, err := file.Next(); err == nil; entry, err = file.Next() {
		switch entry.Name {
		case "EncryptedPackage":
			return nil, errors.New(passwordText)
		case "Workbook", "Book":
			if entry.Size > size {
				return nil, errDamaged
			}
			if stream, err = io.ReadAll(io.LimitReader(entry, entry.Size)); err != nil {
				return nil, errDamaged
			}
		}
	}
	if stream == nil {
		return nil, errors.New("not a workbook: save the table as .xlsx or .csv")
	}
	b := &xlsBook{stream: stream, formats: map[uint16]string{}}
	return b, b.globals()
}

// records calls f for every record from offset on until f returns false or the
// substream ends; rest holds the data of the CONTINUE records behind it.
func (b *xlsBook) records(offset int, f func(id uint16, data []byte, rest [][]byte) (more bool, err error)) error {
	depth := 0
	for at := offset; ; {
		id, data, next, ok := b.record(at)
		if !ok {
			return errDamaged
		}
		at = next
		var rest [][]byte
		for {
			id2, data2, next, ok := b.record(at)
			if !ok || id2 != recContinue {
				break
			}
			rest, at = append(rest, data2), next
		}
		switch id {
		case recBOF:
			depth++
		case recEOF:
			if depth--; depth <= 0 {
				return nil
			}
		}
		if depth > 1 {
			continue // a chart inside the sheet
		}
		if more, err := f(id, data, rest); err != nil || !more {
			return err
		}
	}
}

func (b *xlsBook) record(at int) (id uint16, data []byte, next int, ok bool) {
	if at < 0 || at+4 > len(b.stream) {
		return 0, nil, 0, false
	}
	id = binary.LittleEndian.Uint16(b.stream[at:])
	next = at + 4 + int(binary.LittleEndian.Uint16(b.stream[at+2:]))
	if next > len(b.stream) {
		return 0, nil, 0, false
	}
	return id, b.stream[at+4 : next], next, true
}

func (b *xlsBook) globals() error {
	id, data, _, ok := b.record(0)
	if !ok || id != recBOF || len(data) < 4 {
		return errors.New("a workbook older than Excel 5: save it as .xlsx")
	}
	switch binary.LittleEndian.Uint16(data) {
	case 0x0600:
		b.biff8 = true
	case 0x0500:
	default:
		return errors.New("a workbook older than Excel 5: save it as .xlsx")
	}
	err := b.records(0, func(id uint16, data []byte, rest [][]byte) (bool, error) {
		switch id {
		case recFilePass:
			return false, errors.New(passwordText)
		case recCodePage:
			b.codePage = u16(data, 0)
		case recDate1904:
			b.epoch = epoch(u16(data, 0) == 1)
		case recXF:
			b.xf = append(b.xf, u16(data, 2))
		case recFormat:
			if len(data) > 2 {
				if b.biff8 {
					b.formats[u16(data, 0)], _ = b.unicode(data[2:], 2, rest)
				} else {
					b.formats[u16(data, 0)] = b.narrow(data[2:], 1)
				}
			}
		case recBoundSheet:
			if len(data) < 8 || data[5] != 0 { // a chart or macro sheet
				return true, nil
			}
			s := xlsSheet{offset: binary.LittleEndian.Uint32(data), hidden: data[4]&3 != 0}
			if b.biff8 {
				s.name, _ = b.unicode(data[6:], 1, nil)
			} else {
				s.name = b.narrow(data[6:], 1)
			}
			b.sheets = append(b.sheets, s)
		case recSST:
			return true, b.sharedStrings(data, rest)
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	for _, f := range b.xf {
		b.styles = append(b.styles, styleOf(int(f), b.formats[f]))
	}
	return nil
}

func u16(data []byte, at int) uint16 {
	if at+2 > len(data) {
		return 0
	}
	return binary.LittleEndian.Uint16(data[at:])
}

// narrow reads a string of one byte a character whose length takes size bytes.
func (b *xlsBook) narrow(data []byte, size int) string {
	if len(data) < size {
		return ""
	}
	n := int(data[0])
	if size == 2 {
		n = int(u16(data, 0))
	}
	text := data[size:min(len(data), size+n)]
	decoder := charmap.Windows1252.NewDecoder()
	switch b.codePage {
	case 936:
		decoder = simplifiedchinese.GBK.NewDecoder()
	case 10000:
		decoder = charmap.Macintosh.NewDecoder()
	}
	s, err := decoder.Bytes(text)
	if err != nil {
		return string(text)
	}
	return string(s)
}

// unicode reads a string whose length takes size bytes and is followed by flags.
func (b *xlsBook) unicode(data []byte, size int, rest [][]byte) (string, bool) {
	p := segments{now: data, rest: rest}
	n := p.int(size)
	return p.text(n), !p.short
}

// sharedStrings reads the strings all sheets share.
func (b *xlsBook) sharedStrings(data []byte, rest [][]byte) error {
	p := segments{now: data, rest: rest}
	p.int(4)
	n := p.int(4)
	for range n {
		s := p.text(p.int(2))
		if p.short {
			return errDamaged
		}
		b.strings = append(b.strings, s)
	}
	return nil
}

// segments reads through a record and its continuations.
type segments struct {
	now   []byte
	rest  [][]byte
	short bool // the data ended too early
}

func (p *segments) byte() byte {
	for len(p.now) == 0 {
		if len(p.rest) == 0 {
			p.short = true
			return 0
		}
		p.now, p.rest = p.rest[0], p.rest[1:]
	}
	c := p.now[0]
	p.now = p.now[1:]
	return c
}

func (p *segments) int(size int) int {
	v := 0
	for i := range size {
		v |= int(p.byte()) << (8 * i)
	}
	return v
}

func (p *segments) skip(n int) {
	for n > 0 && !p.short {
		if len(p.now) == 0 {
			p.byte()
			n--
			continue
		}
		k := min(n, len(p.now))
		p.now, n = p.now[k:], n-k
	}
}

// text reads n characters behind their flags. In every continuation the flags
// are said anew, since it may switch between one and two bytes a character.
func (p *segments) text(n int) string {
	flags := p.byte()
	runs, extra := 0, 0
	if flags&8 != 0 {
		runs = p.int(2)
	}
	if flags&4 != 0 {
		extra = p.int(4)
	}
	units := make([]uint16, 0, min(n, 1<<12))
	for len(units) < n && !p.short {
		if len(p.now) == 0 {
			flags = p.byte()
			if p.short {
				break
			}
		}
		c := uint16(p.byte())
		if flags&1 != 0 {
			c |= uint16(p.byte()) << 8
		}
		units = append(units, c)
	}
	p.skip(runs*4 + extra)
	return string(utf16.Decode(units))
}

// xlsRows holds the cells of one sheet, row by row.
type xlsRows struct {
	numbers []int
	rows    map[int][]string
	at      int
}

func (r *xlsRows) close() error { return nil }

func (r *xlsRows) next() (rawRow, error) {
	if r.at == len(r.numbers) {
		return rawRow{}, io.EOF
	}
	n := r.numbers[r.at]
	r.at++
	return rawRow{number: int64(n) + 1, last: int64(n) + 1, cells: r.rows[n]}, nil
}

// sheet reads all cells of a sheet.
func (b *xlsBook) sheet(s xlsSheet) (*xlsRows, error) {
	r := &xlsRows{rows: map[int][]string{}}
	set := func(row, col uint16, text string) error {
		if col > 255 {
			return errDamaged
		}
		cells := r.rows[int(row)]
		for len(cells) <= int(col) {
			cells = append(cells, "")
		}
		cells[col] = text
		r.rows[int(row)] = cells
		return nil
	}
	var formula struct { // a formula whose text follows
		row, col uint16
		waits    bool
	}
	err := b.records(int(s.offset), func(id uint16, data []byte, rest [][]byte) (bool, error) {
		if id == recString {
			if !formula.waits {
				return true, nil
			}
			formula.waits = false
			text := ""
			if b.biff8 {
				text, _ = b.unicode(data, 2, rest)
			} else {
				text = b.narrow(data, 2)
			}
			return true, set(formula.row, formula.col, text)
		}
		text, ok := "", false
		row, col := u16(data, 0), u16(data, 2)
		switch {
		case id == recMulRk:
			for at := 4; at+6 <= len(data)-2; at += 6 {
				v := rk(binary.LittleEndian.Uint32(data[at+2:]))
				if err := set(row, col+uint16(at-4)/6, b.number(v, u16(data, at))); err != nil {
					return false, err
				}
			}
		case id == recLabelSst && len(data) >= 10:
			i := binary.LittleEndian.Uint32(data[6:])
			if int64(i) >= int64(len(b.strings)) {
				return false, errDamaged
			}
			text, ok = b.strings[i], true
		case (id == recLabel || id == recRString) && len(data) >= 8:
			if b.biff8 {
				text, ok = b.unicode(data[6:], 2, rest)
			} else {
				text, ok = b.narrow(data[6:], 2), true
			}
			if !ok {
				return false, errDamaged
			}
		case id == recNumber && len(data) >= 14:
			text, ok = b.number(math.Float64frombits(binary.LittleEndian.Uint64(data[6:])), u16(data, 4)), true
		case id == recRk && len(data) >= 10:
			text, ok = b.number(rk(binary.LittleEndian.Uint32(data[6:])), u16(data, 4)), true
		case id == recBoolErr && len(data) >= 8:
			text, ok = boolOrError(data[6], data[7] != 0), true
		case id == recFormula && len(data) >= 14:
			result := data[6:14]
			if u16(result, 6) != 0xFFFF {
				text, ok = b.number(math.Float64frombits(binary.LittleEndian.Uint64(result)), u16(data, 4)), true
				break
			}
			switch result[0] {
			case 0:
				formula.row, formula.col, formula.waits = row, col, true
			case 1, 2:
				text, ok = boolOrError(result[2], result[0] == 2), true
			}
		}
		if ok {
			return true, set(row, col, text)
		}
		return true, nil
	})
	for n := range r.rows {
		r.numbers = append(r.numbers, n)
	}
	sort.Ints(r.numbers)
	return r, err
}

// rk returns the value of a number packed into 30 bits.
func rk(v uint32) float64 {
	f := float64(int32(v) >> 2)
	if v&2 == 0 {
		f = math.Float64frombits(uint64(v&^3) << 32)
	}
	if v&1 != 0 {
		f /= 100
	}
	return f
}

func (b *xlsBook) number(v float64, xf uint16) string {
	var style cellStyle
	if int(xf) < len(b.styles) {
		style = b.styles[xf]
	}
	return numberText(v, style, b.epoch)
}

func boolOrError(v byte, isError bool) string {
	if !isError {
		return strings.ToUpper(fmt.Sprint(v != 0))
	}
	switch v {
	case 0x00:
		return "#NULL!"
	case 0x07:
		return "#DIV/0!"
	case 0x0F:
		return "#VALUE!"
	case 0x17:
		return "#REF!"
	case 0x1D:
		return "#NAME?"
	case 0x24:
		return "#NUM!"
	}
	return "#N/A"
}
