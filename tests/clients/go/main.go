// A program with Consul's official Go client, as somebody would write one: registers, finds, watches with watch plans,
// holds a lock and a semaphore, and goes on when the server restarts. Usage: client <address>.
package main

import (
	"bufio"
	"fmt"
	"os"
	"sort"
	"strings"
	"time"

	"github.com/hashicorp/consul/api"
	"github.com/hashicorp/consul/api/watch"
)

var input = bufio.NewReader(os.Stdin)

func must(what string, err error) {
	if err != nil {
		fail("%s: %v", what, err)
	}
}

func fail(format string, args ...any) {
	fmt.Printf(format+"\n", args...)
	os.Exit(1)
}

func said(format string, args ...any) { fmt.Printf(format+"\n", args...) }

func restart() {
	fmt.Println("restart")
	if _, err := input.ReadString('\n'); err != nil {
		fail("restart: %v", err)
	}
}

// What a watch plan has seen, newest last.
type seen struct {
	values chan string
	last   string
}

func (s *seen) until(want string) time.Duration {
	began := time.Now()
	for {
		select {
		case s.last = <-s.values:
			if s.last == want {
				return time.Since(began)
			}
		case <-time.After(60 * time.Second):
			fail("waited for %q, last seen %q", want, s.last)
		}
	}
}

func watching(address string, params map[string]any, text func(any) string) *seen {
	plan, err := watch.Parse(params)
	must("watch", err)
	s := &seen{values: make(chan string, 1000)}
	plan.Handler = func(_ uint64, value any) { s.values <- text(value) }
	go func() { must("watch", plan.Run(address)) }()
	return s
}

func ids(value any) string {
	entries, _ := value.([]*api.ServiceEntry)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Service.ID+"="+entry.Checks.AggregatedStatus())
	}
	sort.Strings(names)
	return strings.Join(names, " ")
}

func key(value any) string {
	if pair, _ := value.(*api.KVPair); pair != nil {
		return string(pair.Value)
	}
	return "none"
}

func services(value any) string {
	var names []string
	for name := range value.(map[string][]string) {
		if name != "consul" {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return strings.Join(names, " ")
}

func main() {
	address := os.Args[1]
	config := api.DefaultConfig()
	config.Address = address
	client, err := api.NewClient(config)
	must("client", err)
	agent, kv := client.Agent(), client.KV()

	web := watching(address, map[string]any{"type": "service", "service": "web"}, ids)
	passing := watching(address, map[string]any{"type": "service", "service": "web", "passingonly": true}, ids)
	names := watching(address, map[string]any{"type": "services"}, services)
	setting := watching(address, map[string]any{"type": "key", "key": "settings/level"}, key)

	register := func(id string, port int) {
		must("register "+id, agent.ServiceRegister(&api.AgentServiceRegistration{
			ID: id, Name: "web", Port: port, Address: "127.0.0.1", Tags: []string{"v1"}, Meta: map[string]string{"zone": "a"},
			Check: &api.AgentServiceCheck{TTL: "60s"},
		}))
	}
	register("web-1", 8001)
	said("seen critical after %v", web.until("web-1=critical"))
	must("pass", agent.UpdateTTL("service:web-1", "well", api.HealthPassing))
	said("seen passing after %v", passing.until("web-1=passing"))
	names.until("web")
	register("web-2", 8002)
	must("pass", agent.PassTTL("service:web-2", "well"))
	said("second seen after %v", passing.until("web-1=passing web-2=passing"))
	must("fail", agent.FailTTL("service:web-2", "unwell"))
	said("failure seen after %v", passing.until("web-1=passing"))
	must("maintenance", agent.EnableServiceMaintenance("web-1", "upgrade"))
	passing.until("")
	must("maintenance", agent.DisableServiceMaintenance("web-1"))
	passing.until("web-1=passing")
	said("maintenance seen")

	entries, meta, err := client.Health().Service("web", "v1", true, &api.QueryOptions{WaitTime: time.Second})
	must("health", err)
	if len(entries) != 1 || entries[0].Service.Meta["zone"] != "a" || meta.LastIndex == 0 || !meta.KnownLeader {
		fail("health: %v %+v", entries, meta)
	}
	found, _, err := client.Catalog().Service("web", "", nil)
	must("catalog", err)
	if len(found) != 2 || found[0].ServicePort != 8001 {
		fail("catalog: %+v", found)
	}
	status, info, err := agent.AgentHealthServiceByID("web-2")
	must("agent health", err)
	if status != api.HealthCritical || info.Service.Port != 8002 {
		fail("agent health: %s %+v", status, info)
	}

	setting.until("none")
	_, err = kv.Put(&api.KVPair{Key: "settings/level", Value: []byte("debug"), Flags: 7}, nil)
	must("put", err)
	said("key seen after %v", setting.until("debug"))
	pair, _, err := kv.Get("settings/level", nil)
	must("get", err)
	if done, _, err := kv.CAS(&api.KVPair{Key: "settings/level", Value: []byte("info"), ModifyIndex: pair.ModifyIndex}, nil); err != nil || !done {
		fail("compare and set: %v %v", done, err)
	}
	if done, _, err := kv.CAS(&api.KVPair{Key: "settings/level", Value: []byte("no"), ModifyIndex: pair.ModifyIndex}, nil); err != nil || done {
		fail("compare and set an old one: %v %v", done, err)
	}
	setting.until("info")
	ok, answer, _, err := client.Txn().Txn(api.TxnOps{
		{KV: &api.KVTxnOp{Verb: api.KVSet, Key: "settings/a", Value: []byte("1")}},
		{KV: &api.KVTxnOp{Verb: api.KVGet, Key: "settings/level"}},
	}, nil)
	if must("transaction", err); !ok || string(answer.Results[1].KV.Value) != "info" {
		fail("transaction: %v %+v", ok, answer)
	}

	locks(client)
	semaphores(client)

	// The server goes away with all connections, and comes back with all it knew.
	session, _, err := client.Session().Create(&api.SessionEntry{Name: "held", TTL: "60s", LockDelay: time.Nanosecond}, nil)
	must("session", err)
	held := &api.KVPair{Key: "held", Value: []byte("me"), Session: session}
	if done, _, err := kv.Acquire(held, nil); err != nil || !done {
		fail("acquire: %v %v", done, err)
	}
	restart()
	if pair, _, err = kv.Get("held", nil); err != nil || pair == nil || pair.Session != session {
		fail("the lock after a restart: %+v %v", pair, err)
	}
	_, _, err = client.Session().Renew(session, nil)
	must("renew after a restart", err)
	must("pass after a restart", agent.PassTTL("service:web-2", "well again"))
	said("after a restart, a change seen after %v", passing.until("web-1=passing web-2=passing"))
	_, err = kv.Put(&api.KVPair{Key: "settings/level", Value: []byte("warn")}, nil)
	must("put after a restart", err)
	said("after a restart, a key seen after %v", setting.until("warn"))
	_, err = client.Session().Destroy(session, nil)
	must("destroy", err)
	if pair, _, err = kv.Get("held", nil); err != nil || pair.Session != "" {
		fail("the lock of a destroyed session: %+v %v", pair, err)
	}

	must("deregister", agent.ServiceDeregister("web-1"))
	must("deregister", agent.ServiceDeregister("web-2"))
	passing.until("")
	names.until("")
	_, err = kv.DeleteTree("settings/", nil)
	must("delete", err)
	setting.until("none")
	said("ok")
}

// One holds a lock, another waits for it, and the first learns that it has lost it.
func locks(client *api.Client) {
	first, err := client.LockOpts(&api.LockOptions{Key: "locks/one", LockDelay: 10 * time.Millisecond})
	must("lock", err)
	lost, err := first.Lock(nil)
	must("lock", err)
	second, err := client.LockOpts(&api.LockOptions{Key: "locks/one", LockTryOnce: true, LockWaitTime: 300 * time.Millisecond})
	must("lock", err)
	if leader, err := second.Lock(nil); err != nil || leader != nil {
		fail("a lock was had twice: %v", err)
	}
	waiting, err := client.LockKey("locks/one")
	must("lock", err)
	got := make(chan time.Time)
	go func() {
		_, err := waiting.Lock(nil)
		must("lock", err)
		got <- time.Now()
	}()
	time.Sleep(200 * time.Millisecond)
	released := time.Now()
	must("unlock", first.Unlock())
	said("lock passed on after %v", (<-got).Sub(released))
	select {
	case <-lost:
	case <-time.After(5 * time.Second):
		fail("the one who released it is not told")
	}
	must("unlock", waiting.Unlock())
	must("destroy", waiting.Destroy())
}

func semaphores(client *api.Client) {
	var held []*api.Semaphore
	for range 2 {
		one, err := client.SemaphorePrefix("semaphores/two", 2)
		must("semaphore", err)
		_, err = one.Acquire(nil)
		must("semaphore", err)
		held = append(held, one)
	}
	third, err := client.SemaphoreOpts(&api.SemaphoreOptions{
		Prefix: "semaphores/two", Limit: 2, SemaphoreTryOnce: true, SemaphoreWaitTime: 300 * time.Millisecond,
	})
	must("semaphore", err)
	if slot, err := third.Acquire(nil); err != nil || slot != nil {
		fail("a third slot of two: %v", err)
	}
	for _, one := range held {
		must("release", one.Release())
	}
	if slot, err := third.Acquire(nil); err != nil || slot == nil {
		fail("a free slot: %v", err)
	}
	must("release", third.Release())
	said("semaphore kept to its limit")
}
