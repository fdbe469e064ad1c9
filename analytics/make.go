package analytics

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"

	levelfieldsql "levelfield/sql"
)

// shipped are the models of package sql, read once.
var shipped = sync.OnceValues(func() (*project, error) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	conn, err := db.Conn(context.Background())
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return loadProject(context.Background(), conn, levelfieldsql.Files, nil)
})

// Make makes every relation of some layers, such as "fairness", on a
// connection that already holds what they read. A relation that is there
// already stays as it is, so that a generated company can take the place of
// exports. Commands that measure a method run the production models this way.
func Make(ctx context.Context, conn *sql.Conn, layers ...string) error {
	p, err := shipped()
	if err != nil {
		return err
	}
	there := map[string]bool{}
	rows, err := collectRows(ctx, conn, "select table_schema || '.' || table_name from information_schema.tables", func(rows *sql.Rows) (name string, err error) { return name, rows.Scan(&name) })
	if err != nil {
		return err
	}
	for _, name := range rows {
		there[name] = true
	}
	for _, layer := range layers {
		if err := execute(ctx, conn, "create schema if not exists "+quoteName(layer)); err != nil {
			return err
		}
	}
	for _, m := range p.models {
		if there[m.Relation] || !slices.Contains(layers, m.Layer) {
			continue
		}
		if m.step != nil {
			err = m.step(ctx, conn)
		} else {
			err = execute(ctx, conn, "create table "+quoteRelation(m.Relation)+" as "+m.SQL)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", m.Relation, err)
		}
	}
	return nil
}
