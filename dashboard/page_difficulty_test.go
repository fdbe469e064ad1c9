package dashboard_test

import (
	"strings"
	"testing"

	"levelfield/dashboard/dashtest"
)

// What the data cannot tell is said before the figures, and no market is named
// hard whose interval holds the average.
func TestTheDifficultyPageSaysWhatTheDataCannotTell(t *testing.T) {
	for _, c := range []struct {
		name   string
		change dashtest.Change
		says   []string
	}{
		{"few territories that people share", dashtest.SharedTerritories, []string{"None of 8 markets is clearly harder or easier than the others", "No market data are loaded", "No personal targets in this month",
			"Nobody worked in two markets: if all people of one market are better than those of another, it passes for an easier market."}},
		{"a territory a person", dashtest.OwnTerritories, []string{"no other market differs as clearly the other way", "No market data are loaded", "No deals won or lost are loaded",
			"people have no or too few colleagues in their market and region, and no market data: their coefficient only compares the target with the company"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := get(t, server(t, c.change), "/difficulty", "Accept-Language", "en").Body.String()
			for _, text := range c.says {
				if !strings.Contains(body, text) {
					t.Errorf("the page does not say %q", text)
				}
			}
			if strings.Index(body, `class="limits"`) > strings.Index(body, `id="cells"`) {
				t.Error("what the data cannot tell stands after the figures")
			}
		})
	}
}
