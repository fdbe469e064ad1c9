package ingest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMarkedCopiesAreReadBack(t *testing.T) {
	for _, c := range []struct {
		name, text string
		most       int
		want       []MarkedRow
	}{
		{
			name: "a copy with two reasons in one row",
			text: "id;amount;paid;levelfield: column;levelfield: reason\r\n" +
				"D2;x;y;\"amount; paid\";\"row 7: \"\"x\"\" not a number; \"\"y\"\" not a date\"\r\n",
			most: 10,
			want: []MarkedRow{{Row: 7, Column: "amount; paid", Reason: `"x" not a number; "y" not a date`}},
		},
		{
			name: "no more rows than asked for",
			text: "a,b,levelfield: column,levelfield: reason\n1,,b,row 2: is empty\n2,,b,row 3: is empty\n",
			most: 1,
			want: []MarkedRow{{Row: 2, Column: "b", Reason: "is empty"}},
		},
		{name: "a file that is no marked copy", text: "a,b\n1,2\n3,4\n", most: 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "1-x.csv")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := ReadMarked(path, c.most)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
