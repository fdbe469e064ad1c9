package sample

import (
	"embed"
	"os"
	"path/filepath"
)

//go:embed mappings/*.yaml
var mappings embed.FS

// Mappings writes the mapping files that the messy exports need into
// dir/mappings; the canonical ones need none.
func Mappings(dir string) error {
	to := filepath.Join(dir, "mappings")
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	names, err := mappings.ReadDir("mappings")
	if err != nil {
		return err
	}
	for _, n := range names {
		text, err := mappings.ReadFile("mappings/" + n.Name())
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, n.Name()), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
