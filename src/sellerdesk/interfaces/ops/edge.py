"""What every request passes: a log line, headers, and a clear answer when the database is away."""

import secrets
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from psycopg_pool import PoolTimeout

from sellerdesk.interfaces.ops import metrics

Handler = Callable[[HttpRequest], HttpResponseBase]
RETRY_AFTER_SECONDS = "5"
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
log = structlog.get_logger("sellerdesk.request")


class RequestLog:
    """Counts, times and logs each request: id, method, path without query, route, status, milliseconds."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then say so."""
        started = time.perf_counter()
        request_id = secrets.token_hex(8)
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            response = self.get_response(request)
            seconds = time.perf_counter() - started
            route = request.resolver_match.route if request.resolver_match else "none"
            response.headers.setdefault("X-Request-Id", request_id)
            metrics.count_request(request.method or "", route, response.status_code, seconds)
            log.info(
                "request",
                method=request.method,
                route=route,
                status=response.status_code,
                ms=round(seconds * 1000, 1),
            )
            return response
        finally:
            structlog.contextvars.unbind_contextvars("request_id")


class SecurityHeaders:
    """Gives every answer the headers that a browser obeys; a view may set a stricter or its own policy."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.headers = dict(HEADERS)
        if settings.BASE_URL.startswith("https:"):
            self.headers["Strict-Transport-Security"] = "max-age=31536000"

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Add what is missing."""
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        return response


class Outage:
    """Answers 503 with Retry-After when the database cannot be reached or has no connection left (P28).

    Views of programs' doors may word it themselves; this is what everybody else gets.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; only exceptions of views and middleware matter here."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:  # noqa: ARG002
        """Turn an outage into an answer; anything else is not ours."""
        if not is_outage(exception):
            return None
        log.warning("database unreachable", error=type(exception).__qualname__)
        return unavailable()


def is_outage(error: BaseException) -> bool:
    """Whether an error means that the database is away, full or out of time, rather than that we are wrong."""
    return isinstance(error, OperationalError | InterfaceError | PoolTimeout)


def unavailable() -> HttpResponse:
    """The plain answer while the database is away."""
    return HttpResponse(
        "The service is not available for a moment. Please try again.\n",
        status=503,
        content_type="text/plain; charset=utf-8",
        headers={"Retry-After": RETRY_AFTER_SECONDS},
    )
