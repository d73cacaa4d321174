"""A program with py-consul, as somebody would write one. Usage: python consul_client.py <port>."""

import sys
import threading
import time

import consul

port = int(sys.argv[1])
client = consul.Consul(host="127.0.0.1", port=port)


def restart():
    print("restart", flush=True)
    sys.stdin.readline()


class Watching(threading.Thread):
    """Follows a query with the index of each answer, and keeps what it saw last."""

    def __init__(self, ask, text):
        super().__init__(daemon=True)
        self.ask, self.text, self.seen, self.index = ask, text, None, None
        self.start()

    def run(self):
        # A client of its own: they are not made to be shared by threads.
        own = consul.Consul(host="127.0.0.1", port=port)
        while True:
            try:
                index, answer = self.ask(own, self.index)
            except Exception:  # pylint: disable=broad-exception-caught
                time.sleep(0.1)
                continue
            index = int(index)
            self.index = index if self.index is None or index >= self.index else None
            self.seen = self.text(answer)

    def until(self, what, expected):
        began = time.monotonic()
        while self.seen != expected:
            assert time.monotonic() - began < 20, f"{what}: expected {expected!r}, seen last {self.seen!r}"
            time.sleep(0.005)
        print(f"{what} after {round((time.monotonic() - began) * 1000)} ms", flush=True)


passing = Watching(
    lambda own, index: own.health.service("shop", index=index, wait="30s", passing=True),
    lambda entries: sorted(entry["Service"]["ID"] for entry in entries),
)
key = Watching(
    lambda own, index: own.kv.get("shop/colour", index=index, wait="30s"),
    lambda pair: pair and pair["Value"],
)

key.until("no key", None)
assert client.agent.service.register(
    "shop",
    service_id="shop-1",
    address="127.0.0.1",
    port=8001,
    tags=["x"],
    meta={"zone": "a"},
    check=consul.Check.ttl("60s"),
)
assert client.agent.service.register("shop", service_id="shop-2", port=8002, check=consul.Check.ttl("60s"))
assert client.agent.check.ttl_pass("service:shop-1", "well")
passing.until("first passing", ["shop-1"])
assert client.agent.check.ttl_pass("service:shop-2")
passing.until("second passing", ["shop-1", "shop-2"])
assert client.agent.check.ttl_fail("service:shop-2", "unwell")
passing.until("failure", ["shop-1"])
assert client.agent.check.ttl_warn("service:shop-2")
_, states = client.health.state("warning")
assert [state["ServiceID"] for state in states] == ["shop-2"], states

services = client.agent.services()
assert services["shop-1"]["Port"] == 8001 and services["shop-1"]["Meta"] == {"zone": "a"}, services
_, found = client.catalog.service("shop", tag="x")
assert [entry["ServiceID"] for entry in found] == ["shop-1"], found
_, names = client.catalog.services()
assert names["shop"] == ["x"], names
_, nodes = client.catalog.nodes()
assert len(nodes) == 1, nodes
_, checks = client.health.checks("shop")
assert len(checks) == 2, checks
assert client.agent.service.maintenance("shop-1", True, "upgrade")
passing.until("maintenance", [])
assert client.agent.service.maintenance("shop-1", False)
passing.until("maintenance over", ["shop-1"])

assert client.kv.put("shop/colour", "red") is True
key.until("key", b"red")
_, pair = client.kv.get("shop/colour")
assert client.kv.put("shop/colour", "blue", cas=pair["ModifyIndex"]) is True
assert client.kv.put("shop/colour", "green", cas=pair["ModifyIndex"]) is False
_, keys = client.kv.get("shop/", keys=True)
assert keys == ["shop/colour"], keys
assert client.kv.get("nothing")[1] is None
session = client.session.create("held", ttl=60, lock_delay=0)
assert client.kv.put("shop/lock", "me", acquire=session) is True
assert client.txn.put([{"KV": {"Verb": "get", "Key": "shop/lock"}}])["Results"]

restart()
_, pair = client.kv.get("shop/lock")
assert pair["Session"] == session, pair
client.session.renew(session)
assert client.agent.check.ttl_pass("service:shop-2")
passing.until("after a restart, a change", ["shop-1", "shop-2"])
assert client.kv.put("shop/colour", "black") is True
key.until("after a restart, a key", b"black")
assert client.session.destroy(session)

assert client.agent.service.deregister("shop-1")
assert client.agent.service.deregister("shop-2")
passing.until("deregistered", [])
assert client.kv.delete("shop/", recurse=True)
key.until("key deleted", None)
assert ":" in client.status.leader()
print("ok", flush=True)
