package analytics

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// column is a column of whole numbers, large ones or floating numbers, or of
// texts, whichever the query returns, row after row; of lists of numbers, width
// a row.
type column struct {
	whole    []int32
	large    []int64
	floating []float64
	text     []string
	width    int
	unit     float64 // what stands for 1: of a decimal with four digits after the point 10000
}

// readColumns runs a query of columns that are integer, bigint, double, decimals
// of up to 18 digits, lists of these, all of one length, date or varchar, and
// returns them in its order: integers as whole numbers, bigints as large ones,
// decimals as floating numbers of their last digit, sums of which are exact up
// to 2^53, dates as days since 1970. A null is an error. The rows go through a Parquet
// file: a driver row costs an allocation a value, which by millions is more than
// what is calculated from them.
func readColumns(ctx context.Context, conn *sql.Conn, query string) ([]column, error) {
	name, remove, err := exchangeFile(ctx, conn)
	if err != nil {
		return nil, err
	}
	defer remove()
	// looking for repeated values takes longer than to write them
	if err := execute(ctx, conn, "copy ("+query+") to "+quoteText(name)+" (format parquet, compression uncompressed, dictionary_size_limit 1, use_tmp_file false)"); err != nil {
		return nil, err
	}
	return readColumnsFile(name)
}

// fillTable creates a relation from rows, in their order. The fields of R name
// and type its columns, as in `parquet:"period,date"` for days since 1970. They
// go through a Parquet file, as on the way here.
func fillTable[R any](ctx context.Context, conn *sql.Conn, relation string, rows iter.Seq[R]) error {
	name, remove, err := exchangeFile(ctx, conn)
	if err != nil {
		return err
	}
	defer remove()
	out, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	file := parquet.NewGenericWriter[R](out, parquet.Compression(&parquet.Uncompressed), parquet.DataPageStatistics(false))
	some := make([]R, 0, 1024)
	flush := func() error {
		_, err := file.Write(some)
		some = some[:0]
		return err
	}
	for r := range rows {
		if some = append(some, r); len(some) == cap(some) {
			if err = flush(); err != nil {
				break
			}
		}
	}
	if err = errors.Join(err, flush(), file.Close(), out.Close()); err != nil {
		return err
	}
	return execute(ctx, conn, "create or replace table "+quoteRelation(relation)+" as from read_parquet("+quoteText(name)+")")
}

// scratchFile names a file in the connection's folder for temporary files.
func scratchFile(ctx context.Context, conn *sql.Conn) (name string, remove func(), err error) {
	var scratch string
	if err := conn.QueryRowContext(ctx, "select current_setting('temp_directory')").Scan(&scratch); err != nil {
		return "", nil, err
	}
	if info, err := os.Stat(scratch); err != nil || !info.IsDir() {
		scratch = "" // the machine's
	}
	dir, err := os.MkdirTemp(scratch, "columns-")
	if err != nil {
		return "", nil, err
	}
	return filepath.Join(dir, "rows.parquet"), func() { os.RemoveAll(dir) }, nil
}

func readColumnsFile(name string) ([]column, error) {
	in, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return nil, err
	}
	file, err := parquet.OpenFile(in, info.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	leaves := file.Schema().Columns()
	columns := make([]column, len(leaves))
	for c, path := range leaves {
		leaf, _ := file.Schema().Lookup(path...)
		values := int64(0)
		for _, group := range file.RowGroups() {
			values += group.ColumnChunks()[c].NumValues()
		}
		columns[c].unit = 1
		if columns[c].width = 1; file.NumRows() > 0 {
			columns[c].width = int(values / file.NumRows())
		}
		if values != int64(columns[c].width)*file.NumRows() {
			return nil, fmt.Errorf("%s: column %d has lists of different length", name, c+1)
		}
		kind := leaf.Node.Type().Kind()
		var decimal *format.DecimalType
		if logical := leaf.Node.Type().LogicalType(); logical != nil {
			decimal, _ = logical.Value.(*format.DecimalType)
		}
		switch {
		case decimal != nil && (kind == parquet.Int32 || kind == parquet.Int64):
			columns[c].unit = math.Pow10(int(decimal.Scale))
			columns[c].floating = make([]float64, values)
		case kind == parquet.Int32:
			columns[c].whole = make([]int32, values)
		case kind == parquet.Int64:
			columns[c].large = make([]int64, values)
		case kind == parquet.Double:
			columns[c].floating = make([]float64, values)
		case kind == parquet.ByteArray:
			columns[c].text = make([]string, values)
		default:
			return nil, fmt.Errorf("%s: column %d is of type %s, neither a whole number nor double nor a decimal of up to 18 digits nor text", name, c+1, leaf.Node.Type())
		}
	}
	var wait sync.WaitGroup
	gate := make(chan struct{}, runtime.GOMAXPROCS(0))
	errs := make([]error, len(file.RowGroups()))
	next := int64(0)
	for g, group := range file.RowGroups() {
		from := next
		next += group.NumRows()
		gate <- struct{}{}
		wait.Go(func() {
			defer func() { <-gate }()
			for c, chunk := range group.ColumnChunks() {
				if err := columns[c].read(chunk, from); err != nil {
					errs[g] = errors.Join(errs[g], fmt.Errorf("%s, column %d: %w", name, c+1, err))
				}
			}
		})
	}
	wait.Wait()
	return columns, errors.Join(errs...)
}

// read puts the values of a chunk that begins with a row in their place.
func (c *column) read(chunk parquet.ColumnChunk, row int64) error {
	pages := chunk.Pages()
	defer pages.Close()
	at := int(row) * c.width
	for {
		page, err := pages.ReadPage()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if page.NumNulls() > 0 {
			return errors.New("a value is missing")
		}
		data, values := page.Data(), int(page.NumValues())
		var places []int32 // of values in the list of distinct ones
		if page.Dictionary() != nil {
			places, data = data.Int32(), page.Dictionary().Page().Data()
		}
		switch kind := page.Type().Kind(); {
		case c.text != nil:
			fill(c.text[at:at+values], cutTexts(data.ByteArray()), places)
		case c.whole != nil:
			fill(c.whole[at:at+values], data.Int32(), places)
		case c.large != nil:
			fill(c.large[at:at+values], data.Int64(), places)
		case kind == parquet.Int32:
			fillNumbers(c.floating[at:at+values], data.Int32(), places)
		case kind == parquet.Int64:
			fillNumbers(c.floating[at:at+values], data.Int64(), places)
		default:
			fill(c.floating[at:at+values], data.Double(), places)
		}
		at += values
		parquet.Release(page)
	}
}

// cutTexts cuts what lies between offsets; all of them share one copy.
func cutTexts(data []byte, offsets []uint32) []string {
	all := string(data)
	out := make([]string, max(len(offsets)-1, 0))
	for i := range out {
		out[i] = all[offsets[i]:offsets[i+1]]
	}
	return out
}

// fill writes values, or those at the given places.
func fill[V any](out, values []V, places []int32) {
	if places == nil {
		copy(out, values)
		return
	}
	for i, place := range places[:len(out)] {
		out[i] = values[place]
	}
}

// fillNumbers does the same for whole numbers.
func fillNumbers[V int32 | int64](out []float64, values []V, places []int32) {
	if places == nil {
		for i, v := range values[:len(out)] {
			out[i] = float64(v)
		}
		return
	}
	for i, place := range places[:len(out)] {
		out[i] = float64(values[place])
	}
}
