"""A real Chromium against the real application, served from a thread of the test."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = os.environ.get("BROWSER_CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PASSWORD = "correct horse battery"
# What htmx writes to the console when a newer look at the form replaces one that is still on its way.
REPLACED = ("htmx:afterRequest", "htmx:sendAbort")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder drives a browser; without one it is left out and says so."""
    there = Path(CHROMIUM).exists()
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not there:
                item.add_marker(pytest.mark.skip(reason=f"no Chromium at {CHROMIUM}"))


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Django's own log is enough."""


def _closing(application: Callable[..., Any]) -> Callable[..., Any]:
    """Each thread gives its database connection back when it has answered."""

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        answer = application(environ, start_response)
        try:
            return [b"".join(answer)]
        finally:
            if hasattr(answer, "close"):
                answer.close()
            connections.close_all()

    return serve


@pytest.fixture
def site(committed: None) -> Iterator[str]:
    """The address of the running application."""
    server = make_server("127.0.0.1", 0, lambda *_: [], _Server, _Quiet)
    address = f"http://127.0.0.1:{server.server_port}"
    with override_settings(BASE_URL=address, CSRF_TRUSTED_ORIGINS=[address]):
        server.set_app(_closing(get_wsgi_application()))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield address
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    # Playwright runs an event loop in this thread; Django would take its own calls for asynchronous ones.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A fresh window that fails the test on any error of a script or a refused resource."""
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 900}, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(15_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    # A 422 or 409 that a story provokes is reported by the browser as a failed resource; that is no error of ours.
    told = [error for error in errors if not error.startswith(REPLACED)]
    assert [error for error in told if "Failed to load resource" not in error] == []


@pytest.fixture
def picture(tmp_path: Path) -> Callable[[Page, str], None]:
    """`picture(page, name)`: a screenshot into BROWSER_SCREENSHOTS, or into the test's own folder."""
    folder = Path(os.environ.get("BROWSER_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)

    def take(page: Page, name: str) -> None:
        page.screenshot(path=folder / f"{name}.png", full_page=True)

    return take
