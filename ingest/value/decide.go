package value

// Dates collects the evidence of a column for the order of its dates. The zero
// value is ready; it is not safe for concurrent use, but Merge joins several.
type Dates struct{}

// Add takes one cell of the column; proof is the cell of the same row in the
// second column that proves the order, or "".
func (d *Dates) Add(cell, proof string) {}

// Merge adds what o saw after what d saw.
func (d *Dates) Merge(o *Dates) {}

// Decide returns the order, the evidence for it as a phrase, and whether the
// column reads several ways (then order is Unknown).
func (d *Dates) Decide() (order Order, evidence string, ambiguous bool) { return }

// DecideDates decides the order over a whole column; proof is the second
// column, row by row, or nil.
func DecideDates(col, proof []string) (order Order, evidence string, ambiguous bool) {
	var d Dates
	for i, cell := range col {
		p := ""
		if i < len(proof) {
			p = proof[i]
		}
		d.Add(cell, p)
	}
	return d.Decide()
}

// Decimals collects the evidence of a column for its decimal sign.
type Decimals struct{}

// Add takes one cell of the column.
func (d *Decimals) Add(cell string) {}

// Merge adds what o saw after what d saw.
func (d *Decimals) Merge(o *Decimals) {}

// Decide returns '.' or ',', the evidence for it as a phrase, and whether the
// column reads both ways (then the sign is '.').
func (d *Decimals) Decide() (sign byte, evidence string, ambiguous bool) { return '.', "", false }

// DecideDecimal decides the decimal sign over a whole column.
func DecideDecimal(col []string) (sign byte, evidence string, ambiguous bool) {
	var d Decimals
	for _, cell := range col {
		d.Add(cell)
	}
	return d.Decide()
}
