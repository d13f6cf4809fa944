"""A payment provider on the loopback, with the parts of Stripe's API that refunds need, and a bag of tricks.

Its book is its own: what it did, it did, whatever it answered. `tricks` are used up, one a request that refunds.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

KEY = "sk_test_SecretOfTheHouse"
Answer = tuple[int, dict[str, Any]]


@dataclass
class Book:
    """What the provider holds."""

    payments: dict[str, dict[str, str]] = field(default_factory=dict)  # payment → metadata
    refunds: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, tuple[str, Answer]] = field(default_factory=dict)  # key → body and first answer
    tricks: list[str] = field(default_factory=list)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    forgets_keys: bool = False  # as the real one does after a day
    away: bool = False
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def total(self, key: str) -> int:
        """What really went under one of our keys."""
        return sum(
            one["amount"]
            for one in self.refunds
            if one["metadata"].get("sellerdesk_key") == key and one["status"] == "succeeded"
        )


def _error(
    status: int, kind: str, code: str = "", words: str = "No such thing for Ada Lovelace, 4242"
) -> Answer:
    return status, {"error": {"type": kind, "code": code, "message": words}}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    book: Book

    def log_message(self, *_args: Any) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self._serve(parts.path, dict(parse_qsl(parts.query)))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self._serve(self.path, dict(parse_qsl(body)))

    def _serve(self, path: str, given: dict[str, str]) -> None:
        book = self.book
        book.asked.append((self.command, path, given))
        if self.headers.get("Authorization") != f"Bearer {KEY}":
            return self._say(_error(401, "invalid_request_error", words=f"Invalid API Key: {KEY}"))
        if book.away:
            return self._say(_error(503, "api_error"))
        if self.command == "POST" and path == "/v1/refunds":
            return self._refund(given)
        if path == "/v1/refunds":
            payment = given.get("payment_intent") or given.get("charge")
            held = [one for one in book.refunds if one["payment_intent"] == payment]
            start = given.get("starting_after")
            first = next((i + 1 for i, one in enumerate(held) if one["id"] == start), 0)
            page = held[first : first + 2]  # small pages, so that going on is needed
            more = first + 2 < len(held)
            return self._say((200, {"object": "list", "url": path, "has_more": more, "data": page}))
        if path == "/v1/payment_intents/search":
            found = [
                {"id": name, "object": "payment_intent"}
                for name, metadata in book.payments.items()
                if f"metadata['order_number']:'{metadata.get('order_number')}'" in given["query"]
            ]
            return self._say(
                (200, {"object": "search_result", "url": path, "has_more": False, "data": found})
            )
        return self._say(_error(404, "invalid_request_error", "resource_missing"))

    def _refund(self, given: dict[str, str]) -> None:
        book, key = self.book, self.headers["Idempotency-Key"]
        trick = book.tricks.pop(0) if book.tricks else ""
        early: dict[str, Callable[[], Answer | None]] = {
            "409": lambda: _error(409, "invalid_request_error", "idempotency_key_in_use"),
            "429": lambda: _error(429, "invalid_request_error", "lock_timeout"),
            "no": lambda: _error(402, "card_error", "expired_or_canceled_card"),
            "never": lambda: _error(400, "invalid_request_error", "charge_already_refunded"),
            "bad": lambda: _error(400, "invalid_request_error", "parameter_unknown"),
            "cut before": lambda: None,
        }
        if trick in early:
            return self._say(early[trick]())
        with book.lock:
            answer = self._done(key, given, trick)
        if trick == "cut after":
            answer = None
        if trick == "500 after":
            answer = _error(500, "api_error")
        if trick == "slow":
            time.sleep(0.5)
        if trick == "no JSON" and answer:
            return self._raw(200, b"<html>gateway</html>")
        return self._say(answer)

    def _done(self, key: str, given: dict[str, str], trick: str) -> Answer | None:
        book, body = self.book, json.dumps(given, sort_keys=True)
        if key in book.answers and not book.forgets_keys:
            before, answer = book.answers[key]
            return answer if before == body else _error(400, "idempotency_error")
        payment = given.get("payment_intent") or given.get("charge", "")
        if payment not in book.payments:
            return _error(404, "invalid_request_error", "resource_missing")
        refund = {
            "id": f"re_{len(book.refunds) + 1}",
            "object": "refund",
            "payment_intent": payment,
            "amount": int(given["amount"]) + (1 if trick == "wrong amount" else 0),
            "currency": book.payments[payment].get("currency", "usd"),
            "status": "pending" if trick == "pending" else "succeeded",
            "metadata": {
                name[len("metadata[") : -1]: value
                for name, value in given.items()
                if name.startswith("metadata[")
            },
        }
        book.refunds.append(refund)
        book.answers[key] = body, (200, refund)
        return 200, refund

    def _say(self, answer: Answer | None) -> None:
        if answer is None:
            self.close_connection = True
            self.connection.close()
            return
        self._raw(answer[0], json.dumps(answer[1]).encode())

    def _raw(self, status: int, body: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the client went away: that is the trick


@contextmanager
def provider(*tricks: str) -> Iterator[Book]:
    """A running provider; its book says where it is."""
    book = Book(tricks=list(tricks))
    handler = type("Handler", (_Handler,), {"book": book})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    book.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield book
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
