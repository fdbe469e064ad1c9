package report

// box is a part of a document that is never split: a line of text, a row of a
// table, a chart. Its place is found before anything is drawn, so that the
// contents and "page 3 of 7" are known.
type box struct {
	kind   string  // "heading", "text", "row", "head", "chart", "figures"...
	name   string  // what it holds, for tests of the layout
	above  float64 // space before it, dropped at the top of a page
	height float64
	draw   func(p *paper, x, y float64) // with its upper left corner at x, y
	stays  bool                         // on the page of the box after it
	fresh  bool                         // begins a page, unless little of this one is used
	head   *box                         // heads of its table, repeated where a page begins with it
	mark   *mark                        // begins a chapter
}

// mark is where a chapter begins.
type mark struct {
	title string
	level int
	page  int     // found by the layout, from 1
	y     float64 // on the page
	link  int
}

// placed is a box with its place.
type placed struct {
	*box
	y float64
}

// frame is the part of a page that boxes fill, in points.
type frame struct{ left, top, width, bottom float64 }

// longChapter is how much of a page must be used for the next chapter to
// begin a new one.
const longChapter = .6

// paginate places boxes on pages. Boxes that stay together move to the next
// page together; only a group longer than a page is broken.
func paginate(boxes []*box, f frame) [][]placed {
	var pages [][]placed
	y := f.top
	turn := func() {
		pages = append(pages, nil)
		y = f.top
	}
	put := func(b *box) {
		page := len(pages) - 1
		if len(pages[page]) > 0 {
			y += b.above
		}
		pages[page] = append(pages[page], placed{b, y})
		y += b.height
		if b.mark != nil {
			b.mark.page, b.mark.y = len(pages), y-b.height
		}
	}
	for i := 0; i < len(boxes); {
		end := i
		for end+1 < len(boxes) && boxes[end].stays {
			end++
		}
		group := boxes[i : end+1]
		need := 0.0
		for _, b := range group {
			need += b.above + b.height
		}
		if len(pages) == 0 || group[0].fresh && y > f.top+(f.bottom-f.top)*longChapter {
			turn()
		}
		if y+need > f.bottom && len(pages[len(pages)-1]) > 0 {
			turn()
		}
		for _, b := range group {
			if y+b.above+b.height > f.bottom && len(pages[len(pages)-1]) > 0 {
				turn()
			}
			if b.head != nil && len(pages[len(pages)-1]) == 0 {
				put(b.head)
			}
			put(b)
		}
		i = end + 1
	}
	return pages
}

// beside sets stacks of boxes side by side as one box, each of its width and
// gap points apart.
func beside(kind string, gap float64, widths []float64, stacks ...[]*box) *box {
	all := &box{kind: kind}
	for _, stack := range stacks {
		all.height = max(all.height, stackHeight(stack))
	}
	all.draw = func(p *paper, x, y float64) {
		for i, stack := range stacks {
			drawStack(p, stack, x, y)
			x += widths[i] + gap
		}
	}
	return all
}

func stackHeight(stack []*box) float64 {
	h := 0.0
	for i, b := range stack {
		if i > 0 {
			h += b.above
		}
		h += b.height
	}
	return h
}

func drawStack(p *paper, stack []*box, x, y float64) {
	for i, b := range stack {
		if i > 0 {
			y += b.above
		}
		b.draw(p, x, y)
		y += b.height
	}
}
