package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// OIDC lets people in by the company's own sign-in service (OpenID Connect
// Core 1.0, code flow with state, nonce and PKCE). It proves a name; what that
// person may do stands in his account, or where RoleClaim is set in the
// service's groups.
type OIDC struct {
	Issuer   string // address of the service, as it names itself
	ClientID string
	Secret   string
	Redirect string // address of this program's /oidc/back
	Name     string // of the service, on the sign-in page
	// UserClaim holds the name of the account. People must not be able to
	// change it themselves.
	UserClaim string
	// RoleClaim holds a group or a list of groups; "" leaves roles to the
	// accounts. Roles says which group is which role, the first that fits counts.
	RoleClaim string
	Roles     []GroupRole
	// RepClaim, RegionsClaim and TeamsClaim hold the units of a person whose
	// role comes from the service; "" for none.
	RepClaim, RegionsClaim, TeamsClaim string

	Client *http.Client     // 10 seconds a request where nil
	Now    func() time.Time // time.Now where nil

	mu       sync.Mutex
	provider *oidc.Provider
}

// GroupRole is one line of the mapping from groups of the service to roles.
type GroupRole struct {
	Group string `yaml:"group"`
	Role  Role   `yaml:"role"`
}

// Trip is what a sign-in has to remember until the person comes back.
type Trip struct{ State, Nonce, Verifier string }

// Proof is what the service says of a person it let in.
type Proof struct {
	Name  string // of the account
	Title string // as shown; "" where the service does not say
	// HasRole: the role and its units come from the service.
	HasRole        bool
	Role           Role // "" where none of his groups is one
	RepID          string
	Regions, Teams []string
}

// ErrNotProven is the answer to a person who comes back without proof.
var ErrNotProven = errors.New("the sign-in service gave no proof of who this is")

// discover asks the service for its addresses and keys, until it has answered
// once: it may be down when the program starts.
func (o *OIDC) discover(ctx context.Context) (*oidc.Provider, *oauth2.Config, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.provider == nil {
		// The provider keeps the context for later fetches of keys.
		p, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), o.client()), o.Issuer)
		if err != nil {
			return nil, nil, fmt.Errorf("sign-in service %s: %w", o.Issuer, err)
		}
		o.provider = p
	}
	return o.provider, &oauth2.Config{
		ClientID: o.ClientID, ClientSecret: o.Secret, Endpoint: o.provider.Endpoint(), RedirectURL: o.Redirect,
		Scopes: []string{oidc.ScopeOpenID, "profile", "email"},
	}, nil
}

func (o *OIDC) client() *http.Client {
	if o.Client != nil {
		return o.Client
	}
	return &http.Client{Timeout: 10 * time.Second}
}

// Start returns where to send a person and what to remember meanwhile.
func (o *OIDC) Start(ctx context.Context) (address string, trip Trip, err error) {
	_, config, err := o.discover(ctx)
	if err != nil {
		return "", trip, err
	}
	trip = Trip{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier()}
	return config.AuthCodeURL(trip.State, oidc.Nonce(trip.Nonce), oauth2.S256ChallengeOption(trip.Verifier)), trip, nil
}

// Finish returns what the service proves of a person who came back with a
// state and a code; ErrNotProven where it proves nothing.
func (o *OIDC) Finish(ctx context.Context, trip Trip, state, code string) (*Proof, error) {
	if trip.State == "" || state != trip.State || code == "" {
		return nil, fmt.Errorf("%w: the answer is not to a question of this browser", ErrNotProven)
	}
	provider, config, err := o.discover(ctx)
	if err != nil {
		return nil, err
	}
	ctx = oidc.ClientContext(ctx, o.client())
	tokens, err := config.Exchange(ctx, code, oauth2.VerifierOption(trip.Verifier))
	if err != nil {
		return nil, errors.Join(ErrNotProven, err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	id, err := provider.Verifier(&oidc.Config{ClientID: o.ClientID, Now: o.Now}).Verify(ctx, raw)
	if err != nil {
		return nil, errors.Join(ErrNotProven, err)
	}
	if id.Nonce != trip.Nonce {
		return nil, fmt.Errorf("%w: the token was made for another sign-in", ErrNotProven)
	}
	var claims map[string]any
	if err := id.Claims(&claims); err != nil {
		return nil, errors.Join(ErrNotProven, err)
	}
	return o.proof(claims)
}

// proof reads the claims of a verified token.
func (o *OIDC) proof(claims map[string]any) (*Proof, error) {
	name, _ := claims[o.UserClaim].(string)
	if name = strings.TrimSpace(name); name == "" {
		return nil, fmt.Errorf("%w: the token has no claim %s", ErrNotProven, o.UserClaim)
	}
	if isVerified, says := claims["email_verified"].(bool); o.UserClaim == "email" && says && !isVerified {
		return nil, fmt.Errorf("%w: the address %s is not verified", ErrNotProven, name)
	}
	p := &Proof{Name: name, HasRole: o.RoleClaim != ""}
	p.Title, _ = claims["name"].(string)
	if !p.HasRole {
		return p, nil
	}
	groups := texts(claims[o.RoleClaim])
	for _, line := range o.Roles {
		if slices.Contains(groups, line.Group) {
			p.Role = line.Role
			break
		}
	}
	if reps := texts(claims[o.RepClaim]); len(reps) > 0 {
		p.RepID = reps[0]
	}
	p.Regions, p.Teams = texts(claims[o.RegionsClaim]), texts(claims[o.TeamsClaim])
	return p, nil
}

// texts reads a claim that is a text or a list of texts.
func texts(claim any) (all []string) {
	switch claim := claim.(type) {
	case string:
		if claim != "" {
			all = []string{claim}
		}
	case []any:
		for _, v := range claim {
			if text, ok := v.(string); ok && text != "" {
				all = append(all, text)
			}
		}
	}
	return all
}
