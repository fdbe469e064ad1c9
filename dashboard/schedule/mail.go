package schedule

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"levelfield/dashboard/i18n"
	"levelfield/dashboard/store"
)

// mailer sends one mail at a time over connections of its own.
type mailer struct {
	settings Mail
	roots    *x509.CertPool // nil for the machine's
}

// letter is a mail to send.
type letter struct {
	id       string // Message-ID without brackets
	to, name string
	subject  string
	body     string
	stop     string // address that unsubscribes, "" for none
	file     string // name of the attachment, "" for none
	data     []byte
	date     time.Time
}

// permanent marks a refusal that no other try changes.
type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

func (m mailer) client() (*gomail.Client, error) {
	s := m.settings
	password, err := s.password()
	if err != nil {
		return nil, err
	}
	port := s.Port
	if port == 0 {
		port = 587
	}
	options := []gomail.Option{gomail.WithPort(port), gomail.WithTimeout(30 * time.Second),
		gomail.WithTLSConfig(&tls.Config{ServerName: s.Host, RootCAs: m.roots, MinVersion: tls.VersionTLS12})}
	switch s.Security {
	case "", "starttls":
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case "tls":
		options = append(options, gomail.WithSSL())
	case "none":
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if s.User != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.User), gomail.WithPassword(password))
	}
	return gomail.NewClient(s.Host, options...)
}

// send hands a letter to the server. An error is permanent where the server
// said so.
func (m mailer) send(ctx context.Context, l letter) error {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	from, err := mail.ParseAddress(m.settings.From)
	if err != nil {
		return fmt.Errorf("mail.from: %w", err)
	}
	msg.FromMailAddress(from)
	msg.ToMailAddress(&mail.Address{Name: l.name, Address: l.to})
	msg.Subject(l.subject)
	msg.SetMessageIDWithValue(l.id)
	msg.SetDateWithValue(l.date)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	if l.stop != "" {
		msg.SetGenHeader(gomail.HeaderListUnsubscribe, "<"+l.stop+">")
		msg.SetGenHeader(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	msg.SetBodyString(gomail.TypeTextPlain, l.body)
	if l.file != "" {
		if err := msg.AttachReader(l.file, bytes.NewReader(l.data), gomail.WithFileContentType("application/pdf")); err != nil {
			return err
		}
	}
	c, err := m.client()
	if err != nil {
		return err
	}
	if err := c.DialAndSendWithContext(ctx, msg); err != nil {
		err = fmt.Errorf("mail to %s over %s: %w", l.to, m.settings.Host, err)
		if refused := (*gomail.SendError)(nil); errors.As(err, &refused) && !refused.IsTemp() && refused.ErrorCode() >= 500 {
			return permanent{err}
		}
		return err
	}
	return nil
}

// messageID is the same for every try of a delivery, so that a mail which was
// handed over just before the program died is known when it comes again.
func messageID(d store.Delivery, from string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{d.Report, d.UnitID, d.Month.Format(time.DateOnly), d.RunID, d.Lang, strings.ToLower(d.Recipient)}, "\x1f")))
	domain := "levelfield"
	if a, err := mail.ParseAddress(from); err == nil {
		_, domain, _ = strings.Cut(a.Address, "@")
	}
	return "report." + hex.EncodeToString(sum[:16]) + "@" + domain
}

// words is the body of a mail: the finding, where the report is, how to check
// it and how to get no more.
func (m mailer) words(lang i18n.Lang, name, finding, title, stop string, path string) string {
	t := lang.T
	lines := []string{t("mail.hello", "name", name), "", finding, ""}
	if m.settings.attaches() {
		lines = append(lines, t("mail.attached", "title", title))
	}
	if m.settings.Link != "" {
		lines = append(lines, t("mail.link", "address", strings.TrimSuffix(m.settings.Link, "/")+path))
	}
	lines = append(lines, "", t("mail.automatic"))
	if stop != "" {
		lines = append(lines, t("mail.stop", "address", stop))
	}
	return strings.Join(lines, "\n") + "\n"
}
