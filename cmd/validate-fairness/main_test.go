package main

import (
	"slices"
	"testing"
)

// Each planted bias is found in a company, so that the validation of a hundred
// runs with the relations that the review reads today.
func TestTheReviewFindsWhatWasPlanted(t *testing.T) {
	for _, b := range biases[1:] {
		t.Run(b.name, func(t *testing.T) {
			c := generate(b, 1)
			found, err := review(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(found, c.detects) {
				t.Errorf("not among %d findings", len(found))
			}
		})
	}
}
