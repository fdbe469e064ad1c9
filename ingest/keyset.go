package ingest

import (
	"encoding/binary"
	"sync"

	"github.com/zeebo/xxh3"
)

// keyset remembers the natural keys of a load and where each was first seen.
// Keys are kept as 128-bit hashes: two different keys of a billion rows agree
// with a chance below one in 10^20.
type keyset struct {
	shards [64]shard
}

type shard struct {
	mu    sync.Mutex
	used  int
	slots []keySlot
	_     [24]byte // shards on one cache line would slow each other down
}

type keySlot struct {
	key   xxh3.Uint128
	place place // 0 is free
}

// place is where a row was seen: table, section and row or line, never 0.
type place uint64

func newPlace(table, section int, row int64) place {
	return place(table+1)<<52 | place(section)<<40 | place(row)
}

func (p place) table() int   { return int(p>>52) - 1 }
func (p place) section() int { return int(p>>40) & (1<<12 - 1) }
func (p place) row() int64   { return int64(p & (1<<40 - 1)) }

// add remembers a key. If it was there already its place comes back.
func (s *keyset) add(key xxh3.Uint128, at place) (first place, seen bool) {
	sh := &s.shards[key.Hi>>58]
	sh.mu.Lock()
	if 10*sh.used >= 7*len(sh.slots) {
		sh.grow()
	}
	mask := uint64(len(sh.slots) - 1)
	i := key.Lo & mask
	for ; sh.slots[i].place != 0; i = (i + 1) & mask {
		if sh.slots[i].key == key {
			first = sh.slots[i].place
			sh.mu.Unlock()
			return first, true
		}
	}
	sh.slots[i] = keySlot{key, at}
	sh.used++
	sh.mu.Unlock()
	return 0, false
}

// reserve makes room for about n keys.
func (s *keyset) reserve(n int64) {
	slots := 64
	for int64(slots)*int64(len(s.shards))*6 < n*10 {
		slots *= 2
	}
	for i := range s.shards {
		if s.shards[i].used == 0 {
			s.shards[i].slots = make([]keySlot, slots)
		}
	}
}

// keyBatch is a block's keys on their way into the set.
type keyBatch struct {
	keys   []xxh3.Uint128
	places []place
	first  []place // where the key was before, or 0
	order  []int32
}

func (b *keyBatch) reset() { b.keys, b.places = b.keys[:0], b.places[:0] }

// addAll remembers the batch's keys in order and fills in first. It takes each
// shard's lock once, and going through one shard at a time lets the processor
// fetch the slots of several keys at once.
func (s *keyset) addAll(b *keyBatch) {
	n := len(b.keys)
	b.first, b.order = resize(b.first, n), resize(b.order, n)
	var starts [len(s.shards) + 1]int32
	for i := range b.keys {
		starts[b.keys[i].Hi>>58+1]++
	}
	for i := range s.shards {
		starts[i+1] += starts[i]
	}
	next := starts
	for i := range b.keys {
		at := &next[b.keys[i].Hi>>58]
		b.order[*at] = int32(i)
		*at++
	}
	for i := range s.shards {
		if rows := b.order[starts[i]:starts[i+1]]; len(rows) > 0 {
			s.shards[i].addAll(b, rows)
		}
	}
}

func (s *shard) addAll(b *keyBatch, rows []int32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for 10*(s.used+len(rows)) >= 7*len(s.slots) {
		s.grow()
	}
	mask := uint64(len(s.slots) - 1)
	for _, r := range rows {
		key := b.keys[r]
		b.first[r] = 0
		i := key.Lo & mask
		for ; s.slots[i].place != 0; i = (i + 1) & mask {
			if s.slots[i].key == key {
				b.first[r] = s.slots[i].place
				break
			}
		}
		if b.first[r] == 0 {
			s.slots[i] = keySlot{key, b.places[r]}
			s.used++
		}
	}
}

// find returns where the load holds the key.
func (s *keyset) find(key xxh3.Uint128) (place, bool) {
	sh := &s.shards[key.Hi>>58]
	if sh.used == 0 {
		return 0, false
	}
	mask := uint64(len(sh.slots) - 1)
	for i := key.Lo & mask; sh.slots[i].place != 0; i = (i + 1) & mask {
		if sh.slots[i].key == key {
			return sh.slots[i].place, true
		}
	}
	return 0, false
}

func (s *shard) grow() {
	old := s.slots
	s.slots = make([]keySlot, max(64, 2*len(old)))
	mask := uint64(len(s.slots) - 1)
	for _, slot := range old {
		if slot.place == 0 {
			continue
		}
		i := slot.key.Lo & mask
		for s.slots[i].place != 0 {
			i = (i + 1) & mask
		}
		s.slots[i] = slot
	}
}

// A key is hashed over its parts in field order: text with its length before
// it, everything else as 8 bytes, a null as an empty text.

func appendKeyText(key, s []byte) []byte {
	key = binary.LittleEndian.AppendUint32(key, uint32(len(s)))
	return append(key, s...)
}

func appendKeyInt(key []byte, v int64) []byte {
	return binary.LittleEndian.AppendUint64(key, uint64(v))
}
