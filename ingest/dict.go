package ingest

import (
	"bytes"

	"github.com/zeebo/xxh3"
)

// dict numbers distinct texts from 0 in order of first sight.
type dict struct {
	slots []uint64 // high half of the hash, then code+1; 0 is free
	data  []byte
	ends  []uint32
	last  uint32 // code found last: exports repeat the row above
}

func newDict() *dict { return &dict{slots: make([]uint64, 64)} }

func (d *dict) len() int { return len(d.ends) }

// value returns the text of a code; it stays valid.
func (d *dict) value(code uint32) []byte {
	start := uint32(0)
	if code > 0 {
		start = d.ends[code-1]
	}
	return d.data[start:d.ends[code]:d.ends[code]]
}

// code returns the number of a text, a new one at its first sight.
func (d *dict) code(s []byte) uint32 {
	if len(d.ends) > 0 && bytes.Equal(d.value(d.last), s) {
		return d.last
	}
	h := xxh3.Hash(s)
	tag := h &^ (1<<32 - 1)
	mask := uint64(len(d.slots) - 1)
	i := h & mask
	for ; d.slots[i] != 0; i = (i + 1) & mask {
		if v := d.slots[i]; v&^(1<<32-1) == tag {
			if code := uint32(v) - 1; bytes.Equal(d.value(code), s) {
				d.last = code
				return code
			}
		}
	}
	code := uint32(len(d.ends))
	d.data = append(d.data, s...)
	d.ends = append(d.ends, uint32(len(d.data)))
	d.slots[i] = tag | uint64(code+1)
	d.last = code
	if 2*len(d.ends) > len(d.slots) {
		d.grow()
	}
	return code
}

func (d *dict) grow() {
	d.slots = make([]uint64, 4*len(d.slots))
	mask := uint64(len(d.slots) - 1)
	for code := range uint32(len(d.ends)) {
		h := xxh3.Hash(d.value(code))
		i := h & mask
		for d.slots[i] != 0 {
			i = (i + 1) & mask
		}
		d.slots[i] = h&^(1<<32-1) | uint64(code+1)
	}
}
