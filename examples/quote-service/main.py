"""Says what a quantity of an article costs: one service of a Flotilla fleet, in Python without any package."""

import json
import os
import re
import signal
import threading
from datetime import datetime, timezone
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from urllib.parse import parse_qs, unquote

from registration import log, registered

PRICES = {"apple": Decimal("0.40"), "pear": Decimal("0.55"), "quince": Decimal("1.20")}


def quote(article, quantity):
    """The price of that many pieces; a tenth less from a hundred on."""
    total = PRICES[article] * quantity * (Decimal("0.9") if quantity >= 100 else 1)
    return {"article": article, "quantity": quantity, "total": f"{total:.2f}", "currency": "EUR"}


class Handler(BaseHTTPRequestHandler):
    timeout = 10  # Seconds that a client may stay silent, which also bounds how long a stop takes.
    ready = True

    def do_GET(self):
        path, _, query = self.path.partition("?")
        now = datetime.now(timezone.utc).isoformat()
        if path == "/health":
            self.reply(200, {"status": "healthy", "timestamp": now})
        elif path == "/ready" and self.ready:
            self.reply(200, {"status": "ready", "timestamp": now})
        elif path == "/ready":
            self.reply(503, {"title": "Shutting down", "status": 503})
        elif path.startswith("/quotes/"):
            self.reply_with_quote(unquote(path.removeprefix("/quotes/")), parse_qs(query))
        else:
            self.reply(404, {"title": "Nothing is served at this path", "status": 404})

    do_HEAD = do_GET

    def reply_with_quote(self, article, query):
        quantity = query.get("quantity", ["1"])[0]
        if article not in PRICES:
            self.reply(404, {"title": "No such article", "status": 404})
        elif not re.fullmatch("[1-9][0-9]{0,4}", quantity):
            self.reply(400, {"title": "quantity must be a whole number from 1 to 99999", "status": 400})
        else:
            self.reply(200, quote(article, int(quantity)))

    def reply(self, status, body):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if status < 400 else "application/problem+json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_):
        """Requests are logged by the gateway."""


class Server(ThreadingHTTPServer):
    daemon_threads = False  # So that server_close waits for the requests that are being answered.
    request_queue_size = 128


def main():
    stop = SimpleQueue()  # Unlike an Event, it may be used in a signal handler.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.put("stop"))
    host = os.environ.get("SERVER_HOST") or "127.0.0.1"
    port = os.environ.get("SERVER_PORT") or os.environ.get("PORT") or "8012"
    lease_ms = os.environ.get("LEASE_MS") or "15000"
    if not lease_ms.isdigit():
        log("error", f"LEASE_MS must be a number of milliseconds, not {lease_ms}")
        raise SystemExit(78)
    try:
        server = Server((host, int(port)), Handler)
    except (OSError, ValueError, OverflowError) as error:
        log("error", f"Cannot listen on {host}:{port}: {error}. Set SERVER_PORT to a free port.")
        raise SystemExit(78)
    threading.Thread(target=server.serve_forever, args=[0.1], daemon=True).start()
    log("info", f"listening on http://{host}:{server.server_port}")
    address = os.environ.get("ADVERTISE_ADDRESS") or host
    with registered("quote-service", address, server.server_port, int(lease_ms)):
        stop.get()
        Handler.ready = False
    server.shutdown()
    server.server_close()
    log("info", "stopped")


if __name__ == "__main__":
    main()
