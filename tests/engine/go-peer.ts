/**
 * A program for Go's net/http: `serve <port>` answers, `ask <url>` asks and prints what went wrong. Written out into a
 * temporary folder and built there.
 */
export const goProgram: string = `package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
)

func digest(body []byte) string { return fmt.Sprintf("%x", sha256.Sum256(body)) }

func serve(port string) {
	http.HandleFunc("/chunks", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Trailer", "X-Sum")
		for i := 0; i < 10; i++ {
			fmt.Fprintf(w, "%d;", i)
			w.(http.Flusher).Flush()
		}
		w.Header().Set("X-Sum", "45")
	})
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(err)
		}
		w.Header().Set("X-Digest", digest(body))
		w.Header().Set("X-Method", r.Method)
		fmt.Fprintf(w, "%s %s %d", r.Method, r.URL.RequestURI(), len(body))
	})
	panic(http.ListenAndServe("127.0.0.1:"+port, nil))
}

func fail(what string, args ...any) {
	fmt.Printf(what+"\\n", args...)
	os.Exit(1)
}

func ask(url string) {
	large := bytes.Repeat([]byte("go"), 1_000_000)
	bodies := map[string]func() (io.Reader, []byte){
		"none":    func() (io.Reader, []byte) { return nil, nil },
		"length":  func() (io.Reader, []byte) { return bytes.NewReader(large), large },
		"chunked": func() (io.Reader, []byte) { return io.MultiReader(bytes.NewReader(large)), large },
	}
	var group sync.WaitGroup
	for worker := 0; worker < 8; worker++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for round := 0; round < 20; round++ {
				for name, make := range bodies {
					reader, sent := make()
					request, _ := http.NewRequest("PUT", url+"/"+name+"?q=1", reader)
					request.Header.Set("Expect", map[bool]string{true: "100-continue"}[round%5 == 0 && sent != nil])
					if request.Header.Get("Expect") == "" {
						request.Header.Del("Expect")
					}
					answer, err := http.DefaultClient.Do(request)
					if err != nil {
						fail("%s: %v", name, err)
					}
					text, err := io.ReadAll(answer.Body)
					answer.Body.Close()
					if err != nil || answer.StatusCode != 200 {
						fail("%s: %d %v %s", name, answer.StatusCode, err, text)
					}
					if answer.Header.Get("X-Digest") != digest(sent) {
						fail("%s: another body arrived", name)
					}
				}
			}
		}()
	}
	group.Wait()
	answer, err := http.Get(url + "/chunks")
	if err != nil {
		fail("chunks: %v", err)
	}
	text, err := io.ReadAll(answer.Body)
	if err != nil || string(text) != "0;1;2;3;4;5;6;7;8;9;" || answer.Trailer.Get("X-Sum") != "45" {
		fail("chunks: %v %s %v", err, text, answer.Trailer)
	}
	halfClose(url)
	fmt.Println(strings.Repeat("ok", 1))
}

// Ends its side after each request and still wants the answer.
func halfClose(url string) {
	for _, request := range []string{
		"GET /half HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n",
		"PUT /half HTTP/1.1\\r\\nHost: h\\r\\nContent-Length: 5\\r\\n\\r\\nhello",
	} {
		connection, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		if err != nil {
			fail("half: %v", err)
		}
		connection.Write([]byte(request))
		connection.(*net.TCPConn).CloseWrite()
		answer, err := io.ReadAll(connection)
		if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 200") {
			fail("half: %v %s", err, answer)
		}
		connection.Close()
	}
}

func main() {
	if os.Args[1] == "serve" {
		serve(os.Args[2])
	} else {
		ask(os.Args[2])
	}
}
`;
