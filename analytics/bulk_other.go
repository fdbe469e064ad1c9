//go:build !linux

package analytics

import (
	"context"
	"database/sql"
)

// exchangeFile names a file for rows on their way to Go.
func exchangeFile(ctx context.Context, conn *sql.Conn) (name string, remove func(), err error) {
	return scratchFile(ctx, conn)
}
