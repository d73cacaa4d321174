package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func get(article string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodGet, "/stock/"+article, nil)
	request.SetPathValue("article", article)
	answer := httptest.NewRecorder()
	getArticle(answer, request)
	return answer
}

func TestSaysHowMuchIsInStock(t *testing.T) {
	answer := get("quince")
	if answer.Code != 200 || !strings.Contains(answer.Body.String(), `"available":0`) {
		t.Errorf("got %d %s", answer.Code, answer.Body)
	}
}

func TestAnswers404ForAnUnknownArticle(t *testing.T) {
	if answer := get("unknown"); answer.Code != 404 {
		t.Errorf("got %d %s", answer.Code, answer.Body)
	}
}
