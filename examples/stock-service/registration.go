package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// registration is what the registry is told about this instance.
type registration struct {
	Name    string `json:"name"`
	Address string `json:"address"`
	Port    int    `json:"port"`
	ID      string `json:"id,omitempty"` // The registry makes one if there is none.
	LeaseMs int    `json:"lease_ms"`     // How long it is kept without a renewal.
}

var client = http.Client{Timeout: 2 * time.Second}

// Programs that are started together miss each other for a moment: fewer failures in a row are not worth a warning.
const patience = 4

// keepRegistered registers this instance and renews its lease until ctx ends, then deregisters it. It keeps trying while
// the registry is away, and registers again if the registry no longer knows the instance.
func keepRegistered(ctx context.Context, self registration) {
	secret := make([]byte, 16)
	rand.Read(secret)
	token := fmt.Sprintf("%x", secret) // Whoever shows it may renew and end the registration, nobody else.

	method, path, failures := "POST", "/register", 0
	for ctx.Err() == nil {
		status, answer := ask(method, path, token, self)
		if status == 200 && (json.Unmarshal(answer, &struct{ Instance *registration }{&self}) != nil || self.ID == "") {
			status, answer = 0, []byte("REGISTRY_URL does not lead to a Flotilla registry")
		}
		wait := time.Duration(self.LeaseMs) * time.Millisecond / 3
		if status == 200 {
			if method == "POST" || failures >= patience {
				say("info", "registered as %s", self.ID)
			}
			method, path, failures = "PUT", "/services/"+self.Name+"/instances/"+self.ID+"/lease", 0
		} else {
			if failures++; failures == patience {
				say("warn", "Not registered; trying again. The registry's answer to %s %s: %s", method, path, answer)
			}
			if wait = 3 * time.Second; failures < 5 {
				wait = 100 * time.Millisecond << failures
			}
			if status == 404 || status == 409 { // Forgotten, or another process has taken the id or the address.
				method, path = "POST", "/register"
			}
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
		}
	}
	if self.ID == "" {
		return
	}
	if status, answer := ask("DELETE", "/services/"+self.Name+"/instances/"+self.ID, token, self); status == 0 || status >= 500 {
		say("warn", "Cannot deregister; the registry drops this instance when its lease runs out: %s", answer)
	}
}

// ask sends one request to the registry and returns status and body of the answer; status 0 and the reason without one.
func ask(method, path, token string, self registration) (int, []byte) {
	body, _ := json.Marshal(self)
	registry := strings.TrimSuffix(env("REGISTRY_URL", "http://127.0.0.1:8500"), "/")
	request, err := http.NewRequest(method, registry+path, bytes.NewReader(body))
	if err != nil {
		return 0, []byte(err.Error())
	}
	request.Header = http.Header{"Content-Type": {"application/json"}, "X-Registration-Token": {token}}
	response, err := client.Do(request)
	if err != nil {
		return 0, []byte(err.Error())
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, []byte(err.Error())
	}
	return response.StatusCode, answer
}
