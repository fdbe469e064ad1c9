package dashboard_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestTheAllocationPageFollowsItsAddress(t *testing.T) {
	s := server(t)
	plain := get(t, s, "/allocation?lang=en").Body.String()
	for _, want := range []string{"Best split", "Half the way", "name=\"total\"", "When not to believe it"} {
		if !strings.Contains(plain, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if other := get(t, s, "/allocation?lang=en&resource=headcount").Body.String(); !strings.Contains(other, "own data say little") {
		t.Error("regions whose own data say little are not marked")
	}
	if answer := get(t, s, "/allocation?lang=en&total=99999999"); !strings.Contains(answer.Body.String(), "These bounds leave no split") {
		t.Error("a total outside the bounds is not explained")
	}
	if answer := get(t, s, "/allocation?total=x"); answer.Code != http.StatusBadRequest {
		t.Errorf("a total that is no number: %d", answer.Code)
	}
}
