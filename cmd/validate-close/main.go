// Command validate-close lives through 24 month ends of the sample company,
// with late and corrected exports after closes, and prints whether every
// ledger ties: name, value, bar, ok or short.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
)

func main() {
	c := life{}
	flag.IntVar(&c.Reps, "reps", 40, "people who sell")
	flag.Int64Var(&c.OrderLines, "order-lines", 12_000, "order lines over all months, about")
	flag.BoolVar(&c.IsShort, "short", false, "three calculations only, and no run proved")
	dir := flag.String("dir", "", "workspace to use and keep; a temporary one where left out")
	flag.Parse()
	if err := run(context.Background(), c, *dir, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "validate-close:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, c life, dir string, out io.Writer) error {
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "validate-close-"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	c.dir = dir
	c.log = os.Stderr
	figures, err := c.live(ctx)
	short := 0
	for _, f := range figures {
		verdict := "ok"
		if !f.ok {
			verdict = "short"
			short++
		}
		fmt.Fprintf(out, "%-34s %12s  %-10s %s\n", f.name, f.value, f.bar, verdict)
	}
	if err == nil && short > 0 {
		err = fmt.Errorf("%d of %d figures are short", short, len(figures))
	}
	return err
}

// figure is one line of the outcome.
type figure struct {
	name, value, bar string
	ok               bool
}

// exactly is a figure that must be one number.
func exactly(name string, got, want int64) figure {
	return figure{name, strconv.FormatInt(got, 10), strconv.FormatInt(want, 10), got == want}
}

// least is a figure that must reach a number.
func least(name string, got, want int64) figure {
	return figure{name, strconv.FormatInt(got, 10), ">= " + strconv.FormatInt(want, 10), got >= want}
}
