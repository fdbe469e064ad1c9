package mapping

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
)

func TestSchemaAndStructHoldTheSameKeys(t *testing.T) {
	var schema struct {
		Ref  string `json:"$ref"`
		Defs map[string]struct {
			Properties           map[string]json.RawMessage
			AdditionalProperties any
			Required             []string
		} `json:"$defs"`
	}
	if err := json.Unmarshal(Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	for _, typ := range []reflect.Type{
		reflect.TypeFor[File](), reflect.TypeFor[Match](), reflect.TypeFor[Read](),
		reflect.TypeFor[Rows](), reflect.TypeFor[Unpivot](), reflect.TypeFor[ColumnSpec](),
	} {
		def := schema.Defs[typ.Name()]
		keys := yamlKeys(typ)
		if def.AdditionalProperties != false {
			t.Errorf("%s: the schema allows unknown keys", typ.Name())
		}
		for key, text := range def.Properties {
			if !slices.Contains(keys, key) {
				t.Errorf("%s: the schema has %q, the struct has not", typ.Name(), key)
			}
			var property struct{ Description string }
			if err := json.Unmarshal(text, &property); err != nil || property.Description == "" && typ != reflect.TypeFor[File]() {
				t.Errorf("%s.%s: no description", typ.Name(), key)
			}
		}
		for _, key := range keys {
			if _, ok := def.Properties[key]; !ok {
				t.Errorf("%s: the struct has %q, the schema has not", typ.Name(), key)
			}
		}
		for _, key := range def.Required {
			if !slices.Contains(keys, key) {
				t.Errorf("%s: requires unknown %q", typ.Name(), key)
			}
		}
	}
}
