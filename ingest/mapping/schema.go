package mapping

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/invopop/jsonschema"

	"levelfield/ingest/table"
)

// Schema returns the JSON schema of mapping files, for editors that check and
// complete while a person writes.
func Schema() []byte {
	r := &jsonschema.Reflector{FieldNameTag: "yaml", RequiredFromJSONSchemaTags: true, Anonymous: true}
	schema := r.Reflect(&File{})
	schema.Title = "levelfield mapping"
	schema.Description = "Says which column of an export feeds which field of which entity."
	schema.Definitions["File"].Required = []string{"match"}
	for _, t := range []reflect.Type{
		reflect.TypeFor[File](), reflect.TypeFor[Match](), reflect.TypeFor[Read](),
		reflect.TypeFor[Rows](), reflect.TypeFor[Unpivot](), reflect.TypeFor[ColumnSpec](),
	} {
		describe(schema.Definitions[t.Name()], t)
	}
	rows := schema.Definitions["Rows"]
	rows.Required = []string{"entity", "columns"}
	for _, e := range table.All {
		entity, _ := rows.Properties.Get("entity")
		entity.Enum = append(entity.Enum, e.Name)
	}
	for _, place := range []string{"Read", "ColumnSpec"} {
		set(schema.Definitions[place], "dates", "ymd", "dmy", "mdy")
		set(schema.Definitions[place], "decimal", ".", ",")
	}
	schema.Definitions["Unpivot"].Required = []string{"columns", "name", "value"}
	schema.Definitions["Column"] = &jsonschema.Schema{
		Description: "A header, several headers of which the first present one counts, or the full form.",
		AnyOf: []*jsonschema.Schema{
			{Type: "string"},
			{Type: "array", Items: &jsonschema.Schema{Type: "string"}},
			{Ref: "#/$defs/ColumnSpec"},
		},
	}
	columns, _ := rows.Properties.Get("columns")
	columns.AdditionalProperties = &jsonschema.Schema{Ref: "#/$defs/Column"}
	text, err := json.MarshalIndent(schema, "", "  ")
	if err != nil {
		panic(err) // the schema holds nothing that JSON cannot
	}
	return append(text, '\n')
}

// describe takes descriptions from the desc tags and lets a single word stand
// for a list of one, as the decoder does.
func describe(schema *jsonschema.Schema, t reflect.Type) {
	for i := range t.NumField() {
		key, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		property, ok := schema.Properties.Get(key)
		if !ok {
			continue
		}
		property.Description = t.Field(i).Tag.Get("desc")
		if t.Field(i).Type == reflect.TypeFor[[]string]() {
			property.AnyOf = []*jsonschema.Schema{{Type: "string"}, {Type: "array", Items: property.Items}}
			property.Type, property.Items = "", nil
		}
		switch key {
		case "header":
			property.AnyOf = []*jsonschema.Schema{{Type: "integer"}, {Enum: []any{"none", "auto"}}}
			property.Type = ""
		case "const", "other": // a number or true is text to us
			property.AnyOf = scalars()
			property.Type = ""
		case "values":
			property.AdditionalProperties = &jsonschema.Schema{AnyOf: scalars()}
		}
	}
}

func scalars() []*jsonschema.Schema {
	return []*jsonschema.Schema{{Type: "string"}, {Type: "number"}, {Type: "boolean"}}
}

func set(schema *jsonschema.Schema, key string, words ...any) {
	property, _ := schema.Properties.Get(key)
	property.Enum = words
}
