// Go's ReverseProxy as someone sets it up who has measured it: one proxy, a transport that keeps as many connections
// as there are requests, copy buffers from a pool, no compression of its own.
//
// go-tuned <port> <upstream port> [<certificate> <key>]
package main

import (
	"crypto/rand"
	"encoding/hex"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"sync"
	"time"
)

const copyBytes = 64 * 1024

// buffers lends the buffers in which bodies are copied.
type buffers struct{ pool sync.Pool }

func (b *buffers) Get() []byte  { return *b.pool.Get().(*[]byte) }
func (b *buffers) Put(x []byte) { b.pool.Put(&x) }

func requestID() string {
	var id [16]byte
	rand.Read(id[:])
	return hex.EncodeToString(id[:])
}

func main() {
	upstream, err := url.Parse("http://127.0.0.1:" + os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	lent := &buffers{pool: sync.Pool{New: func() any {
		fresh := make([]byte, copyBytes)
		return &fresh
	}}}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(upstream)
			r.SetXForwarded()
			r.Out.Host = r.In.Host
			r.Out.Header.Set("Via", "1.1 go")
			r.Out.Header.Set("X-Request-Id", requestID())
		},
		Transport: &http.Transport{
			MaxIdleConns:        0,
			MaxIdleConnsPerHost: 256,
			IdleConnTimeout:     time.Minute,
			DisableCompression:  true,
			ReadBufferSize:      16 * 1024,
			WriteBufferSize:     16 * 1024,
		},
		BufferPool: lent,
	}
	server := &http.Server{
		Addr:              "127.0.0.1:" + os.Args[1],
		Handler:           proxy,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       time.Hour,
	}
	if len(os.Args) > 3 {
		log.Fatal(server.ListenAndServeTLS(os.Args[3], os.Args[4]))
	}
	log.Fatal(server.ListenAndServe())
}
