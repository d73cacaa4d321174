package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func get(t *testing.T, ctx context.Context, path string) (int, string) {
	t.Helper()
	answer := httptest.NewRecorder()
	routes(ctx).ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
	return answer.Code, answer.Body.String()
}

func TestSaysHowMuchIsInStock(t *testing.T) {
	status, body := get(t, context.Background(), "/stock/apple")
	if status != 200 || !strings.Contains(body, `"available":120`) {
		t.Errorf("got %d %s", status, body)
	}
	if status, _ := get(t, context.Background(), "/stock/unknown"); status != 404 {
		t.Errorf("got %d for an unknown article", status)
	}
}

func TestIsNotReadyOnceItStops(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	if status, _ := get(t, ctx, "/ready"); status != 200 {
		t.Errorf("got %d before the stop", status)
	}
	stop()
	if status, _ := get(t, ctx, "/ready"); status != 503 {
		t.Errorf("got %d after the stop", status)
	}
	if status, _ := get(t, ctx, "/health"); status != 200 {
		t.Errorf("got %d from /health after the stop", status)
	}
}
