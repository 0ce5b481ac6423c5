"""A tiny carrier over HTTP that counts: speaks Twilio's create, list, fetch and update of calls and messages, and misbehaves as told.

How it answers an order is told per number dialled, so that many tests may share one. As a program of its own
(`python -m tests.calls.carrier`) it prints its port; in a test it runs in a thread.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections import defaultdict
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

ACCOUNT = "AC" + "0" * 32
#: How an order may go. The name says what the carrier does, then what the sender sees.
OK, REPLY_LOST, PLACED_500, NOT_PLACED_500, REFUSED, TOO_MANY, SLOW = (
    "ok",
    "reply-lost",
    "placed-500",
    "not-placed-500",
    "refused",
    "too-many",
    "slow",
)
MODES = (OK, REPLY_LOST, PLACED_500, NOT_PLACED_500, REFUSED, TOO_MANY, SLOW)
PLACING = frozenset({OK, REPLY_LOST, PLACED_500, SLOW})


class Carrier:
    """What the carrier knows. One lock, plain dictionaries."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.mode: dict[str, str] = defaultdict(lambda: OK)
        self.hidden: set[str] = set()  # numbers whose calls the list does not show (yet)
        self.calls: dict[str, dict[str, Any]] = {}
        self.messages: dict[str, dict[str, Any]] = {}
        self.orders: dict[str, int] = defaultdict(int)
        self.slow_s = 1.0

    def place(self, form: dict[str, list[str]]) -> tuple[str, dict[str, Any]]:
        """Takes an order in; returns how to answer and the call."""
        to = form["To"][0]
        with self.lock:
            self.orders[to] += 1
            mode = self.mode[to]
            # Once there is room again, there is room.
            if mode == TOO_MANY:
                self.mode[to] = OK
            call = self.resource("CA", to, form["From"][0], "queued") | {"url": form["Url"][0], "callback": form["StatusCallback"][0]}
            if mode in PLACING:
                self.calls[call["sid"]] = call
        return mode, call

    @staticmethod
    def resource(prefix: str, to: str, from_: str, status: str) -> dict[str, Any]:
        """A call or message as the API shows it."""
        now = format_datetime(datetime.now(UTC))
        return {
            "sid": prefix + secrets.token_hex(16),
            "account_sid": ACCOUNT,
            "to": to,
            "from": from_,
            "status": status,
            "date_created": now,
        } | dict.fromkeys(("start_time", "end_time", "duration", "date_updated", "body"))

    def placed(self, to: str) -> list[str]:
        """Sids of the calls that were really placed to a number."""
        with self.lock:
            return [sid for sid, call in self.calls.items() if call["to"] == to]

    def listed(self, to: str, from_: str) -> list[dict[str, Any]]:
        """Calls as the list shows them, newest first."""
        with self.lock:
            found = [call for call in self.calls.values() if call["to"] == to and call["from"] == from_]
            return [] if to in self.hidden else found[::-1]


class Handler(BaseHTTPRequestHandler):
    """The HTTP side of a carrier."""

    server: QuietServer
    protocol_version = "HTTP/1.1"
    # Head and body leave in one piece; else each answer waits 40 ms for the other side's acknowledgement.
    wbufsize = -1

    @property
    def carrier(self) -> Carrier:
        return self.server.carrier

    def log_message(self, *_: Any) -> None:
        """Says nothing."""

    def answer(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()

    def error(self, status: int, code: int) -> None:
        self.answer(status, {"code": code, "message": "no", "more_info": "", "status": status})

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True)
        path = urlsplit(self.path).path
        if path == "/control":
            self.control(form)
        elif path.endswith("/Calls.json"):
            self.order(form)
        elif path.endswith("/Messages.json"):
            self.text(form)
        else:
            self.update(path.rsplit("/", 1)[1].removesuffix(".json"), form)

    def order(self, form: dict[str, list[str]]) -> None:
        mode, call = self.carrier.place(form)
        if mode == SLOW:
            time.sleep(self.carrier.slow_s)
        if mode in {REPLY_LOST, SLOW}:
            self.close_connection = True
            return
        refusals = {REFUSED: (400, 21211), TOO_MANY: (429, 20429), PLACED_500: (500, 20500), NOT_PLACED_500: (500, 20500)}
        if mode in refusals:
            self.error(*refusals[mode])
        else:
            self.answer(201, call)

    def text(self, form: dict[str, list[str]]) -> None:
        with self.carrier.lock:
            to = form["To"][0]
            self.carrier.orders[f"text:{to}"] += 1
            mode = self.carrier.mode[f"text:{to}"]
            content = {"body": form["Body"][0], "callback": form["StatusCallback"][0]}
            message = self.carrier.resource("SM", to, form["From"][0], "queued") | content
            if mode in PLACING:
                self.carrier.messages[message["sid"]] = message
            if mode == TOO_MANY:
                self.carrier.mode[f"text:{to}"] = OK
        if mode == REPLY_LOST:
            self.close_connection = True
        elif mode == OK:
            self.answer(201, message)
        else:
            self.error({REFUSED: 400, TOO_MANY: 429}.get(mode, 500), {REFUSED: 21610, TOO_MANY: 20429}.get(mode, 20500))

    def update(self, sid: str, form: dict[str, list[str]]) -> None:
        with self.carrier.lock:
            call = self.carrier.calls.get(sid)
            if call is None or call["status"] == "completed":
                self.error(404 if call is None else 400, 20404 if call is None else 21220)
                return
            call["status"] = form["Status"][0]
            self.answer(200, call)

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = parse_qs(address.query)
        if address.path == "/state":
            with self.carrier.lock:
                self.answer(200, {"calls": self.carrier.calls, "orders": self.carrier.orders, "messages": self.carrier.messages})
        elif address.path.endswith("/Calls.json"):
            calls = self.carrier.listed(query["To"][0], query["From"][0])
            self.answer(200, {"calls": calls, "page": 0, "page_size": 50, "next_page_uri": None, "uri": self.path})
        else:
            call = self.carrier.calls.get(address.path.rsplit("/", 1)[1].removesuffix(".json"))
            if call:
                self.answer(200, call)
            else:
                self.error(404, 20404)

    def control(self, form: dict[str, list[str]]) -> None:
        with self.carrier.lock:
            for to, mode, hidden in zip(form.get("to", ()), form.get("mode", ()), form.get("hidden", ()), strict=True):
                self.carrier.mode[to] = mode
                self.carrier.hidden.discard(to)
                if hidden == "yes":
                    self.carrier.hidden.add(to)
        self.answer(200, {})


class QuietServer(ThreadingHTTPServer):
    """Clients of these tests are killed all the time; that is no news."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, carrier: Carrier) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.carrier = carrier

    def handle_error(self, *_: Any) -> None:
        """Says nothing."""


def serve(carrier: Carrier) -> QuietServer:
    """A server on a free port, not yet running."""
    return QuietServer(carrier)


if __name__ == "__main__":
    alone = Carrier()
    alone.slow_s = 0.3
    server = serve(alone)
    print(server.server_address[1], flush=True)  # noqa: T201
    server.serve_forever()
