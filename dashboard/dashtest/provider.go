package dashtest

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"levelfield/dashboard/auth"
)

// Provider is a sign-in service for tests: it lets in whoever it is told to.
type Provider struct {
	*httptest.Server
	key      *rsa.PrivateKey // that the service publishes
	Signer   *rsa.PrivateKey // that signs; nil: that key, a forger has another
	Claims   map[string]any  // of the next token, over the usual ones
	Trip     url.Values      // of the last start
	IsProven bool            // the code came with the verifier of its challenge
	IsDown   bool
}

// NewProvider starts a sign-in service that ends with the test.
func NewProvider(t testing.TB) *Provider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &Provider{key: key}
	mux := http.NewServeMux()
	answer := func(path string, value func(r *http.Request) any) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			if p.IsDown {
				http.Error(w, "down", http.StatusServiceUnavailable)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			if err := json.NewEncoder(w).Encode(value(r)); err != nil {
				t.Error(err)
			}
		})
	}
	answer("/.well-known/openid-configuration", func(*http.Request) any {
		return map[string]any{"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}}
	})
	answer("/keys", func(*http.Request) any {
		return map[string]any{"keys": []any{map[string]string{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "1", "n": base64.RawURLEncoding.EncodeToString(key.N.Bytes()), "e": "AQAB"}}}
	})
	answer("/token", func(r *http.Request) any {
		sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
		p.IsProven = base64.RawURLEncoding.EncodeToString(sum[:]) == p.Trip.Get("code_challenge") && p.Trip.Get("code_challenge_method") == "S256"
		return map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": p.token(t)}
	})
	mux.HandleFunc("/authorize", func(w http.ResponseWriter, r *http.Request) { // lets the person in at once
		p.Trip = r.URL.Query()
		back := p.Trip.Get("redirect_uri") + "?" + url.Values{"code": {"c"}, "state": {p.Trip.Get("state")}}.Encode()
		http.Redirect(w, r, back, http.StatusSeeOther)
	})
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

// token signs the next token.
func (p *Provider) token(t testing.TB) string {
	claims := map[string]any{"iss": p.URL, "aud": "levelfield", "sub": "1", "exp": time.Now().Add(time.Hour).Unix(), "iat": time.Now().Unix(), "nonce": p.Trip.Get("nonce"), "email_verified": true}
	maps.Copy(claims, p.Claims)
	part := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			t.Error(err)
		}
		return base64.RawURLEncoding.EncodeToString(text)
	}
	signed := part(map[string]string{"alg": "RS256", "kid": "1", "typ": "JWT"}) + "." + part(claims)
	sum := sha256.Sum256([]byte(signed))
	signer := p.key
	if p.Signer != nil {
		signer = p.Signer
	}
	signature, err := rsa.SignPKCS1v15(rand.Reader, signer, crypto.SHA256, sum[:])
	if err != nil {
		t.Error(err)
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// Service is how a program at an address asks the service.
func (p *Provider) Service(at string) *auth.OIDC {
	return &auth.OIDC{Issuer: p.URL, ClientID: "levelfield", Secret: "s", Redirect: at + "/oidc/back", Name: "Company", UserClaim: "email"}
}
