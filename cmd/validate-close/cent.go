package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"strings"

	_ "github.com/duckdb/duckdb-go/v2"
)

// addCent adds one cent to the largest amount of a Parquet file of order lines.
func addCent(ctx context.Context, file string) error {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return err
	}
	defer db.Close()
	from := "'" + strings.ReplaceAll(file, "'", "''") + "'"
	changed := file + ".changed"
	_, err = db.ExecContext(ctx, fmt.Sprintf(`copy (
    select * replace (cast(case when row_number() over (order by amount desc, order_id, line_id) = 1 then amount + 0.01 else amount end as decimal(18, 4)) as amount)
    from read_parquet(%s)
) to '%s' (format parquet)`, from, strings.ReplaceAll(changed, "'", "''")))
	if err != nil {
		return err
	}
	return os.Rename(changed, file)
}
