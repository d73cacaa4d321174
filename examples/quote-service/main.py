"""Says what an article costs: one service of a Flotilla fleet, in Python without any package."""

import json
import os
import signal
import threading
import time
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

LEASE = 10  # Seconds that the registry keeps this instance without a renewal.
REGISTRY = urlsplit(os.environ.get("REGISTRY_URL") or "http://127.0.0.1:8500").netloc
HEADERS = {"Content-Type": "application/json", "X-Registration-Token": os.urandom(16).hex()}
PRICES = {"apple": "0.40", "pear": "0.55", "quince": "1.20"}


class Handler(BaseHTTPRequestHandler):
    timeout = 10  # Seconds that a client may stay silent, so no stop takes longer.

    def do_GET(self):
        path = urlsplit(self.path).path
        article = path.removeprefix("/quotes/")
        if path in ("/health", "/ready"):
            body = {"status": "ok"}
        elif path == "/quotes":
            body = PRICES
        elif article in PRICES:
            body = {"article": article, "price": PRICES[article], "currency": "EUR"}
        else:
            return self.send_error(404)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(json.dumps(body).encode())

    def do_POST(self):
        self.send_error(405)

    do_HEAD, do_PUT, do_PATCH, do_DELETE = do_GET, do_POST, do_POST, do_POST

    def log_message(self, *_): ...  # The gateway logs the requests.


def keep_registered(instance, stopping):
    """Registers the instance and renews its lease until the event is set, then deregisters it."""
    path = f"/services/{instance['name']}/instances/{instance['id']}"
    attempt = wait = 0
    while not stopping.wait(wait):
        attempt += 1
        wait = min(attempt * 0.2, LEASE / 3)
        if call("PUT", path + "/lease") is None:
            attempt, wait = 0, LEASE / 3
        elif (error := call("POST", "/register", instance)) is None:  # New, or forgotten.
            log("info", f"registered as {instance['id']}")
            attempt, wait = 0, LEASE / 3
        elif attempt == 4:  # Programs that start together miss each other for a moment.
            log("warn", f"Cannot register at '{REGISTRY}'; retrying: {error}")
    call("DELETE", path)  # If that fails, the lease runs out by itself.


def call(method, path, body=None):  # Returns what went wrong, or None.
    try:
        connection = HTTPConnection(REGISTRY, timeout=2)
        connection.request(method, path, json.dumps(body), HEADERS)
        response = connection.getresponse()
        return None if response.status < 300 else f"{response.status} {response.read().decode()}"
    except Exception as error:  # Whatever it is, the service goes on.
        return repr(error)


def log(level, message):
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    print(json.dumps({"level": level, "time": now, "msg": message}), flush=True)


if __name__ == "__main__":
    signals = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)  # They wait for sigwait below.
    host, port = os.environ.get("SERVER_HOST", "127.0.0.1"), os.environ.get("SERVER_PORT", "8012")
    try:
        server = ThreadingHTTPServer((host, int(port)), Handler)
    except (OSError, ValueError, OverflowError) as error:
        raise SystemExit(f"Cannot listen on {host}:{port}: {error}. Set SERVER_PORT to a free port")
    server.daemon_threads = False  # So that server_close waits for the requests in progress.
    threading.Thread(target=server.serve_forever).start()
    log("info", f"listening on http://{host}:{server.server_port}")
    name = os.environ.get("INSTANCE_ID") or f"quote-service-{host}-{server.server_port}"
    instance = {"name": "quote-service", "id": name, "address": host, "port": server.server_port,
                "lease_ms": LEASE * 1000}
    stopping = threading.Event()
    registration = threading.Thread(target=keep_registered, args=(instance, stopping))
    registration.start()
    signal.sigwait(signals)
    stopping.set()
    registration.join()
    server.shutdown()
    server.server_close()
