// Stock-service says how much of an article is in stock: one service of a Flotilla fleet.
package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

const lease = 10 * time.Second // How long the registry keeps this instance without a renewal.
var stock = map[string]int{"apple": 120, "pear": 40, "quince": 0}

func getArticle(w http.ResponseWriter, r *http.Request) {
	if available, known := stock[r.PathValue("article")]; known {
		reply(w, map[string]any{"article": r.PathValue("article"), "available": available})
	} else {
		http.NotFound(w, r)
	}
}

func reply(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(body)
}

func main() {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)))
	ctx, _ := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	http.HandleFunc("GET /stock", func(w http.ResponseWriter, r *http.Request) { reply(w, stock) })
	http.HandleFunc("GET /stock/{article}", getArticle)
	http.HandleFunc("GET /health", func(http.ResponseWriter, *http.Request) {}) // 200 says it all.
	http.HandleFunc("GET /ready", func(http.ResponseWriter, *http.Request) {})
	host := cmp.Or(os.Getenv("SERVER_HOST"), "127.0.0.1")
	ln, err := net.Listen("tcp", net.JoinHostPort(host, cmp.Or(os.Getenv("SERVER_PORT"), "8011")))
	if err != nil {
		slog.Error("Cannot listen. Set SERVER_PORT to a free port.", "error", err)
		os.Exit(78)
	}
	slog.Info("listening", "address", ln.Addr().String())
	server := http.Server{ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(ln)
	keepRegistered(ctx, host, ln.Addr().(*net.TCPAddr).Port)
	server.Shutdown(context.Background()) // Waits for the requests in progress.
}

// keepRegistered registers this instance and renews its lease until ctx ends, then deregisters it.
func keepRegistered(ctx context.Context, address string, port int) {
	id := cmp.Or(os.Getenv("INSTANCE_ID"), fmt.Sprintf("stock-service-%s-%d", address, port))
	self, _ := json.Marshal(map[string]any{"name": "stock-service", "id": id, "address": address,
		"port": port, "lease_ms": lease.Milliseconds()})
	token, path := rand.Text(), "/services/stock-service/instances/"+id
	for attempt := 1; ctx.Err() == nil; attempt++ {
		wait := min(time.Duration(attempt)*200*time.Millisecond, lease/3)
		if call("PUT", path+"/lease", token, "") == nil {
			attempt, wait = 0, lease/3
		} else if err := call("POST", "/register", token, string(self)); err == nil { // New or forgotten.
			slog.Info("registered", "id", id)
			attempt, wait = 0, lease/3
		} else if attempt == 4 { // Programs that start together miss each other for a moment.
			slog.Warn("Cannot register; retrying", "error", err)
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
		}
	}
	call("DELETE", path, token, "") // If that fails, the lease runs out by itself.
}

// call sends one request to the registry. Any answer but a success is an error.
func call(method, path, token, body string) error {
	registry := strings.TrimSuffix(cmp.Or(os.Getenv("REGISTRY_URL"), "http://127.0.0.1:8500"), "/")
	request, err := http.NewRequest(method, registry+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	request.Header = http.Header{"Content-Type": {"application/json"}, "X-Registration-Token": {token}}
	response, err := (&http.Client{Timeout: 2 * time.Second}).Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if response.StatusCode >= 300 {
		err = fmt.Errorf("%s %s: %s: %s", method, path, response.Status, answer)
	}
	return err
}
