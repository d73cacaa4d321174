"""Keeps this process registered with a Flotilla registry. Copy it into your own service."""

import json
import os
import secrets
import threading
from contextlib import contextmanager
from datetime import datetime, timezone
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

REGISTRY_URL = (os.environ.get("REGISTRY_URL") or "http://127.0.0.1:8500").rstrip("/")
TOKEN = secrets.token_hex(16)  # Whoever shows it may renew and end the registration, nobody else.
PATIENCE = 4  # Programs that are started together miss each other for a moment: fewer failures are not worth a warning.

opener = build_opener(ProxyHandler({}))  # The registry is never behind the proxy to the internet.


@contextmanager
def registered(name, address, port, lease_ms):
    """Registers the instance in the background, keeps its lease renewed, and deregisters it at the end."""
    instance = {"name": name, "address": address, "port": port, "lease_ms": lease_ms}
    if os.environ.get("INSTANCE_ID"):
        instance["id"] = os.environ["INSTANCE_ID"]
    stop = threading.Event()
    thread = threading.Thread(target=keep_registered, args=[instance, stop])
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def keep_registered(instance, stop):
    method, path, failures = "POST", "/register", 0
    while not stop.is_set():
        status, answer = ask(method, path, instance)
        if status == 200:
            if method == "POST" or failures >= PATIENCE:
                log("info", f"registered as {instance['id']}")
            method, path = "PUT", f"/services/{instance['name']}/instances/{instance['id']}/lease"
            failures, wait = 0, instance["lease_ms"] / 3000
        else:
            failures += 1
            if failures == PATIENCE:
                log("warn", f"Not registered; trying again. The registry's answer to {method} {path}: {answer}")
            wait = 0.1 * 2**failures if failures < 5 else 3
            if status in (404, 409):  # Forgotten, or another process has taken the id or the address.
                method, path = "POST", "/register"
        stop.wait(wait)
    if "id" in instance:
        status, answer = ask("DELETE", f"/services/{instance['name']}/instances/{instance['id']}", instance)
        if status == 0 or status >= 500:
            log("warn", f"Cannot deregister; the registry drops this instance when its lease runs out: {answer}")


def ask(method, path, instance):
    """Sends one request to the registry. Returns status and answer; status 0 and the reason if there is none."""
    try:
        headers = {"Content-Type": "application/json", "X-Registration-Token": TOKEN}
        request = Request(REGISTRY_URL + path, json.dumps(instance).encode(), headers, method=method)
        with opener.open(request, timeout=2) as response:
            answer = response.read().decode()
            if method == "POST":
                instance["id"] = json.loads(answer)["instance"]["id"]
            return response.status, answer
    except HTTPError as error:
        return error.code, error.read().decode(errors="replace")
    except Exception as error:  # Whatever it is, the service goes on, and the registry is asked again.
        return 0, repr(error)


def log(level, message):
    line = {"level": level, "time": datetime.now(timezone.utc).isoformat(), "service": "quote-service", "msg": message}
    print(json.dumps(line), flush=True)
