package analytics

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"

	"github.com/duckdb/duckdb-go/v2"
)

// openDatabase opens a DuckDB file, options after "?", of which every
// connection knows where the lake and the run's own files are; each begins
// with the statements given.
func openDatabase(file, lakeDir, runDir string, first ...string) (*sql.DB, error) {
	connector, err := duckdb.NewConnector(file, func(conn driver.ExecerContext) error {
		for _, s := range append([]string{
			"set variable lake_dir = " + quoteText(lakeDir),
			"set variable run_dir = " + quoteText(runDir),
			"set autoinstall_known_extensions = false", // nothing is fetched from anywhere
			"set autoload_known_extensions = false",
			"set enable_progress_bar = false",
		}, first...) {
			if _, err := conn.ExecContext(context.Background(), s, nil); err != nil {
				return fmt.Errorf("%s: %w", s, err)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}
