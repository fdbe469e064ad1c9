// Package examples holds the mapping files of public sample exports, one
// folder a set. They show what a mapping can say on data that nobody here wrote.
package examples

import "embed"

// Files holds the mapping files, such as maven_crm/sales_pipeline.yaml.
//
//go:embed */*.yaml
var Files embed.FS
