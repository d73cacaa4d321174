// The proxy of the tutorial that Flotilla started from: a ReverseProxy made anew for each request, on the default
// transport, which keeps two connections to the upstream.
//
// go-tutorial <port> <upstream port> [<certificate> <key>]
package main

import (
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
)

func main() {
	handle := func(w http.ResponseWriter, r *http.Request) {
		target, _ := url.Parse("http://127.0.0.1:" + os.Args[2])
		// What the upstream insists on here and the tutorial leaves out; X-Forwarded-For comes by itself.
		r.Header.Set("X-Forwarded-Proto", "http")
		httputil.NewSingleHostReverseProxy(target).ServeHTTP(w, r)
	}
	http.HandleFunc("/", handle)
	address := "127.0.0.1:" + os.Args[1]
	if len(os.Args) > 3 {
		log.Fatal(http.ListenAndServeTLS(address, os.Args[3], os.Args[4], nil))
	}
	log.Fatal(http.ListenAndServe(address, nil))
}
