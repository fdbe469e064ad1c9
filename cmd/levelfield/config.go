package main

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"levelfield/dashboard/schedule"
)

const configFile = "levelfield.yaml"

//go:embed levelfield.yaml
var configTemplate []byte

// config is levelfield.yaml: what is true of a workspace as a whole. Rules of
// calculation stand in plans/, not here.
type config struct {
	Company struct {
		Name  string `yaml:"name"`
		Short string `yaml:"short"`
	} `yaml:"company"`
	Currency string `yaml:"currency"`
	Lang     string `yaml:"lang"`
	Serve    struct {
		Address   string   `yaml:"address"`
		PublicURL string   `yaml:"public_url"`
		Proxies   []string `yaml:"proxies"`
	} `yaml:"serve"`
	OIDC     oidcConfig        `yaml:"oidc"`
	Mail     schedule.Mail     `yaml:"mail"`
	Schedule schedule.Settings `yaml:"schedule"`
}

var isCurrency = regexp.MustCompile(`^[A-Z]{3}$`).MatchString

// readConfig reads the workspace's levelfield.yaml and reports all its
// mistakes at once.
func (a *app) readConfig() (*config, error) {
	path := a.path(configFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usageError{fmt.Errorf("%s: not found: %s is no workspace; make one with `levelfield init %s` or name another with --dir", path, a.dir, a.dir)}
	}
	if err != nil {
		return nil, err
	}
	c, err := parseConfig(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if a.lang == "" {
		a.lang = c.Lang
	}
	return c, nil
}

func parseConfig(data []byte) (*config, error) {
	var c config
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&c); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	var mistakes []error
	if c.Company.Name == "" {
		mistakes = append(mistakes, errors.New("company.name: missing; write the company's name as pages and reports should show it"))
	}
	if !isCurrency(c.Currency) {
		mistakes = append(mistakes, fmt.Errorf("currency: %q is not a currency code; write three capital letters such as CNY", c.Currency))
	}
	if !slices.Contains([]string{"zh-CN", "en"}, c.Lang) {
		mistakes = append(mistakes, fmt.Errorf("lang: %q is unknown; write zh-CN or en", c.Lang))
	}
	if c.Serve.Address == "" {
		mistakes = append(mistakes, errors.New("serve.address: missing; write host:port such as 127.0.0.1:8080"))
	}
	if u, err := url.Parse(c.Serve.PublicURL); c.Serve.PublicURL != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || strings.Trim(u.Path, "/") != "") {
		mistakes = append(mistakes, fmt.Errorf("serve.public_url: %q is not an address; write what people type, such as https://sales.example.com", c.Serve.PublicURL))
	}
	for _, p := range c.Serve.Proxies {
		if _, err := netip.ParsePrefix(p); err != nil {
			if _, err := netip.ParseAddr(p); err != nil {
				mistakes = append(mistakes, fmt.Errorf("serve.proxies: %q is not an address; write them as 127.0.0.1 or 10.0.0.0/8", p))
			}
		}
	}
	c.Mail.Link = c.Serve.PublicURL
	mistakes = append(mistakes, schedule.Check(c.Mail, c.Schedule)...)
	mistakes = append(mistakes, c.OIDC.mistakes(c.Serve.PublicURL)...)
	return &c, errors.Join(mistakes...)
}
