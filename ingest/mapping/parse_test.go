package mapping

import "testing"

func TestPresetsParse(t *testing.T) {
	if n := len(Presets()); n < 30 {
		t.Errorf("there are %d presets", n)
	}
}
