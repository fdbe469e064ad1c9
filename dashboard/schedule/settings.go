// Package schedule does what a workspace wants done without being asked: it
// takes the exports of the night, calculates, and makes and delivers the
// month's reports, each delivery once whatever happens to the program.
package schedule

import (
	"errors"
	"fmt"
	"net/mail"
	"os"
	"slices"
	"strings"
	"time"

	"levelfield/dashboard/i18n"
	"levelfield/dashboard/report"
)

// Mail is how reports are mailed: mail: of levelfield.yaml.
type Mail struct {
	Host     string `yaml:"host"`     // SMTP server; "" for no mail
	Port     int    `yaml:"port"`     // 587 where empty
	Security string `yaml:"security"` // starttls (where empty), tls or none
	User     string `yaml:"user"`     // "" where the server asks for none
	Password string `yaml:"password"` // name of the environment variable that holds it
	From     string `yaml:"from"`     // sender, such as "Sales <sales@example.com>"
	Link     string `yaml:"-"`        // address of the dashboard, for links in mails: serve.public_url
	Attach   *bool  `yaml:"attach"`   // attach the PDF (where empty), or send the link only
	Domain   string `yaml:"domain"`   // accounts whose name is no address are reached at name@domain
}

// Settings is what is done when: schedule: of levelfield.yaml.
type Settings struct {
	Zone       string      `yaml:"zone"`       // time zone of the times below, such as Asia/Shanghai; the machine's where empty
	Night      string      `yaml:"night"`      // time at which exports are loaded and the open month calculated, such as 02:30; "" for never
	DraftDay   int         `yaml:"draft_day"`  // working day of the next month on which drafts go out; 0 for never
	DraftTime  string      `yaml:"draft_time"` // 08:00 where empty
	AfterClose bool        `yaml:"after_close"`
	Everyone   bool        `yaml:"everyone"` // a file for the company, every region, team and person
	Langs      []i18n.Lang `yaml:"langs"`    // of those files; the workspace's where empty
	Recipients []Recipient `yaml:"recipients"`
}

// Recipient gets a report by mail.
type Recipient struct {
	Name   string      `yaml:"name"`
	Mail   string      `yaml:"mail"`
	Report report.Kind `yaml:"report"`
	Unit   string      `yaml:"unit"` // id of the region, team or person; "" for the company
	Lang   i18n.Lang   `yaml:"lang"` // the workspace's where empty
}

// Check returns all mistakes of both settings, each with its place in
// levelfield.yaml.
func Check(m Mail, s Settings) []error {
	var wrong []error
	add := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	if m.Host != "" {
		if _, err := mail.ParseAddress(m.From); err != nil {
			add("mail.from: %q is no address; write it as \"Sales <sales@example.com>\"", m.From)
		}
	}
	if m.Port < 0 || m.Port > 65535 {
		add("mail.port: %d is no port; 587 is usual", m.Port)
	}
	if !slices.Contains([]string{"", "starttls", "tls", "none"}, m.Security) {
		add("mail.security: %q is unknown; write starttls, tls or none", m.Security)
	}
	if m.User != "" && m.Password == "" {
		add("mail.password: missing; write the name of the environment variable that holds the password of %s", m.User)
	}
	if m.Attach != nil && !*m.Attach && m.Link == "" {
		add("mail.attach: false sends the dashboard's address instead of the file, and serve.public_url is empty")
	}
	if _, err := s.zone(); err != nil {
		add("schedule.zone: %q is no time zone; write one such as Asia/Shanghai", s.Zone)
	}
	for name, text := range map[string]string{"night": s.Night, "draft_time": s.DraftTime} {
		if _, err := clockTime(text); text != "" && err != nil {
			add("schedule.%s: %q is no time of day; write it as 02:30", name, text)
		}
	}
	if s.DraftDay < 0 || s.DraftDay > 15 {
		add("schedule.draft_day: %d is no working day of a month's first weeks; write 1 to 15, or 0 for no drafts", s.DraftDay)
	}
	for _, lang := range s.Langs {
		if !slices.Contains(i18n.Langs, lang) {
			add("schedule.langs: %q is unknown; write zh-CN or en", lang)
		}
	}
	for i, r := range s.Recipients {
		at := fmt.Sprintf("schedule.recipients[%d]", i+1)
		if _, err := mail.ParseAddress(r.Mail); err != nil {
			add("%s.mail: %q is no mail address", at, r.Mail)
		}
		if !slices.Contains(report.Kinds, r.Report) {
			add("%s.report: %q is unknown; write executive, region, team or statement", at, r.Report)
		}
		if (r.Report == report.ForCompany) != (r.Unit == "") && slices.Contains(report.Kinds, r.Report) {
			add("%s.unit: %q does not go with %s; a region, team or statement needs the unit's id, the company has none", at, r.Unit, r.Report)
		}
		if !slices.Contains(append(i18n.Langs, ""), r.Lang) {
			add("%s.lang: %q is unknown; write zh-CN or en", at, r.Lang)
		}
	}
	slices.SortFunc(wrong, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return wrong
}

func (s Settings) zone() (*time.Location, error) {
	if s.Zone == "" {
		return time.Local, nil
	}
	return time.LoadLocation(s.Zone)
}

// clockTime reads a time of day as minutes after midnight.
func clockTime(text string) (int, error) {
	t, err := time.Parse("15:04", text)
	return t.Hour()*60 + t.Minute(), err
}

func (m Mail) password() (string, error) {
	if m.User == "" {
		return "", nil
	}
	if p := os.Getenv(m.Password); p != "" {
		return p, nil
	}
	return "", errors.New("mail: the environment variable " + m.Password + " is empty; set it to the password of " + m.User)
}

// attaches reports whether mails carry the PDF.
func (m Mail) attaches() bool { return m.Attach == nil || *m.Attach }
