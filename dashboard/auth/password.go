package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// Cost is what one guess of a password costs.
type Cost struct {
	Memory  uint32 // KiB
	Passes  uint32
	Threads uint8
}

// DefaultCost follows the OWASP Password Storage Cheat Sheet for argon2id:
// 19 MiB, two passes, one thread.
var DefaultCost = Cost{Memory: 19 << 10, Passes: 2, Threads: 1}

const (
	saltBytes, keyBytes = 16, 32
	leastLetters        = 10
	mostBytes           = 200 // a longer one would be a way to keep the server busy
)

// turns lets two passwords be hashed at a time, so that many sign-ins at once
// cannot take all memory.
var turns = make(chan struct{}, 2)

// Hash returns the argon2id hash of a password with its parameters, in the
// form that other programs write too.
func (c Cost) Hash(password string) string {
	salt := make([]byte, saltBytes)
	rand.Read(salt)
	return c.written(salt, argon2.IDKey([]byte(password), salt, c.Passes, c.Memory, c.Threads, keyBytes))
}

func (c Cost) written(salt, key []byte) string {
	text := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.Memory, c.Passes, c.Threads, text(salt), text(key))
}

// Matches reports whether a password has the hash. It takes as long for a
// wrong one as for the right one. An unreadable hash matches nothing.
func Matches(ctx context.Context, hash, password string) bool {
	select {
	case turns <- struct{}{}:
		defer func() { <-turns }()
	case <-ctx.Done():
		return false
	}
	var c Cost
	var version int
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || len(password) > mostBytes {
		return false
	}
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.Memory, &c.Passes, &c.Threads); err != nil || c.Passes < 1 || c.Threads < 1 || c.Memory > 1<<20 {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || err2 != nil || len(want) == 0 {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, c.Passes, c.Memory, c.Threads, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}

// nobody is matched where there is no such user, so that the time of an answer
// does not tell which names exist. Its key is no password's, so that no program
// spends the memory of a hash when it starts.
var nobody = DefaultCost.written(make([]byte, saltBytes), make([]byte, keyBytes))

// common are passwords that are tried first.
var common = []string{"password", "12345678", "qwertyui", "1q2w3e4r", "iloveyou", "admin123", "welcome1", "letmein", "abc12345", "88888888", "66666666", "11111111", "levelfield"}

// The faults of a chosen password.
var (
	ErrPasswordShort  = errors.New("the password is shorter than 10 characters")
	ErrPasswordLong   = errors.New("the password is longer than 200 bytes")
	ErrPasswordName   = errors.New("the password holds the user name")
	ErrPasswordCommon = errors.New("the password is built on one that everybody tries first")
	ErrPasswordSame   = errors.New("the password repeats one character or two")
)

// CheckPassword returns all that is wrong with a password somebody chose.
func CheckPassword(name, password string) error {
	var wrong []error
	lower := strings.ToLower(password)
	if utf8.RuneCountInString(password) < leastLetters {
		wrong = append(wrong, ErrPasswordShort)
	}
	if len(password) > mostBytes {
		wrong = append(wrong, ErrPasswordLong)
	}
	if name != "" && strings.Contains(lower, strings.ToLower(name)) {
		wrong = append(wrong, ErrPasswordName)
	}
	for _, each := range common {
		if strings.Contains(lower, each) {
			wrong = append(wrong, ErrPasswordCommon)
			break
		}
	}
	kinds := map[rune]bool{}
	for _, r := range lower {
		kinds[r] = true
	}
	if len(password) > 0 && len(kinds) < 3 {
		wrong = append(wrong, ErrPasswordSame)
	}
	return errors.Join(wrong...)
}

// letters of a generated password: none that is taken for another.
const letters = "abcdefghjkmnpqrstuvwxyz23456789"

// NewPassword makes a password of four groups of four letters, about 79 bits.
func NewPassword() string {
	raw := make([]byte, 0, 16)
	var b [32]byte
	for len(raw) < 16 {
		rand.Read(b[:])
		for _, x := range b {
			if int(x) < 256/len(letters)*len(letters) && len(raw) < 16 {
				raw = append(raw, letters[int(x)%len(letters)])
			}
		}
	}
	return string(raw[0:4]) + "-" + string(raw[4:8]) + "-" + string(raw[8:12]) + "-" + string(raw[12:16])
}
