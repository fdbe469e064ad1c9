// Package sql holds every calculation of levelfield: one SELECT a file, one
// YAML twin a model. Path is name: indicators/gross_margin.sql is relation
// indicators.gross_margin.
package sql

import "embed"

// Files holds the models (.sql) and their twins (.yaml).
//
//go:embed all:*
var Files embed.FS
