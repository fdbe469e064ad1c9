package main

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"levelfield/dashboard/auth"
)

// oidcConfig is the company's own sign-in service; without an issuer there is
// none.
type oidcConfig struct {
	Issuer       string           `yaml:"issuer"`
	ClientID     string           `yaml:"client_id"`
	SecretEnv    string           `yaml:"secret_env"`
	SecretFile   string           `yaml:"secret_file"`
	Name         string           `yaml:"name"`
	UserClaim    string           `yaml:"user_claim"`
	RoleClaim    string           `yaml:"role_claim"`
	Roles        []auth.GroupRole `yaml:"roles"`
	RepClaim     string           `yaml:"rep_claim"`
	RegionsClaim string           `yaml:"regions_claim"`
	TeamsClaim   string           `yaml:"teams_claim"`
}

// mistakes returns all that is wrong with the settings. Whether the secret is
// there is asked when the service is used: other commands do not need it.
func (o oidcConfig) mistakes(publicURL string) (wrong []error) {
	if o.Issuer == "" {
		return nil
	}
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	u, err := url.Parse(o.Issuer)
	switch {
	case err != nil || u.Host == "":
		say("oidc.issuer: %q is not an address; write the service's issuer, such as https://login.example.com", o.Issuer)
	case u.Scheme != "https" && !(u.Scheme == "http" && isThisMachine(u.Hostname())):
		say("oidc.issuer: %q is read by everybody on the way; write an address with https", o.Issuer)
	}
	if o.ClientID == "" {
		say("oidc.client_id: missing; write what the service calls this program")
	}
	if (o.SecretEnv == "") == (o.SecretFile == "") {
		say("oidc: the secret comes from an environment variable or from a file; fill either secret_env or secret_file")
	}
	if publicURL == "" {
		say("serve.public_url: missing; the sign-in service sends people back to it")
	}
	if o.RoleClaim == "" {
		if len(o.Roles) > 0 {
			say("oidc.roles: nothing says which groups a person is in; write the claim with his groups into oidc.role_claim")
		}
		return wrong
	}
	if len(o.Roles) == 0 {
		say("oidc.roles: missing; with oidc.role_claim every role comes from a group, such as {group: sales-board, role: executive}")
	}
	for i, line := range o.Roles {
		if line.Group == "" {
			say("oidc.roles: line %d has no group", i+1)
		}
		if !auth.IsRole(string(line.Role)) {
			say("oidc.roles: line %d names the role %q; roles are %s", i+1, line.Role, roleNames())
		}
		if line.Role == auth.Rep && o.RepClaim == "" {
			say("oidc.rep_claim: missing; the group %s makes reps, whose id in the data has to be known", line.Group)
		}
		if line.Role == auth.Manager && o.RegionsClaim == "" && o.TeamsClaim == "" {
			say("oidc.regions_claim: missing; the group %s makes managers, whose regions or teams have to be known", line.Group)
		}
	}
	return wrong
}

func isThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func roleNames() string {
	var names []string
	for _, r := range auth.Roles {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

// service returns the sign-in service of the settings, nil for none.
func (o oidcConfig) service(dir, publicURL string) (*auth.OIDC, error) {
	if o.Issuer == "" {
		return nil, nil
	}
	secret := os.Getenv(o.SecretEnv)
	if o.SecretFile != "" {
		path := o.SecretFile
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("oidc.secret_file: %w", err)
		}
		secret = strings.TrimSpace(string(data))
	}
	if secret == "" {
		return nil, errors.New("oidc: the secret is empty; set the environment variable of oidc.secret_env, or write the secret into the file of oidc.secret_file")
	}
	return &auth.OIDC{
		Issuer: o.Issuer, ClientID: o.ClientID, Secret: secret, Redirect: strings.TrimRight(publicURL, "/") + "/oidc/back",
		Name: cmp.Or(o.Name, o.Issuer), UserClaim: cmp.Or(o.UserClaim, "email"), RoleClaim: o.RoleClaim, Roles: o.Roles,
		RepClaim: o.RepClaim, RegionsClaim: o.RegionsClaim, TeamsClaim: o.TeamsClaim,
	}, nil
}
