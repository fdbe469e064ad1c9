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

func TestManagersSeeWhatCoefficientsSetByHandMoved(t *testing.T) {
	s := server(t)
	body := get(t, s, "/difficulty", "Accept-Language", "en").Body.String()
	for _, text := range []string{"Ann Bao set the coefficients of 1 person by hand: &#43;4.3 points", "Bo Chen", "How is this calculated?", "until 31 Dec 2026", "flood of June"} {
		if !strings.Contains(body, text) {
			t.Errorf("the page does not say %q", text)
		}
	}
	csv := get(t, s, "/difficulty?card=moved&as=csv", "Accept-Language", "en").Body.String()
	if n := strings.Count(csv, "\n"); n != 3 || !strings.Contains(csv, "1200") {
		t.Errorf("the table has %d lines, want a head and two decisions with their full amounts:\n%s", n, csv)
	}
	if none := get(t, s, "/difficulty?month=2026-09", "Accept-Language", "en").Body.String(); !strings.Contains(none, "No coefficient in force was set by hand") {
		t.Error("a month without one does not say so")
	}
}

func TestOnlyPublishedCoefficientsAreHeldAgainstTheData(t *testing.T) {
	csv := get(t, server(t), "/difficulty?card=policy&as=csv", "Accept-Language", "en").Body.String()
	if n := strings.Count(csv, "\n"); n != 3 || !strings.Contains(csv, "new market") || !strings.Contains(csv, "1 Oct 2026 to 31 Dec 2026") || !strings.Contains(csv, "v1") {
		t.Errorf("%d lines, want a head and two markets with reason, approver, validity and version:\n%s", n, csv)
	}
}

func TestWhomTheAuditPlacesElsewhereIsListed(t *testing.T) {
	s := server(t)
	csv := get(t, s, "/difficulty?card=audit&as=csv", "Accept-Language", "en").Body.String()
	if n := strings.Count(csv, "\n"); n != 2 || !strings.Contains(csv, ",0.875,") {
		t.Errorf("%d lines, want a head and the one person whom the audit lifts over 21 of 24 people, each of whom falls by one place:\n%s", n, csv)
	}
	body := get(t, s, "/difficulty", "Accept-Language", "en").Body.String()
	verdict := get(t, s, "/difficulty?card=verdict&as=csv", "Accept-Language", "en").Body.String()
	if !strings.Contains(verdict, "Person-months with more returned than sold,1,") {
		t.Errorf("the one month with more returned than sold is not counted:\n%s", verdict)
	}
	for _, text := range []string{"The audit places 1 person more than a tenth of all away from the paid index", "Weight of one colleague in a market", "Person-months with more returned than sold"} {
		if !strings.Contains(body, text) {
			t.Errorf("the page does not say %q", text)
		}
	}
}

// What others won of the deals that a person left open is told to him who left,
// and only to him.
func TestThePersonPageShowsWhatAMoveLeftToOthers(t *testing.T) {
	s := server(t)
	own := get(t, s, "/people/"+dashtest.OwnRep+"?month=2026-10", "Accept-Language", "en").Body.String()
	for _, text := range []string{"Others won 1 deal worth", "it enters no expectation, score or pay", "86,400.00"} {
		if !strings.Contains(own, text) {
			t.Errorf("the page does not say %q", text)
		}
	}
	if other := get(t, s, "/people/R1T1P2?month=2026-10", "Accept-Language", "en").Body.String(); strings.Contains(other, `id="handover"`) {
		t.Error("a person who never moved has a hand-over")
	}
}
