package sample

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"time"
)

func newPlain(out io.Writer) *csvFile {
	f := &csvFile{comma: ',', out: bufio.NewWriterSize(out, 1<<20)}
	f.row(canonicalOrder...)
	return f
}

// streamOrders writes one month's order lines and nothing else.
func (c *company) streamOrders(f *csvFile, m int, workdays []time.Time) {
	r := c.random(10, m)
	month := workdays[0].Format("0601")
	n := 0
	for i := range c.reps {
		p := &c.reps[i]
		share := p.activeShare(c.first().AddDate(0, m, 0))
		_, region := p.place(c, workdays[len(workdays)/2])
		count := poisson(r, c.perRep*share*math.Exp(.5*(p.skill+c.ease(region, m))))
		if count == 0 {
			continue
		}
		perLine := c.potential(p, region, m) * share / float64(count) / 1.18
		for line := 0; line < count; {
			n++
			o := order{id: fmt.Sprintf("SO%s-%06d", month, n), on: p.someDay(r, workdays), rep: i, currency: "CNY"}
			o.customer = p.pick(r, c, o.on)
			for range min(1+poisson(r, 1.6), count-line) {
				line++
				o.lines++
				c.writeOrderLine(f, &o, c.drawLine(r, perLine))
			}
		}
	}
}
