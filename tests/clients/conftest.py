"""The product on a loopback port, for client libraries that nobody has changed."""

import os
import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections
from tests.interfaces.spapi.world import NOW

from sellerdesk.config import clock


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the library's name)
        """Say nothing."""


@pytest.fixture
def base_url(committed: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Address of a server that answers one request at a time, with the clock standing still at NOW."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    server = WSGIServer(("127.0.0.1", 0), _Quiet)
    server.set_app(get_wsgi_application())

    def serve() -> None:
        try:
            server.serve_forever(poll_interval=0.01)
        finally:
            connections.close_all()

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
