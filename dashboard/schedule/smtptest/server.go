// Package smtptest is a mail server for tests: it speaks SMTP with STARTTLS
// and sign-in over a real connection and keeps what it accepts.
package smtptest

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"
)

// Message is a mail that the server accepted.
type Message struct {
	From, To string // of the envelope
	Data     []byte
	Secure   bool   // came over TLS
	User     string // signed in as; "" for nobody
}

// Server is a running mail server. Set its fields before mails come.
type Server struct {
	Port           int
	User, Password string         // sign-in that it asks for; "" for none
	Roots          *x509.CertPool // that vouch for it
	// Answer gives the reply to a mail, such as "451 try later"; "" or nil
	// accepts it. It may block.
	Answer func(to string, n int) string

	mu       sync.Mutex
	messages []Message
	n        int
	cert     tls.Certificate
	PEM      []byte // of its certificate
}

// Start starts a server on this machine that stops with the test.
func Start(t testing.TB) *Server {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Roots: x509.NewCertPool(), cert: tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}}
	s.Roots.AddCert(leaf)
	s.PEM = encodePEM(der)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.Port = l.Addr().(*net.TCPAddr).Port
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(c)
		}
	}()
	t.Cleanup(func() { l.Close() })
	return s
}

func encodePEM(der []byte) []byte {
	return fmt.Appendf(nil, "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n", base64.StdEncoding.EncodeToString(der))
}

// Messages returns what was accepted so far.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Message(nil), s.messages...)
}

type session struct {
	conn     net.Conn
	in       *bufio.Reader
	secure   bool
	user     string
	from, to string
}

func (c *session) say(format string, args ...any) { fmt.Fprintf(c.conn, format+"\r\n", args...) }

func (c *session) line() (string, error) {
	text, err := c.in.ReadString('\n')
	return strings.TrimRight(text, "\r\n"), err
}

func (s *Server) serve(conn net.Conn) {
	c := &session{conn: conn, in: bufio.NewReader(conn)}
	defer func() { c.conn.Close() }()
	c.say("220 localhost ESMTP test")
	for {
		text, err := c.line()
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(text, " ")
		switch strings.ToUpper(verb) {
		case "EHLO", "HELO":
			c.say("250-localhost")
			if !c.secure {
				c.say("250-STARTTLS")
			} else if s.User != "" {
				c.say("250-AUTH PLAIN LOGIN")
			}
			c.say("250 8BITMIME")
		case "STARTTLS":
			c.say("220 go ahead")
			t := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{s.cert}})
			if t.Handshake() != nil {
				return
			}
			c.conn, c.in, c.secure = t, bufio.NewReader(t), true
		case "AUTH":
			s.signIn(c, rest)
		case "MAIL":
			if s.User != "" && c.user == "" {
				c.say("530 sign in first")
				continue
			}
			c.from = address(rest)
			c.say("250 ok")
		case "RCPT":
			c.to = address(rest)
			c.say("250 ok")
		case "DATA":
			if !s.take(c) {
				return
			}
		case "NOOP", "RSET":
			c.say("250 ok")
		case "QUIT":
			c.say("221 bye")
			return
		default:
			c.say("502 unknown")
		}
	}
}

// signIn answers AUTH PLAIN and AUTH LOGIN.
func (s *Server) signIn(c *session, rest string) {
	kind, first, _ := strings.Cut(rest, " ")
	ask := func(prompt string) string {
		c.say("334 %s", base64.StdEncoding.EncodeToString([]byte(prompt)))
		text, _ := c.line()
		data, _ := base64.StdEncoding.DecodeString(text)
		return string(data)
	}
	var user, password string
	switch strings.ToUpper(kind) {
	case "PLAIN":
		data, _ := base64.StdEncoding.DecodeString(first)
		if parts := strings.Split(string(data), "\x00"); len(parts) == 3 {
			user, password = parts[1], parts[2]
		}
	case "LOGIN":
		user, password = ask("Username:"), ask("Password:")
	}
	if user != s.User || password != s.Password {
		c.say("535 wrong")
		return
	}
	c.user = user
	c.say("235 ok")
}

func (s *Server) take(c *session) bool {
	c.say("354 go on")
	var data bytes.Buffer
	for {
		text, err := c.in.ReadString('\n')
		if err != nil {
			return false
		}
		if text == ".\r\n" {
			break
		}
		data.WriteString(strings.TrimPrefix(text, "."))
	}
	s.mu.Lock()
	s.n++
	n := s.n
	s.mu.Unlock()
	answer := ""
	if s.Answer != nil {
		answer = s.Answer(c.to, n)
	}
	if answer != "" {
		c.say("%s", answer)
		return true
	}
	// accepted only if the sender is still there to hear it
	if _, err := fmt.Fprintf(c.conn, "250 accepted\r\n"); err != nil {
		return false
	}
	s.mu.Lock()
	s.messages = append(s.messages, Message{From: c.from, To: c.to, Data: data.Bytes(), Secure: c.secure, User: c.user})
	s.mu.Unlock()
	return true
}

func address(text string) string {
	_, after, _ := strings.Cut(text, "<")
	inside, _, _ := strings.Cut(after, ">")
	return inside
}

// Part is a part of a mail.
type Part struct {
	Kind, File string
	Body       []byte
}

// Read takes a mail apart.
func (m Message) Read(t testing.TB) (head mail.Header, parts []Part) {
	t.Helper()
	msg, err := mail.ReadMessage(bytes.NewReader(m.Data))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(kind, "multipart/") {
		return msg.Header, []Part{{Kind: kind, Body: decode(t, msg.Header.Get("Content-Transfer-Encoding"), msg.Body)}}
	}
	r := multipart.NewReader(msg.Body, params["boundary"])
	for {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return msg.Header, parts
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type"))
		parts = append(parts, Part{kind, p.FileName(), decode(t, p.Header.Get("Content-Transfer-Encoding"), p)})
	}
}

func decode(t testing.TB, how string, r io.Reader) []byte {
	t.Helper()
	switch strings.ToLower(how) {
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, r)
	case "quoted-printable":
		r = quotedprintable.NewReader(r)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
