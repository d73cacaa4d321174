// Stock-service says how much of an article is in stock. It is one service of a Flotilla fleet.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const name = "stock-service"

var stock = map[string]int{"apple": 120, "pear": 40, "quince": 0}

// routes answers requests. Once ctx has ended, it still does, but says that it is not ready for more.
func routes(ctx context.Context) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/stock/", func(w http.ResponseWriter, r *http.Request) {
		article := strings.TrimPrefix(r.URL.Path, "/stock/")
		if available, known := stock[article]; known {
			reply(w, http.StatusOK, map[string]any{"article": article, "available": available})
		} else {
			reply(w, http.StatusNotFound, map[string]any{"title": "No such article", "status": 404})
		}
	})
	mux.HandleFunc("/health", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, map[string]any{"status": "healthy", "timestamp": time.Now()})
	})
	mux.HandleFunc("/ready", func(w http.ResponseWriter, _ *http.Request) {
		if ctx.Err() == nil {
			reply(w, http.StatusOK, map[string]any{"status": "ready", "timestamp": time.Now()})
		} else {
			reply(w, http.StatusServiceUnavailable, map[string]any{"title": "Shutting down", "status": 503})
		}
	})
	return mux
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	if status >= 400 {
		w.Header().Set("Content-Type", "application/problem+json")
	}
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	leaseMs, err := strconv.Atoi(env("LEASE_MS", "15000"))
	if err != nil {
		say("error", "LEASE_MS must be a number of milliseconds: %v", err)
		os.Exit(78)
	}
	host := env("SERVER_HOST", "127.0.0.1")
	listener, err := net.Listen("tcp", net.JoinHostPort(host, env("SERVER_PORT", env("PORT", "8011"))))
	if err != nil {
		say("error", "Cannot listen: %v. Set SERVER_PORT to a free port.", err)
		os.Exit(78)
	}
	server := &http.Server{Handler: routes(ctx), ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(listener)
	say("info", "listening on http://%v", listener.Addr())

	keepRegistered(ctx, registration{
		Name: name, Address: env("ADVERTISE_ADDRESS", host), Port: listener.Addr().(*net.TCPAddr).Port,
		ID: env("INSTANCE_ID", ""), LeaseMs: leaseMs,
	})
	drain, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := server.Shutdown(drain); err != nil {
		say("warn", "Some requests were cut off: %v", err)
	}
	say("info", "stopped")
}

func env(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}

// say writes one line of JSON to the log.
func say(level, format string, values ...any) {
	line := map[string]any{"level": level, "time": time.Now(), "service": name, "msg": fmt.Sprintf(format, values...)}
	json.NewEncoder(os.Stdout).Encode(line)
}
