package ingest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/bits"
	"sync"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/delta"
	"github.com/parquet-go/parquet-go/encoding/rle"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"levelfield/ingest/table"
)

// The lake's Parquet files are written column by column from typed buffers:
// text is interned once while it is read and the same codes become the Parquet
// dictionary, numbers and dates are delta packed, and only text pages pay for
// zstd. The layout (names, types, optional or not) comes from the row structs
// of package table by way of parquet-go, which also reads the files back.

// groupRows is the most rows of one row group.
const groupRows = 122_880

// physical is how a column's values are stored.
type physical uint8

const (
	asText physical = iota
	asInt32
	asInt64
	asBool
)

// layout is one column of an entity's lake files.
type layout struct {
	name     string
	physical physical
	optional bool
	dict     bool // text worth a dictionary: ids that repeat, names, kinds
}

// schema is the file layout of one entity: its fields, then the four origin columns.
type schema struct {
	entity   *table.Entity
	columns  []layout
	elements []format.SchemaElement
}

// Positions of the origin columns, counted from the first of them.
const (
	originFile = iota
	originSheet
	originRow
	originBatch
	originColumns
)

var schemas sync.Map // *table.Entity -> *schema

// schemaOf derives the layout of an entity's files from its row struct.
func schemaOf(e *table.Entity) *schema {
	if s, ok := schemas.Load(e); ok {
		return s.(*schema)
	}
	var buf bytes.Buffer
	w := parquet.NewWriter(&buf, parquet.SchemaOf(e.Row))
	if err := w.Close(); err != nil {
		panic(fmt.Sprintf("ingest: layout of %s: %v", e.Name, err))
	}
	f, err := parquet.OpenFile(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	if err != nil {
		panic(fmt.Sprintf("ingest: layout of %s: %v", e.Name, err))
	}
	s := &schema{entity: e, elements: f.Metadata().Schema}
	dict := map[string]bool{"source_file": true, "source_sheet": true}
	for _, field := range parquet.SchemaOf(e.Row).Fields() {
		if encoding := field.Encoding(); encoding != nil && encoding.Encoding() == format.RLEDictionary {
			dict[field.Name()] = true
		}
	}
	for _, el := range s.elements[1:] {
		l := layout{name: el.Name, optional: el.RepetitionType.V == format.Optional, dict: dict[el.Name]}
		switch el.Type.V {
		case format.ByteArray:
			l.physical = asText
		case format.Int32:
			l.physical = asInt32
		case format.Int64:
			l.physical = asInt64
		case format.Boolean:
			l.physical = asBool
		default:
			panic(fmt.Sprintf("ingest: %s.%s has physical type %s", e.Name, el.Name, el.Type.V))
		}
		s.columns = append(s.columns, l)
	}
	schemas.Store(e, s)
	return s
}

// column holds the values of one column of a row group being filled. Only
// values that are there are held; present tells where they belong.
type column struct {
	layout
	present []byte // 1 or 0 per row, when optional
	nulls   int
	codes   []uint32 // text of a dictionary column: codes of dict
	dict    *dict
	text    []byte // other text, each value after its length as Parquet stores it
	low     []byte // smallest and largest other text
	high    []byte
	ints    []int64
	days    []int32
	bools   []byte
}

func (c *column) null() {
	c.nulls++
	c.present = append(c.present, 0)
}

func (c *column) here() {
	if c.optional {
		c.present = append(c.present, 1)
	}
}

func (c *column) addText(s []byte) {
	c.here()
	if c.layout.dict {
		c.codes = append(c.codes, c.dict.code(s))
		return
	}
	c.appendText(s)
}

func (c *column) appendText(s []byte) {
	if c.low == nil || bytes.Compare(s, c.low) < 0 {
		c.low = append(c.low[:0], s...)
	}
	if bytes.Compare(s, c.high) > 0 {
		c.high = append(c.high[:0], s...)
	}
	c.text = binary.LittleEndian.AppendUint32(c.text, uint32(len(s)))
	c.text = append(c.text, s...)
}

func (c *column) reset() {
	c.present, c.codes, c.text = c.present[:0], c.codes[:0], c.text[:0]
	c.ints, c.days, c.bools = c.ints[:0], c.days[:0], c.bools[:0]
	c.low, c.high, c.nulls = nil, nil, 0
}

// builder collects the rows of one lake month until they make a row group.
type builder struct {
	schema *schema
	cols   []column
	rows   int
}

// newBuilder makes an empty builder whose text columns share the given dictionaries.
func newBuilder(s *schema, dicts []*dict) *builder {
	b := &builder{schema: s, cols: make([]column, len(s.columns))}
	for i, l := range s.columns {
		b.cols[i].layout = l
		b.cols[i].dict = dicts[i]
	}
	return b
}

// newDicts makes the dictionaries of the text columns that want one.
func newDicts(s *schema) []*dict {
	ds := make([]*dict, len(s.columns))
	for i, l := range s.columns {
		if l.dict {
			ds[i] = newDict()
		}
	}
	return ds
}

// addOrigin ends a row: where it came from.
func (b *builder) addOrigin(file, sheet []byte, row, batch int64) {
	o := b.cols[len(b.cols)-originColumns:]
	o[originFile].addText(file)
	o[originSheet].addText(sheet)
	o[originRow].ints = append(o[originRow].ints, row)
	o[originBatch].ints = append(o[originBatch].ints, batch)
	b.rows++
}

// group is an encoded row group: its bytes, and its description with offsets
// that count from the group's first byte.
type group struct {
	data    []byte
	spilled *io.SectionReader // the bytes, when memory was short
	meta    format.RowGroup
}

// encoder turns builders into groups; it belongs to one goroutine.
type encoder struct {
	zstd   *zstd.Encoder
	page   []byte // one page before compression
	packed []byte
	local  []int32  // codes of the group
	remap  []uint32 // code of the dictionary -> code of the group + 1
	values []byte
}

func newEncoder() *encoder {
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
		zstd.WithWindowSize(1<<20), zstd.WithLowerEncoderMem(true))
	if err != nil {
		panic(fmt.Sprintf("ingest: zstd: %v", err)) // only wrong options fail
	}
	return &encoder{zstd: z}
}

// encode turns the builder's rows into a row group and empties the builder.
func (e *encoder) encode(b *builder) (group, error) {
	g := group{meta: format.RowGroup{NumRows: int64(b.rows)}}
	for i := range b.cols {
		chunk, err := e.chunk(&g, &b.cols[i], b.rows)
		if err != nil {
			return group{}, fmt.Errorf("encode %s.%s: %w", b.schema.entity.Name, b.cols[i].name, err)
		}
		g.meta.Columns = append(g.meta.Columns, chunk)
		g.meta.TotalByteSize += chunk.MetaData.TotalUncompressedSize
		g.meta.TotalCompressedSize += chunk.MetaData.TotalCompressedSize
		b.cols[i].reset()
	}
	b.rows = 0
	g.data = bytes.Clone(g.data) // drop the spare capacity: groups wait in memory
	return g, nil
}

func (e *encoder) chunk(g *group, c *column, rows int) (format.ColumnChunk, error) {
	meta := format.ColumnMetaData{
		PathInSchema: []string{c.name},
		NumValues:    int64(rows),
		Statistics:   format.Statistics{NullCount: int64(c.nulls)},
	}
	e.page = e.page[:0]
	if c.optional {
		if err := e.levels(c, rows); err != nil {
			return format.ColumnChunk{}, err
		}
	}
	var (
		encoding   format.Encoding
		dictionary []byte
		entries    int
		err        error
	)
	switch c.physical {
	case asInt64:
		meta.Type, encoding = format.Int64, format.DeltaBinaryPacked
		e.packed, err = new(delta.BinaryPackedEncoding).EncodeInt64(e.packed, c.ints)
		e.page = append(e.page, e.packed...)
		if len(c.ints) > 0 {
			low, high := bounds(c.ints)
			meta.Statistics.MinValue = binary.LittleEndian.AppendUint64(nil, uint64(low))
			meta.Statistics.MaxValue = binary.LittleEndian.AppendUint64(nil, uint64(high))
		}
	case asInt32:
		meta.Type, encoding = format.Int32, format.DeltaBinaryPacked
		e.packed, err = new(delta.BinaryPackedEncoding).EncodeInt32(e.packed, c.days)
		e.page = append(e.page, e.packed...)
		if len(c.days) > 0 {
			low, high := bounds(c.days)
			meta.Statistics.MinValue = binary.LittleEndian.AppendUint32(nil, uint32(low))
			meta.Statistics.MaxValue = binary.LittleEndian.AppendUint32(nil, uint32(high))
		}
	case asBool:
		meta.Type, encoding = format.Boolean, format.Plain
		e.page = appendBits(e.page, c.bools)
	case asText:
		meta.Type = format.ByteArray
		if c.layout.dict {
			encoding = format.RLEDictionary
			dictionary, entries, err = e.codes(c, &meta.Statistics)
		} else {
			encoding = format.Plain
			e.page = append(e.page, c.text...)
			meta.Statistics.MinValue, meta.Statistics.MaxValue = shortBounds(c.low, c.high)
		}
	}
	if err != nil {
		return format.ColumnChunk{}, err
	}
	meta.Encoding = []format.Encoding{encoding, format.RLE}
	meta.Codec = format.Uncompressed
	if c.physical == asText {
		meta.Codec = format.Zstd
	}
	start := len(g.data)
	if encoding == format.RLEDictionary {
		meta.Encoding = append(meta.Encoding, format.Plain)
		meta.DictionaryPageOffset = int64(start)
		header := format.PageHeader{Type: format.DictionaryPage, DictionaryPageHeader: thrift.New(format.DictionaryPageHeader{
			NumValues: int32(entries), Encoding: format.Plain,
		})}
		if err := e.writePage(g, &meta, header, dictionary); err != nil {
			return format.ColumnChunk{}, err
		}
	}
	meta.DataPageOffset = int64(len(g.data))
	header := format.PageHeader{Type: format.DataPage, DataPageHeader: thrift.New(format.DataPageHeader{
		NumValues: int32(rows), Encoding: encoding,
		DefinitionLevelEncoding: format.RLE, RepetitionLevelEncoding: format.RLE,
	})}
	if err := e.writePage(g, &meta, header, e.page); err != nil {
		return format.ColumnChunk{}, err
	}
	meta.TotalCompressedSize = int64(len(g.data) - start)
	return format.ColumnChunk{MetaData: meta}, nil
}

// levels writes which rows have a value.
func (e *encoder) levels(c *column, rows int) error {
	at := len(e.page)
	e.page = append(e.page, 0, 0, 0, 0)
	if c.nulls == 0 || c.nulls == rows {
		e.page = binary.AppendUvarint(e.page, uint64(rows)<<1)
		if c.nulls == 0 {
			e.page = append(e.page, 1)
		} else {
			e.page = append(e.page, 0)
		}
	} else {
		var err error
		e.packed, err = (&rle.Encoding{BitWidth: 1}).EncodeLevels(e.packed, c.present)
		if err != nil {
			return err
		}
		e.page = append(e.page, e.packed...)
	}
	binary.LittleEndian.PutUint32(e.page[at:], uint32(len(e.page)-at-4))
	return nil
}

// codes renumbers the dictionary's codes to those the group uses, in order of
// first use, and returns the dictionary page.
func (e *encoder) codes(c *column, stats *format.Statistics) (page []byte, entries int, err error) {
	if n := c.dict.len(); len(e.remap) < n {
		e.remap = make([]uint32, n+n/2)
	} else {
		clear(e.remap[:n])
	}
	e.values, e.local = e.values[:0], e.local[:0]
	var low, high []byte
	for _, code := range c.codes {
		local := e.remap[code]
		if local == 0 {
			entries++
			local = uint32(entries)
			e.remap[code] = local
			v := c.dict.value(code)
			e.values = binary.LittleEndian.AppendUint32(e.values, uint32(len(v)))
			e.values = append(e.values, v...)
			if low == nil || bytes.Compare(v, low) < 0 {
				low = v
			}
			if high == nil || bytes.Compare(v, high) > 0 {
				high = v
			}
		}
		e.local = append(e.local, int32(local-1))
	}
	stats.MinValue, stats.MaxValue = shortBounds(low, high)
	width := max(bits.Len(uint(max(entries, 1)-1)), 1)
	e.page = append(e.page, byte(width))
	if entries == 1 {
		e.page = binary.AppendUvarint(e.page, uint64(len(e.local))<<1)
		e.page = append(e.page, 0)
		return e.values, entries, nil
	}
	e.packed, err = (&rle.Encoding{BitWidth: width}).EncodeInt32(e.packed, e.local)
	e.page = append(e.page, e.packed...)
	return e.values, entries, err
}

func (e *encoder) writePage(g *group, meta *format.ColumnMetaData, header format.PageHeader, page []byte) error {
	data := page
	if meta.Codec == format.Zstd {
		e.packed = e.zstd.EncodeAll(page, e.packed[:0])
		data = e.packed
	}
	header.UncompressedPageSize, header.CompressedPageSize = int32(len(page)), int32(len(data))
	head, err := thrift.Marshal(new(thrift.CompactProtocol), &header)
	if err != nil {
		return err
	}
	meta.TotalUncompressedSize += int64(len(head) + len(page))
	g.data = append(append(g.data, head...), data...)
	return nil
}

// shortBounds leaves out bounds too long to be worth their place.
func shortBounds(low, high []byte) ([]byte, []byte) {
	if low == nil || len(low) > 64 || len(high) > 64 {
		return nil, nil
	}
	return bytes.Clone(low), append([]byte{}, high...)
}

func bounds[T int32 | int64](vs []T) (low, high T) {
	low, high = vs[0], vs[0]
	for _, v := range vs {
		low, high = min(low, v), max(high, v)
	}
	return low, high
}

func appendBits(dst []byte, bools []byte) []byte {
	for i := 0; i < len(bools); i += 8 {
		var b byte
		for j, v := range bools[i:min(i+8, len(bools))] {
			b |= v << j
		}
		dst = append(dst, b)
	}
	return dst
}

const parquetMagic = "PAR1"

// footer returns the end of a file that holds the groups at the given offsets.
func footer(s *schema, groups []format.RowGroup) ([]byte, error) {
	meta := format.FileMetaData{Version: 1, Schema: s.elements, RowGroups: groups, CreatedBy: "levelfield"}
	meta.ColumnOrders = make([]format.ColumnOrder, len(s.columns))
	for i := range meta.ColumnOrders {
		meta.ColumnOrders[i].Value = new(format.TypeDefinedOrder)
	}
	for _, g := range groups {
		meta.NumRows += g.NumRows
	}
	data, err := thrift.Marshal(new(thrift.CompactProtocol), &meta)
	if err != nil {
		return nil, fmt.Errorf("encode the footer of %s: %w", s.entity.Name, err)
	}
	data = binary.LittleEndian.AppendUint32(data, uint32(len(data)))
	return append(data, parquetMagic...), nil
}

// placed returns the group's description with offsets counted from the file's start.
func (g *group) placed(at int64, ordinal int) format.RowGroup {
	m := g.meta
	m.FileOffset, m.Ordinal = at, int16(ordinal)
	m.Columns = append([]format.ColumnChunk(nil), g.meta.Columns...)
	for i := range m.Columns {
		md := &m.Columns[i].MetaData
		md.DataPageOffset += at
		if md.Encoding[0] == format.RLEDictionary {
			md.DictionaryPageOffset += at
		}
		m.Columns[i].FileOffset = 0
	}
	return m
}
